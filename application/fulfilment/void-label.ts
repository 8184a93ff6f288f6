import type { Db, Tx } from '../../db/connection';
import type { CarrierLabel } from '../../domain/fulfilment/carrier-port';
import { addSeconds } from '../../domain/shared/dates';
import { recordEvents } from '../record/keep-history';
import type { OutsideCall } from '../record/keep-outside-call';
import { clearException, raiseException } from '../record/raise-exception';

const KIND = 'label-not-voided';

export interface VoidRequest {
  readonly idempotencyKey: string;
  readonly scac: string;
  readonly trackingNumbers: readonly string[];
}

export interface LabelToVoid {
  readonly call: OutsideCall;
  readonly request: VoidRequest;
  readonly shipmentNumber: string;
}

/** The label of a shipment that will not leave, as its carrier knows it; null where there is nothing to void. */
export async function readLabelToVoid(db: Db, shipmentId: string): Promise<LabelToVoid | null> {
  const shipment = (await db('shipment')
    .where({ id: shipmentId, state: 'cancelled' })
    .whereNotNull('label')
    .first('order_id', 'shipment_number', 'label')) as
    | { order_id: string; shipment_number: string; label: CarrierLabel }
    | undefined;
  if (!shipment) return null;
  const { scac, trackingNumbers } = shipment.label;
  // Stable over retries and workers: a carrier that has heard it answers the same again.
  const key = `order/${shipment.order_id}/void-label/${shipmentId}/1`;
  const request = { idempotencyKey: key, scac, trackingNumbers: Object.values(trackingNumbers) };
  const call = { key, counterparty: 'carrier', operation: 'void-label', orderId: shipment.order_id, request };
  return { call, request, shipmentNumber: shipment.shipment_number };
}

export async function recordVoided(
  tx: Tx,
  shipmentId: string,
  { call, request, shipmentNumber }: LabelToVoid,
  now: string,
): Promise<void> {
  await recordEvents(tx, [
    {
      orderId: call.orderId,
      at: now,
      kind: 'label-voided',
      actor: 'hub',
      text: `The label of shipment ${shipmentNumber} is voided at ${request.scac}: it will not be charged`,
      data: { shipmentId },
      once: `void-label/${shipmentId}`,
    },
  ]);
  await clearException(tx, KIND, shipmentId, 'The carrier has voided it', now);
}

/** Nobody pays for a label that was not used: a person settles it with the carrier. */
export async function tellNotVoided(
  db: Db,
  shipmentId: string,
  { call, request, shipmentNumber }: LabelToVoid,
  reason: string,
  now: string,
): Promise<void> {
  await raiseException(db, {
    kind: KIND,
    subjectKey: shipmentId,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    orderId: call.orderId,
    priority: 3,
    text: `The label of shipment ${shipmentNumber}, which will not leave, is not voided at ${request.scac} (${request.trackingNumbers.join(', ')}): ${reason}. Have the carrier void it, or it is charged`,
  });
}
