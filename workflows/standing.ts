import { isDone, type OrderProgress, type ShipmentProgress } from '../domain/order/progress';
import { isFinal } from '../domain/order/states';

/** What can be read off an order's progress; pure, so that each answer has a test of its own. */

export const isBlocked = (progress: OrderProgress, step: string): boolean =>
  progress.openHolds.some((hold) => hold.blocks.includes(step));

/**
 * In a final state, the partner told so and every invoice posted: a rejected order is final before its 855 is written,
 * a completed one before the ERP has its last invoice.
 */
export const isOver = (progress: OrderProgress): boolean =>
  isFinal(progress.state) && progress.answer.finalGiven && progress.shipments.every(isDone);

/** Something is reserved, or waits for stock that may have come in meanwhile, and nothing forbids to plan it. */
export const mayBePlanned = (progress: OrderProgress, nowMs: number): boolean =>
  (progress.unplannedReservation || progress.backordered) &&
  !isFinal(progress.state) &&
  !isBlocked(progress, 'release') &&
  Date.parse(progress.releaseAt) <= nowMs;

/** Nothing waits for stock, for its release, for being called off or for a person: once its shipments are through, the order can be closed. */
export const nothingIsWaitedFor = (progress: OrderProgress): boolean =>
  !progress.unplannedReservation &&
  !progress.backordered &&
  progress.openBlanket !== true &&
  progress.openHolds.length === 0;

export const shipmentOf = (progress: OrderProgress, shipmentId: string): ShipmentProgress | undefined =>
  progress.shipments.find((shipment) => shipment.shipmentId === shipmentId);

export interface Deadline {
  /** The same deadline is kept once, even if the record is slow to forget it. */
  readonly key: string;
  readonly atMs: number;
}

/** Every instant at which this order wants to be looked at again, whatever else happens. */
export function deadlinesOf(progress: OrderProgress): readonly Deadline[] {
  const deadlines: Deadline[] = [];
  const add = (what: string, at: string | null) => {
    if (at !== null) deadlines.push({ key: `${what}/${at}`, atMs: Date.parse(at) });
  };
  for (const hold of progress.openHolds) {
    if (!hold.escalated) add(`due/${hold.holdId}`, hold.dueAt);
    add(`expires/${hold.holdId}`, hold.expiresAt);
  }
  if (isBlocked(progress, 'answer') && !progress.answer.finalGiven)
    add('hold-answer', progress.answer.holdAnswerAt);
  const unplanned = progress.unplannedReservation || progress.backordered;
  if (unplanned && !isBlocked(progress, 'release')) {
    add('release', progress.releaseAt);
    for (const at of progress.laterReleases ?? []) add('release', at);
  }
  for (const { shipmentId, storeAt } of progress.shipments)
    if (storeAt !== undefined) add(`store/${shipmentId}`, storeAt);
  add('cancel-after', progress.cancelAfter);
  return deadlines;
}
