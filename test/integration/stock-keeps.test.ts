import { placeOrder } from '../../application/order/place-order';
import { endKeep, expireKeeps, keepStock } from '../../application/stock/keep-stock';
import { moveStock } from '../../application/stock/move-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { type CartOutcome, expireCart, releaseCart, reserveCart } from '../../application/stock/reserve-cart';
import { addSeconds } from '../../domain/shared/dates';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 24 });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const noBackorders = (stock: number) =>
  seedCompany(db(), { stock: { BOLT: { CENTRAL: stock } }, policy: { backorder: false } });
const later = (minutes: number) => addSeconds(NOW, minutes * 60);

const cart = (reference: string, quantity: number, now = NOW, more: object = {}): Promise<CartOutcome> =>
  db().transaction((tx) =>
    reserveCart(
      tx,
      {
        customerId: 'ACME',
        usage: 'P',
        channel: 'api',
        reference,
        minutes: 15,
        allOrNothing: true,
        lines: [{ itemId: 'BOLT', quantity }],
        ...more,
      },
      now,
    ),
  );
const order = (quantity: number, more: Parameters<typeof purchaseOrder>[1] = {}, now = NOW) =>
  db().transaction((tx) =>
    placeOrder(
      tx,
      purchaseOrder([line('BOLT', String(quantity), '10.00')], { channel: 'api', ...more }),
      now,
    ),
  );
const kindOf = async (result: Promise<{ readonly kind: string }>) => (await result).kind;
const reserved = async () =>
  (await db()('stock').where({ item_id: 'BOLT' }).sum('reserved as n').first()) as { n: string };
const kept = async () => (await db()('stock_keep').sum('quantity as n').first()) as { n: string };

test('what is in a cart nobody else takes; ordering the cart takes it exactly once', async () => {
  await noBackorders(10);
  expect(await cart('basket', 8)).toMatchObject({ kind: 'reserved', expiresAt: later(15) });
  expect(await order(3)).toMatchObject({ kind: 'short', lines: [{ missing: 1 }] });
  expect(await kindOf(order(2))).toBe('placed');
  expect(await kindOf(order(8, { cart: 'basket' }, later(1)))).toBe('placed');
  expect(await order(8, { cart: 'basket' }, later(2))).toMatchObject({
    kind: 'refused',
    problems: [{ code: 'cart-ordered' }],
  });
  expect(await reserved()).toEqual({ n: '10' });
  expect(await kept()).toEqual({ n: '0' });
});

test('a cart whose time is over is not counted, before any sweep has seen it', async () => {
  await noBackorders(10);
  await cart('basket', 10);
  expect(await kindOf(order(10, {}, later(14)))).toBe('short');
  expect(await kindOf(order(10, {}, later(15)))).toBe('placed');
  // The cart has no claim left: its order takes what is there, and nothing is.
  expect(await kindOf(order(10, { cart: 'basket' }, later(16)))).toBe('short');
  expect(await db().transaction((tx) => expireCart(tx, later(16)))).toBe(true);
  expect(await db().transaction((tx) => expireCart(tx, later(16)))).toBe(false);
  expect(await kept()).toEqual({ n: '0' });
});

test('a basket is reserved whole or not at all; or in part, where the shop asks for that', async () => {
  await noBackorders(10);
  expect(await cart('basket', 11)).toMatchObject({
    kind: 'short',
    missing: [{ lineNumber: 1, itemId: 'BOLT', quantity: 1 }],
  });
  expect(await cart('basket', 11, NOW, { allOrNothing: false })).toMatchObject({
    kind: 'reserved',
    lines: [{ quantity: 10 }],
    missing: [{ quantity: 1 }],
  });
  // Reserving again under the name replaces what it had.
  expect(await cart('basket', 4)).toMatchObject({ kind: 'reserved', lines: [{ quantity: 4 }], missing: [] });
  expect(await kept()).toEqual({ n: '4' });
  const { id } = (await db()('cart').first('id')) as { id: string };
  expect(await db().transaction((tx) => releaseCart(tx, id, NOW))).toBe('released');
  expect(await kindOf(order(10))).toBe('placed');
});

test('an order that leaves some of its cart behind gives it back', async () => {
  await noBackorders(10);
  await cart('basket', 10);
  expect(await kindOf(order(6, { cart: 'basket' }))).toBe('placed');
  expect(await kindOf(order(4))).toBe('placed');
});

test('another customer’s cart is nobody else’s, and one that is not there is said so', async () => {
  await noBackorders(10);
  await cart('basket', 5);
  expect(await order(1, { cart: 'no such basket' })).toMatchObject({ problems: [{ code: 'unknown-cart' }] });
});

test('200 carts want one of 100 units each: 100 have it, and their orders take them exactly once', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { CENTRAL: 40, EAST: 35, WEST: 25 } },
    policy: { backorder: false },
  });
  const names = Array.from({ length: 200 }, (_, at) => `basket ${at}`);
  const carts = await Promise.all(names.map((name) => cart(name, 1)));
  const won = names.filter((_, at) => carts[at]?.kind === 'reserved');
  expect(won).toHaveLength(100);
  // Every one that has a cart orders it, twice at the same moment; whoever has none orders without.
  const results = await Promise.all([
    ...won.flatMap((name) => [kindOf(order(1, { cart: name })), kindOf(order(1, { cart: name }))]),
    ...Array.from({ length: 20 }, () => kindOf(order(1))),
  ]);
  expect(results.filter((kind) => kind === 'placed')).toHaveLength(100);
  expect(results.filter((kind) => kind === 'refused')).toHaveLength(100);
  expect(results.filter((kind) => kind === 'short')).toHaveLength(20);
  expect(await reserved()).toEqual({ n: '100' });
  expect(await kept()).toEqual({ n: '0' });
}, 60_000);

