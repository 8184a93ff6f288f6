import type { Tx } from '../../db/connection';
import { amountOf } from './give-up-lines';
import { ACTIVE, type OrderRow, readLines } from './order-record';

/**
 * Cancels units of lines that are reserved at a node without a shipment; the rest of the lines stays as it is. The stock
 * of their items is locked by the caller, who also totals the order anew.
 */
export async function giveUpUnits(
  tx: Tx,
  order: OrderRow,
  units: readonly { readonly orderLineId: string; readonly quantity: number }[],
  nodeId: string,
): Promise<void> {
  const lines = await readLines(tx, order.id);
  for (const { orderLineId, quantity } of units) {
    const line = lines.find(({ id }) => id === orderLineId);
    if (!line) continue;
    const freed = await freeReserved(tx, order, orderLineId, nodeId, quantity);
    const cancelled = line.cancelled + freed;
    await tx('order_line')
      .where({ id: line.id })
      .update({
        reserved: line.reserved - freed,
        cancelled,
        amount_minor: line.unit_price === null ? 0 : amountOf(line, line.ordered - cancelled, order.currency),
      });
  }
}

/**
 * Gives back what a line has reserved at a node and no shipment has taken. The caller has locked the item's stock and
 * says on the line what became of it.
 * @returns base units given back
 */
export async function freeReserved(
  tx: Tx,
  order: Pick<OrderRow, 'id' | 'usage'>,
  orderLineId: string,
  nodeId: string,
  atMost: number,
): Promise<number> {
  const rows = (await tx('reservation')
    .where({
      order_id: order.id,
      order_line_id: orderLineId,
      node_id: nodeId,
      shipment_id: null,
    })
    .whereRaw(ACTIVE)
    .orderBy('id', 'desc')
    .forUpdate()) as { id: string; item_id: string; quantity: number }[];
  let open = atMost;
  for (const row of rows) {
    const part = Math.min(open, row.quantity);
    if (part === 0) continue;
    open -= part;
    await tx('stock')
      .where({ item_id: row.item_id, node_id: nodeId, usage: order.usage })
      .decrement('reserved', part);
    await tx('reservation')
      .where({ id: row.id })
      .update(
        part === row.quantity
          ? { status: 'released', updated_at: tx.fn.now() }
          : { quantity: row.quantity - part, updated_at: tx.fn.now() },
      );
  }
  return atMost - open;
}
