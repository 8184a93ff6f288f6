import type { Tx } from '../db/connection';
import { isFinal } from '../domain/order/states';
import { answerOrder } from './answer-order';
import { lockCreditAccount } from './check-credit';
import { giveUpLines, retotal } from './give-up-lines';
import { recordEvents } from './keep-history';
import { ownOpenHolds } from './open-holds';
import { lockOrder, readLines, saveOrder } from './order-record';
import { settleState } from './settle-state';

/** The state follows from the lines: final once every line is invoiced or cancelled. */
export async function closeOrder(tx: Tx, orderId: string, now: string): Promise<void> {
  await settleState(tx, await lockOrder(tx, orderId), {}, now);
}

/** The order's cancel-after has passed: what is still open and has not been given to a warehouse is cancelled, and the partner hears it. */
export async function cancelOpenLines(tx: Tx, orderId: string, reason: string, now: string): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state)) return;
  await lockCreditAccount(tx, order.credit_account_id);
  const open = (await readLines(tx, orderId)).filter(
    (line) =>
      line.rejection_code === null && line.ordered - line.cancelled - line.released - line.shipped > 0,
  );
  if (open.length === 0) return;
  await giveUpLines(tx, order, open, null, now);
  await ownOpenHolds(tx, orderId).update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: reason,
  });
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'cancelled',
      actor: 'hub',
      text: `What was still open is cancelled: ${reason}`,
      data: { lines: open.map((line) => line.line_number) },
    },
  ]);
  const saved = await saveOrder(tx, order, await retotal(tx, order), now);
  await settleState(tx, saved, {}, now);
  await answerOrder(tx, orderId, order.final_answer_at === null ? 'final' : 'update', now);
}
