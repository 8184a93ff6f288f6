import type { Tx } from '../../db/connection';
import { readSafetyScope } from '../../domain/allocation/safety-stock';
import { openOrderStates } from '../../domain/order/states';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { lockStock } from './take-stock';

/**
 * A rule of safety stock has come into force, or is withdrawn: the orders that wait for its items look again.
 * @returns how many items somebody waits for
 */
export async function wakeForSafetyStock(tx: Tx, scope: string, now: string): Promise<number> {
  const { itemId, itemClass, nodeId } = readSafetyScope(scope);
  let woken = 0;
  for (const usage of ['P', 'T'] as const) {
    const items = (await tx('order_line as l')
      .join('orders as o', 'o.id', 'l.order_id')
      .join('item as i', 'i.id', 'l.item_id')
      .where('o.usage', usage)
      .whereIn('o.state', [...openOrderStates])
      .whereRaw('l.ordered > l.cancelled + l.reserved + l.released + l.shipped')
      .modify((q) => {
        if (itemId !== null) void q.where('i.id', itemId);
        if (itemClass !== null) void q.where('i.item_class', itemClass);
        if (nodeId !== null)
          void q.whereExists(
            tx('stock as s').whereRaw('s.item_id = i.id').where({ 's.node_id': nodeId, 's.usage': usage }),
          );
      })
      .distinct('i.id')
      .orderBy('i.id')
      .pluck('i.id')) as string[];
    if (items.length === 0) continue;
    await lockStock(tx, items, usage);
    await wakeWaitingOrders(tx, items, { usage }, now);
    woken += items.length;
  }
  return woken;
}
