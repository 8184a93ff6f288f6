import type { Tx } from '../../db/connection';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { OrderChannel, Usage } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { readSourcingFacts } from '../sourcing/sourcing-facts';
import { type Asker, addressOfShipTo, readAskers, type ShipToName } from './asker';
import { planCart, readCartLines } from './cart-lines';
import { emptyKeeps } from './keep-stock';
import { lockStock, planStock } from './take-stock';

/** A shop that forgets its baskets does not empty the warehouse. */
const MOST_ACTIVE_CARTS = 200;

export interface CartRequest {
  readonly customerId: string;
  readonly usage: Usage;
  readonly channel: OrderChannel;
  /** The shop's own name of the basket: reserving again under it replaces what was reserved, and begins its time anew. */
  readonly reference: string;
  readonly minutes: number;
  /** Everything or nothing; otherwise what is there of each line. */
  readonly allOrNothing: boolean;
  readonly lines: readonly { readonly itemId: string; readonly quantity: number; readonly unit?: string }[];
  /** Where its order is to go; without it, it has as much as whichever ship-to of the customer could have. */
  readonly shipTo?: ShipToName;
}

export interface CartLine {
  readonly itemId: string;
  readonly nodeId: string;
  readonly quantity: number;
}

export type CartOutcome =
  | {
      readonly kind: 'reserved';
      readonly expiresAt: string;
      readonly lines: readonly CartLine[];
      readonly missing: AllocationPlan['shortages'];
    }
  | { readonly kind: 'short'; readonly missing: AllocationPlan['shortages'] }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-item' | 'unknown-unit' | 'unknown-ship-to' | 'cart-ordered' | 'too-many-carts';
      readonly text: string;
      readonly line?: number;
    };

export interface CartRow {
  readonly id: string;
  readonly customer_id: string;
  readonly usage: Usage;
  readonly reference: string;
  readonly status: 'active' | 'converted' | 'released' | 'expired';
  readonly expires_at: string;
  readonly order_id: string | null;
}

/**
 * Reserves a basket for some minutes, as its order would be supplied: its units are nobody else's until then. Like an order that is being placed it
 * leaves what waiting orders were promised and what is kept for others. Locks: the cart, then stock by (item, node).
 */
export async function reserveCart(tx: Tx, request: CartRequest, now: string): Promise<CartOutcome> {
  const wanted = await readCartLines(tx, request, now);
  if ('kind' in wanted) return wanted;
  const shipTo = request.shipTo && (await addressOfShipTo(tx, request.customerId, request.shipTo));
  if (request.shipTo && shipTo === undefined)
    return {
      kind: 'refused',
      code: 'unknown-ship-to',
      text: `There is no ship-to ${request.shipTo.id} of this customer`,
    };
  const askers = await readAskers(
    tx,
    { customerId: request.customerId, channel: request.channel, ...(shipTo && { shipTo }) },
    await readSourcingFacts(tx, wanted.items),
  );
  const cart = await openCart(tx, request, now);
  if (cart.status === 'converted')
    return {
      kind: 'refused',
      code: 'cart-ordered',
      text: `Cart ${request.reference} has become an order: reserve another one`,
    };
  const before = await keepsOf(tx, cart.id);
  const items = [...before.map((keep) => keep.item_id), ...wanted.items];
  await lockStock(tx, [...new Set(items)], request.usage);
  const { plan, missing } = await planLeast(askers, (asker) =>
    planCart(wanted, (demands) =>
      planStock(tx, demands, {
        usage: request.usage,
        customerId: null,
        channel: null,
        cartId: cart.id,
        asker,
        alsoLock: wanted.items,
        waitingOrderId: null,
        now,
      }),
    ),
  );
  // Refused as a whole: what the basket had before stays its own until its old time.
  if (request.allOrNothing && missing.length > 0) return { kind: 'short', missing };
  const expiresAt = addSeconds(now, request.minutes * 60);
  await emptyKeeps(
    tx,
    before.map((keep) => keep.id),
    now,
  );
  const lines = joined(plan.allocations);
  if (lines.length > 0) await keepForCart(tx, cart, request, lines, expiresAt, now);
  await tx('cart')
    .where({ id: cart.id })
    .update({ status: 'active', expires_at: expiresAt, channel: request.channel, updated_at: now });
  if (before.length > 0) await wakeWaitingOrders(tx, [...new Set(items)], { usage: request.usage }, now);
  return { kind: 'reserved', expiresAt, lines, missing };
}

type CartPlan = Awaited<ReturnType<typeof planCart>>;

/** Where it is not said where it goes, it has what it could have whichever ship-to it is: as availability says. */
async function planLeast(
  askers: readonly Asker[],
  planFor: (asker: Asker) => Promise<CartPlan>,
): Promise<CartPlan> {
  const missingOf = ({ missing }: CartPlan) => missing.reduce((sum, { quantity }) => sum + quantity, 0);
  let least: CartPlan | null = null;
  for (const asker of askers) {
    const found = await planFor(asker);
    if (least === null || missingOf(found) > missingOf(least)) least = found;
  }
  if (least === null) throw new Error('nobody asks');
  return least;
}

/** The cart, locked; made where there is none of that name. */
async function openCart(
  tx: Tx,
  { customerId, usage, reference, channel }: CartRequest,
  now: string,
): Promise<CartRow> {
  const key = { customer_id: customerId, usage, reference };
  await tx('cart')
    .insert({ ...key, channel, status: 'released', expires_at: now, created_at: now, updated_at: now })
    .onConflict(['customer_id', 'usage', 'reference'])
    .ignore();
  return (await tx('cart').where(key).forUpdate().first()) as CartRow;
}

