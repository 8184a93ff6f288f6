import type { Knex } from 'knex';

/** The version of what was agreed with a supplier and of the place it ships from, as its form shows both. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table node add column supplier_version int not null default 1');
}
