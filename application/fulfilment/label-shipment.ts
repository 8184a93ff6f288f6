import type { Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import type { CarrierLabel } from '../../domain/fulfilment/carrier-port';
import type { Routing } from '../../domain/fulfilment/choose-carrier';
import { lockShipment } from '../order/order-record';
import { addDecisions, addEvents } from '../record/keep-history';

/** Keeps the label that was bought, and why it was this carrier's. */
export async function recordLabel(
  tx: Tx,
  shipmentId: string,
  label: CarrierLabel,
  routing: Routing | null,
  now: string,
  together: WriteTogether = new WriteTogether(),
): Promise<void> {
  const { order, shipment } = await lockShipment(tx, shipmentId);
  if (shipment.label !== null) return together.run(tx);
  // Taken back while the carrier was asked: nobody will use it.
  if (shipment.state === 'cancelled')
    together.job('void-label', [{ payload: { shipmentId }, key: shipmentId }]);
  const tracking = Object.values(label.trackingNumbers);
  const { scac, service, estimatedDelivery } = label;
  together
    .query(
      tx('shipment')
        .where({ id: shipmentId })
        .update({
          label: JSON.stringify(label),
          carrier: JSON.stringify({ scac, service, estimatedDelivery }),
          tracking_number: tracking[0] ?? null,
        }),
    )
    .add(
      `update package p set tracking_number = t.number from jsonb_each_text(cast(? as jsonb)) as t(sscc, number)
       where p.sscc = t.sscc and p.shipment_id = ?`,
      [JSON.stringify(label.trackingNumbers), shipmentId],
    );
  addDecisions(together, [
    {
      orderId: order.id,
      kind: 'carrier',
      rule: routing === null ? 'cheapest-in-time' : 'routing-guide',
      ruleVersion: routing?.source ?? '1',
      inputs: { considered: label.considered, deliverBy: order.deliver_by, routing },
      outcome: { scac, service, reason: label.reason },
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
  addEvents(together, [
    {
      orderId: order.id,
      at: now,
      kind: 'labelled',
      actor: 'hub',
      text: `Shipment ${shipment.shipment_number} goes with ${scac} ${service}: ${label.reason}`,
      data: { shipmentId },
      once: `label/${shipmentId}`,
    },
  ]);
  await together.run(tx);
}
