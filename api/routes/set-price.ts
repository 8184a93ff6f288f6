import { z } from 'zod';
import { foreseeOverride } from '../../application/pricing/override-line-price';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import type { ChangeOutcome } from '../../domain/order/progress';
import { parseOrderId } from '../../domain/shared/ids';
import { type Principal, requireOwnStaff, requirePerson } from '../auth/principal';
import type { OrderView } from '../contract/orders';
import { setPriceBody, setPriceOutcome } from '../contract/prices';
import { endpoint, type Reply } from '../endpoint';
import { notFound, Problem } from '../problems';
import { decideRecorded, orderMatch, recordChange, wishFor } from '../record-change';
import { readOrderView } from '../views/order-view';

type Line = OrderView['lines'][number];

function changeOf(
  view: OrderView,
  line: Line,
  principal: Principal,
  body: { readonly unitPrice: string; readonly reason: string; readonly note: string },
  now: string,
): OrderChangeRequest {
  const person = requirePerson(principal);
  const productIds = line.productIds as OrderChangeRequest['lines'][number]['line']['productIds'];
  return {
    ...wishFor(view, principal, now),
    purpose: 'change',
    lines: [
      {
        kinds: ['price'],
        changeCode: 'PC',
        lineNumber: line.lineNumber,
        line: {
          productIds,
          quantity: line.quantity,
          unit: line.unit,
          unitPrice: body.unitPrice,
          dates: [],
          references: [],
          ...(line.buyerLineNumber !== null && { buyerLineNumber: line.buyerLineNumber }),
        },
        override: { ...body, person, roles: principal.roles },
      },
    ],
  };
}

function replyOf(outcome: ChangeOutcome): Reply {
  const { changeId } = outcome;
  switch (outcome.kind) {
    case 'applied':
    case 'partly-applied':
      return { status: 200, body: { status: 'set', changeId, text: 'The price is set.' } };
    case 'held':
      return { status: 202, body: { status: 'waiting', changeId, text: outcome.text } };
    case 'needs-recall':
      return {
        status: 202,
        body: {
          status: 'recalling',
          changeId,
          text: 'The warehouse is asked to give the goods back; the timeline will say what came of it.',
        },
      };
    case 'waiting':
      return { status: 202, body: { status: 'pending', changeId, text: outcome.text } };
    case 'withdrawn':
    case 'refused':
      throw new Problem(409, 'price-refused', 'The price is not set', outcome.text);
  }
}

export const setPrice = endpoint({
  method: 'post',
  path: '/orders/{orderId}/lines/{lineNumber}/price',
  tag: 'Prices',
  summary: "Set a line's price",
  description:
    'By a person, within what the rules of the kind "price-override" allow for one of the person\'s roles, and above the margin floor unless the role may go below. It is a change of the order: what is at a warehouse is recalled, credit is looked at again where the order grows, the partner gets an 865.',
  scopes: ['prices:override'],
  params: { orderId: z.string(), lineNumber: z.coerce.number().int().positive() },
  body: setPriceBody,
  idempotency: { required: true, transaction: false },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'It is set', schema: setPriceOutcome },
    202: { description: 'Not decided yet, or it waits for an agreement', schema: setPriceOutcome },
    403: { description: 'None of your roles covers it: `code` in `type` says which limit' },
    409: { description: 'It is not set, with the reason' },
    412: { description: 'The order was changed meanwhile' },
  },
  handle: async ({ db, params, body, principal, deps, header }) => {
    requirePerson(principal);
    requireOwnStaff(principal, "Prices are set by the seller's own people.");
    const view = await readOrderView(db, {}, parseOrderId(params.orderId), { ownStaff: true });
    if (!view) throw notFound('order');
    const ifVersion = orderMatch(header('If-Match'), view);
    const line = view.lines.find((one) => one.lineNumber === params.lineNumber);
    if (!line) throw notFound('line');
    const foreseen = await foreseeOverride(db, view.id, line.lineNumber, {
      ...body,
      person: principal.person ?? '',
      roles: principal.roles,
    });
    if (foreseen?.kind === 'refused')
      throw new Problem(403, foreseen.code, 'You may not set this price', foreseen.text);
    const now = deps.now();
    const request = changeOf(view, line, principal, body, now);
    const changeId = await recordChange(db, request, principal, ifVersion, now);
    return decideRecorded(deps, { orderId: view.id, changeId, what: 'price' }, replyOf);
  },
});
