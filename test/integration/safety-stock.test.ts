import { planShipments } from '../../application/fulfilment/plan-shipments';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import { keepStock } from '../../application/stock/keep-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { showAvailability } from '../../application/stock/show-availability';
import { wakeForSafetyStock } from '../../application/stock/wake-for-safety-stock';
import { addSeconds } from '../../domain/shared/dates';
import { type ApiServer, keys, seedCompany as seedApiCompany, startApi } from '../support/api-ground';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 8 });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const later = (seconds: number) => addSeconds(NOW, seconds);
async function rule(scope: string, units: number | null, validFrom: string | null = null): Promise<void> {
  const body = units === null ? null : { units };
  const saved = await db().transaction((tx) =>
    saveRule(tx, { kind: 'safety-stock', scope, body, validFrom, note: '', person: 'olga', basedOn: null }),
  );
  if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved));
}
async function place(quantity: number, seconds: number): Promise<string> {
  const request = purchaseOrder([line('BOLT', String(quantity), '10.00')], { channel: 'api' });
  const result = await db().transaction((tx) => placeOrder(tx, request, later(seconds)));
  if (result.kind !== 'placed') throw new Error(result.kind);
  return result.orderId;
}
const reservedOf = async (orderId: string) =>
  (await db()('order_line').where({ order_id: orderId }).first('reserved', 'ordered')) as {
    reserved: number;
    ordered: number;
  };
const shown = async (now = NOW) => {
  const [bolt] = await showAvailability(db(), ['BOLT'], { usage: 'P', now, viewer: null });
  return bolt?.nodes.map(({ nodeId, safety, safetyRule, dates }) => ({
    nodeId,
    safety,
    by: safetyRule && `${safetyRule.scope} v${safetyRule.version}`,
    available: dates[0]?.available,
  }));
};
const jobs = async () =>
  (
    await db().raw(
      `select key, run_at > now() + interval '1 hour' as later from graphile_worker.jobs where task_identifier = 'look-at-safety-stock' order by key`,
    )
  ).rows as { key: string; later: boolean }[];

test('what a rule keeps back is promised to nobody, the most specific one counts, and what can be promised says which', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 10, EAST: 10 } } });
  await db()('stock').where({ item_id: 'BOLT', node_id: 'EAST' }).update({ safety: 1 });
  expect(await shown()).toEqual([
    { nodeId: 'CENTRAL', safety: 0, by: null, available: 10 },
    { nodeId: 'EAST', safety: 1, by: null, available: 9 },
  ]);
  await rule('*', 2);
  await rule('item/BOLT at CENTRAL', 6);
  await rule('item/BOLT at CENTRAL', 7);
  expect(await shown()).toEqual([
    { nodeId: 'CENTRAL', safety: 7, by: 'item/BOLT at CENTRAL v2', available: 3 },
    { nodeId: 'EAST', safety: 2, by: '* v1', available: 8 },
  ]);
  // Eleven are there beyond it: the twelfth waits.
  expect(await reservedOf(await place(12, 1))).toEqual({ ordered: 12, reserved: 11 });
  const level = await db()('stock').where({ item_id: 'BOLT' }).orderBy('node_id').select('reserved');
  expect(level).toEqual([{ reserved: 3 }, { reserved: 8 }]);
});

test('a rule that keeps back more leaves what is reserved; what a smaller one sets free goes to those who wait', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 10 } } });
  const first = await place(4, 1);
  await rule('class/NONE', 1000);
  await rule('item/BOLT', 8);
  expect(await reservedOf(first)).toMatchObject({ reserved: 4 });
  expect(await shown()).toMatchObject([{ nodeId: 'CENTRAL', safety: 8, available: 0 }]);
  const waits = await place(5, 2);
  expect(await reservedOf(waits)).toMatchObject({ reserved: 0 });
  await db()('orders').where({ id: waits }).update({ state: 'confirmed' });

  await rule('item/BOLT', 3);
  expect(await db().transaction((tx) => wakeForSafetyStock(tx, 'item/BOLT', later(3)))).toBe(1);
  const woken = await db().raw(
    `select key from graphile_worker.jobs where task_identifier = 'signal-order' and key = ?`,
    [`signal-order/${waits}`],
  );
  expect(woken.rows).toHaveLength(1);
  await db().transaction((tx) => planShipments(tx, waits, later(4)));
  const { rows } = await db().raw('select reserved + released as has from order_line where order_id = ?', [
    waits,
  ]);
  expect(rows).toEqual([{ has: 3 }]);
  // Nobody waits for what another rule is about.
  expect(await db().transaction((tx) => wakeForSafetyStock(tx, 'class/NONE', later(5)))).toBe(0);
  expect(await db().transaction((tx) => wakeForSafetyStock(tx, '* at EAST', later(5)))).toBe(0);
});