test('carts that are ordered while they run out and are swept: no unit is sold twice or lost', async () => {
  await noBackorders(40);
  const names = Array.from({ length: 20 }, (_, at) => `basket ${at}`);
  for (const name of names) await cart(name, 2);
  // The clocks of the processes differ by some seconds around the end.
  const clock = (at: number) => addSeconds(later(15), (at % 7) - 3);
  const sweep = (at: number) => db().transaction((tx) => expireCart(tx, clock(at)));
  const results = await Promise.all(
    names.flatMap((name, at) => [
      kindOf(order(2, { cart: name }, clock(at))),
      kindOf(order(2, {}, clock(at + 3))),
      sweep(at).then(String),
    ]),
  );
  const sold = results.filter((kind) => kind === 'placed').length * 2;
  expect(await reserved()).toEqual({ n: String(sold) });
  expect(sold).toBeLessThanOrEqual(40);
  while (await db().transaction((tx) => expireCart(tx, later(60))));
  expect(await kept()).toEqual({ n: '0' });
  // What nobody took is there for whoever comes.
  if (sold < 40) expect(await kindOf(order(40 - sold, {}, later(60)))).toBe('placed');
}, 60_000);

const keep = (quantity: number, more: Partial<Parameters<typeof keepStock>[1]> = {}) =>
  db().transaction((tx) =>
    keepStock(
      tx,
      {
        for: { kind: 'customer', customerId: 'ACME' },
        itemId: 'BOLT',
        nodeId: 'CENTRAL',
        usage: 'P',
        quantity,
        until: null,
        reason: 'promotion in May',
        person: 'olga',
        ...more,
      },
      NOW,
    ),
  );

test('units kept for a channel are drawn down by its orders; others do not see them', async () => {
  await noBackorders(10);
  expect(await kindOf(keep(7, { for: { kind: 'channel', channel: 'portal' } }))).toBe('kept');
  expect(await kindOf(order(4))).toBe('short');
  expect(await kindOf(order(3))).toBe('placed');
  expect(await kindOf(order(5, { channel: 'portal' }))).toBe('placed');
  expect(await kept()).toEqual({ n: '2' });
  expect(await kindOf(order(3, { channel: 'portal' }))).toBe('short');
  expect(await kindOf(order(2, { channel: 'portal' }))).toBe('placed');
});

test('a customer’s reserve ends on its day, and what is left of it is free', async () => {
  await noBackorders(10);
  await db()('customer').insert({
    ...(await db()('customer').where({ id: 'ACME' }).first()),
    id: 'OTHER',
    terms: JSON.stringify({ netDays: 30 }),
    policy: JSON.stringify({ backorder: false }),
  });
  expect(await kindOf(keep(10, { for: { kind: 'customer', customerId: 'OTHER' }, until: later(60) }))).toBe(
    'kept',
  );
  expect(await kindOf(order(1, {}, later(59)))).toBe('short');
  expect(await kindOf(order(1, {}, later(60)))).toBe('placed');
  expect(await db().transaction((tx) => expireKeeps(tx, later(60)))).toBe(1);
  expect(await kept()).toEqual({ n: '0' });
});

test('only what is free can be kept: not what waits to be shipped, nor what others wait for', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 10 } } });
  await order(6);
  await order(8);
  expect(await keep(1)).toMatchObject({ kind: 'refused', code: 'stock-short' });
  await db().transaction((tx) =>
    moveStock(
      tx,
      [{ itemId: 'BOLT', nodeId: 'CENTRAL', usage: 'P', quantity: 9, reason: 'received', reference: 'R1' }],
      NOW,
    ),
  );
  // Four are still waited for: of the nine that came, five are free.
  expect(await keep(6)).toMatchObject({ kind: 'refused', code: 'stock-short' });
  const five = await keep(5);
  expect(five).toMatchObject({ kind: 'kept' });
  if (five.kind !== 'kept') return;
  expect(await db().transaction((tx) => endKeep(tx, five.keepId, NOW))).toEqual({ freed: 5 });
  expect(await db().transaction((tx) => endKeep(tx, five.keepId, NOW))).toEqual({ freed: 0 });
});

test('a count that finds less cuts what is kept, the newest first, and somebody hears of it', async () => {
  await noBackorders(10);
  await order(2);
  await keep(5);
  await cart('basket', 3);
  await db().transaction((tx) =>
    moveStock(
      tx,
      [{ itemId: 'BOLT', nodeId: 'CENTRAL', usage: 'P', quantity: -5, reason: 'counted', reference: 'C1' }],
      NOW,
    ),
  );
  const keeps = (await db()('stock_keep')
    .orderBy('kept_at')
    .orderBy('id')
    .select('kind', 'quantity')) as unknown;
  expect(keeps).toEqual([
    { kind: 'customer', quantity: 3 },
    { kind: 'cart', quantity: 0 },
  ]);
  expect(await db()('exception').where({ kind: 'keep-cut' }).pluck('text')).toHaveLength(2);
});
