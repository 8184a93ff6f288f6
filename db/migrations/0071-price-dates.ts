import type { Knex } from 'knex';

/** The day that an order's prices are of, where that is not the date of its purchase order. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table orders add price_date date;`);
}
