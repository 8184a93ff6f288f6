import type { Tx } from '../../db/connection';
import { isFinal } from '../../domain/order/states';
import { wakeBehindStopped } from '../backorder/wake-waiting-orders';
import { lookAtWaitingChanges } from '../change/hold-change';
import { assessCreditOf } from '../credit/assess-credit-of-order';
import { answerAfterHold, flowedOn } from './answer-order';
import { lockOrder, type OrderRow } from './order-record';
import { settleState } from './settle-state';

/** An assessment this fresh, of an order nobody has touched since it was placed, still stands. */
const freshSeconds = 60;

/**
 * Assesses an order again: when its workflow starts, when a payment or a new limit comes, before its release. A
 * credit hold whose cause is gone is closed, a new cause opens one. The order's own amount never counts against it.
 * `unlessFresh`: the assessment it was placed with will do; not after a wake, which may tell of what came since.
 * @returns the order, locked, where there was nothing to assess; null: it was assessed
 */
export async function assessOrder(
  tx: Tx,
  orderId: string,
  now: string,
  { unlessFresh = false }: { readonly unlessFresh?: boolean } = {},
): Promise<OrderRow | null> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state)) return order;
  const ageSeconds = (Date.parse(now) - Date.parse(order.placed_at)) / 1000;
  if (unlessFresh && order.version === 1 && ageSeconds < freshSeconds) return order;
  const { linesFreed } = await assessCreditOf(tx, order, now);
  await lookAtWaitingChanges(tx, order.id);
  const settled = await settleState(tx, order, {}, now);
  await wakeBehindStopped(tx, order, settled, now);
  await answerAfterHold(tx, order, settled, { refused: false, ofLine: linesFreed && flowedOn(order) }, now);
  return null;
}
