import type { Knex } from 'knex';

/** Movements since a moment, for reports of stock that were made then. They are written in the order of their time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create index stock_movement_at on stock_movement using brin (at);`);
}
