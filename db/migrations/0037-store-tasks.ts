import type { Knex } from 'knex';

const list = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ');
// Written out, not imported: a landed migration must not change when the domain does. A test compares them.
const storeTaskStates = [
  'offered',
  'accepted',
  'picked',
  'packed',
  'ready',
  'shipped',
  'handed-over',
  'rejected',
  'timed-out',
  'nothing-found',
  'no-show',
  'recalled',
];

/** What stores are asked to ship or to hand out, one task a shipment; people and keys that work for one node alone. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table api_key add column node_id text references node;
alter table shipment add column method text not null default 'ship' check (method in ('ship', 'pickup'));
create table store_task (
  id uuid primary key default uuidv7(), shipment_id uuid not null unique references shipment, order_id uuid not null references orders,
  release_number text not null unique, node_id text not null references node, method text not null check (method in ('ship', 'pickup')),
  state text not null default 'offered' check (state in (${list(storeTaskStates)})),
  terms jsonb not null, offered_at timestamptz not null, accept_by timestamptz,
  accepted_at timestamptz, accepted_by text, picked_at timestamptz, picked jsonb, closed_at timestamptz, closed_by text,
  reason text, note text,
  -- The order is looked at then: a deadline of the task, or what the store has said is to be done to the order.
  next_at timestamptz,
  remind_at timestamptz, pickup_until timestamptz,
  code_hash text, code_failures int not null default 0, arrived_at timestamptz, arrival text, bring_out_by timestamptz,
  proof jsonb, left_out boolean not null default false
);
create index store_task_open on store_task (node_id, id) where closed_at is null;
create index store_task_by_order on store_task (order_id);
create index store_task_due on store_task (next_at) where next_at is not null;`);
}
