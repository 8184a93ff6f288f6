import type { Knex } from 'knex';

/** A purchase order number is claimed before its order is written: whether it is taken decides what is written. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `alter table order_claim alter constraint order_claim_order_id_fkey deferrable initially deferred`,
  );
}
