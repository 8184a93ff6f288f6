import type { Db } from '../db/connection';
import type { ChangeAssessment } from '../domain/order/change-assessment';
import type { OrderChangeRequest } from '../domain/order/order-request';
import { isFinal } from '../domain/order/states';
import { tryChange } from './assess-change';
import { lineChangesOf } from './match-lines';
import { lockOrder, readLines } from './order-record';

export type ChangePreview =
  | {
      readonly kind: 'preview';
      readonly assessment: ChangeAssessment;
      readonly text: string;
      /** Changes of the order that are decided before it; the figures are without them. */
      readonly waitingBefore: number;
      readonly orderVersion: number;
    }
  | { readonly kind: 'order-closed'; readonly text: string };

/**
 * What a change would make of an order: price, stock, credit, holds and recalls, by the very steps that apply it. Writes
 * nothing; the locks that the steps need are held for that long.
 */
export async function previewChange(
  db: Db,
  orderId: string,
  request: OrderChangeRequest,
  now: string,
): Promise<ChangePreview> {
  return db.transaction(async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order.blanket_id !== null) await lockOrder(tx, order.blanket_id);
    if (isFinal(order.state))
      return {
        kind: 'order-closed',
        text: `Order ${order.order_number} is ${order.state}: nothing of it can be changed`,
      };
    const { waiting } = (await tx('order_change')
      .where({ order_id: orderId })
      .whereIn('status', ['pending', 'held'])
      .first(tx.raw('count(*)::int as waiting'))) as { waiting: number };
    const asked = lineChangesOf(request, await readLines(tx, orderId));
    const tried = await tryChange(tx, order, asked, { agreed: [], preview: true }, now);
    if (tried.kind === 'needs-recall') throw new Error('a preview is as if everything had been recalled');
    return {
      kind: 'preview',
      assessment: tried.assessment,
      text: tried.done.text,
      waitingBefore: waiting,
      orderVersion: order.version,
    };
  });
}
