import type { Knex } from 'knex';

/** What is claimed and granted after the invoice (812), and what customers want to send back (180). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table invoice_adjustment (
  id uuid primary key default uuidv7(),
  -- in: claimed by the partner; out: granted or charged by us.
  direction text not null check (direction in ('in', 'out')), document_id uuid, partner_id text references partner,
  credit_account_id text not null references credit_account, usage text not null default 'P' check (usage in ('P', 'T')),
  -- As the one who sent it numbers and sees it: C a credit, D a debit.
  adjustment_number text not null, credit_or_debit text not null check (credit_or_debit in ('C', 'D')),
  amount_minor bigint not null, currency text not null, invoice_id uuid references invoice, order_id uuid references orders,
  content jsonb not null, status text not null default 'open' check (status in ('open', 'settled')), recorded_by text not null,
  recorded_at timestamptz not null, unique (credit_account_id, usage, direction, adjustment_number)
);
create index invoice_adjustment_by_invoice on invoice_adjustment (invoice_id) where invoice_id is not null;
create table return_request (
  id uuid primary key default uuidv7(), document_id uuid, partner_id text not null references partner,
  customer_id text not null references customer, usage text not null default 'P' check (usage in ('P', 'T')),
  -- BGN02: the partner's own number.
  request_number text not null, order_id uuid references orders, content jsonb not null,
  status text not null default 'open' check (status in ('open', 'authorized', 'refused')),
  -- Our number of the return (RMA), and what was answered by whom.
  return_number text, answer jsonb, answered_by text, answered_at timestamptz, received_at timestamptz not null,
  unique (partner_id, usage, request_number)
);
create index return_request_open on return_request (received_at) where status = 'open';
alter table number_series drop constraint number_series_kind_check;
alter table number_series add constraint number_series_kind_check
  check (kind in ('invoice', 'order', 'shipment', 'sscc', 'credit-memo', 'return'));`);
}
