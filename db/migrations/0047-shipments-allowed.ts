import type { Knex } from 'knex';

/** How many shipments a person lets an order have, whatever customer, order and rules say; null: they say it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table orders add shipments_allowed int check (shipments_allowed > 0);');
}
