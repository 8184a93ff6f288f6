import type { Knex } from 'knex';

/** What a monitoring rule has found late, until it is reached or the order has ended. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table late_subject (
  rule text not null, subject_key text not null, order_id uuid, exception_key text not null,
  found_at timestamptz not null, closed_at timestamptz, primary key (rule, subject_key)
);
create index late_subject_open on late_subject (rule, exception_key) where closed_at is null;
-- Only orders that something is still to come of, and only where they have such a day.
create index orders_open_deliver_by on orders (deliver_by)
  where deliver_by is not null and state in ('placed', 'held', 'confirmed', 'fulfilling');
create index orders_open_ship_not_before on orders (ship_not_before)
  where ship_not_before is not null and state in ('placed', 'held', 'confirmed', 'fulfilling');
create index orders_open_cancel_after on orders (cancel_after)
  where cancel_after is not null and state in ('placed', 'held', 'confirmed', 'fulfilling');
create index shipment_open on shipment (planned_at) where state in ('planned', 'released', 'shipped');
create index shipment_undelivered on shipment (shipped_at) where delivered_at is null and shipped_at is not null;`);
}
