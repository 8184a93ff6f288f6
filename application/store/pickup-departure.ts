import type { Tx } from '../../db/connection';
import { beOf, countOf, pastBeOf } from '../../domain/shared/count';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { lockCreditAccount } from '../credit/check-credit';
import { readCustomerPolicy } from '../customer/customer-policy';
import { confirmSchema } from '../fulfilment/ship-notice';
import { retotal } from '../order/give-up-lines';
import { giveUpUnits } from '../order/give-up-units';
import {
  ACTIVE,
  type OrderRow,
  type ShipmentLineRow,
  type ShipmentRow,
  saveOrder,
} from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { lockStock } from '../stock/take-stock';

/** Partners hear of what leaves by 856; of what their buyer has picked up only where that was agreed. */
export async function wantsShipNotice(
  tx: Tx,
  order: OrderRow,
  { method }: Pick<ShipmentRow, 'method'>,
): Promise<boolean> {
  if (order.partner_id === null) return false;
  return method === 'ship' || (await readCustomerPolicy(tx, order.customer_id)).pickupShipNotice;
}

interface Departing {
  readonly order: OrderRow;
  readonly lines: readonly ShipmentLineRow[];
}

/**
 * What the buyer did not take with them is no longer of this shipment: it is reserved in the store for another time, or
 * cancelled and for sale again. Levels stay as they are, since the goods have not moved.
 */
export async function keepBackNotTaken(
  tx: Tx,
  shipment: ShipmentRow,
  found: Departing,
  now: string,
): Promise<Departing> {
  const { notTaken } = confirmSchema.parse(shipment.confirm);
  if (!notTaken || notTaken.lines.length === 0) return found;
  const { order } = found;
  const back = notTaken.lines.flatMap(({ lineNumber, quantity }) => {
    const line = found.lines.find((one) => one.line_number === lineNumber);
    return line ? [{ line, quantity: Math.min(quantity, line.quantity) }] : [];
  });
  // The account before any stock, as everywhere: what was short beside it asks for credit, and so does what is given up.
  await lockCreditAccount(tx, order.credit_account_id);
  const items = back.map(({ line }) => line.item_id);
  await lockStock(tx, items, order.usage);
  for (const { line, quantity } of back) await takeOutOfShipment(tx, shipment, line, quantity, now);
  const units = back.reduce((sum, { quantity }) => sum + quantity, 0);
  const what =
    notTaken.rest === 'later' ? `${beOf(units)} kept for another time` : `${beOf(units)} not wanted any more`;
  const text = `${countOf(units, 'unit')} of ${shipment.shipment_number} ${pastBeOf(units)} not taken and ${what}`;
  await recordEvents(tx, [{ orderId: order.id, at: now, kind: 'not-taken', actor: 'hub', text }]);
  const lines = found.lines.flatMap((line) => {
    const left = line.quantity - (back.find((one) => one.line === line)?.quantity ?? 0);
    return left > 0 ? [{ ...line, quantity: left }] : [];
  });
  if (notTaken.rest === 'later') return { order, lines };
  await giveUpUnits(
    tx,
    order,
    back.map(({ line, quantity }) => ({ orderLineId: line.order_line_id, quantity })),
    shipment.node_id,
  );
  const saved = await saveOrder(tx, order, await retotal(tx, order), now);
  await wakeWaitingOrders(tx, items, order, now);
  return { order: saved, lines };
}

/** Out of the shipment and back to what is reserved without one. */
export async function takeOutOfShipment(
  tx: Tx,
  shipment: ShipmentRow,
  line: ShipmentLineRow,
  quantity: number,
  now: string,
): Promise<void> {
  const own = tx('shipment_line').where({
    shipment_id: shipment.id,
    order_line_id: line.order_line_id,
  });
  if (quantity === line.quantity) await own.delete();
  else await own.decrement('quantity', quantity);
  await tx('order_line')
    .where({ id: line.order_line_id })
    .update({ released: tx.raw('released - ?', [quantity]), reserved: tx.raw('reserved + ?', [quantity]) });
  const held = (await tx('reservation')
    .where({
      order_id: shipment.order_id,
      shipment_id: shipment.id,
      order_line_id: line.order_line_id,
    })
    .whereRaw(ACTIVE)
    .orderBy('id')
    .forUpdate()) as { id: string; quantity: number }[];
  let open = quantity;
  for (const row of held) {
    const part = Math.min(open, row.quantity);
    open -= part;
    if (part === row.quantity) {
      await tx('reservation').where({ id: row.id }).update({ shipment_id: null, updated_at: now });
    } else if (part > 0) {
      await tx('reservation')
        .where({ id: row.id })
        .update({ quantity: row.quantity - part, updated_at: now });
      await tx('reservation').insert({
        order_id: shipment.order_id,
        order_line_id: line.order_line_id,
        item_id: line.item_id,
        node_id: shipment.node_id,
        usage: shipment.usage,
        quantity: part,
      });
    }
  }
}
