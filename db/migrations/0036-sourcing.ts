import type { Knex } from 'knex';

/**
 * The class of goods that a reservation may not share a shipment with others of, the day on which a node is to ship
 * what is reserved there; orders as a set of rules on trial would have sourced them.
 */
const sourcing = `
alter table reservation add column ship_on date, add column apart text;
create index reservation_by_ship_day on reservation (node_id, usage, ship_on) where ship_on is not null and status <> 'released';
create index reservation_unplanned_by_node on reservation (node_id) where status = 'active' and shipment_id is null;
create table sourcing_trial (
  id uuid primary key default uuidv7(), order_id uuid not null references orders, shadow_version int not null, live_version int not null,
  at timestamptz not null, inputs jsonb not null, live jsonb not null, shadow jsonb, tried_at timestamptz
);
create index sourcing_trial_by_version on sourcing_trial (shadow_version, id);
create index sourcing_trial_untried on sourcing_trial (id) where tried_at is null;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(sourcing);
}
