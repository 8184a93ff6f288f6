import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { applyHold } from '../../application/hold/apply-hold';
import { resolveHold } from '../../application/hold/resolve-hold';
import { assessOrder } from '../../application/order/assess-order';
import { placeOrder } from '../../application/order/place-order';
import { switchNode } from '../../application/sourcing/close-node';
import { moveStock } from '../../application/stock/move-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderRequest } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { adds, grows } from '../support/sourcing-desk';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 16 });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

async function open(by: string, scope = '*'): Promise<void> {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 0, EAST: 0 }, NUT: { CENTRAL: 0 } } });
  await db()('rule').insert({ kind: 'backorder-queue', scope, version: 1, body: JSON.stringify({ by }) });
}

/** Customers that differ in what the queue goes by. */
async function customer(id: string, policy: object): Promise<void> {
  const acme = await db()('customer').where({ id: 'ACME' }).first();
  await db()('customer').insert({
    ...acme,
    id,
    terms: JSON.stringify(acme.terms),
    policy: JSON.stringify(policy),
  });
  await db()('ship_to').insert({
    customer_id: id,
    qualifier: '92',
    code: 'DC1',
    name: 'DC',
    address: JSON.stringify({ lines: [] }),
  });
}

let clock = 0;
async function place(quantity: number, more: Partial<OrderRequest> = {}): Promise<string> {
  clock += 1;
  const request = purchaseOrder([line('BOLT', String(quantity), '10.00')], { channel: 'api', ...more });
  const result = await db().transaction((tx) => placeOrder(tx, request, addSeconds(NOW, clock)));
  if (result.kind !== 'placed') throw new Error(result.kind);
  return result.orderId;
}
const plan = (id: string) => db().transaction((tx) => planShipments(tx, id, addSeconds(NOW, 3600)));
const receive = (quantity: number, eventId: string, nodeId = 'EAST') =>
  db().transaction((tx) =>
    receiveCallback(
      tx,
      {
        counterparty: 'wms',
        eventId,
        kind: 'stock.received',
        body: { nodeId, lines: [{ itemId: 'BOLT', quantity }] },
      },
      addSeconds(NOW, 1800),
    ),
  );
/** What an order has by now: set aside or in a shipment. */
async function has(ids: readonly string[]): Promise<readonly number[]> {
  const rows = (await db()('order_line')
    .whereIn('order_id', ids)
    .select('order_id', 'reserved', 'released')) as {
    order_id: string;
    reserved: number;
    released: number;
  }[];
  return ids.map((id) => {
    const row = rows.find(({ order_id }) => order_id === id);
    return (row?.reserved ?? 0) + (row?.released ?? 0);
  });
}

const orders = [
  ['the first wakes first', (ids: readonly string[]) => ids],
  ['the last wakes first', (ids: readonly string[]) => ids.toReversed()],
] as const;

describe.each(orders)('whoever wakes first (%s), the receipt goes', (_, wake) => {
  test('by age: to who was placed first', async () => {
    await open('age');
    const ids = [await place(6), await place(6), await place(6)];
    await receive(10, 'R1');
    for (const id of wake(ids)) await plan(id);
    expect(await has(ids)).toEqual([6, 4, 0]);
  });

  test('by priority: to the lowest class, then by age', async () => {
    await open('priority');
    await customer('GOLD', { backorderPriority: 1 });
    await customer('LAST', { backorderPriority: 9 });
    const from = (customerId: string) =>
      ({ customerId, partnerId: undefined }) as unknown as Partial<OrderRequest>;
    const ids = [await place(6, from('LAST')), await place(6), await place(6, from('GOLD'))];
    await receive(10, 'R1');
    for (const id of wake(ids)) await plan(id);
    expect(await has(ids)).toEqual([0, 4, 6]);
  });

  test('by requested date: to who wants it first; who names no day comes last', async () => {
    await open('requested-date');
    const wanted = (date: string) => ({ dates: [{ qualifier: '002', date }] });
    const ids = [await place(6), await place(6, wanted('2026-06-01')), await place(6, wanted('2026-05-01'))];
    await receive(10, 'R1');
    for (const id of wake(ids)) await plan(id);
    expect(await has(ids)).toEqual([0, 4, 6]);
  });

  test('by fair share: to all, in proportion to what they wait for', async () => {
    await open('fair-share');
    const ids = [await place(12), await place(6), await place(2)];
    await receive(10, 'R1');
    for (const id of wake(ids)) await plan(id);
    expect(await has(ids)).toEqual([6, 3, 1]);
    // The next receipt is shared by what is still waited for: 6, 3 and 1.
    await receive(5, 'R2', 'CENTRAL');
    for (const id of wake(ids)) await plan(id);
    expect((await has(ids)).reduce((sum, n) => sum + n, 0)).toBe(15);
    expect((await has(ids))[0]).toBe(9);
    await receive(20, 'R3');
    for (const id of wake(ids)) await plan(id);
    expect(await has(ids)).toEqual([12, 6, 2]);
    expect(await db()('stock_keep').sum('quantity as n').first()).toEqual({ n: '0' });
  });
});

