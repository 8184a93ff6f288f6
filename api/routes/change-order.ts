import { z } from 'zod';
import { withdrawChange } from '../../application/change/hold-change';
import { previewChange } from '../../application/change/preview-change';
import { readAllowedChanges } from '../../application/change/read-allowed-changes';
import type { Db } from '../../db/connection';
import { findChange, listChanges } from '../../db/repositories/order-timeline';
import type { ChangeOutcome } from '../../domain/order/progress';
import { isFinal, type OrderState } from '../../domain/order/states';
import { parseOrderId } from '../../domain/shared/ids';
import { isOwnStaff, type Principal, visibilityOf } from '../auth/principal';
import { changeRequestOf } from '../change-request';
import {
  allowedChanges,
  changeOrderBody,
  changeOutcome,
  changePreview,
  orderChanges,
} from '../contract/changes';
import type { OrderView } from '../contract/orders';
import { type Endpoint, endpoint, type Reply } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';
import { decideRecorded, orderMatch, recordChange } from '../record-change';
import { assessmentView, changeView } from '../views/change-view';
import { readOrderView } from '../views/order-view';

const orderId = { orderId: z.string() };

async function visibleOrder(db: Db, principal: Principal, id: string): Promise<OrderView> {
  const view = await readOrderView(db, visibilityOf(principal), parseOrderId(id), {
    ownStaff: isOwnStaff(principal),
  });
  if (!view) throw notFound('order');
  return view;
}

const closedProblem = (text: string) => new Problem(409, 'order-closed', 'The order is closed', text);

function requireOpen(view: OrderView): void {
  if (isFinal(view.state as OrderState))
    throw closedProblem(`Order ${view.orderNumber} is ${view.state}: nothing of it can be changed.`);
}

function replyOf(outcome: ChangeOutcome): Reply {
  const { changeId } = outcome;
  const reply = (status: number, word: string, text: string): Reply => ({
    status,
    body: { status: word, changeId, text },
  });
  switch (outcome.kind) {
    case 'applied':
    case 'partly-applied':
      return reply(200, outcome.kind, outcome.text);
    case 'held':
    case 'waiting':
      return reply(202, outcome.kind, outcome.text);
    case 'needs-recall':
      return reply(202, 'recalling', 'The warehouse is asked to give the goods back first.');
    case 'withdrawn':
    case 'refused':
      throw new Problem(409, 'change-refused', 'It cannot be changed so', outcome.text);
  }
}

const changeOrder = endpoint({
  method: 'post',
  path: '/orders/{orderId}/changes',
  tag: 'Orders',
  summary: 'Change an order',
  description:
    'Lines, dates, ship-to, references and notes, by the rules of what may be changed. It is computed as a whole: applied (200), kept until somebody agrees while the order stands as it was (202 held), behind an earlier change (202 waiting), or refused (409). What is at a warehouse is recalled first. With If-Match (its entity tag, or `"<version>"` as a preview says it) it holds only for the order as it was seen.',
  scopes: ['orders:write'],
  params: orderId,
  body: changeOrderBody,
  idempotency: { required: true, transaction: false },
  conditions: ['If-Match'],
  replies: {
    200: { description: 'Done, wholly or in part', schema: changeOutcome },
    202: { description: 'Recorded; it waits', schema: changeOutcome },
    409: { description: 'Refused, with the reason' },
    412: { description: 'The order was changed meanwhile' },
  },
  handle: async ({ db, params, body, principal, deps, header }) => {
    const view = await visibleOrder(db, principal, params.orderId);
    const ifVersion = orderMatch(header('If-Match'), view);
    requireOpen(view);
    const now = deps.now();
    const request = changeRequestOf(body, view, principal, now);
    const changeId = await recordChange(db, request, principal, ifVersion, now);
    return decideRecorded(deps, { orderId: view.id, changeId, what: 'change' }, replyOf);
  },
});

