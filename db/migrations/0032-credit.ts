import type { Knex } from 'knex';

/**
 * Credit in depth: accounts under accounts, limits with a validity and temporary ones, disputes, the case of a credit
 * hold, prepayments of one order, and the exposure's sum out of an index alone.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Root first; kept by save-credit-account, which refuses a circle. An order has to fit in its account and in each above.
alter table credit_account
  add column parent_id text references credit_account,
  add column ancestor_ids text[] not null default '{}',
  add column root_id text generated always as (coalesce(ancestor_ids[1], id)) stored,
  add column if not exists risk_class text,
  -- Days of the selling entity; the last one still counts.
  add column limit_valid_from date, add column limit_valid_to date,
  add check (coalesce(ancestor_ids[array_upper(ancestor_ids, 1)], '') = coalesce(parent_id, '')),
  add check (not (id = any(ancestor_ids))), add check (limit_valid_to >= limit_valid_from);
create index credit_account_by_root on credit_account (root_id);
create table credit_account_change (
  id bigint generated always as identity primary key, credit_account_id text not null references credit_account, at timestamptz not null,
  person text not null, reason text not null, before jsonb not null, after jsonb not null
);
create index credit_account_change_by_account on credit_account_change (credit_account_id, id desc);
create table temporary_credit_limit (
  id uuid primary key default uuidv7(), credit_account_id text not null references credit_account, amount_minor bigint not null check (amount_minor > 0),
  valid_from date not null, valid_to date not null, reason text not null, order_id uuid references orders,
  set_by text not null, set_at timestamptz not null, withdrawn_at timestamptz, withdrawn_by text, check (valid_to >= valid_from)
);
create index temporary_credit_limit_by_account on temporary_credit_limit (credit_account_id, valid_to);
-- A disputed invoice stays in the exposure; its age holds nothing. By number, for the ERP has invoices that we have not.
create table invoice_dispute (
  id uuid primary key default uuidv7(), credit_account_id text not null references credit_account, invoice_number text not null,
  reason_code text not null, reason text not null, opened_by text not null, opened_at timestamptz not null,
  closed_at timestamptz, closed_by text, closing_reason text
);
create unique index invoice_dispute_once on invoice_dispute (credit_account_id, invoice_number) where closed_at is null;
create index invoice_dispute_by_account on invoice_dispute (credit_account_id, id desc);
-- What finance looks at for a credit hold. Whether it is open is the hold's to say.
create table credit_case (
  hold_id uuid primary key references hold, order_id uuid not null references orders, credit_account_id text not null references credit_account,
  reason_code text not null, opened jsonb not null, decided jsonb, outcome jsonb, decision_code text
);
create index credit_case_by_order on credit_case (order_id);
create table credit_case_note (
  id uuid primary key default uuidv7(), hold_id uuid not null references hold, at timestamptz not null, person text not null, text text not null
);
create index credit_case_note_by_case on credit_case_note (hold_id, id);
create table prepayment_request (
  id uuid primary key default uuidv7(), hold_id uuid not null references hold, order_id uuid not null references orders,
  amount_minor bigint not null check (amount_minor > 0), currency text not null, requested_by text not null, requested_at timestamptz not null,
  expires_at timestamptz not null, reason text not null, status text not null default 'open' check (status in ('open', 'paid', 'expired', 'withdrawn')),
  closed_at timestamptz
);
create unique index prepayment_request_once on prepayment_request (order_id) where status = 'open';
alter table cash_entry add column order_id uuid references orders;
alter table cash_entry drop constraint cash_entry_kind_check;
alter table cash_entry add constraint cash_entry_kind_check check (kind in ('payment', 'discount', 'unapplied', 'deduction', 'prepayment'));
alter table cash_entry add constraint cash_entry_of_order check ((kind = 'prepayment') = (order_id is not null));
create unique index cash_entry_prepayment_once on cash_entry (order_id, reference) where kind = 'prepayment' and remittance_id is null;
create index cash_entry_prepayment on cash_entry (credit_account_id) where kind = 'prepayment';
create index cash_entry_by_order on cash_entry (order_id) where order_id is not null;
-- When the ERP has it: from a later snapshot on, that snapshot speaks for it.
alter table invoice_adjustment add column booked_at timestamptz;
create index invoice_adjustment_open_credit on invoice_adjustment (credit_account_id, usage)
  where direction = 'out' and credit_or_debit = 'C' and status = 'open';
-- What of an order waits for credit although the rest of it was let through: its lines on a credit hold.
alter table orders add column credit_pending_minor bigint not null default 0 check (credit_pending_minor >= 0);
-- The sum of an account's open orders out of the index alone.
drop index orders_open;
create index orders_open on orders (credit_account_id, usage)
  include (currency, state, type, total_minor, invoiced_minor, credit_pending_minor, final_answer_at, id)
  where state in ('placed', 'held', 'confirmed', 'fulfilling');
create index invoice_since on invoice (credit_account_id, usage, (coalesce(posted_at, 'infinity'::timestamptz)));
drop index invoice_by_account;`);
}
