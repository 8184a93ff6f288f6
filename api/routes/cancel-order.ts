import { z } from 'zod';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import type { ChangeOutcome } from '../../domain/order/progress';
import { isFinal } from '../../domain/order/states';
import { parseOrderId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal, visibilityOf } from '../auth/principal';
import { cancelOrderBody, cancelOutcome, type OrderView } from '../contract/orders';
import { endpoint, type Reply } from '../endpoint';
import { notFound, Problem } from '../problems';
import { decideRecorded, orderMatch, recordChange, wishFor } from '../record-change';
import { readOrderView } from '../views/order-view';

function cancelRequestOf(
  view: OrderView,
  principal: Principal,
  reason: string,
  now: string,
): OrderChangeRequest {
  return {
    ...wishFor(view, principal, now),
    purpose: 'cancel',
    references: [{ qualifier: 'ZZ', value: 'reason', description: reason.slice(0, 80) }],
  };
}

function replyOf(outcome: ChangeOutcome): Reply {
  const { changeId } = outcome;
  switch (outcome.kind) {
    case 'applied':
      return { status: 200, body: { status: 'cancelled', changeId, text: outcome.text } };
    case 'partly-applied':
      return { status: 200, body: { status: 'partly-cancelled', changeId, text: outcome.text } };
    case 'held':
    case 'waiting':
      return { status: 202, body: { status: 'pending', changeId, text: outcome.text } };
    case 'needs-recall':
      return {
        status: 202,
        body: {
          status: 'recalling',
          changeId,
          text: 'The warehouse is asked to give the goods back; the timeline will say what came of it.',
        },
      };
    case 'withdrawn':
    case 'refused':
      throw new Problem(409, 'cancel-refused', 'It can no longer be cancelled', outcome.text);
  }
}

export const cancelOrder = endpoint({
  method: 'post',
  path: '/orders/{orderId}/cancel',
  tag: 'Orders',
  summary: 'Cancel what has not left yet',
  description:
    'What is at a warehouse is recalled first. While the workflow engine is away the cancellation is recorded and decided later (202). With If-Match it holds only for the order as it was read.',
  scopes: ['orders:write'],
  params: { orderId: z.string() },
  body: cancelOrderBody,
  idempotency: { required: true, transaction: false },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'Cancelled, wholly or in part', schema: cancelOutcome },
    202: { description: 'Recorded, not yet decided', schema: cancelOutcome },
    409: { description: 'It can no longer be cancelled' },
    412: { description: 'The order was changed meanwhile' },
  },
  handle: async ({ db, params, body, principal, deps, header }) => {
    const view = await readOrderView(db, visibilityOf(principal), parseOrderId(params.orderId), {
      ownStaff: isOwnStaff(principal),
    });
    if (!view) throw notFound('order');
    const ifVersion = orderMatch(header('If-Match'), view);
    if (isFinal(view.state as Parameters<typeof isFinal>[0])) {
      throw new Problem(
        409,
        'order-closed',
        'The order is closed',
        `Order ${view.orderNumber} is ${view.state}: nothing of it can be cancelled.`,
      );
    }
    const now = deps.now();
    const request = cancelRequestOf(view, principal, body.reason, now);
    const changeId = await recordChange(db, request, principal, ifVersion, now);
    return decideRecorded(deps, { orderId: view.id, changeId, what: 'cancellation' }, replyOf);
  },
});
