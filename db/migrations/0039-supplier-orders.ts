import type { Knex } from 'knex';

// Written out, not imported: a landed migration must not change when the domain does. A test compares them.
const states = ['sent', 'acknowledged', 'partly-shipped', 'shipped', 'billed', 'cancelled'];
const list = states.map((state) => `'${state}'`).join(', ');
const usage = `usage text not null default 'P' check (usage in ('P', 'T'))`;
const id = 'id uuid primary key default uuidv7()';

/**
 * Suppliers that ship to the company's customers: a node without stock whose partner is ordered from by 850, what each
 * item costs there, and the supplier's purchase orders with what became of them.
 */
const suppliers = `
alter table node add column supplier_partner text references partner;
create index node_by_supplier_partner on node (supplier_partner) where supplier_partner is not null;
alter table node add constraint node_kept_by_one check (warehouse_partner is null or supplier_partner is null);
create table item_supplier (
  item_id text not null references item, node_id text not null references node, supplier_item_id text not null,
  unit text not null, unit_factor int not null default 1 check (unit_factor > 0), unit_cost numeric(18,6) not null check (unit_cost >= 0),
  currency text not null, lead_days int not null default 0 check (lead_days >= 0),
  minimum_quantity int not null default 1 check (minimum_quantity > 0),
  sourcing text not null default 'drop-ship-orders' check (sourcing in ('always', 'when-short', 'drop-ship-orders')),
  active boolean not null default true, version int not null default 1, updated_at timestamptz not null default now(), updated_by text,
  primary key (item_id, node_id)
);
create table supplier_order (
  ${id}, number text not null, order_id uuid not null references orders, node_id text not null references node,
  partner_id text not null references partner, ${usage}, ship_to_key text not null, sequence int not null, ship_to jsonb not null,
  currency text not null, state text not null default 'sent' check (state in (${list})),
  ordered_at timestamptz not null, ordered_on date not null, answer_due_at timestamptz not null, acknowledged_at timestamptz,
  promised_on date not null, supplier_reference text, changes int not null default 0,
  unique (partner_id, usage, number), unique (order_id, node_id, ship_to_key, sequence)
);
create index supplier_order_open on supplier_order (id) where state in ('sent', 'acknowledged', 'partly-shipped');
create table supplier_order_line (
  supplier_order_id uuid not null references supplier_order, line_number int not null, order_line_id uuid not null references order_line,
  shipment_id uuid not null references shipment, item_id text not null references item, supplier_item_id text not null,
  unit text not null, unit_factor int not null check (unit_factor > 0), unit_cost numeric(18,6) not null, description text,
  ordered bigint not null check (ordered > 0), cancelled bigint not null default 0 check (cancelled >= 0),
  shipped bigint not null default 0 check (shipped >= 0), billed bigint not null default 0 check (billed >= 0),
  promised_on date not null, deliver_by date, cancel_reason text, refused boolean not null default false,
  primary key (supplier_order_id, line_number), check (cancelled + shipped <= ordered), check (billed <= shipped)
);
create index supplier_order_line_by_shipment on supplier_order_line (shipment_id);
create index supplier_order_line_by_order_line on supplier_order_line (order_line_id);
-- A cancel that a supplier was asked for, by shipment; it is answered once.
create table supplier_cancel (
  ${id}, supplier_order_id uuid not null references supplier_order, shipment_id uuid not null references shipment, number int not null,
  state text not null default 'asked' check (state in ('asked', 'accepted', 'refused')), asked_at timestamptz not null,
  answered_at timestamptz, answer text, unique (supplier_order_id, number)
);
create unique index supplier_cancel_open on supplier_cancel (shipment_id) where state = 'asked';
-- What a supplier's documents were acted on, by the number that the supplier gave them: the same again changes nothing.
create table supplier_document (
  ${id}, partner_id text not null references partner, ${usage}, kind text not null check (kind in ('answer', 'cancel-answer', 'ship-notice')),
  number text not null, content_hash text not null, supplier_order_id uuid references supplier_order,
  document_id uuid not null references document on delete cascade, taken_at timestamptz not null,
  unique (partner_id, usage, kind, number)
);
create index supplier_document_by_order on supplier_document (supplier_order_id);
create table supplier_invoice (
  ${id}, partner_id text not null references partner, ${usage}, number text not null, supplier_order_id uuid not null references supplier_order,
  document_id uuid not null references document on delete cascade, content_hash text not null, currency text not null,
  total_minor bigint not null, lines jsonb not null, extras jsonb not null default '[]',
  state text not null check (state in ('matched', 'mismatch', 'accepted', 'rejected')), problems jsonb not null default '[]',
  received_at timestamptz not null, decided_at timestamptz, decided_by text, reason text,
  unique (partner_id, usage, number)
);
create index supplier_invoice_by_order on supplier_invoice (supplier_order_id);`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(suppliers);
}
