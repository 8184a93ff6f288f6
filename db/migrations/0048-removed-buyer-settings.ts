import type { Knex } from 'knex';

/**
 * Limits and budgets of buyers' companies can be removed. A limit's row goes; a budget's stays, for its ledger says what
 * orders took of it. Who set or removed what, and why, is kept of both.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table buyer_person add column version int not null default 1;
alter table buyer_budget add column version int not null default 1, add column removed_at timestamptz;
create table buyer_setting_event (
  id bigint generated always as identity primary key, customer_id text not null references customer,
  kind text not null check (kind in ('limit-set', 'limit-removed', 'budget-set', 'budget-removed')),
  subject text not null, detail jsonb not null, reason text, done_by text not null, done_at timestamptz not null
);
create index buyer_setting_event_by_customer on buyer_setting_event (customer_id, id);`);
}
