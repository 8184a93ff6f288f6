import { z } from 'zod';
import { readCustomerPolicy } from '../../application/customer-policy';
import {
  cancelExpected,
  type ExpectedStock,
  type ExpectOutcome,
  expectStock,
} from '../../application/expect-stock';
import { endKeep, keepStock } from '../../application/keep-stock';
import { type CartRequest, hasTooManyCarts, releaseCart, reserveCart } from '../../application/reserve-cart';
import { type ItemAvailability, showAvailability } from '../../application/show-availability';
import type { Db, Tx } from '../../db/connection';
import { findCustomerOfPartner } from '../../db/repositories/customer-views';
import {
  findCart,
  findStockReserve,
  listStockReserves,
  type StockReserveRow,
} from '../../db/repositories/keep-views';
import { addDays, startOfLocalDay } from '../../domain/shared/dates';
import { isOwnStaff, type Principal } from '../auth/principal';
import {
  type AvailabilityView,
  availability,
  availabilityQuery,
  cart,
  cartQuery,
  expectedStock,
  expectStockBody,
  keepStockBody,
  listReservesQuery,
  reserveCartBody,
  type StockReserveView,
  stockReserve,
  stockReservePage,
} from '../contract/stock';
import { decodeCursor, pageBody } from '../cursor';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';

const channelOf = (principal: Principal) => (principal.sessionId === null ? 'api' : 'portal');

/** The buyer whose key it is; the seller's own people name one. */
async function buyerOf(db: Db, principal: Principal, named: string | undefined): Promise<string | null> {
  const bound =
    principal.customerId ??
    (principal.partnerId === null ? null : await findCustomerOfPartner(db, principal.partnerId));
  if (bound === null && !isOwnStaff(principal))
    throw forbidden('This key belongs to a partner that no customer is assigned to.');
  if (bound !== null && named !== undefined && named !== bound)
    throw forbidden(`This key is for customer ${bound} only: leave customerId out.`);
  return bound ?? named ?? null;
}

async function requireBuyer(db: Db, principal: Principal, named: string | undefined): Promise<string> {
  const customerId = await buyerOf(db, principal, named);
  const known =
    customerId === null
      ? undefined
      : await db('customer').where({ id: customerId, active: true }).first('id');
  if (customerId !== null && known) return customerId;
  const detail = customerId === null ? 'Name the customer.' : `There is no active customer ${customerId}.`;
  throw new Problem(400, 'invalid-request', 'The request is not valid', detail, {
    errors: [{ pointer: '/customerId', detail }],
  });
}

const reserve = endpoint({
  method: 'post',
  path: '/carts',
  tag: 'Inventory',
  summary: 'Reserve a basket for some minutes',
  description:
    'Its units are nobody else’s until they are ordered (`cartId` of an order), given back, or their time is over. Reserving again under the same name replaces what it had and begins its time anew.',
  scopes: ['orders:write'],
  body: reserveCartBody,
  idempotency: { required: false, transaction: true },
  replies: {
    201: { description: 'Reserved', schema: cart },
    409: { description: 'Not all of it is there (nothing was reserved), or the cart is an order already' },
  },
  handle: async ({ db, body, principal, deps }) => {
    const now = deps.now();
    const request: CartRequest = {
      customerId: await requireBuyer(db, principal, body.customerId),
      usage: body.usage,
      channel: channelOf(principal),
      reference: body.cartId,
      minutes: body.minutes,
      allOrNothing: body.allOrNothing,
      lines: body.lines.map(({ item, quantity, unit }) => ({
        itemId: item,
        quantity,
        ...(unit !== undefined && { unit }),
      })),
    };
    if (await hasTooManyCarts(db as Tx, request, now))
      throw new Problem(
        409,
        'too-many-carts',
        'Too many carts',
        'This customer has as many carts reserved as it may. Order or release some, or wait until they run out.',
      );
    const outcome = await reserveCart(db as Tx, request, now);
    if (outcome.kind === 'refused')
      throw new Problem(
        outcome.code === 'cart-ordered' ? 409 : 422,
        outcome.code,
        'Not reserved',
        outcome.text,
        {
          errors: [
            {
              ...(outcome.line !== undefined && { pointer: `/lines/${outcome.line - 1}` }),
              code: outcome.code,
              detail: outcome.text,
            },
          ],
        },
      );
    if (outcome.kind === 'short')
      throw new Problem(
        409,
        'stock-short',
        'There is not enough stock',
        'Nothing was reserved. Take less, or ask with allOrNothing false.',
        {
          errors: outcome.missing.map((one) => ({
            pointer: `/lines/${one.lineNumber - 1}/quantity`,
            code: 'short',
            detail: `${one.quantity} base units of ${one.itemId} are missing`,
          })),
        },
      );
    const shown = await cartView(db, request);
    const missing = outcome.missing.map((one) => ({
      line: one.lineNumber,
      item: one.itemId,
      quantity: one.quantity,
    }));
    return { status: 201, body: { ...shown, missing } };
  },
});

