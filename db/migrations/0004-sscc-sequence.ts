import type { Knex } from 'knex';

/**
 * Serial numbers of cartons may have gaps, so a sequence serves: with a row of number_series every order that was being
 * packed waited for the commit of the one before.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create sequence sscc_number;
    select setval('sscc_number', next_number, false) from
      (select max(next_number) as next_number from number_series where kind = 'sscc') as used where next_number is not null;`);
}
