import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface CartViewRow {
  readonly id: string;
  readonly reference: string;
  readonly status: 'active' | 'converted' | 'released' | 'expired';
  readonly expires_at: string;
  readonly lines: readonly { readonly itemId: string; readonly quantity: number }[];
}

export async function findCart(
  db: Db,
  of: { readonly customerId: string; readonly usage: 'P' | 'T'; readonly reference: string },
): Promise<CartViewRow | undefined> {
  const { rows } = await db.raw<{ rows: CartViewRow[] }>(
    `select c.id, c.reference, c.status, c.expires_at, coalesce((select jsonb_agg(jsonb_build_object('itemId', k.item_id, 'quantity', k.quantity) order by k.item_id)
       from (select item_id, sum(quantity)::bigint as quantity from stock_keep where cart_id = c.id and quantity > 0 group by 1) k), '[]') as lines
     from cart c where c.customer_id = :customerId and c.usage = :usage and c.reference = :reference`,
    of as never,
  );
  return rows[0];
}

export interface StockReserveRow {
  readonly id: string;
  readonly kind: 'customer' | 'channel';
  readonly customer_id: string | null;
  readonly channel: string | null;
  readonly item_id: string;
  readonly node_id: string;
  readonly usage: 'P' | 'T';
  readonly kept: number;
  readonly quantity: number;
  readonly until: string | null;
  readonly reason: string;
  readonly kept_by: string;
  readonly kept_at: string;
}

const columns =
  'id, kind, customer_id, channel, item_id, node_id, usage, kept, quantity, until, reason, kept_by, kept_at';

export async function findStockReserve(db: Db, id: string): Promise<StockReserveRow | undefined> {
  const { rows } = await db.raw<{ rows: StockReserveRow[] }>(
    `select ${columns} from stock_keep where id = ? and kind in ('customer', 'channel')`,
    [id],
  );
  return rows[0];
}

/** Newest first, what is left of something. */
export async function listStockReserves(
  db: Db,
  filter: { readonly usage: 'P' | 'T'; readonly itemId?: string },
  page: PageRequest,
) {
  const where: Conditions = { sql: [`kind in ('customer', 'channel')`, 'quantity > 0'], values: [] };
  add(where, 'usage = ?', filter.usage);
  if (filter.itemId !== undefined) add(where, 'item_id = ?', filter.itemId);
  if (page.after !== null) add(where, 'id < ?', page.after);
  const { rows } = await db.raw<{ rows: StockReserveRow[] }>(
    `select ${columns} from stock_keep ${whereOf(where)} order by id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}
