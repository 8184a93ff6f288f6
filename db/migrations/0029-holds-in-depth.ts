import type { Knex } from 'knex';

/**
 * A hold may sit on a shipment, be put on by a person, be escalated several times and expire in several ways. Goods and
 * accounts have the classes that rules ask for. For a while one person decides in the name of another.
 */
const holdsInDepth = `
alter table hold add column shipment_id uuid references shipment, add column applied_by text, add column in_name_of text,
  add column escalation jsonb not null default '{"to": [], "againAfterSeconds": 86400}', add column escalation_level int not null default 0,
  add column escalate_at timestamptz, add column escalated_to text,
  add column on_expiry text not null default 'reject' check (on_expiry in ('reject', 'release', 'stays'));
update hold set escalate_at = due_at where status = 'open' and escalated_at is null;
drop index hold_once;
create unique index hold_once on hold (order_id, type, coalesce(line_number, 0), coalesce(change_id, shipment_id, order_id)) where status = 'open';
create index hold_deadlines on hold (least(escalate_at, expires_at)) where status = 'open';
alter table orders add column placed_by text;
alter table item add column if not exists item_class text;
alter table credit_account add column if not exists risk_class text;
create table substitution (
  id uuid primary key default uuidv7(), person text not null, substitute text not null, customer_id text references customer,
  valid_from timestamptz not null, valid_until timestamptz not null, hold_types text[], reason text not null,
  made_by text not null, made_at timestamptz not null, ended_by text, ended_at timestamptz,
  check (person <> substitute), check (valid_from < valid_until)
);
create index substitution_by_substitute on substitution (substitute, valid_until) where ended_at is null;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(holdsInDepth);
}
