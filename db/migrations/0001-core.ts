import type { Knex } from 'knex';

const list = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ');
// Written out, not imported: a landed migration must not change when the domain does. A test compares them.
const orderStates = ['placed', 'held', 'confirmed', 'fulfilling', 'completed', 'rejected', 'cancelled'];
const shipmentStates = ['planned', 'released', 'shipped', 'invoiced', 'cancelled'];
const holdStatuses = ['open', 'released', 'rejected', 'expired', 'superseded'];
const usage = `usage text not null default 'P' check (usage in ('P', 'T'))`;
const id = 'id uuid primary key default uuidv7()';

const masterData = `
create table selling_entity (
  id text primary key, name text not null, currency text not null, time_zone text not null,
  address jsonb not null default '{}', gs1_prefix text not null, remit_to jsonb
);
create table number_series (
  entity_id text not null references selling_entity, kind text not null check (kind in ('invoice', 'order', 'shipment', 'sscc')), ${usage},
  prefix text not null default '', next_number bigint not null default 1,
  primary key (entity_id, kind, usage)
);
create table credit_account (
  id text primary key, entity_id text not null references selling_entity, name text not null, currency text not null,
  limit_minor bigint not null check (limit_minor >= 0), blocked boolean not null default false, version int not null default 1,
  updated_at timestamptz not null default now()
);
create table price_list (id text primary key, name text not null, currency text not null);
create table customer (
  id text primary key, name text not null, entity_id text not null references selling_entity,
  credit_account_id text not null references credit_account, price_list_id text not null references price_list,
  currency text not null, time_zone text not null, terms jsonb not null, policy jsonb not null default '{}', bill_to jsonb,
  active boolean not null default true
);
create table ship_to (
  customer_id text not null references customer, qualifier text not null, code text not null, name text not null, address jsonb not null,
  primary key (customer_id, qualifier, code)
);
create table item (
  id text primary key, description text not null, base_unit text not null, weight_grams int not null default 0,
  units_per_carton int not null default 1 check (units_per_carton > 0), backorderable boolean not null default true,
  tax_code text, active boolean not null default true
);
create table item_unit (
  item_id text not null references item, unit text not null, factor int not null check (factor > 0), primary key (item_id, unit)
);
-- customer_id null: the id holds for everyone (GTIN, the seller's own part number).
create table item_cross_reference (
  ${id}, customer_id text references customer, qualifier text not null, value text not null, item_id text not null references item
);
create unique index item_cross_reference_key on item_cross_reference (coalesce(customer_id, ''), qualifier, value);
create table price (
  ${id}, price_list_id text references price_list, customer_id text references customer, item_id text not null references item,
  unit text not null, minimum_quantity numeric(18,6) not null default 1, unit_price numeric(18,6) not null check (unit_price >= 0),
  valid_from date not null default '2000-01-01', valid_to date, version int not null default 1,
  check ((price_list_id is null) <> (customer_id is null))
);
create index price_by_list on price (price_list_id, item_id);
create index price_by_customer on price (customer_id, item_id);
create table node (
  id text primary key, name text not null, address jsonb not null, time_zone text not null,
  counterparty text not null, rank int not null default 100, active boolean not null default true
);
create table stock (
  item_id text not null references item, node_id text not null references node, ${usage},
  on_hand bigint not null default 0 check (on_hand >= 0), reserved bigint not null default 0 check (reserved >= 0),
  safety bigint not null default 0 check (safety >= 0),
  primary key (item_id, node_id, usage), check (reserved <= on_hand)
);
create table stock_movement (
  ${id}, item_id text not null, node_id text not null, ${usage}, quantity bigint not null, reason text not null,
  reference text not null, at timestamptz not null default now(), unique (reason, reference, item_id, node_id, usage)
);
create table partner (
  id text primary key, name text not null, customer_id text references customer, status text not null default 'live'
    check (status in ('onboarding', 'live', 'suspended')), policy jsonb not null default '{}'
);
create table api_key (
  ${id}, name text not null, secret_hash text not null unique, scopes text[] not null, partner_id text references partner,
  customer_id text references customer, isa_ids text[] not null default '{}', person text, roles text[] not null default '{}',
  created_at timestamptz not null default now(), expires_at timestamptz, revoked_at timestamptz,
  -- Published with the demo data: a production hub refuses to start while one of them works.
  demo boolean not null default false
);
create table receivables_snapshot (
  credit_account_id text primary key references credit_account, as_of timestamptz not null, currency text not null,
  open_items jsonb not null, unapplied_cash_minor bigint not null default 0, fetched_at timestamptz not null default now()
);
-- Rules that a user edits: approval limits, hold types, tolerances; each version is kept.
create table rule (
  ${id}, kind text not null, scope text not null default '*', version int not null, body jsonb not null,
  valid_from timestamptz not null default now(), unique (kind, scope, version)
);`;

