import type { Knex } from 'knex';

/** Drafts and quotes: what may become an order, and takes nothing before it does. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create sequence draft_number start 100001;
create sequence quote_number start 100001;
create table unplaced_order (
  id uuid primary key default uuidv7(), type text not null check (type in ('draft', 'quote')), number text not null unique,
  customer_id text not null references customer, partner_id text references partner,
  usage text not null default 'P' check (usage in ('P', 'T')),
  state text not null check (state in ('open', 'requested', 'answered', 'converted', 'expired', 'withdrawn')),
  version int not null default 1, currency text not null, request jsonb not null,
  -- The quoted lines and totals, as they were answered; a draft is priced when it is looked at.
  quoted jsonb, expires_at timestamptz not null, order_id uuid unique references orders,
  created_by text not null, created_at timestamptz not null, updated_at timestamptz not null, closed_at timestamptz,
  check ((state = 'converted') = (order_id is not null))
);
create index unplaced_order_by_customer on unplaced_order (customer_id, type, id desc);
create index unplaced_order_due on unplaced_order (expires_at) where state in ('open', 'requested', 'answered');
create table unplaced_order_event (
  id uuid primary key default uuidv7(), unplaced_order_id uuid not null references unplaced_order, at timestamptz not null,
  kind text not null, actor text not null, text text not null
);
create index unplaced_order_event_by_order on unplaced_order_event (unplaced_order_id, id);
alter table orders add constraint orders_type_check
  check (type in ('standard', 'rush', 'drop-ship', 'sample', 'blanket', 'release')) not valid;
alter table orders validate constraint orders_type_check;
-- Of a blanket order's line the days in which so much may be called off (base units), of a release's line which of them.
alter table order_line add periods jsonb, add blanket_period date;`);
}
