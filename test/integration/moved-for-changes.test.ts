import { planShipments } from '../../application/fulfilment/plan-shipments';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderRequest } from '../../domain/order/order-request';
import { line, NOW, purchaseOrder, seedCompany, seedCustomer } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { adds, grows, SourcingDesk } from '../support/sourcing-desk';

let database: TestDatabase;
const db = () => database.db;
const desk = new SourcingDesk(db);
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const bolts = line('BOLT', '8', '10.00');
const nuts = line('NUT', '5', '0.0425');
const EAST_FIRST = { name: 'east-first', when: {}, sequence: [['EAST'], ['WEST'], ['CENTRAL']] };
const single = { singleNode: true, infeasibleSourcing: 'backorder' };

async function comes(itemId: string, nodeId: string, quantity: number, on: string): Promise<void> {
  await db()('inbound_stock').insert({
    number: `${itemId}-${nodeId}`,
    kind: 'purchase',
    source: 'a supplier',
    item_id: itemId,
    node_id: nodeId,
    usage: 'P',
    quantity,
    expected_on: on,
    said_by: 'olga',
    said_at: NOW,
  });
}
const planned = (orderId: string) => db().transaction((tx) => planShipments(tx, orderId, NOW));

describe('of an order that comes from one node a line waits, and another one grows beyond what lies there', () => {
  /** Eight bolts lie at EAST, where no nut is; WEST has bolts for more. */
  const begin = async (): Promise<{ request: OrderRequest; orderId: string }> => {
    await seedCompany(db(), {
      stock: { BOLT: { EAST: 10, WEST: 30 }, NUT: { EAST: 0, WEST: 0 } },
      policy: single,
    });
    await desk.liveRules([EAST_FIRST]);
    const request = purchaseOrder([bolts, nuts]);
    const orderId = await desk.placed(request);
    expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST']);
    return { request, orderId };
  };

  test('it moves where nothing is known to come of what waits', async () => {
    const { request, orderId } = await begin();
    expect((await desk.changed(request, grows(bolts, 20))).kind).toBe('applied');
    expect(await desk.reserved(orderId)).toEqual(['20 BOLT WEST']);
  });

  test('it moves where what waits comes there no later, and takes that when it has come', async () => {
    const { request, orderId } = await begin();
    await comes('NUT', 'EAST', 50, '2026-03-09');
    await comes('NUT', 'WEST', 50, '2026-03-09');
    expect((await desk.changed(request, grows(bolts, 20))).kind).toBe('applied');
    expect(await desk.reserved(orderId)).toEqual(['20 BOLT WEST']);
    await db()('stock').where({ item_id: 'NUT' }).update({ on_hand: 50 });
    await planned(orderId);
    expect(await desk.reserved(orderId)).toEqual(['20 BOLT WEST', '5 NUT WEST']);
  });

  test('it stays where what waits would come there later, or never', async () => {
    const { request, orderId } = await begin();
    await comes('NUT', 'EAST', 50, '2026-03-09');
    expect((await desk.changed(request, grows(bolts, 20))).kind).toBe('applied');
    // What is there is taken, and the rest waits beside the nuts.
    expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
    await comes('NUT', 'WEST', 50, '2026-03-10');
    expect((await desk.changed(request, grows(bolts, 21))).kind).toBe('applied');
    expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
  });

  test('it stays where others wait for what comes there', async () => {
    const { request, orderId } = await begin();
    await seedCustomer(db(), 'BETA');
    await db()('customer')
      .where({ id: 'BETA' })
      .update({ policy: JSON.stringify({ customerClass: 'west' }) });
    await desk.liveRules([
      EAST_FIRST,
      { name: 'west', when: { customerClass: 'west' }, sequence: [['WEST']] },
    ]);
    const older = line('NUT', '48', '0.0425');
    await desk.placed(purchaseOrder([older], { customerId: 'BETA', partnerId: 'BETA-EDI' }));
    await db()('orders').where({ customer_id: 'BETA' }).update({ placed_at: '2026-03-01T00:00:00Z' });
    await comes('NUT', 'EAST', 50, '2026-03-09');
    await comes('NUT', 'WEST', 50, '2026-03-09');
    // Of the fifty at WEST two are left for it.
    await desk.changed(request, grows(bolts, 20));
    expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
  });

  test('it stays where a share of what came in is kept for the line that waits', async () => {
    const { request, orderId } = await begin();
    const waiting = (await db()('order_line').where({ order_id: orderId, item_id: 'NUT' }).first('id')) as {
      id: string;
    };
    await db()('stock').where({ item_id: 'NUT', node_id: 'EAST' }).update({ on_hand: 2 });
    const share = { item_id: 'NUT', node_id: 'EAST', usage: 'P', kept: 2, quantity: 2 };
    await db()('stock_keep').insert({
      ...share,
      kind: 'order',
      order_line_id: waiting.id,
      reason: 'its share of 2',
      kept_by: 'hub',
      kept_at: NOW,
    });
    await desk.changed(request, grows(bolts, 20));
    expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
  });

  test('it stays where its rule lets what waits come from nowhere else', async () => {
    const { request, orderId } = await begin();
    await db()('item').where({ id: 'NUT' }).update({ item_class: 'local' });
    await desk.liveRules([EAST_FIRST, { name: 'local', when: { itemClass: 'local' }, sequence: [['EAST']] }]);
    await desk.changed(request, grows(bolts, 20));
    expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
  });

  test('an order that ships complete stays whatever could be had elsewhere', async () => {
    const { request, orderId } = await begin();
    await db()('customer').update({ policy: JSON.stringify({ ...single, shipComplete: true }) });
    await desk.changed(request, grows(bolts, 20));
    expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST']);
  });
});