const orders = `
-- Order numbers may have gaps, so a sequence serves and no order waits for another.
create sequence order_number start 100001;
create table orders (
  ${id}, order_number text not null unique, entity_id text not null references selling_entity, customer_id text not null references customer,
  credit_account_id text not null references credit_account, partner_id text references partner, channel text not null,
  external_reference text, type text not null, ${usage}, po_number text not null, release_number text, po_date date not null,
  currency text not null, state text not null check (state in (${list(orderStates)})), version int not null default 1,
  request jsonb not null, ship_to jsonb not null, terms jsonb not null,
  deliver_by date, ship_not_before timestamptz, cancel_after timestamptz, release_at timestamptz not null,
  subtotal_minor bigint not null, charges jsonb not null default '[]', charges_minor bigint not null default 0, tax_minor bigint not null default 0,
  total_minor bigint not null, invoiced_minor bigint not null default 0, answer_due_at timestamptz, answer_count int not null default 0, final_answer_at timestamptz,
  document_id uuid, placed_at timestamptz not null, workflow_started_at timestamptz, closed_at timestamptz, updated_at timestamptz not null default now()
);
create index orders_by_po on orders (po_number);
create index orders_by_customer on orders (customer_id, id desc);
create index orders_open on orders (credit_account_id) where state in ('placed', 'held', 'confirmed', 'fulfilling');
create index orders_by_state on orders (state, id desc);
create index orders_unanswered on orders (id) where final_answer_at is null;
create table order_claim (
  entity_id text not null, customer_id text not null, po_number text not null, release_number text not null default '', usage text not null,
  order_id uuid not null references orders, claimed_at timestamptz not null default now(),
  primary key (entity_id, customer_id, po_number, release_number, usage)
);
create table order_line (
  ${id}, order_id uuid not null references orders, line_number int not null, buyer_line_number text, item_id text references item,
  product_ids jsonb not null, description text, quantity numeric(18,6) not null, unit text not null, unit_factor int not null default 1,
  ordered bigint not null check (ordered >= 0), cancelled bigint not null default 0 check (cancelled >= 0),
  reserved bigint not null default 0 check (reserved >= 0), released bigint not null default 0 check (released >= 0),
  shipped bigint not null default 0 check (shipped >= 0), invoiced bigint not null default 0 check (invoiced >= 0),
  requested_price numeric(18,6), price_basis_code text, price_basis int not null default 1, unit_price numeric(18,6),
  amount_minor bigint not null default 0, price_decision jsonb not null default '{}',
  rejection text, rejection_code text, references_ jsonb not null default '[]', dates jsonb not null default '[]', replaced_by int,
  unique (order_id, line_number),
  check (cancelled + reserved + released + shipped <= ordered), check (invoiced <= shipped)
);
create index order_line_by_item on order_line (item_id) where ordered > cancelled + reserved + released + shipped;
create table hold (
  ${id}, order_id uuid not null references orders, line_number int, type text not null, status text not null default 'open'
    check (status in (${list(holdStatuses)})), blocks text[] not null, reason jsonb not null, role text not null,
  due_at timestamptz not null, expires_at timestamptz, escalated_at timestamptz, owner text,
  opened_at timestamptz not null, resolved_at timestamptz, resolved_by text, resolution_reason text, approvals jsonb not null default '[]'
);
create index hold_open on hold (role, due_at) where status = 'open';
create index hold_by_order on hold (order_id);
create unique index hold_once on hold (order_id, type, coalesce(line_number, 0)) where status = 'open';
create table decision (
  ${id}, order_id uuid not null references orders, kind text not null, rule text not null, rule_version text not null,
  inputs jsonb not null, outcome jsonb not null, decided_at timestamptz not null, decided_by text not null
);
create index decision_by_order on decision (order_id, id);
create table order_event (
  ${id}, order_id uuid not null references orders, at timestamptz not null, kind text not null, actor text not null, text text not null,
  data jsonb not null default '{}', dedupe_key text
);
create index order_event_by_order on order_event (order_id, id);
create unique index order_event_once on order_event (order_id, dedupe_key) where dedupe_key is not null;
create table order_change (
  ${id}, order_id uuid not null references orders, status text not null default 'pending' check (status in ('pending', 'applied', 'partly-applied', 'refused')),
  request jsonb not null, outcome jsonb, document_id uuid, requested_by text not null, received_at timestamptz not null, decided_at timestamptz, dedupe_key text unique
);
create index order_change_by_order on order_change (order_id, id);
create table reservation (
  ${id}, order_id uuid not null references orders, order_line_id uuid not null references order_line, item_id text not null, node_id text not null references node,
  ${usage}, quantity bigint not null check (quantity >= 0), status text not null default 'active' check (status in ('active', 'consumed', 'released')),
  shipment_id uuid, created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create index reservation_by_order on reservation (order_id) where status = 'active';
create index reservation_by_stock on reservation (item_id, node_id, usage) where status = 'active';`;

