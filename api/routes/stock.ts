import { z } from 'zod';
import { readCustomerPolicy } from '../../application/customer/customer-policy';
import { impossibleReason, missingText } from '../../application/sourcing/sourcing-outcome';
import { addressOfShipTo } from '../../application/stock/asker';
import {
  type CartRequest,
  hasTooManyCarts,
  releaseCart,
  reserveCart,
} from '../../application/stock/reserve-cart';
import { type ItemAvailability, showAvailability } from '../../application/stock/show-availability';
import type { Db, Tx } from '../../db/connection';
import { findCart } from '../../db/repositories/keep-views';
import { isOwnStaff, type Principal } from '../auth/principal';
import {
  type AvailabilityView,
  availability,
  availabilityQuery,
  cart,
  cartQuery,
  reserveCartBody,
} from '../contract/stock';
import { type Endpoint, endpoint } from '../endpoint';
import { forbidden, notFound, Problem } from '../problems';
import { buyerOfKey, channelOf, stockViewer } from '../stock-viewer';

async function requireBuyer(db: Db, principal: Principal, named: string | undefined): Promise<string> {
  const customerId = await buyerOfKey(db, principal, named);
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
    422: { description: 'There is no such item, unit or ship-to' },
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
      ...(body.shipTo && { shipTo: body.shipTo }),
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
            code: impossibleReason(one) ?? 'short',
            detail: missingText(one),
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
    const customerId = await buyerOfKey(db, principal, query.customerId);
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
    const customerId = await buyerOfKey(db, principal, body.customerId);
    if (customerId === null) throw notFound('cart');
    const key = { customerId, usage: body.usage, reference: params.cartId };
    const found = await findCart(db, key);
    if (!found) throw notFound('cart');
    await releaseCart(db as Tx, found.id, deps.now());
    return { status: 200, body: await cartView(db, key) };
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
      supplier: node.supplier === null ? null : { reportedAt: node.supplier.reportedAt },
      onHand: node.onHand,
      reserved: node.reserved,
      carts: node.carts,
      reserves: node.reserves,
      shares: node.shares,
      safety: node.safety,
      safetyRule: node.safetyRule,
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
    "For somebody who orders now: what orders wait for, and what is kept for others, is not available. The seller's own people see each node with every figure behind it; a buyer sees totals, or only whether there is any, as its policy says, and what is kept for it or its channel as its own; for the ship-to that it names, or else whichever of its ship-tos the order goes to.",
  scopes: ['inventory:read'],
  query: availabilityQuery,
  replies: {
    200: { description: 'Available-to-promise', schema: availability },
    422: { description: 'There is no such ship-to of the buyer' },
  },
  handle: async ({ db, query, principal, deps }) => {
    const { items, date, node, usage } = query;
    const staff = isOwnStaff(principal);
    if (!staff && node !== undefined) throw forbidden("Stock by node is for the seller's own people.");
    const viewer = await stockViewer(db, principal);
    const shipTo = viewer === null ? undefined : await shipToOf(db, viewer.customerId, query);
    const shown = await showAvailability(db, items, {
      usage,
      now: deps.now(),
      viewer,
      ...(date !== undefined && { date }),
      ...(node !== undefined && { nodeId: node }),
      ...(shipTo && { shipTo: shipTo.address }),
    });
    if (viewer === null) return { status: 200, body: { items: shown.map(staffView) } };
    const quantities = (await readCustomerPolicy(db, viewer.customerId)).availability === 'quantities';
    return {
      status: 200,
      body: { shipTo: shipTo?.name ?? null, items: shown.map((one) => buyerView(one, quantities)) },
    };
  },
});

/** The ship-to that a buyer asks for; undefined: none is named. */
async function shipToOf(
  db: Db,
  customerId: string,
  {
    shipTo: id,
    shipToQualifier: idQualifier,
  }: { readonly shipTo?: string | undefined; readonly shipToQualifier: string },
) {
  if (id === undefined) return undefined;
  const name = { id, idQualifier };
  const address = await addressOfShipTo(db, customerId, name);
  if (address !== undefined) return { name, address };
  throw new Problem(422, 'unknown-ship-to', 'Unknown ship-to', `There is no ship-to ${id} of yours.`, {
    errors: [{ parameter: 'shipTo', code: 'unknown-ship-to', detail: `There is no ship-to ${id}` }],
  });
}

export const stockEndpoints: readonly Endpoint[] = [showAvailable, reserve, showCart, giveBack];
