import type { Knex } from 'knex';

/**
 * A supplier's other day, as the buyer was told it: by line of the supplier's order, and for the answers to the buyer on
 * the line of the order that it ships, [{ units, on }] in base units.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table supplier_order_line add told_on date;
alter table order_line add rescheduled jsonb;`);
}
