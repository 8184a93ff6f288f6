import type { Knex } from 'knex';

/**
 * What buyers' companies let their own people spend. The ledger is the truth about a budget: what an order takes is
 * written while the budget is locked; what it gives back is written without, for that can never be too much.
 */
const buyerApprovals = `
create table buyer_person (
  customer_id text not null references customer, person text not null, limit_minor bigint check (limit_minor >= 0), cost_centre text,
  may_approve boolean not null default false, approves_up_to_minor bigint check (approves_up_to_minor >= 0),
  saved_by text not null, saved_at timestamptz not null, primary key (customer_id, person)
);
create table buyer_budget (
  id uuid primary key default uuidv7(), customer_id text not null references customer, cost_centre text not null,
  valid_from date not null, valid_to date not null, amount_minor bigint not null check (amount_minor >= 0), currency text not null,
  saved_by text not null, saved_at timestamptz not null, check (valid_from <= valid_to)
);
create index buyer_budget_by_centre on buyer_budget (customer_id, cost_centre, valid_from);
create table buyer_budget_entry (
  id uuid primary key default uuidv7(), budget_id uuid not null references buyer_budget, order_id uuid not null references orders,
  amount_minor bigint not null check (amount_minor <> 0), reason text not null, done_by text not null, done_at timestamptz not null
);
create index buyer_budget_entry_by_budget on buyer_budget_entry (budget_id);
create index buyer_budget_entry_by_order on buyer_budget_entry (order_id);
alter table orders add column cost_centre text, add column buyer_budget_id uuid references buyer_budget,
  add column buyer_approved_minor bigint;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(buyerApprovals);
}
