import fc from 'fast-check';
import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { applyHold } from '../../application/hold/apply-hold';
import { resolveHold } from '../../application/hold/resolve-hold';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { endKeep, expireKeeps, keepStock } from '../../application/stock/keep-stock';
import { moveStock } from '../../application/stock/move-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { expireCart, releaseCart, reserveCart } from '../../application/stock/reserve-cart';
import { showAvailability } from '../../application/stock/show-availability';
import type { Tx } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { grows } from '../support/sourcing-desk';

let database: TestDatabase;
const db = () => database.db;
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 4 });
  await seedCompany(db());
});
afterAll(() => database.drop());

const nodes = ['CENTRAL', 'EAST'] as const;
const quantity = fc.integer({ min: 1, max: 12 });
const node = fc.constantFrom(...nodes);
const basket = fc.constantFrom('a', 'b');
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('order' as const), quantity }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('order-cart' as const), quantity, basket }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('fill-cart' as const), quantity, basket }) },
  fc.record({ does: fc.constant('empty-cart' as const), basket }),
  fc.record({ does: fc.constant('keep' as const), quantity, node, for: fc.constantFrom('ACME', 'portal') }),
  fc.record({ does: fc.constant('end-keep' as const), which: fc.nat(5) }),
  fc.record({ does: fc.constant('receive' as const), quantity, node }),
  fc.record({ does: fc.constant('lose' as const), quantity, node }),
  fc.record({ does: fc.constant('plan' as const), which: fc.nat(5) }),
  fc.record({ does: fc.constant('cancel' as const), which: fc.nat(5) }),
  fc.record({ does: fc.constant('grow' as const), which: fc.nat(5), quantity }),
  fc.record({ does: fc.constant('hold' as const), which: fc.nat(5) }),
  fc.record({ does: fc.constant('let-go' as const), which: fc.nat(5) }),
  fc.record({ does: fc.constant('safety' as const), units: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ does: fc.constant('time' as const) }),
);
const queueBy = fc.constantFrom('age', 'requested-date', 'fair-share');
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const clara = { person: 'clara', roles: ['customer-service'] };
let items = 0;

/** One item's stock and all that people do with it, in their order. */
class Life {
  readonly item: string;
  now = NOW;
  readonly orders: { readonly id: string; readonly request: OrderRequest }[] = [];
  readonly keeps: string[] = [];

  private constructor(item: string) {
    this.item = item;
  }

  static async begin(by: string): Promise<Life> {
    items += 1;
    const item = `ITEM${items}`;
    await db()('item').insert({ id: item, description: item, base_unit: 'EA', weight_grams: 1 });
    await db()('price').insert({
      price_list_id: 'LIST',
      item_id: item,
      unit: 'EA',
      minimum_quantity: '1',
      unit_price: '10.00',
    });
    const queue = {
      kind: 'backorder-queue',
      scope: `item/${item}`,
      version: 1,
      body: JSON.stringify({ by }),
    };
    await db()('rule').insert(queue);
    await db()('stock').insert(nodes.map((id) => ({ item_id: item, node_id: id, on_hand: 10 })));
    return new Life(item);
  }

  async take(one: Step): Promise<void> {
    this.now = addSeconds(this.now, 1);
    await db().transaction((tx) => this.#do(tx, one));
    await this.expectSound(one);
  }

  async #do(tx: Tx, one: Step): Promise<unknown> {
    const { item, now } = this;
    switch (one.does) {
      case 'order':
        return this.#order(tx, one.quantity, null);
      case 'order-cart':
        return this.#order(tx, one.quantity, `${item}-${one.basket}`);
      case 'fill-cart':
        return reserveCart(tx, this.#cart(one.basket, one.quantity), now);
      case 'empty-cart': {
        const cart = await tx('cart')
          .where({ reference: `${item}-${one.basket}` })
          .first('id');
        return cart && releaseCart(tx, cart.id, now);
      }
      case 'keep': {
        const whose =
          one.for === 'ACME'
            ? ({ kind: 'customer', customerId: 'ACME' } as const)
            : ({ kind: 'channel', channel: 'portal' } as const);
        const about = { itemId: item, nodeId: one.node, usage: 'P', quantity: one.quantity } as const;
        const kept = await keepStock(
          tx,
          { ...about, for: whose, until: addSeconds(now, 1800), reason: 'a test', person: 'olga' },
          now,
        );
        if (kept.kind === 'kept') this.keeps.push(kept.keepId);
        return kept;
      }
      case 'end-keep': {
        const id = this.keeps[one.which];
        return id !== undefined && endKeep(tx, id, now);
      }
      case 'receive':
        return this.#move(tx, one.node, one.quantity);
      case 'lose':
        return this.#move(tx, one.node, -one.quantity);
      case 'plan': {
        const order = this.orders[one.which];
        return order && planShipments(tx, order.id, now);
      }
      case 'cancel':
        return this.#cancel(tx, this.orders[one.which]);
      case 'grow':
        return this.#grow(tx, this.orders[one.which], one.quantity);
      case 'hold': {
        const order = this.orders[one.which];
        const about = { type: 'manual', lineNumber: null, shipmentId: null, reason: 'a test' } as const;
        return order && applyHold(tx, { ...about, ...clara, orderId: order.id }, now);
      }
      case 'let-go': {
        const order = this.orders[one.which];
        const hold = order && (await tx('hold').where({ order_id: order.id, status: 'open' }).first('id'));
        return (
          hold && resolveHold(tx, { ...clara, holdId: hold.id, action: 'release', reason: 'a test' }, now)
        );
      }
      case 'safety': {
        const rule = { kind: 'safety-stock', scope: `item/${item}`, body: { units: one.units } };
        return saveRule(tx, { ...rule, validFrom: null, note: '', person: 'olga', basedOn: null });
      }
      case 'time':
        this.now = addSeconds(now, 1200);
        while (await expireCart(tx, this.now));
        return expireKeeps(tx, this.now);
    }
  }

  #cart(reference: string, units: number) {
    const lines = [{ itemId: this.item, quantity: units }];
    const about = { customerId: 'ACME', usage: 'P', channel: 'api', minutes: 15 } as const;
    return { ...about, reference: `${this.item}-${reference}`, allOrNothing: false, lines };
  }

