import { applyOrderChange } from '../application/change/apply-order-change';
import { applyShipConfirm, takeInLoneConfirm } from '../application/fulfilment/record-shipment';
import { resolveHold } from '../application/hold/resolve-hold';
import { escalateHold, expireHold } from '../application/hold/time-out-hold';
import { answerOrder } from '../application/order/answer-order';
import { assessOrder } from '../application/order/assess-order';
import { closeOrder, keepCancelAfter } from '../application/order/close-order';
import { planInTime } from '../application/order/plan-in-time';
import { readProgress as readStoredProgress } from '../application/order/read-progress';
import { takeUpOrder } from '../application/order/take-up-order';
import { decideOnce } from '../application/record/decide-once';
import { clearException, raiseException } from '../application/record/raise-exception';
import { keepStoreTasks } from '../application/store/keep-store-tasks';
import type { Db, Tx } from '../db/connection';
import type { HoldDecision, HoldDecisionOutcome, OrderProgress } from '../domain/order/progress';
import type { Instant } from '../domain/shared/dates';
import type { Decided, RecordActivities } from '../workflows/contracts/record-activities';
import { progressForWorkflow } from './progress-for-workflow';
import { asException, troubleSubject } from './trouble';

/** The workflow's steps at the hub's own record: one transaction each, then the progress that it has left. */
export function createRecordActivities(db: Db, ownQueues: readonly string[] = []): RecordActivities {
  const readProgress = (at: Db, orderId: string) => progressForWorkflow(at, orderId, ownQueues);
  const step = (orderId: string, work: (tx: Tx) => Promise<unknown>): Promise<OrderProgress> =>
    // Read after the commit, which would have to wait for it with all its locks.
    db.transaction(async (tx) => void (await work(tx))).then(() => readProgress(db, orderId));
  const decision = <Outcome>(
    orderId: string,
    work: (tx: Tx) => Promise<Outcome>,
  ): Promise<Decided<Outcome>> =>
    db.transaction(async (tx) => ({ outcome: await work(tx), progress: await readProgress(tx, orderId) }));

  return {
    readProgress: (orderId) => readProgress(db, orderId),
    lookAgain: async (orderId, now) => {
      try {
        return await step(orderId, (tx) => takeInLoneConfirm(tx, orderId, now));
      } catch {
        // The step of the shipment's own, which comes next, says what is wrong with its confirm.
        return readProgress(db, orderId);
      }
    },
    takeUpOrder: (orderId, now) => step(orderId, (tx) => takeUpOrder(tx, orderId, now)),
    assessOrder: (orderId, now) => step(orderId, (tx) => assessOrder(tx, orderId, now)),
    keepDeadlines: (orderId, now) => step(orderId, (tx) => keepDeadlines(tx, orderId, now)),
    answerOrder: (orderId, now) => step(orderId, (tx) => answerOrder(tx, orderId, 'final', now)),
    resolveHold: (orderId, decided, commandId, now) =>
      decision(orderId, (tx) =>
        decideOnce(tx, orderId, commandId, () => resolveHoldOf(tx, orderId, decided, now)),
      ),
    decideChange: (orderId, changeId, now) => decision(orderId, (tx) => applyOrderChange(tx, changeId, now)),
    planShipments: (orderId, { assessFirst }, now) =>
      step(orderId, (tx) => planInTime(tx, orderId, { assessFirst }, now)),
    applyShipConfirm: (orderId, shipmentId, now) =>
      step(orderId, (tx) => applyShipConfirm(tx, shipmentId, now)),
    closeOrder: (orderId, now) => step(orderId, (tx) => closeOrder(tx, orderId, now)),
    reportTrouble: (trouble, now) => raiseException(db, asException(trouble, now)),
    settleTrouble: (orderId, name, now) => settle(db, orderId, name, now),
  };
}

/** Another order's hold is not decided from here: this workflow would never learn of it. */
async function resolveHoldOf(
  tx: Tx,
  orderId: string,
  decided: HoldDecision,
  now: Instant,
): Promise<HoldDecisionOutcome> {
  const own = await tx('hold').where({ id: decided.holdId, order_id: orderId }).first('id');
  if (own) return resolveHold(tx, decided, now);
  return { kind: 'refused', code: 'unknown-hold', text: `The order has no hold ${decided.holdId}` };
}

/** Whatever is due by `now`. Each use case answers for itself whether there is something to do. */
async function keepDeadlines(tx: Tx, orderId: string, now: Instant): Promise<void> {
  const isDue = (at: Instant | null) => at !== null && Date.parse(at) <= Date.parse(now);
  const { openHolds, answer, shipments } = await readStoredProgress(tx, orderId);
  for (const hold of openHolds) {
    if (isDue(hold.expiresAt)) await expireHold(tx, hold.holdId, now);
    else if (!hold.escalated && isDue(hold.dueAt)) await escalateHold(tx, hold.holdId, now);
  }
  if (shipments.some(({ storeAt }) => isDue(storeAt ?? null))) await keepStoreTasks(tx, orderId, now);
  const after = await readStoredProgress(tx, orderId);
  const waits = after.openHolds.some((hold) => hold.blocks.includes('answer'));
  if (waits && isDue(answer.holdAnswerAt)) await answerOrder(tx, orderId, 'hold', now);
  if (isDue(after.cancelAfter)) await keepCancelAfter(tx, orderId, now);
}

async function settle(db: Db, orderId: string, step: string, now: Instant): Promise<void> {
  for (const kind of ['outside-call', 'step-failed'] as const) {
    await clearException(db, kind, troubleSubject(orderId, step), 'The step has succeeded', now);
  }
}
