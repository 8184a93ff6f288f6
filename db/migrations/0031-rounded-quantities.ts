import type { Knex } from 'knex';

/** Where it was agreed that quantities are rounded up to whole packs, what was ordered is kept beside what is delivered. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table order_line add requested_quantity numeric(18,6)');
}
