import type { Db, Tx } from '../db/connection';
import type { RecallOutcome, ReleaseOutcome, WarehouseRelease } from '../domain/fulfilment/warehouse-port';
import type { Party } from '../domain/order/order-request';
import { addSeconds, localDateIn } from '../domain/shared/dates';
import { recordEvents } from './keep-history';
import { markForOf } from './line-parts';
import {
  lockShipment,
  moveShipment,
  type OrderRow,
  readLines,
  type ShipmentLineRow,
  type ShipmentRow,
  UnknownRecord,
} from './order-record';
import { raiseException } from './raise-exception';
import { settleState } from './settle-state';

/** The order to the warehouse, the same at every retry. */
export async function buildRelease(db: Db, shipmentId: string): Promise<WarehouseRelease> {
  const shipment = (await db('shipment').where({ id: shipmentId }).first()) as ShipmentRow | undefined;
  if (!shipment) throw new UnknownRecord('shipment', shipmentId);
  const order = (await db('orders').where({ id: shipment.order_id }).first()) as OrderRow;
  const node = (await db('node').where({ id: shipment.node_id }).first('time_zone')) as { time_zone: string };
  const lines = (await db('shipment_line')
    .where({ shipment_id: shipmentId })
    .orderBy('line_number')) as ShipmentLineRow[];
  const orderLines = await readLines(db, order.id);
  const packages = (await db('package').where({ shipment_id: shipmentId }).orderBy('sequence')) as {
    sscc: string;
    tracking_number: string | null;
    contents: { lineNumber: number; quantity: number }[];
  }[];
  const carrier = shipment.carrier as { scac: string; service: string } | null;
  return {
    idempotencyKey: `release/${shipmentId}`,
    releaseNumber: shipment.shipment_number,
    nodeId: shipment.node_id,
    orderNumber: order.order_number,
    purchaseOrderNumber: order.po_number,
    shipTo: shipment.ship_to ?? (order.ship_to as Party),
    ...(order.ship_not_before !== null && {
      shipNotBefore: localDateIn(order.ship_not_before, node.time_zone),
    }),
    carrier: { scac: carrier?.scac ?? '', service: carrier?.service ?? '' },
    lines: lines.map((line) => ({
      lineNumber: line.line_number,
      itemId: line.item_id,
      quantity: line.quantity,
      ...markForOf(orderLines.find((row) => row.id === line.order_line_id)),
    })),
    packages: packages.map((p) => ({
      sscc: p.sscc,
      ...(p.tracking_number !== null && { trackingNumber: p.tracking_number }),
      contents: p.contents,
    })),
  };
}

/** Keeps the warehouse's answer. A refusal is an exception that someone owns; the stock stays reserved meanwhile. */
export async function recordRelease(
  tx: Tx,
  shipmentId: string,
  outcome: ReleaseOutcome,
  now: string,
): Promise<void> {
  const { order, shipment } = await lockShipment(tx, shipmentId);
  if (shipment.state !== 'planned') return;
  if (outcome.kind === 'refused') {
    await raiseException(tx, {
      kind: 'warehouse-refused',
      subjectKey: shipmentId,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 3600),
      orderId: order.id,
      priority: 2,
      text: `Warehouse ${shipment.node_id} refuses release ${shipment.shipment_number}: ${outcome.reason}. Settle it with the warehouse, then retry the order`,
    });
    return;
  }
  await moveShipment(tx, shipment, 'released', {
    released_at: now,
    warehouse_reference: outcome.warehouseReference,
  });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'released',
      actor: `warehouse:${shipment.node_id}`,
      text: `Warehouse ${shipment.node_id} has release ${shipment.shipment_number} as ${outcome.warehouseReference}`,
      data: { shipmentId },
    },
  ]);
  await settleState(tx, order, {}, now);
}

/** Keeps the answer to a recall: recalled goods are reserved stock again; too late stands for good. */
export async function recordRecall(
  tx: Tx,
  shipmentId: string,
  outcome: RecallOutcome,
  now: string,
): Promise<void> {
  const { order, shipment, lines } = await lockShipment(tx, shipmentId);
  if (shipment.state !== 'planned' && shipment.state !== 'released') return;
  // A confirm that is there already has won, whatever was answered to the recall.
  if (outcome.kind === 'too-late' || shipment.confirm !== null) {
    const reason = outcome.kind === 'too-late' ? outcome.reason : 'its ship confirm came first';
    await tx('shipment').where({ id: shipmentId }).update({ recall_requested_at: now });
    await recordEvents(tx, [
      {
        orderId: order.id,
        at: now,
        kind: 'recall-too-late',
        actor: `warehouse:${shipment.node_id}`,
        text: `Shipment ${shipment.shipment_number} can no longer be recalled: ${reason}`,
        data: { shipmentId },
        once: `recall/${shipmentId}`,
      },
    ]);
    return;
  }
  await cancelShipment(tx, order, shipment, lines, now);
}

/** Takes a shipment that has not left back into reserved stock. */
export async function cancelShipment(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  lines: readonly ShipmentLineRow[],
  now: string,
): Promise<void> {
  await moveShipment(tx, shipment, 'cancelled');
  for (const line of lines) {
    await tx('order_line')
      .where({ id: line.order_line_id })
      .update({
        reserved: tx.raw('reserved + ?', [line.quantity]),
        released: tx.raw('released - ?', [line.quantity]),
      });
  }
  await tx('reservation')
    .where({ shipment_id: shipment.id, status: 'active' })
    .update({ shipment_id: null, updated_at: now });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'shipment-cancelled',
      actor: 'hub',
      text: `Shipment ${shipment.shipment_number} is taken back before it left`,
      data: { shipmentId: shipment.id },
    },
  ]);
}
