import type { Knex } from 'knex';

/** A line, or a part of one that comes in several deliveries, has days of its own; a shipment is for one of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table order_line add ship_not_before date, add deliver_by date;
    alter table shipment add deliver_by date;`);
}