async function cartView(
  db: Db,
  of: { readonly customerId: string; readonly usage: 'P' | 'T'; readonly reference: string },
) {
  const found = await findCart(db, of);
  if (!found) throw notFound('cart');
  return {
    cartId: found.reference,
    status: found.status,
    expiresAt: found.expires_at,
    lines: found.lines.map(({ itemId, quantity }) => ({ item: itemId, reserved: quantity })),
    missing: [],
  };
}

const showCart = endpoint({
  method: 'get',
  path: '/carts/{cartId}',
  tag: 'Inventory',
  summary: 'A cart and what is reserved for it',
  scopes: ['orders:read', 'orders:write'],
  params: { cartId: z.string().min(1).max(64) },
  query: cartQuery,
  replies: { 200: { description: 'The cart', schema: cart } },
  handle: async ({ db, params, query, principal }) => {
    const customerId = await buyerOf(db, principal, query.customerId);
    if (customerId === null) throw notFound('cart');
    const body = await cartView(db, { customerId, usage: query.usage, reference: params.cartId });
    return { status: 200, body };
  },
});

const giveBack = endpoint({
  method: 'post',
  path: '/carts/{cartId}/release',
  tag: 'Inventory',
  summary: 'Give back what is reserved for a cart',
  scopes: ['orders:write'],
  params: { cartId: z.string().min(1).max(64) },
  body: cartQuery,
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'The cart, which reserves nothing any more', schema: cart } },
  handle: async ({ db, params, body, principal, deps }) => {
    const customerId = await buyerOf(db, principal, body.customerId);
    if (customerId === null) throw notFound('cart');
    const key = { customerId, usage: body.usage, reference: params.cartId };
    const found = await findCart(db, key);
    if (!found) throw notFound('cart');
    await releaseCart(db as Tx, found.id, deps.now());
    return { status: 200, body: await cartView(db, key) };
  },
});

function requireStaff(principal: Principal): void {
  if (!isOwnStaff(principal)) throw forbidden("Stock is kept by the seller's own people.");
}

const reserveView = (row: StockReserveRow): StockReserveView => ({
  id: row.id,
  kind: row.kind,
  customerId: row.customer_id,
  channel: row.channel,
  item: row.item_id,
  node: row.node_id,
  usage: row.usage,
  kept: row.kept,
  left: row.quantity,
  until: row.until,
  reason: row.reason,
  by: row.kept_by,
  at: row.kept_at,
});

const keep = endpoint({
  method: 'post',
  path: '/stock-reserves',
  tag: 'Inventory',
  summary: 'Keep units at a node for a customer or a channel',
  description:
    'Others see them no more; orders of the customer or channel draw them down first. What orders wait for cannot be kept.',
  scopes: ['orders:write'],
  body: keepStockBody,
  idempotency: { required: true, transaction: true },
  replies: {
    201: { description: 'Kept', schema: stockReserve },
    409: { description: 'Less is free' },
    422: { description: 'There is no such item, node or customer' },
  },
  handle: async ({ db, body, principal, deps }) => {
    requireStaff(principal);
    const node = (await db('node').where({ id: body.node }).first('time_zone')) as
      | { time_zone: string }
      | undefined;
    const until =
      body.until === undefined ? null : startOfLocalDay(addDays(body.until, 1), node?.time_zone ?? 'UTC');
    if (until !== null && until <= deps.now())
      throw new Problem(422, 'day-is-over', 'Not kept', `${body.until ?? ''} is over.`);
    const outcome = await keepStock(
      db as Tx,
      {
        for:
          body.customerId === undefined
            ? { kind: 'channel', channel: body.channel ?? 'api' }
            : { kind: 'customer', customerId: body.customerId },
        itemId: body.item,
        nodeId: body.node,
        usage: body.usage,
        quantity: body.quantity,
        until,
        reason: body.reason,
        person: principal.person ?? principal.name,
      },
      deps.now(),
    );
    if (outcome.kind === 'refused')
      throw new Problem(outcome.code === 'stock-short' ? 409 : 422, outcome.code, 'Not kept', outcome.text);
    const row = await findStockReserve(db, outcome.keepId);
    return { status: 201, body: reserveView(row as StockReserveRow) };
  },
});

const listReserves = endpoint({
  method: 'get',
  path: '/stock-reserves',
  tag: 'Inventory',
  summary: 'What is kept for customers and channels and not drawn yet',
  scopes: ['inventory:read'],
  query: listReservesQuery,
  replies: { 200: { description: 'A page of reserves', schema: stockReservePage } },
  handle: async ({ db, query, principal }) => {
    requireStaff(principal);
    const filter = { usage: query.usage, ...(query.item !== undefined && { itemId: query.item }) };
    const page = await listStockReserves(db, filter, {
      limit: query.limit,
      after: decodeCursor(query.after, 'record'),
    });
    return { status: 200, body: pageBody(page, reserveView) };
  },
});

