import type { Knex } from 'knex';

/** Samples that are given away without a word on paper. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- What leaves is settled by its shipment: no invoice is written, nothing is posted.
    alter table orders add without_invoice boolean not null default false;`);
}
