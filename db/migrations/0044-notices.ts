import type { Knex } from 'knex';

const list = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ');
// Written out, not imported: a landed migration must not change when the domain does. A test compares them.
const noticeStates = ['waiting', 'sent', 'failed'];

/** What buyers are told by mail and webhooks, one row a receiver. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table notice (
  id uuid primary key default uuidv7(), order_id uuid not null references orders, type text not null, once text not null,
  via text not null check (via in ('mail', 'webhook')), address text not null, secret_name text,
  at timestamptz not null, subject text not null, text text not null, data jsonb not null default '{}',
  state text not null default 'waiting' check (state in (${list(noticeStates)})),
  tries int not null default 0, error text, settled_at timestamptz,
  unique (order_id, once, via, address)
);
create index notice_waiting on notice (at) where state = 'waiting';`);
}