test('a rule of next month counts next month, and wakes those who wait on its day', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 10 } } });
  await rule('item/BOLT', 4);
  await rule('item/BOLT', 0, new Date(Date.now() + 30 * 86_400_000).toISOString());
  expect(await shown()).toMatchObject([{ safety: 4, by: 'item/BOLT v1' }]);
  expect(await reservedOf(await place(10, 1))).toMatchObject({ reserved: 6 });
  expect((await jobs()).map((job) => job.later)).toEqual([true, false]);
});

test('what is shared fairly and what is kept for a customer leave it untouched', async () => {
  await seedCompany(db(), { stock: { BOLT: { CENTRAL: 0 } } });
  await db()('rule').insert({
    kind: 'backorder-queue',
    scope: '*',
    version: 1,
    body: JSON.stringify({ by: 'fair-share' }),
  });
  const [a, b] = [await place(6, 1), await place(6, 2)];
  await db()('orders').whereIn('id', [a, b]).update({ state: 'confirmed' });
  await rule('*', 4);
  await db()('stock').where({ item_id: 'BOLT', node_id: 'CENTRAL' }).update({ on_hand: 10 });
  await db().transaction((tx) => wakeForSafetyStock(tx, '*', later(3)));
  const shares = await db()('stock_keep').where({ kind: 'order' }).orderBy('id').pluck('quantity');
  expect(shares).toEqual([3, 3]);
  const keep = await db().transaction((tx) =>
    keepStock(
      tx,
      {
        for: { kind: 'customer', customerId: 'ACME' },
        itemId: 'BOLT',
        nodeId: 'CENTRAL',
        usage: 'P',
        quantity: 1,
        until: null,
        reason: 'May',
        person: 'olga',
      },
      later(4),
    ),
  );
  expect(keep).toMatchObject({ kind: 'refused' });
});

describe('over the API', () => {
  let api: ApiServer;
  beforeEach(async () => {
    await seedApiCompany(db());
    await db()('api_key')
      .where({ name: keys.operations })
      .update({ scopes: db().raw(`scopes || array['rules:read', 'rules:write']`) });
    api = await startApi(db());
  });
  afterEach(() => api.close());

  const save = (scope: string, body: object) =>
    api.post('/api/v1/rules/safety-stock', { scope, body, note: 'spring' }, keys.operations);

  test('is a rule like others: what is not known is refused by name, and the levels and buyers’ figures follow it', async () => {
    expect((await save('item/NOTHING', { units: 5 })).status).toBe(400);
    expect((await save('item/WIDGET at MARS', { units: 5 })).status).toBe(400);
    expect((await save('WIDGET', { units: 5 })).status).toBe(400);
    expect((await save('item/WIDGET', { units: -1 })).status).toBe(400);
    expect((await save('item/WIDGET at DAL', { units: 25 })).status).toBe(201);
    const { body } = await api.get('/api/v1/inventory?item=WIDGET', keys.operations);
    expect(
      body.items.map((one: { node: { id: string }; safety: number; available: number }) => [
        one.node.id,
        one.safety,
        one.available,
      ]),
    ).toEqual([
      ['CHI', 0, 1000],
      ['DAL', 25, 15],
    ]);
    const staff = (await api.get('/api/v1/availability?items=WIDGET&node=DAL', keys.operations)).body;
    expect(staff.items[0].nodes[0]).toMatchObject({
      safety: 25,
      safetyRule: { scope: 'item/WIDGET at DAL', version: 1 },
    });
    const buyer = (await api.get('/api/v1/availability?items=WIDGET', keys.umbrella)).body;
    expect(buyer.items[0].dates[0].available).toBe(1015);
    expect(JSON.stringify(buyer)).not.toContain('safety');
  });
});
