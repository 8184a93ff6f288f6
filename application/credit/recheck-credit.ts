import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { isFinal } from '../../domain/order/states';
import { wakeBehindStopped } from '../backorder/wake-waiting-orders';
import { ownOpenHolds } from '../hold/open-holds';
import { answerAfterHold, flowedOn } from '../order/answer-order';
import { lockOrder, type OrderRow } from '../order/order-record';
import { settleState } from '../order/settle-state';
import { assessCreditOf } from './assess-credit-of-order';
import { familyOrdersOnHold, listCreditQueue } from './credit-queue';

/**
 * Looks at every order of an account's family that waits for credit, in the order of the queue, each in a transaction
 * of its own under the locks that a new order takes: what one is given the next one no longer has, and a new order
 * comes before or after it, never between. One that does not fit is passed over; it keeps its place. Done again it
 * finds nothing more to do.
 * @returns ids of the orders that no longer wait for credit
 */
export async function recheckCredit(db: Db, accountId: string, now: string): Promise<readonly string[]> {
  const released: string[] = [];
  for (const usage of ['P', 'T'] as const) {
    for (const { id } of await listCreditQueue(db, accountId, usage)) {
      if (await db.transaction((tx) => recheckOrder(tx, id, now))) released.push(id);
    }
  }
  // A change that waits for credit is carried out by its order's own workflow, after those that waited for all of it.
  for (const { id, of_change: ofChange } of await familyOrdersOnHold(db, accountId))
    if (ofChange) await addJob(db, 'signal-order', { orderId: id }, { key: id });
  return released;
}

async function recheckOrder(tx: Tx, orderId: string, now: string): Promise<boolean> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state) || !(await waitsForCredit(tx, orderId))) return false;
  await lookAgain(tx, order, now, { inTurn: true });
  return !(await waitsForCredit(tx, orderId));
}

/** An order that waits for credit, locked by the caller, as its account stands now; what comes of it is settled and told. */
export async function lookAgain(
  tx: Tx,
  order: OrderRow,
  now: string,
  { inTurn }: { readonly inTurn: boolean },
): Promise<void> {
  const { changed, linesFreed } = await assessCreditOf(tx, order, now, { inTurn });
  if (!changed) return;
  // Lines of it may wait on while the order as such no longer does.
  const settled = await settleState(tx, order, {}, now);
  await wakeBehindStopped(tx, order, settled, now);
  await answerAfterHold(tx, order, settled, { refused: false, ofLine: linesFreed && flowedOn(order) }, now);
  await addJob(tx, 'signal-order', { orderId: order.id }, { key: order.id });
}

const waitsForCredit = async (tx: Tx, orderId: string): Promise<boolean> =>
  (await ownOpenHolds(tx, orderId).where({ type: 'credit' }).first('id')) !== undefined;
