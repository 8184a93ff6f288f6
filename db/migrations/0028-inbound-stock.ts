import type { Knex } from 'knex';

/**
 * What is expected to come in at a node: a purchase that was ordered, a transfer that is on its way. One row an item of
 * each number, so that a new date or quantity replaces what was said before, and the receipt that names the number
 * says what of it came.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table inbound_stock (
  node_id text not null references node, usage text not null check (usage in ('P', 'T')), number text not null, item_id text not null references item,
  kind text not null check (kind in ('purchase', 'transfer')), source text not null,
  -- null: nobody has said when; it is on its way and counts for no date.
  expected_on date, quantity bigint not null check (quantity >= 0), received bigint not null default 0 check (received >= 0),
  said_by text not null, said_at timestamptz not null, primary key (node_id, usage, number, item_id)
);
create index inbound_stock_open on inbound_stock (item_id, usage) where quantity > received;`);
}
