import type { Knex } from 'knex';

/** Test orders (ISA15 = T) are numbered by themselves. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create sequence test_order_number start 100001');
}
