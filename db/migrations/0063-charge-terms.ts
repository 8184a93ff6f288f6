import type { Knex } from 'knex';

/**
 * The charges and the tax percentage that an order was placed with, as {charges, taxPercent}: what of it is cancelled or
 * changed later is charged and taxed by these. null: placed before this was kept, the customer's of the day count.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table orders add column charge_terms jsonb;');
}
