import { z } from 'zod';
import { placeOrder } from '../../application/order/place-order';
import type { Tx } from '../../db/connection';
import { isOrderVisible, listOrders } from '../../db/repositories/order-views';
import { orderStates } from '../../domain/order/states';
import { parseOrderId } from '../../domain/shared/ids';
import { isOwnStaff, visibilityOf } from '../auth/principal';
import { createOrderBody, listOrdersQuery, order, orderPage, timeline } from '../contract/orders';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { buyerOf, refusalOf, requireFitting } from '../order-buyer';
import { orderRequestOf } from '../order-request';
import { notFound, Problem } from '../problems';
import { orderSummaryView, readNewOrderView, readOrderView } from '../views/order-view';
import { readTimeline } from '../views/timeline-view';

const createOrder = endpoint({
  method: 'post',
  path: '/orders',
  tag: 'Orders',
  summary: 'Place an order',
  description:
    'Validates, prices, checks credit, reserves stock and decides every hold in one transaction; the answer is the assessed order. It is taken also while the workflow engine is away.',
  scopes: ['orders:write'],
  body: createOrderBody,
  idempotency: { required: true, transaction: true },
  replies: {
    201: { description: 'The order as assessed', schema: order },
    409: { description: 'Stock is short and may not be backordered: nothing was written' },
    422: { description: 'The order cannot be taken, or the Idempotency-Key stands for another request' },
  },
  handle: async ({ db, body, principal, deps }) => {
    const now = deps.now();
    const buyer = await buyerOf(db, principal, body);
    const channel = principal.sessionId === null ? 'api' : 'portal';
    requireFitting(body);
    const request = orderRequestOf(body, {
      channel,
      buyer,
      partnerId: principal.partnerId,
      person: principal.person,
      isBuyer: principal.customerId !== null,
      now,
    });
    const result = await placeOrder(db as Tx, request, now, buyer);
    if (result.kind !== 'placed') throw refusalOf(result);
    const view = await readNewOrderView(db, result.orderId, { ownStaff: isOwnStaff(principal) });
    return { status: 201, body: view, headers: { Location: `/api/v1/orders/${result.orderId}` } };
  },
});

function statesOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const states = text.split(',').map((state) => state.trim());
  const unknown = states.find((state) => !(orderStates as readonly string[]).includes(state));
  if (unknown === undefined) return states;
  const detail = `"${unknown}" is not a state of an order; states are ${orderStates.join(', ')}`;
  throw new Problem(400, 'invalid-request', 'The request is not valid', detail, {
    errors: [{ parameter: 'state', detail }],
  });
}

const ordersList = endpoint({
  method: 'get',
  path: '/orders',
  tag: 'Orders',
  summary: 'List orders, newest first',
  scopes: ['orders:read'],
  query: listOrdersQuery,
  replies: { 200: { description: 'A page of orders', schema: orderPage } },
  handle: async ({ db, query, principal }) => {
    const states = statesOf(query.state);
    const page = await listOrders(
      db,
      visibilityOf(principal),
      {
        ...(query.purchaseOrderNumber !== undefined && { purchaseOrderNumber: query.purchaseOrderNumber }),
        ...(states !== undefined && { states }),
        ...(query.customer !== undefined && { customerId: query.customer }),
        ...(query.usage !== undefined && { usage: query.usage }),
        ...(query.type !== undefined && { type: query.type }),
        ...(query.search !== undefined && { search: query.search }),
      },
      { limit: query.limit, after: decodeCursor(query.after, 'record') },
    );
    const audience = { ownStaff: isOwnStaff(principal) };
    return { status: 200, body: pageBody(page, (row) => orderSummaryView(row, audience)) };
  },
});

const orderId = { orderId: z.string() };

const showOrder = endpoint({
  method: 'get',
  path: '/orders/{orderId}',
  tag: 'Orders',
  summary: 'One order with its lines, holds, shipments and invoices',
  scopes: ['orders:read'],
  params: orderId,
  replies: { 200: { description: 'The order', schema: order } },
  handle: async ({ db, params, principal }) => {
    const view = await readOrderView(db, visibilityOf(principal), parseOrderId(params.orderId), {
      ownStaff: isOwnStaff(principal),
    });
    if (!view) throw notFound('order');
    return { status: 200, body: view };
  },
});

const showTimeline = endpoint({
  method: 'get',
  path: '/orders/{orderId}/timeline',
  tag: 'Orders',
  summary: 'What happened to an order: events, decisions, documents and calls, oldest first',
  description:
    "Decisions with their inputs and calls to the seller's systems are shown to the seller's own keys only.",
  scopes: ['orders:read'],
  params: orderId,
  replies: { 200: { description: 'The timeline', schema: timeline } },
  handle: async ({ db, params, principal }) => {
    const id = parseOrderId(params.orderId);
    if (!(await isOrderVisible(db, visibilityOf(principal), id))) throw notFound('order');
    const items = await readTimeline(db, id, {
      ownStaff: isOwnStaff(principal),
      documents: principal.scopes.has('documents:read'),
    });
    return { status: 200, body: { items } };
  },
});

export const orderEndpoints: readonly Endpoint[] = [createOrder, ordersList, showOrder, showTimeline];
