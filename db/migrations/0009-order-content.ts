import type { Knex } from 'knex';

/**
 * What a buyer says besides item, quantity and price stays with the order: allowances and charges that stand, the parts
 * of a line that goes to several places, segments as they came, the blanket line that a release calls off.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table orders add adjustments jsonb not null default '[]', add blanket_id uuid references orders;
    create index orders_by_blanket on orders (blanket_id) where blanket_id is not null;
    -- split_from: the line number of the first part, which carries what is said of the line as a whole.
    alter table order_line add split_from int, add destination jsonb, add parties jsonb not null default '[]',
      add kept jsonb not null default '[]', add blanket_line_id uuid references order_line;
    create index order_line_by_blanket on order_line (blanket_line_id) where blanket_line_id is not null;
    -- Where it goes, when that is not the order's ship-to.
    alter table shipment add ship_to jsonb;`);
}
