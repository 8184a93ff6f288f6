import { shareOut } from '../../application/backorder/share-out';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { expectStock } from '../../application/stock/expect-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db(), { stock: { BOLT: { EAST: 0, WEST: 0 } } });
  const west = { name: 'shop-from-west', when: { channel: 'api' }, sequence: [['WEST']] };
  await rule('sourcing', 'live', { rules: [west] });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

async function rule(kind: string, scope: string, body: unknown): Promise<void> {
  const saved = await db().transaction((tx) =>
    saveRule(tx, { kind, scope, body, validFrom: null, note: 'a test', person: 'olga', basedOn: null }),
  );
  expect(saved).toMatchObject({ kind: 'saved' });
}

async function waits(channel: 'api' | 'edi', quantity: string): Promise<string> {
  const request = purchaseOrder([line('BOLT', quantity, '10.00')], { channel });
  const result = await db().transaction((tx) => placeOrder(tx, request, NOW));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return result.orderId;
}
const comesIn = async (node: string, quantity: number) => {
  await db()('stock').where({ item_id: 'BOLT', node_id: node }).increment('on_hand', quantity);
  await db().transaction((tx) => shareOut(tx, ['BOLT'], 'P', NOW));
};
const keeps = async () =>
  (
    (await db()('stock_keep as k')
      .join('order_line as l', 'l.id', 'k.order_line_id')
      .join('orders as o', 'o.id', 'l.order_id')
      .orderBy(['o.channel', 'k.node_id', 'k.id'])
      .select('o.channel', 'k.node_id', 'k.quantity')) as {
      channel: string;
      node_id: string;
      quantity: number;
    }[]
  ).map((row) => `${row.channel}: ${Number(row.quantity)} ${row.node_id}`);
const planned = (orderId: string) => db().transaction((tx) => planShipments(tx, orderId, NOW));
const promisedOn = async (orderId: string) =>
  (
    (await db()('order_line').where({ order_id: orderId }).first('promised_on')) as {
      promised_on: string | null;
    }
  ).promised_on;
const expects = (number: string, nodeId: string, expectedOn: string, quantity: number) =>
  db().transaction((tx) =>
    expectStock(
      tx,
      {
        number,
        nodeId,
        usage: 'P',
        kind: 'purchase',
        source: 'Mill',
        expectedOn,
        lines: [{ itemId: 'BOLT', quantity }],
      },
      'olga',
      NOW,
    ),
  );

test('what comes in is shared among those who may have it from there, and kept for nobody who may not', async () => {
  await rule('backorder-queue', '*', { by: 'fair-share' });
  const shop = await waits('api', '10');
  const partner = await waits('edi', '10');
  await comesIn('EAST', 12);
  expect(await keeps()).toEqual(['edi: 10 EAST']);
  await comesIn('WEST', 6);
  expect(await keeps()).toEqual(['api: 6 WEST', 'edi: 10 EAST']);
  expect(await planned(partner)).toHaveLength(1);
  expect(await planned(shop)).toHaveLength(1);
  const shipped = (await db()('shipment').orderBy('node_id').pluck('node_id')) as string[];
  expect(shipped).toEqual(['EAST', 'WEST']);
});

test('a line is promised for the day on which something comes where it may have it from', async () => {
  const shop = await waits('api', '10');
  const partner = await waits('edi', '10');
  await expects('PUR1', 'EAST', '2026-03-09', 30);
  await planned(shop);
  await planned(partner);
  expect([await promisedOn(shop), await promisedOn(partner)]).toEqual([null, '2026-03-09']);
  await expects('PUR2', 'WEST', '2026-03-20', 10);
  await planned(shop);
  await planned(partner);
  expect([await promisedOn(shop), await promisedOn(partner)]).toEqual(['2026-03-20', '2026-03-09']);
});