async function keepsOf(
  tx: Tx,
  cartId: string,
): Promise<readonly { readonly id: string; readonly item_id: string }[]> {
  return (await tx('stock_keep')
    .where({ cart_id: cartId })
    .andWhere('quantity', '>', 0)
    .select('id', 'item_id')) as {
    id: string;
    item_id: string;
  }[];
}

function joined(allocations: AllocationPlan['allocations']): readonly CartLine[] {
  const byKey = new Map<string, CartLine>();
  for (const { itemId, nodeId, quantity } of allocations) {
    const key = `${itemId}\u0000${nodeId}`;
    byKey.set(key, { itemId, nodeId, quantity: quantity + (byKey.get(key)?.quantity ?? 0) });
  }
  return [...byKey.values()];
}

async function keepForCart(
  tx: Tx,
  cart: CartRow,
  { usage, reference }: CartRequest,
  lines: readonly CartLine[],
  expiresAt: string,
  now: string,
): Promise<void> {
  await tx('stock_keep').insert(
    lines.map(({ itemId, nodeId, quantity }) => ({
      kind: 'cart',
      cart_id: cart.id,
      item_id: itemId,
      node_id: nodeId,
      usage,
      kept: quantity,
      quantity,
      until: expiresAt,
      reason: `cart ${reference}`,
      kept_by: cart.customer_id,
      kept_at: now,
    })),
  );
}

/** May another basket be reserved for this customer? Asked before the cart is opened, so that a flood stays outside. */
export async function hasTooManyCarts(
  tx: Tx,
  { customerId, usage, reference }: Pick<CartRequest, 'customerId' | 'usage' | 'reference'>,
  now: string,
): Promise<boolean> {
  const row = (await tx('cart')
    .where({ customer_id: customerId, usage, status: 'active' })
    .andWhere('expires_at', '>', now)
    .whereNot({ reference })
    .count('* as count')
    .first()) as { count: number };
  return row.count >= MOST_ACTIVE_CARTS;
}

/** Gives a basket's units back before its time. */
export async function releaseCart(tx: Tx, cartId: string, now: string): Promise<CartRow['status']> {
  const cart = (await tx('cart').where({ id: cartId }).forUpdate().first()) as CartRow;
  if (cart.status === 'active') await endCart(tx, cart, 'released', now);
  return cart.status === 'active' ? 'released' : cart.status;
}

async function endCart(tx: Tx, cart: CartRow, status: 'released' | 'expired', now: string): Promise<void> {
  const keeps = await keepsOf(tx, cart.id);
  const items = [...new Set(keeps.map((keep) => keep.item_id))];
  await lockStock(tx, items, cart.usage);
  await emptyKeeps(
    tx,
    keeps.map((keep) => keep.id),
    now,
  );
  await tx('cart').where({ id: cart.id }).update({ status, updated_at: now });
  await wakeWaitingOrders(tx, items, { usage: cart.usage }, now);
}

/**
 * The next basket whose time is over: nobody has counted its units since; now they are given to those who wait.
 * @returns false: there is none
 */
export async function expireCart(tx: Tx, now: string): Promise<boolean> {
  const cart = (await tx('cart')
    .where({ status: 'active' })
    .andWhere('expires_at', '<=', now)
    .orderBy('expires_at')
    .forUpdate()
    .skipLocked()
    .first()) as CartRow | undefined;
  if (!cart) return false;
  await endCart(tx, cart, 'expired', now);
  return true;
}

export type CartToOrder =
  | { readonly kind: 'cart'; readonly cartId: string }
  | { readonly kind: 'refused'; readonly code: 'unknown-cart' | 'cart-ordered'; readonly text: string };

/**
 * Locks the cart that an order names, before account and stock. One whose time is over, or that was given back, has no
 * claim left: the order takes what is there, as any other.
 */
export async function takeUpCart(
  tx: Tx,
  of: { readonly customerId: string; readonly usage: Usage; readonly reference: string },
): Promise<CartToOrder> {
  const cart = (await tx('cart')
    .where({ customer_id: of.customerId, usage: of.usage, reference: of.reference })
    .forUpdate()
    .first()) as CartRow | undefined;
  if (!cart)
    return {
      kind: 'refused',
      code: 'unknown-cart',
      text: `There is no cart ${of.reference} of this customer`,
    };
  if (cart.status === 'converted')
    return {
      kind: 'refused',
      code: 'cart-ordered',
      text: `Cart ${of.reference} has become an order already`,
    };
  return { kind: 'cart', cartId: cart.id };
}

/** All that the cart and its order touch in one go, so that what the order leaves out is not locked after it. */
export async function lockCartStock(
  tx: Tx,
  cartId: string,
  itemIds: readonly string[],
  usage: Usage,
): Promise<void> {
  const kept = (await keepsOf(tx, cartId)).map((keep) => keep.item_id);
  await lockStock(tx, [...new Set([...kept, ...itemIds])], usage);
}

/** The cart has become the order: what of it was not taken is free again. The caller holds the cart's lock. */
export async function closeCart(
  tx: Tx,
  cartId: string,
  order: { readonly orderId: string; readonly usage: Usage },
  now: string,
): Promise<void> {
  const left = await keepsOf(tx, cartId);
  if (left.length > 0) {
    const items = [...new Set(left.map((keep) => keep.item_id))];
    await lockStock(tx, items, order.usage);
    await emptyKeeps(
      tx,
      left.map((keep) => keep.id),
      now,
    );
    await wakeWaitingOrders(tx, items, { id: order.orderId, usage: order.usage }, now);
  }
  await tx('cart')
    .where({ id: cartId })
    .update({ status: 'converted', order_id: order.orderId, updated_at: now });
}
