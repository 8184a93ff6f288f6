import type { Knex } from 'knex';

/** For whom a substitute asked for a prepayment: neither of the two books its money. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table prepayment_request add column in_name_of text');
}
