import type { Knex } from 'knex';

/** What customers pay, by invoice: remittances (820) and what the ERP reports, each amount once. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table remittance (
  id uuid primary key default uuidv7(), document_id uuid, partner_id text not null references partner,
  credit_account_id text not null references credit_account, usage text not null default 'P' check (usage in ('P', 'T')),
  -- Who pays, in his own number, and the number of the payment: the same again is the same payment.
  payer text not null, trace_number text not null, amount_minor bigint not null check (amount_minor >= 0), currency text not null,
  method text not null, effective_on date, fingerprint text not null, received_at timestamptz not null,
  unique (credit_account_id, usage, payer, trace_number)
);
create table cash_entry (
  id bigint generated always as identity primary key, remittance_id uuid references remittance, sequence int,
  credit_account_id text not null references credit_account, usage text not null default 'P' check (usage in ('P', 'T')),
  kind text not null check (kind in ('payment', 'discount', 'unapplied', 'deduction')),
  invoice_id uuid references invoice, amount_minor bigint not null, reason text, reference text,
  -- From this day on the money counts.
  effective_on date not null,
  -- When the ERP booked it: from a later snapshot on, that snapshot speaks for it.
  booked_at timestamptz, created_at timestamptz not null,
  unique (remittance_id, sequence), check ((kind in ('payment', 'discount')) = (invoice_id is not null)),
  check (case when kind = 'deduction' then amount_minor < 0 else amount_minor > 0 end)
);
create index cash_entry_by_invoice on cash_entry (invoice_id) where invoice_id is not null;
create index cash_entry_by_account on cash_entry (credit_account_id, id) where invoice_id is null;
alter table invoice add column discounted_minor bigint not null default 0;
insert into cash_entry (credit_account_id, usage, kind, invoice_id, amount_minor, effective_on, booked_at, created_at)
  select credit_account_id, usage, 'payment', id, paid_minor, invoice_date, issued_at, issued_at from invoice where paid_minor > 0;`);
}