test('a line that waits itself moves with what it has when it grows', async () => {
  await seedCompany(db(), { stock: { BOLT: { EAST: 10, WEST: 4 } }, policy: single });
  await desk.liveRules([EAST_FIRST]);
  const twelve = line('BOLT', '12', '10.00');
  const request = purchaseOrder([twelve]);
  const orderId = await desk.placed(request);
  expect(await desk.reserved(orderId)).toEqual(['10 BOLT EAST']);
  await db()('stock').where({ node_id: 'WEST' }).update({ on_hand: 40 });
  expect((await desk.changed(request, grows(twelve, 15))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['15 BOLT WEST']);
});

test('of a maximum of shipments none that a line waits for is used up by moving', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 10, WEST: 6, CENTRAL: 6 }, NUT: { CENTRAL: 0 }, WASHER: { EAST: 24 } },
    policy: { maximumShipments: 2, infeasibleSourcing: 'reject' },
  });
  await desk.liveRules([EAST_FIRST]);
  await comes('NUT', 'CENTRAL', 50, '2026-03-09');
  const request = purchaseOrder([bolts, nuts, line('WASHER', '12', '2.50')]);
  const orderId = await desk.placed(request);
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST', '12 WASHER EAST']);
  // Two shipments would do for the bolts, and none were left for the nuts that come to a third node.
  expect((await desk.changed(request, grows(bolts, 20))).kind).toBe('refused');
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST', '12 WASHER EAST']);
});

test('what an order has is its own when it moves, whoever waits for the like', async () => {
  await seedCompany(db(), {
    stock: { BOLT: { EAST: 8 }, NUT: { WEST: 5, CENTRAL: 5 }, WASHER: { CENTRAL: 24 } },
    policy: { maximumShipments: 2, infeasibleSourcing: 'reject' },
  });
  await seedCustomer(db(), 'BETA');
  await desk.liveRules([EAST_FIRST]);
  const request = purchaseOrder([bolts, nuts]);
  const orderId = await desk.placed(request);
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST', '5 NUT WEST']);
  await desk.placed(
    purchaseOrder([line('BOLT', '100', '9.00')], { customerId: 'BETA', partnerId: 'BETA-EDI' }),
  );
  expect((await desk.changed(request, adds(line('WASHER', '12', '2.50'), '3'))).kind).toBe('applied');
  expect(await desk.reserved(orderId)).toEqual(['8 BOLT EAST', '5 NUT CENTRAL', '12 WASHER CENTRAL']);
});
