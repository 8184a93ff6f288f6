import type { Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import type { ShipConfirm } from '../../domain/fulfilment/warehouse-port';

export type ConfirmOutcome =
  | { readonly kind: 'confirmed'; readonly orderId: string }
  /** It was confirmed before: the first confirm stands. */
  | {
      readonly kind: 'already-confirmed';
      readonly orderId: string;
      readonly before: Pick<ShipConfirm, 'lines'>;
    }
  /** There is no such release, or it was taken back: what left the warehouse is a person's business. */
  | { readonly kind: 'unexpected'; readonly text: string; readonly orderId?: string };

/**
 * Keeps what a warehouse says has left with its shipment and wakes the order, which then takes it in
 * (record-shipment). A shipment takes one confirm, however many come.
 */
export async function confirmShipment(tx: Tx, confirm: ShipConfirm): Promise<ConfirmOutcome> {
  const together = new WriteTogether();
  const outcome = await addConfirm(tx, together, confirm);
  await together.run(tx);
  return outcome;
}

/** The same as part of a statement that writes more. */
export async function addConfirm(
  tx: Tx,
  together: WriteTogether,
  confirm: ShipConfirm,
): Promise<ConfirmOutcome> {
  const shipment = (await tx('shipment')
    .where({ shipment_number: confirm.releaseNumber, node_id: confirm.nodeId })
    .forUpdate()
    .first('id', 'order_id', 'state', 'confirm')) as
    | { id: string; order_id: string; state: string; confirm: Pick<ShipConfirm, 'lines'> | null }
    | undefined;
  if (!shipment) return { kind: 'unexpected', text: 'the hub never released to it' };
  const orderId = shipment.order_id;
  if (shipment.state === 'cancelled') return { kind: 'unexpected', text: 'was cancelled', orderId };
  if (shipment.confirm === null) {
    together.query(
      tx('shipment')
        .where({ id: shipment.id })
        .update({ confirm: JSON.stringify(confirm) }),
    );
  }
  together.job('signal-order', [{ payload: { orderId }, key: orderId }]);
  return shipment.confirm === null
    ? { kind: 'confirmed', orderId }
    : { kind: 'already-confirmed', orderId, before: shipment.confirm };
}