const endReserve = endpoint({
  method: 'post',
  path: '/stock-reserves/{reserveId}/end',
  tag: 'Inventory',
  summary: 'End what is kept; the rest of it is free again',
  scopes: ['orders:write'],
  params: { reserveId: z.uuid() },
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'Ended', schema: stockReserve } },
  handle: async ({ db, params, principal, deps }) => {
    requireStaff(principal);
    const ended = await endKeep(db as Tx, params.reserveId, deps.now());
    const row = ended && (await findStockReserve(db, params.reserveId));
    if (!row) throw notFound('stock-reserve');
    return { status: 200, body: reserveView(row) };
  },
});

function expectedOr(outcome: ExpectOutcome) {
  if (outcome.kind === 'expected') return [...outcome.items];
  throw new Problem(
    outcome.code === 'unknown-inbound' ? 404 : 422,
    outcome.code,
    'Not taken in',
    outcome.text,
  );
}

const expect = endpoint({
  method: 'post',
  path: '/inbound-stock',
  tag: 'Inventory',
  summary: 'Say what is expected to come in at a node, and when',
  description:
    'The whole of a number, in place of what was said under it before: a new day or quantity, or an item that it has no more. Orders that wait are promised anew; who was told another day is told.',
  scopes: ['orders:write'],
  body: expectStockBody,
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'Taken in', schema: expectedStock } },
  handle: async ({ db, body, principal, deps }) => {
    requireStaff(principal);
    const by = principal.person ?? principal.name;
    const items = expectedOr(await expectStock(db as Tx, body as ExpectedStock, by, deps.now()));
    return { status: 200, body: { number: body.number, items } };
  },
});

const cancelBody = z.strictObject({
  nodeId: z.string().min(1).max(64),
  usage: z.enum(['P', 'T']).default('P'),
});
const cancelInbound = endpoint({
  method: 'post',
  path: '/inbound-stock/{number}/cancel',
  tag: 'Inventory',
  summary: 'Nothing more is expected under a number',
  scopes: ['orders:write'],
  params: { number: z.string().min(1).max(22) },
  body: cancelBody,
  idempotency: { required: false, transaction: true },
  replies: { 200: { description: 'Taken in', schema: expectedStock } },
  handle: async ({ db, params, body, principal, deps }) => {
    requireStaff(principal);
    const of = { nodeId: body.nodeId, usage: body.usage, number: params.number };
    const by = principal.person ?? principal.name;
    const items = expectedOr(await cancelExpected(db as Tx, of, by, deps.now()));
    return { status: 200, body: { number: params.number, items } };
  },
});

type ItemView = AvailabilityView['items'][number];

function staffView(one: ItemAvailability): ItemView {
  return {
    item: one.itemId,
    known: one.known,
    dates: one.dates.map(({ date, available }) => ({ date, available, inStock: available > 0 })),
    waiting: one.waiting,
    nodes: one.nodes.map((node) => ({
      node: { id: node.nodeId, name: node.nodeName },
      onHand: node.onHand,
      reserved: node.reserved,
      carts: node.carts,
      reserves: node.reserves,
      shares: node.shares,
      safety: node.safety,
      inTransit: node.inTransit,
      expected: [...node.expected],
      dates: [...node.dates],
    })),
  };
}

const buyerView = (one: ItemAvailability, quantities: boolean): ItemView => ({
  item: one.itemId,
  known: one.known,
  dates: one.dates.map(({ date, available }) => ({
    date,
    available: quantities ? available : null,
    inStock: available > 0,
  })),
});

const showAvailable = endpoint({
  method: 'get',
  path: '/availability',
  tag: 'Inventory',
  summary: 'What can be promised of items, by day',
  description:
    "For somebody who orders now: what orders wait for, and what is kept for others, is not available. The seller's own people see each node with every figure behind it; a buyer sees totals, or only whether there is any, as its policy says, and what is kept for it or its channel as its own.",
  scopes: ['inventory:read'],
  query: availabilityQuery,
  replies: { 200: { description: 'Available-to-promise', schema: availability } },
  handle: async ({ db, query, principal, deps }) => {
    const { items, date, node, usage } = query;
    const staff = isOwnStaff(principal);
    if (!staff && node !== undefined) throw forbidden("Stock by node is for the seller's own people.");
    const customerId = staff ? null : await buyerOf(db, principal, undefined);
    const shown = await showAvailability(db, items, {
      usage,
      now: deps.now(),
      viewer: customerId === null ? null : { customerId, channel: channelOf(principal) },
      ...(date !== undefined && { date }),
      ...(node !== undefined && { nodeId: node }),
    });
    if (customerId === null) return { status: 200, body: { items: shown.map(staffView) } };
    const quantities = (await readCustomerPolicy(db, customerId)).availability === 'quantities';
    return { status: 200, body: { items: shown.map((one) => buyerView(one, quantities)) } };
  },
});

export const stockEndpoints: readonly Endpoint[] = [
  showAvailable,
  reserve,
  showCart,
  giveBack,
  keep,
  listReserves,
  endReserve,
  expect,
  cancelInbound,
];
