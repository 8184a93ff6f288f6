import type { Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import type { Usage } from '../../domain/order/order-request';
import { openOrderStates } from '../../domain/order/states';
import { type OrderLineRow, type OrderRow, readLines, waitingUnits } from '../order/order-record';
import { lockStock } from '../stock/take-stock';
import { shareOut } from './share-out';

/** What stock of items can help: lines that wait for them, or for something that they may stand in for. */
const helped = `
  with recursive helped as (
    select unnest(cast(? as text[])) as item
    union select r.scope from helped h join rule r on
      (r.kind = 'substitution' and r.body -> 'by' @> jsonb_build_array(jsonb_build_object('item', h.item)))
      or (r.kind = 'supersession' and r.body ->> 'from' = 'stock-out' and r.body ->> 'by' = h.item))
  select item from helped`;

/**
 * Stock of these items came free or came in: where it is shared fairly each waiting line gets its share kept now; then
 * the orders that wait look again, each takes its own under its own lock. The caller holds the items' stock locks.
 */
export async function wakeWaitingOrders(
  tx: Tx,
  itemIds: readonly (string | null)[],
  except: { readonly id?: string; readonly usage: Usage },
  now: string,
): Promise<void> {
  const items = [...new Set(itemIds.filter((id) => id !== null))];
  if (items.length === 0) return;
  const waiting = (await tx('order_line')
    .join('orders', 'orders.id', 'order_line.order_id')
    .whereRaw(`order_line.item_id in (${helped})`, [items])
    .andWhere('orders.usage', except.usage)
    .whereNot('orders.type', 'blanket')
    .whereIn('orders.state', [...openOrderStates])
    .whereRaw(
      'order_line.ordered > order_line.cancelled + order_line.reserved + order_line.released + order_line.shipped',
    )
    .modify((q) => except.id && q.whereNot('orders.id', except.id))
    .distinct('orders.id')) as { id: string }[];
  if (waiting.length === 0) return;
  await shareOut(tx, items, except.usage, now);
  await new WriteTogether()
    .job(
      'signal-order',
      waiting.map(({ id }) => ({ payload: { orderId: id }, key: id })),
    )
    .run(tx);
}

/** Lines that have been put on hold keep nobody waiting: those who wait for the same look again. */
export async function wakeBehindHeld(
  tx: Tx,
  order: OrderRow,
  held: readonly OrderLineRow[],
  now: string,
): Promise<void> {
  const items = held.filter((line) => waitingUnits(line) > 0).map((line) => line.item_id);
  if (items.length === 0) return;
  await lockStock(tx, items, order.usage);
  await wakeWaitingOrders(tx, items, order, now);
}

/** The same where all of an order has come to a stop. The caller holds no stock locks yet. */
export async function wakeBehindStopped(
  tx: Tx,
  before: OrderRow,
  after: OrderRow,
  now: string,
): Promise<void> {
  if (before.state === 'held' || after.state !== 'held') return;
  await wakeBehindHeld(tx, after, await readLines(tx, after.id), now);
}
