import type { Tx } from '../db/connection';
import { answerOrder } from './answer-order';
import { assessOrder } from './assess-order';
import { planShipments } from './plan-shipments';
import { readProgress } from './read-progress';

/**
 * The order's workflow begins: the order is assessed where its placing is not fresh any more, and where nothing stands
 * in its way it is answered and planned in the same transaction. Started again from any record it repeats nothing.
 */
export async function takeUpOrder(tx: Tx, orderId: string, now: string): Promise<void> {
  await assessOrder(tx, orderId, now, { unlessFresh: true });
  const progress = await readProgress(tx, orderId);
  const { openHolds, answer, pendingChanges } = progress;
  const isBlocked = (step: string) => openHolds.some((hold) => hold.blocks.includes(step));
  if (answer.finalGiven || pendingChanges.length > 0 || isBlocked('answer')) return;
  await answerOrder(tx, orderId, 'final', now);
  const wantsPlan = progress.unplannedReservation || progress.backordered;
  if (progress.fulfils && wantsPlan && !isBlocked('release') && progress.releaseAt <= now)
    await planShipments(tx, orderId, now);
}