const preview = endpoint({
  method: 'post',
  path: '/orders/{orderId}/changes/preview',
  tag: 'Orders',
  summary:
    'What a change would make of an order: price, stock, credit, holds and recalls; nothing is written',
  scopes: ['orders:write'],
  params: orderId,
  body: changeOrderBody,
  replies: {
    200: { description: 'Before and after', schema: changePreview },
    409: { description: 'The order is closed' },
    503: { description: 'The order, its credit account or its stock is being written: try again' },
  },
  handle: async ({ db, params, body, principal, deps }) => {
    const view = await visibleOrder(db, principal, params.orderId);
    const now = deps.now();
    const seen = await previewChange(db, view.id, changeRequestOf(body, view, principal, now), now);
    if (seen.kind === 'order-closed') throw closedProblem(seen.text);
    if (seen.kind === 'busy')
      throw new Problem(503, 'busy', 'Try again', seen.text, { headers: { 'Retry-After': '1' } });
    const { text, waitingBefore, orderVersion } = seen;
    const assessment = assessmentView(seen.assessment, view.total.currency, isOwnStaff(principal));
    return { status: 200, body: { assessment, text, waitingBefore, orderVersion } };
  },
});

const changes = endpoint({
  method: 'get',
  path: '/orders/{orderId}/changes',
  tag: 'Orders',
  summary: 'The changes and cancellations of an order, oldest first, with what came of each',
  scopes: ['orders:read'],
  params: orderId,
  replies: { 200: { description: 'The changes', schema: orderChanges } },
  handle: async ({ db, params, principal }) => {
    const view = await visibleOrder(db, principal, params.orderId);
    const rows = await listChanges(db, view.id);
    const items = rows.map((row) => changeView(row, view.total.currency, isOwnStaff(principal)));
    return { status: 200, body: { items } };
  },
});

const allowed = endpoint({
  method: 'get',
  path: '/orders/{orderId}/allowed-changes',
  tag: 'Orders',
  summary: 'What may be changed on an order now, by the rules that are for it',
  scopes: ['orders:read'],
  params: orderId,
  replies: { 200: { description: 'The table as it is for this order', schema: allowedChanges } },
  handle: async ({ db, params, principal }) => {
    const view = await visibleOrder(db, principal, params.orderId);
    return { status: 200, body: await readAllowedChanges(db, view.id) };
  },
});

/** What the seller's people asked for on a buyer's order is theirs to take back. */
async function requireOwnChange(db: Db, principal: Principal, changeId: string): Promise<void> {
  if (isOwnStaff(principal)) return;
  const change = await findChange(db, changeId);
  const sellers = await db('api_key')
    .where({ person: change?.requested_by ?? '', customer_id: null, partner_id: null })
    .first('id');
  if (sellers !== undefined)
    throw forbidden("The seller's people asked for this change: ask them to take it back.");
}

const withdraw = endpoint({
  method: 'post',
  path: '/orders/{orderId}/changes/{changeId}/withdraw',
  tag: 'Orders',
  summary: 'Take back a change that is not decided yet',
  scopes: ['orders:write'],
  params: { ...orderId, changeId: z.uuid() },
  idempotency: { required: true, transaction: false },
  replies: {
    200: { description: 'Taken back', schema: changeOutcome },
    403: { description: "The seller's people asked for it" },
    409: { description: 'It is decided already' },
  },
  handle: async ({ db, params, principal, deps }) => {
    const view = await visibleOrder(db, principal, params.orderId);
    const { changeId } = params;
    const by = principal.person ?? principal.name;
    await requireOwnChange(db, principal, changeId);
    const done = await db.transaction((tx) => withdrawChange(tx, view.id, changeId, by, deps.now()));
    if (done) return { status: 200, body: { status: 'withdrawn', changeId, text: 'It is taken back.' } };
    const change = await findChange(db, changeId);
    if (change === undefined || !(await listChanges(db, view.id)).some((row) => row.id === changeId))
      throw notFound('change');
    throw new Problem(409, 'change-decided', 'The change is decided already', `It is ${change.status}.`);
  },
});

export const changeEndpoints: readonly Endpoint[] = [changeOrder, preview, changes, allowed, withdraw];