const fulfilment = `
create table shipment (
  ${id}, order_id uuid not null references orders, shipment_number text not null unique, sequence int not null, node_id text not null references node,
  ${usage}, state text not null check (state in (${list(shipmentStates)})), carrier jsonb, label jsonb, warehouse_reference text,
  planned_at timestamptz not null, released_at timestamptz, shipped_at timestamptz, bill_of_lading text, tracking_number text,
  confirm jsonb, recall_requested_at timestamptz, unique (order_id, sequence)
);
alter table reservation add foreign key (shipment_id) references shipment;
create table shipment_line (
  shipment_id uuid not null references shipment, order_line_id uuid not null references order_line, line_number int not null,
  item_id text not null, quantity bigint not null check (quantity > 0), shipped bigint not null default 0 check (shipped >= 0), short_reason text,
  primary key (shipment_id, order_line_id), check (shipped <= quantity)
);
create table package (
  sscc text primary key, shipment_id uuid not null references shipment, sequence int not null, tracking_number text, weight_grams int not null,
  contents jsonb not null, shipped boolean not null default false
);
create table invoice (
  ${id}, invoice_number text not null, entity_id text not null references selling_entity, ${usage}, order_id uuid not null references orders,
  shipment_id uuid not null unique references shipment, credit_account_id text not null references credit_account, currency text not null,
  lines jsonb not null, subtotal_minor bigint not null, charges jsonb not null, charges_minor bigint not null, tax_minor bigint not null,
  total_minor bigint not null, terms jsonb not null, invoice_date date not null, due_date date not null, issued_at timestamptz not null,
  posted_at timestamptz, erp_document text, paid_minor bigint not null default 0, unique (entity_id, usage, invoice_number)
);
create index invoice_by_account on invoice (credit_account_id);
create index invoice_by_order on invoice (order_id);
create index invoice_unposted on invoice (order_id) where posted_at is null;
-- One row a call to the outside: the key is stable over retries, the reply is kept.
create table external_call (
  idempotency_key text primary key, counterparty text not null, operation text not null, order_id uuid, request jsonb not null, reply jsonb,
  status text not null default 'started' check (status in ('started', 'succeeded', 'failed')), attempts int not null default 1, error text,
  started_at timestamptz not null default now(), finished_at timestamptz
);
create index external_call_by_order on external_call (order_id);
-- Callbacks from warehouses, carriers and the ERP, stored before anything reacts; unique by the sender's event id.
create table callback_event (
  counterparty text not null, event_id text not null, kind text not null, body jsonb not null, received_at timestamptz not null default now(),
  processed_at timestamptz, outcome text, primary key (counterparty, event_id)
);
create table exception (
  ${id}, kind text not null, subject_key text not null, text text not null, data jsonb not null default '{}', owner_role text not null, owner text,
  priority int not null default 3, due_at timestamptz not null, status text not null default 'open' check (status in ('open', 'resolved')),
  opened_at timestamptz not null default now(), resolved_at timestamptz, resolved_by text, resolution text, order_id uuid, document_id uuid,
  occurrences int not null default 1
);
create unique index exception_once on exception (kind, subject_key) where status = 'open';
create index exception_open on exception (due_at) where status = 'open';
create table idempotency_key (
  principal text not null, key text not null, route text not null, body_hash text not null, status int, response jsonb, created_at timestamptz not null default now(),
  primary key (principal, key)
);`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(masterData);
  await knex.raw(orders);
  await knex.raw(fulfilment);
}
