import type { Tx } from '../../db/connection';
import { newRecordId } from '../../db/record-ids';
import { ACTIVE, type OrderRow, type ShipmentLineRow, type ShipmentRow } from '../order/order-record';

/** Base units of one line of a shipment. */
export interface ShipmentPart {
  readonly orderLineId: string;
  readonly quantity: number;
}

/**
 * Takes units out of a shipment that has not left: into another shipment of the same place, released as it is, or, with
 * null, back to the order's waiting lines. Their reservations go with them. What is left of the shipment stays as it
 * is; one with nothing left is cancelled. The caller has locked the order and the shipment.
 * @returns the other shipment
 */
export async function divideShipment(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  lines: readonly ShipmentLineRow[],
  parts: readonly ShipmentPart[],
  to: { readonly releasedAt: string } | null,
): Promise<{ readonly id: string; readonly shipmentNumber: string } | null> {
  const other = to === null ? null : await addShipment(tx, order, shipment, to.releasedAt);
  for (const { orderLineId, quantity } of parts) {
    const line = lines.find((one) => one.order_line_id === orderLineId);
    if (!line || quantity <= 0 || quantity > line.quantity)
      throw new Error(`shipment ${shipment.shipment_number} has no ${quantity} of line ${orderLineId}`);
    const key = { shipment_id: shipment.id, order_line_id: orderLineId };
    if (quantity === line.quantity) await tx('shipment_line').where(key).delete();
    else
      await tx('shipment_line')
        .where(key)
        .update({ quantity: line.quantity - quantity });
    if (other !== null)
      await tx('shipment_line').insert({
        shipment_id: other.id,
        order_line_id: orderLineId,
        line_number: line.line_number,
        item_id: line.item_id,
        quantity,
      });
    else await tx('order_line').where({ id: orderLineId }).decrement('released', quantity);
    await divideReservations(tx, { ...key, order_id: order.id }, quantity, other?.id ?? null);
  }
  const gone = new Map(parts.map(({ orderLineId, quantity }) => [orderLineId, quantity]));
  if (lines.every((line) => gone.get(line.order_line_id) === line.quantity))
    await tx('shipment').where({ id: shipment.id }).update({ state: 'cancelled' });
  return other;
}

async function addShipment(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  releasedAt: string,
): Promise<{ readonly id: string; readonly shipmentNumber: string }> {
  const [{ last }] = (await tx('shipment').where({ order_id: order.id }).max('sequence as last')) as [
    { last: number },
  ];
  const id = newRecordId();
  const shipmentNumber = `${order.order_number}-${last + 1}`;
  await tx('shipment').insert({
    id,
    order_id: order.id,
    shipment_number: shipmentNumber,
    sequence: last + 1,
    node_id: shipment.node_id,
    usage: shipment.usage,
    state: 'released',
    released_at: releasedAt,
    warehouse_reference: shipment.warehouse_reference,
    deliver_by: shipment.deliver_by,
    ship_to: shipment.ship_to === null ? null : JSON.stringify(shipment.ship_to),
    planned_at: shipment.planned_at,
  });
  return { id, shipmentNumber };
}

async function divideReservations(
  tx: Tx,
  from: { readonly order_id: string; readonly shipment_id: string; readonly order_line_id: string },
  quantity: number,
  to: string | null,
): Promise<void> {
  const rows = (await tx('reservation').where(from).whereRaw(ACTIVE).orderBy('id').forUpdate()) as {
    id: string;
    quantity: number;
    order_id: string;
    item_id: string;
    node_id: string;
    usage: string;
  }[];
  let open = quantity;
  for (const row of rows) {
    const taken = Math.min(open, row.quantity);
    if (taken === 0) break;
    open -= taken;
    if (taken === row.quantity) {
      await tx('reservation')
        .where({ id: row.id })
        .update(to === null ? { status: 'released' } : { shipment_id: to });
      continue;
    }
    await tx('reservation')
      .where({ id: row.id })
      .update({ quantity: row.quantity - taken });
    if (to !== null)
      await tx('reservation').insert({
        order_id: row.order_id,
        order_line_id: from.order_line_id,
        item_id: row.item_id,
        node_id: row.node_id,
        usage: row.usage,
        quantity: taken,
        shipment_id: to,
      });
  }
  if (open > 0) throw new Error(`a shipment has ${open} units that nothing is reserved for`);
}
