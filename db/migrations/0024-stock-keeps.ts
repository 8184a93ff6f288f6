import type { Knex } from 'knex';

/**
 * Units of an item at a node that are kept for somebody, beside what orders have reserved: for a cart until it expires,
 * for a customer or a channel until a day, for the waiting line of an order that was given its share of a receipt. What
 * others may take is the level less what is reserved, its safety stock and everything that is kept.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table cart (
  id uuid primary key default uuidv7(), customer_id text not null references customer, usage text not null check (usage in ('P', 'T')),
  -- The shop's own name of the basket.
  reference text not null, channel text not null, status text not null check (status in ('active', 'converted', 'released', 'expired')),
  expires_at timestamptz not null, order_id uuid references orders, created_at timestamptz not null, updated_at timestamptz not null,
  unique (customer_id, usage, reference)
);
create index cart_due on cart (expires_at) where status = 'active';
create table stock_keep (
  id uuid primary key default uuidv7(), kind text not null check (kind in ('cart', 'customer', 'channel', 'order')),
  cart_id uuid references cart, customer_id text references customer, channel text, order_line_id uuid references order_line,
  item_id text not null references item, node_id text not null references node, usage text not null check (usage in ('P', 'T')),
  -- kept at first, and what of it has not been drawn, given back or cut yet.
  kept bigint not null check (kept > 0), quantity bigint not null check (quantity >= 0 and quantity <= kept),
  -- null: until it is drawn.
  until timestamptz, reason text not null, kept_by text not null, kept_at timestamptz not null, ended_at timestamptz,
  check ((kind = 'cart') = (cart_id is not null)), check ((kind = 'customer') = (customer_id is not null)),
  check ((kind = 'channel') = (channel is not null)), check ((kind = 'order') = (order_line_id is not null))
);
create index stock_keep_open on stock_keep (item_id, node_id, usage) where quantity > 0;
create index stock_keep_by_cart on stock_keep (cart_id) where cart_id is not null;
create index stock_keep_by_line on stock_keep (order_line_id) where order_line_id is not null;
-- The day by which a line that waits is to leave, by what is expected to come in; and the last such day its buyer was told.
alter table order_line add promised_on date, add promise_told_on date;`);
}
