import type { Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import { addPlan, readPlanningFacts, supplyWaiting } from '../fulfilment/plan-shipments';
import { addAnswer, readAnsweredLines } from './answer-order';
import { assessOrder } from './assess-order';
import { lockOrder, saveOrder } from './order-record';
import { readProgress } from './read-progress';

/**
 * The order's workflow begins: the order is assessed where its placing is not fresh any more, and where nothing stands
 * in its way it is answered and planned in the same transaction. Started again from any record it repeats nothing.
 */
export async function takeUpOrder(tx: Tx, orderId: string, now: string): Promise<void> {
  const assessed =
    (await assessOrder(tx, orderId, now, { unlessFresh: true })) ?? (await lockOrder(tx, orderId));
  const progress = await readProgress(tx, orderId);
  const { openHolds, answer, pendingChanges } = progress;
  const isBlocked = (step: string) => openHolds.some((hold) => hold.blocks.includes(step));
  if (answer.finalGiven || pendingChanges.length > 0 || isBlocked('answer')) return;
  const facts = await readPlanningFacts(tx, assessed);
  // Before the answer, which names what is supplied.
  const { order, lines } = await supplyWaiting(tx, assessed, readAnsweredLines, facts, now);
  const inHand = { order, lines, zone: facts.zone };
  const together = new WriteTogether();
  const patch = await addAnswer(tx, together, inHand, 'final', now);
  const wantsPlan = progress.unplannedReservation || progress.backordered;
  if (progress.fulfils && wantsPlan && progress.releaseAt <= now)
    await addPlan(tx, together, inHand, facts, now);
  await saveOrder(tx, order, patch, now, together);
}
