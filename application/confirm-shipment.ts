import type { Tx } from '../db/connection';
import { addJob } from '../db/jobs';
import type { ShipConfirm } from '../domain/fulfilment/warehouse-port';

export type ConfirmOutcome =
  | { readonly kind: 'confirmed'; readonly orderId: string }
  /** It was confirmed before: the first confirm stands. */
  | { readonly kind: 'already-confirmed'; readonly orderId: string; readonly before: unknown }
  /** There is no such release, or it was taken back: what left the warehouse is a person's business. */
  | { readonly kind: 'unexpected'; readonly text: string; readonly orderId?: string };

/**
 * Keeps what a warehouse says has left with its shipment and wakes the order, which then takes it in
 * (record-shipment). A shipment takes one confirm, however many come.
 */
export async function confirmShipment(tx: Tx, confirm: ShipConfirm): Promise<ConfirmOutcome> {
  const shipment = (await tx('shipment')
    .where({ shipment_number: confirm.releaseNumber, node_id: confirm.nodeId })
    .forUpdate()
    .first()) as { id: string; order_id: string; state: string; confirm: unknown } | undefined;
  if (!shipment) return { kind: 'unexpected', text: 'the hub never released to it' };
  const orderId = shipment.order_id;
  if (shipment.state === 'cancelled') return { kind: 'unexpected', text: 'was cancelled', orderId };
  if (shipment.confirm === null) {
    await tx('shipment')
      .where({ id: shipment.id })
      .update({ confirm: JSON.stringify(confirm) });
  }
  await addJob(tx, 'signal-order', { orderId }, { key: orderId });
  return shipment.confirm === null
    ? { kind: 'confirmed', orderId }
    : { kind: 'already-confirmed', orderId, before: shipment.confirm };
}
