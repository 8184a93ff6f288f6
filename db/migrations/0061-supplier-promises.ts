import type { Knex } from 'knex';

/**
 * What a supplier's report (846) says will come, as [{date, quantity}] in base units, and the report's own number; and
 * what it said of a line of ours that it does not have (855): refused for good, or on backorder, and when it said so.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table supplier_stock add column inbound jsonb not null default '[]', add column report text not null default '';
alter table supplier_order_line add column lacked bigint not null default 0 check (lacked between 0 and ordered),
  add column lacked_waiting bigint not null default 0 check (lacked_waiting between 0 and ordered), add column lacked_at timestamptz;
create index supplier_order_line_lacked on supplier_order_line (item_id, lacked_at) where lacked_at is not null;`);
}
