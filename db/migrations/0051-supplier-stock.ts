import type { Knex } from 'knex';

/**
 * What a supplier has said that it has of an item (846), in base units; no row: it has never said, and is asked for as
 * many as are wanted. What was ordered there since counts against it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table supplier_stock (
  item_id text not null references item, node_id text not null references node, usage text not null check (usage in ('P', 'T')),
  quantity bigint not null check (quantity >= 0), reported_at timestamptz not null, document_id uuid,
  primary key (item_id, node_id, usage)
);
create index supplier_order_by_node on supplier_order (node_id, ordered_at);`);
}
