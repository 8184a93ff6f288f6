import type { Knex } from 'knex';

/** What is supplied of a line, where that is not what was ordered: a component of a bundle, a substitute, a successor. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table order_line add supply jsonb;
    -- What a buyer calls an item that it did not name.
    create index item_cross_reference_by_item on item_cross_reference (item_id, customer_id)`);
}