test('the rule of an item goes before the one for all', async () => {
  await open('fair-share', 'item/NUT');
  const ids = [await place(6), await place(6)];
  await receive(6, 'R1');
  for (const id of ids.toReversed()) await plan(id);
  expect(await has(ids)).toEqual([6, 0]);
});

test('the rule of an item’s class goes before the one for all, and after that of the item', async () => {
  await open('age');
  await db()('item').where({ id: 'BOLT' }).update({ item_class: 'FASTENER' });
  const rule = (scope: string, by: string) =>
    db()('rule').insert({ kind: 'backorder-queue', scope, version: 1, body: JSON.stringify({ by }) });
  await rule('class/FASTENER', 'fair-share');
  const ids = [await place(6), await place(6)];
  await receive(6, 'R1');
  for (const id of ids) await plan(id);
  expect(await has(ids)).toEqual([3, 3]);
  await rule('item/BOLT', 'age');
  await receive(4, 'R2');
  for (const id of ids.toReversed()) await plan(id);
  expect(await has(ids)).toEqual([6, 4]);
});

/** The first three waited before; who was placed just before the receipt waits like them and shares it, who came after has nothing. */
function expectShared(had: readonly number[], received: number): void {
  const sharing = [...had.slice(0, 3), ...had.slice(3).filter((units) => units > 0)];
  expect(sharing.reduce((sum, units) => sum + units, 0)).toBe(received);
  expect(Math.max(...sharing) - Math.min(...sharing)).toBeLessThanOrEqual(1);
}

test.each(['age', 'priority', 'requested-date', 'fair-share'])(
  'by %s: a receipt, the orders that wait and new ones at the same moment: nobody jumps the queue',
  async (by) => {
    await open(by);
    for (let round = 0; round < 4; round += 1) {
      const ids = [await place(6), await place(6), await place(6)];
      const results = await Promise.all([
        receive(18, `${by}/${round}`),
        ...ids.toReversed().map(plan),
        place(6),
        place(6),
      ]);
      const late = results.slice(-2) as string[];
      const all = [...ids, ...late];
      for (const id of all.toReversed()) await plan(id);
      const had = await has(all);
      if (by === 'fair-share') expectShared(had, 18);
      else expect(had).toEqual([6, 6, 6, 0, 0]);
      await receive(12, `${by}/${round}/late`);
      for (const id of all.toReversed()) await plan(id);
      expect(await has(all)).toEqual([6, 6, 6, 6, 6]);
    }
  },
  60_000,
);

