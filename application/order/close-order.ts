import type { Tx } from '../../db/connection';
import { isFinal } from '../../domain/order/states';
import { refuseWaitingChanges } from '../change/close-change';
import { lockCreditAccount } from '../credit/check-credit';
import { withCreditPending } from '../credit/credit-pending';
import { takeBackPlanned } from '../fulfilment/take-back-planned';
import { ownOpenHolds } from '../hold/open-holds';
import { recordEvents } from '../record/keep-history';
import { answerOrder } from './answer-order';
import { giveUpLines, retotal } from './give-up-lines';
import { isLapsed } from './lapsed-lines';
import { lockOrder, type OrderRow, readLines, type ShipmentLineRow, saveOrder } from './order-record';
import { settleState } from './settle-state';

/** The state follows from the lines: final once every line is invoiced or cancelled. */
export async function closeOrder(tx: Tx, orderId: string, now: string): Promise<void> {
  await settleState(tx, await lockOrder(tx, orderId), {}, now);
}

/** The last day of the order, or of single lines, has passed: what is open of them is cancelled, and the partner hears it. */
export async function keepCancelAfter(tx: Tx, orderId: string, now: string): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state)) return;
  const all = order.cancel_after !== null && order.cancel_after <= now;
  await cancelLapsed(tx, order, all, now);
}

const reason = 'cancel-after';

async function cancelLapsed(tx: Tx, order: OrderRow, all: boolean, now: string): Promise<void> {
  await lockCreditAccount(tx, order.credit_account_id);
  const lapsing = new Set(
    (await readLines(tx, order.id)).filter((line) => all || isLapsed(order, line, now)).map(({ id }) => id),
  );
  const lapses = (_: unknown, own: readonly ShipmentLineRow[]) =>
    own.some((line) => lapsing.has(line.order_line_id));
  await takeBackPlanned(tx, order, lapses, now);
  const lapsed = (await readLines(tx, order.id)).filter(
    (line) =>
      line.rejection_code === null &&
      line.ordered - line.cancelled - line.released - line.shipped > 0 &&
      (all || isLapsed(order, line, now)),
  );
  if (lapsed.length === 0) return;
  const lineNumbers = lapsed.map((line) => line.line_number);
  await giveUpLines(tx, order, lapsed, null, now);
  const holds = ownOpenHolds(tx, order.id);
  if (!all) holds.whereIn('line_number', lineNumbers);
  await holds.update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: reason,
  });
  const what = all
    ? 'What was still open'
    : `What was still open of line ${lapsed.map((line) => line.buyer_line_number ?? line.line_number).join(', ')}`;
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'cancelled',
      actor: 'hub',
      text: `${what} is cancelled: ${reason}`,
      data: { lines: lineNumbers },
    },
  ]);
  const saved = await saveOrder(tx, order, await retotal(tx, order), now);
  // What waits for a decision asked for something that is no longer there.
  if (all) await refuseWaitingChanges(tx, saved, `What was open of the order is cancelled: ${reason}`, now);
  const settled = await settleState(tx, await withCreditPending(tx, saved), {}, now);
  // An order that is still on hold is answered when it is decided; that answer names what has lapsed.
  if (order.final_answer_at !== null) await answerOrder(tx, order.id, 'update', now);
  else if (all || isFinal(settled.state)) await answerOrder(tx, order.id, 'final', now);
}
