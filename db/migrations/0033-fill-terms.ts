import type { Knex } from 'knex';

/** What an order takes where not all of it is there (fill or kill, minimum fill), and why a part of a line was cancelled. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table orders add fill jsonb;
    -- Element 668 of what of the line was cancelled; null: deleted (ID).
    alter table order_line add cancel_code text;`);
}
