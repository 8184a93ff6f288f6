import type { Db, Tx } from '../db/connection';
import type { CarrierLabel, LabelRequest } from '../domain/fulfilment/carrier-port';
import type { Party, PostalAddress } from '../domain/order/order-request';
import { recordDecisions, recordEvents } from './keep-history';
import { lockShipment, type OrderRow, type ShipmentRow, UnknownRecord } from './order-record';

/** What the carriers are asked: addresses, cartons with their weights, and the day the buyer wants it. */
export async function buildLabelRequest(db: Db, shipmentId: string): Promise<LabelRequest> {
  const shipment = (await db('shipment').where({ id: shipmentId }).first()) as ShipmentRow | undefined;
  if (!shipment) throw new UnknownRecord('shipment', shipmentId);
  const order = (await db('orders').where({ id: shipment.order_id }).first('ship_to', 'deliver_by')) as Pick<
    OrderRow,
    'ship_to' | 'deliver_by'
  >;
  const node = (await db('node').where({ id: shipment.node_id }).first('name', 'address')) as {
    name: string;
    address: PostalAddress;
  };
  const packages = (await db('package')
    .where({ shipment_id: shipmentId })
    .orderBy('sequence')
    .select('sscc', 'weight_grams')) as { sscc: string; weight_grams: number }[];
  const to = shipment.ship_to ?? (order.ship_to as Party);
  return {
    idempotencyKey: `label/${shipmentId}`,
    shipmentNumber: shipment.shipment_number,
    from: { name: node.name, address: node.address },
    to: { name: to.name ?? to.id ?? '', address: to.address ?? { lines: [] } },
    ...((shipment.deliver_by ?? order.deliver_by) !== null && {
      deliverBy: (shipment.deliver_by ?? order.deliver_by) as string,
    }),
    packages: packages.map((p) => ({ sscc: p.sscc, weightGrams: p.weight_grams })),
  };
}

/** Keeps the label that was bought, and why it was this carrier's. */
export async function recordLabel(
  tx: Tx,
  shipmentId: string,
  label: CarrierLabel,
  now: string,
): Promise<void> {
  const { order, shipment } = await lockShipment(tx, shipmentId);
  if (shipment.label !== null) return;
  const tracking = Object.values(label.trackingNumbers);
  await tx('shipment')
    .where({ id: shipmentId })
    .update({
      label: JSON.stringify(label),
      carrier: JSON.stringify({
        scac: label.scac,
        service: label.service,
        estimatedDelivery: label.estimatedDelivery,
      }),
      tracking_number: tracking[0] ?? null,
    });
  await tx.raw(
    `update package p set tracking_number = t.number from jsonb_each_text(cast(? as jsonb)) as t(sscc, number)
     where p.sscc = t.sscc and p.shipment_id = ?`,
    [JSON.stringify(label.trackingNumbers), shipmentId],
  );
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'carrier',
      rule: 'cheapest-in-time',
      ruleVersion: '1',
      inputs: { considered: label.considered, deliverBy: order.deliver_by },
      outcome: { scac: label.scac, service: label.service, reason: label.reason },
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'labelled',
      actor: 'hub',
      text: `Shipment ${shipment.shipment_number} goes with ${label.scac} ${label.service}: ${label.reason}`,
      data: { shipmentId },
      once: `label/${shipmentId}`,
    },
  ]);
}