  #move(tx: Tx, nodeId: string, units: number) {
    const about = { itemId: this.item, nodeId, usage: 'P', reason: 'counted' } as const;
    return moveStock(tx, [{ ...about, quantity: units, reference: this.now }], this.now);
  }

  /** What was said to be available is exactly what an order then gets. */
  async #order(tx: Tx, units: number, cart: string | null): Promise<void> {
    const about = { usage: 'P', now: this.now, viewer: { customerId: 'ACME', channel: 'api' } } as const;
    const [shown] = await showAvailability(tx, [this.item], about);
    const available = shown?.dates[0]?.available ?? 0;
    const own = cart === null ? 0 : await this.#keptIn(tx, cart);
    const request = purchaseOrder([line(this.item, String(units), '10.00')], {
      channel: 'api',
      ...(cart !== null && { cart }),
    });
    const placed = await placeOrder(tx, request, this.now);
    if (placed.kind !== 'placed') {
      expect({ placed, cart }).toMatchObject({ placed: { kind: 'refused' }, cart: expect.any(String) });
      return;
    }
    const { reserved } = (await tx('order_line').where({ order_id: placed.orderId }).first('reserved')) as {
      reserved: number;
    };
    expect({ reserved, available, own }).toEqual({
      reserved: Math.min(units, available + own),
      available,
      own,
    });
    // Confirmed, as its workflow would have it: from now on others leave what it waits for.
    await answerOrder(tx, placed.orderId, 'final', this.now);
    this.orders.push({ id: placed.orderId, request });
  }

  async #keptIn(tx: Tx, reference: string): Promise<number> {
    const row = (await tx('stock_keep as k')
      .join('cart as c', 'c.id', 'k.cart_id')
      .where({ 'c.reference': reference, 'c.status': 'active' })
      .where('k.until', '>', this.now)
      .sum('k.quantity as n')
      .first()) as { n: string | null };
    return Number(row.n);
  }

  async #grow(tx: Tx, order: Life['orders'][number] | undefined, units: number): Promise<void> {
    if (!order) return;
    const row = (await tx('order_line').where({ order_id: order.id }).first('ordered')) as {
      ordered: number;
    };
    const bought = line(this.item, '1', '10.00');
    const received = await receiveOrderChange(
      tx,
      changeOf(order.request, { lines: [grows(bought, row.ordered + units)] }),
      this.now,
    );
    if (received.kind === 'recorded') await applyOrderChange(tx, received.changeId, this.now);
  }

  async #cancel(tx: Tx, order: Life['orders'][number] | undefined): Promise<void> {
    if (!order) return;
    const change = changeOf(order.request, { purpose: 'cancel' });
    const received = await receiveOrderChange(tx, change, this.now);
    if (received.kind === 'recorded') await applyOrderChange(tx, received.changeId, this.now);
  }

  async expectSound(after: Step): Promise<void> {
    expect({ after, differences: await reconcileRecord(db()) }).toEqual({ after, differences: [] });
    const { rows } = await db().raw(
      `select s.node_id, s.on_hand, s.reserved, coalesce((select sum(k.quantity) from stock_keep k where k.item_id = s.item_id
          and k.node_id = s.node_id and k.quantity > 0 and (k.until is null or k.until > ?)), 0)::bigint as kept
       from stock s where s.item_id = ?`,
      [this.now, this.item],
    );
    for (const level of rows as { on_hand: number; reserved: number; kept: number }[]) {
      expect(level.reserved).toBeGreaterThanOrEqual(0);
      expect(level.kept).toBeGreaterThanOrEqual(0);
      expect({ after, level, over: Math.max(0, level.reserved + level.kept - level.on_hand) }).toEqual({
        after,
        level,
        over: 0,
      });
    }
  }
}

test('whatever is ordered, changed, put on hold, put in carts, kept, counted, planned and cancelled: an order gets what was said to be available, nothing is promised twice, the ledgers are equal', async () => {
  await fc.assert(
    fc.asyncProperty(queueBy, fc.array(step, { minLength: 4, maxLength: 14 }), async (by, steps) => {
      const life = await Life.begin(by);
      for (const one of steps) await life.take(one);
    }),
    { numRuns: 10 },
  );
}, 180_000);
