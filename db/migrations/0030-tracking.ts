import type { Knex } from 'knex';

/** Where packages are by their carriers' news, and when a shipment has arrived. */
const tracking = `
alter table package add column tracking_status text
    check (tracking_status in ('picked-up', 'in-transit', 'out-for-delivery', 'delivered', 'exception')),
  add column tracking_at timestamptz;
create index package_by_tracking on package (tracking_number) where tracking_number is not null;
alter table shipment add column delivered_at timestamptz, add column estimated_delivery date;`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(tracking);
}