test('a node that is opened while a receipt is shared out elsewhere waits for it: nobody has two shares of one want', async () => {
  await open('fair-share');
  const ids = [await place(5), await place(5)];
  await db()('node').where({ id: 'EAST' }).update({ active: false });
  await receive(10, 'R1');
  const openEast = () =>
    db().transaction((tx) =>
      switchNode(tx, 'EAST', { active: true, person: 'olga', reason: 'dry again' }, addSeconds(NOW, 1800)),
    );
  let opening: Promise<unknown> = Promise.resolve();
  await db().transaction(async (tx) => {
    const move = { itemId: 'BOLT', nodeId: 'CENTRAL', usage: 'P', quantity: 10, reason: 'received' } as const;
    await moveStock(tx, [{ ...move, reference: 'R2' }], addSeconds(NOW, 1800));
    opening = openEast();
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  await opening;
  expect(await db()('stock_keep').sum('quantity as n').first()).toEqual({ n: '10' });
  for (const id of ids) await plan(id);
  expect(await has(ids)).toEqual([5, 5]);
});

test('a share whose order is cancelled goes to the others', async () => {
  await open('fair-share');
  const ids = [await place(6), await place(6)];
  await receive(6, 'R1');
  await db()('orders').where({ id: ids[0] }).update({ state: 'cancelled' });
  await receive(1, 'R2');
  await plan(ids[1] as string);
  expect(await has(ids)).toEqual([0, 6]);
  await db()('order_line').where({ order_id: ids[0] }).update({ cancelled: 6 });
  await db()('orders').where({ id: ids[0] }).update({ subtotal_minor: 0, total_minor: 0 });
});

describe('what is on hold keeps nobody waiting', () => {
  const hold = async (orderId: string, lineNumber: number | null): Promise<string> => {
    const applied = await db().transaction((tx) =>
      applyHold(
        tx,
        {
          orderId,
          lineNumber,
          type: 'manual',
          shipmentId: null,
          reason: 'the customer rang',
          person: 'clara',
          roles: ['customer-service'],
        },
        addSeconds(NOW, 2000),
      ),
    );
    if (applied.kind !== 'applied') throw new Error(applied.text);
    return applied.holdId;
  };
  const release = (holdId: string) =>
    db().transaction((tx) =>
      resolveHold(
        tx,
        { holdId, action: 'release', person: 'clara', roles: ['customer-service'], reason: 'all is well' },
        addSeconds(NOW, 2400),
      ),
    );
  const bolts = async (ids: readonly string[]) => {
    const rows = (await db()('order_line')
      .whereIn('order_id', ids)
      .where({ item_id: 'BOLT' })
      .select('order_id', 'reserved', 'released')) as {
      order_id: string;
      reserved: number;
      released: number;
    }[];
    return ids.map((id) => {
      const row = rows.find(({ order_id }) => order_id === id);
      return (row?.reserved ?? 0) + (row?.released ?? 0);
    });
  };
  /** Whose line of bolts is put on hold while its nuts wait on, or which is put on hold as a whole. */
  const twoLines = () => place(0, { lines: [line('BOLT', '6', '10.00'), line('NUT', '6', '0.0425')] });
  const scopes = [
    ['a line', 1],
    ['an order', null],
  ] as const;

  test.each(scopes)(
    '%s: those behind it have what comes, newcomers what is left; once it is free it is served at its place',
    async (_, of) => {
      await open('age');
      const first = await twoLines();
      const second = await place(4);
      const holdId = await hold(first, of);
      await receive(6, 'R1');
      for (const id of [first, second]) await plan(id);
      const third = await place(5);
      expect(await bolts([first, second, third])).toEqual([0, 4, 2]);
      await release(holdId);
      await receive(7, 'R2');
      for (const id of [third, first]) await plan(id);
      expect(await bolts([first, second, third])).toEqual([6, 4, 3]);
    },
  );

  test.each(scopes)('%s that is put on hold wakes those behind it', async (_, of) => {
    await open('age');
    const first = await place(0, {
      lines: [line('BOLT', '6', '10.00'), line('NUT', '6', '0.0425')],
      shipping: { shipComplete: 'order' },
    } as Partial<OrderRequest>);
    const second = await place(4);
    await receive(6, 'R1');
    for (const id of [first, second]) await plan(id);
    expect(await bolts([first, second])).toEqual([0, 0]);
    await db().raw('delete from graphile_worker._private_jobs');
    await hold(first, of);
    const { rows } = await db().raw(
      `select key from graphile_worker.jobs where task_identifier = 'signal-order'`,
    );
    expect((rows as { key: string }[]).some(({ key }) => key.includes(second))).toBe(true);
    await plan(second);
    expect(await bolts([first, second])).toEqual([0, 4]);
  });

  test('an order that its account stops wakes those behind it', async () => {
    await open('age');
    const first = await place(0, {
      lines: [line('BOLT', '6', '10.00'), line('NUT', '6', '0.0425')],
      shipping: { shipComplete: 'order' },
    } as Partial<OrderRequest>);
    const second = await place(4);
    await receive(6, 'R1');
    for (const id of [first, second]) await plan(id);
    expect(await bolts([first, second])).toEqual([0, 0]);
    await db().raw('delete from graphile_worker._private_jobs');
    await db()('credit_account').update({ limit_minor: 4_500 });
    await db().transaction((tx) => assessOrder(tx, first, addSeconds(NOW, 2000)));
    const { rows } = await db().raw(
      `select key from graphile_worker.jobs where task_identifier = 'signal-order'`,
    );
    expect((rows as { key: string }[]).some(({ key }) => key.includes(second))).toBe(true);
    await plan(second);
    expect(await bolts([first, second])).toEqual([0, 4]);
  });

  test.each(scopes)(
    '%s: its share goes to the others and is not there a second time when it is free',
    async (_, of) => {
      await open('fair-share');
      const first = await twoLines();
      const second = await place(6);
      await receive(6, 'R1');
      const holdId = await hold(first, of);
      await plan(second);
      expect(await bolts([first, second])).toEqual([0, 6]);
      await release(holdId);
      expect(await reconcileRecord(db())).toEqual([]);
      await plan(first);
      expect(await bolts([first, second])).toEqual([0, 6]);
      await receive(6, 'R2');
      await plan(first);
      expect(await bolts([first, second])).toEqual([6, 6]);
    },
  );
});

describe('who asks for more by a change does not jump the queue', () => {
  const nuts = line('NUT', '6', '0.0425', { buyerLineNumber: '1' });
  const bolts = (quantity: number) => line('BOLT', String(quantity), '10.00', { buyerLineNumber: '1' });
  async function change(
    po: string,
    lines: NonNullable<Parameters<typeof changeOf>[1]>['lines'],
  ): Promise<void> {
    clock += 1;
    const now = addSeconds(NOW, clock);
    const request = purchaseOrder([], { channel: 'api', purchaseOrderNumber: po });
    await db().transaction(async (tx) => {
      const got = await receiveOrderChange(tx, changeOf(request, { ...(lines && { lines }) }), now);
      if (got.kind !== 'recorded') throw new Error(got.kind);
      const outcome = await applyOrderChange(tx, got.changeId, now);
      expect(outcome).toMatchObject({ kind: 'applied' });
    });
  }
  const ofPo = (purchaseOrderNumber: string, lines: OrderRequest['lines']) =>
    place(0, { purchaseOrderNumber, lines });
  const boltsOf = async (ids: readonly string[]) => {
    const rows = (await db()('order_line')
      .whereIn('order_id', ids)
      .where({ item_id: 'BOLT' })
      .select('order_id', db().raw('(reserved + released)::int as has'))) as {
      order_id: string;
      has: number;
    }[];
    return ids.map((id) => rows.filter((row) => row.order_id === id).reduce((sum, { has }) => sum + has, 0));
  };

  test.each([
    ['more of a line', [grows(bolts(6), 16)]],
    ['a line that is added', [adds(bolts(10))]],
  ])('%s: those who wait by then come first, those who come later do not', async (_, more) => {
    await open('age');
    await receive(6, 'R0');
    const lines = more[0]?.kinds.includes('add') ? [nuts] : [bolts(6)];
    const first = await ofPo('PO-FIRST', lines);
    const second = await place(4 + (more[0]?.kinds.includes('add') ? 6 : 0));
    await change('PO-FIRST', more);
    const third = await place(5);
    const before = await boltsOf([first, second, third]);
    expect(before).toEqual(more[0]?.kinds.includes('add') ? [0, 6, 0] : [6, 0, 0]);
    await receive(7, 'R1');
    for (const id of [third, first, second]) await plan(id);
    expect(await boltsOf([first, second, third])).toEqual(
      before.map((had, at) => had + ([3, 4, 0][at] as number)),
    );
  });

  test('less, another price or another day leaves it where it is', async () => {
    await open('age');
    const first = await ofPo('PO-FIRST', [bolts(6)]);
    const second = await place(4);
    await change('PO-FIRST', [{ ...grows(bolts(6), 5), changeCode: 'QD' }]);
    await receive(7, 'R1');
    for (const id of [second, first]) await plan(id);
    expect(await boltsOf([first, second])).toEqual([5, 2]);
  });
});
