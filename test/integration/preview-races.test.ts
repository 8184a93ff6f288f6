import { previewChange } from '../../application/change/preview-change';
import { lockCreditAccount } from '../../application/credit/check-credit';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { lockOrder } from '../../application/order/order-record';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { Tx } from '../../db/connection';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { grows, SourcingDesk } from '../support/sourcing-desk';

let database: TestDatabase;
const db = () => database.db;
const desk = new SourcingDesk(db);
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 24 });
  await seedCompany(db());
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const bolts = line('BOLT', '8', '10.00');
const request = () => purchaseOrder([bolts]);
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Somebody has it until they are told to let go. */
function having(take: (tx: Tx) => Promise<unknown>) {
  let letGo = () => {};
  const told = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let taken = () => {};
  const has = new Promise<void>((resolve) => {
    taken = resolve;
  });
  const done = db().transaction(async (tx) => {
    await take(tx);
    taken();
    await told;
  });
  return { has, end: () => (letGo(), done) };
}

test.each([
  ['its credit account', (tx: Tx) => lockCreditAccount(tx, 'CA-ACME')],
  ['its stock', (tx: Tx) => tx('stock').where({ item_id: 'BOLT' }).forUpdate().select('item_id')],
] as const)(
  'a preview that others keep from %s says so soon, and the order is theirs to go on with meanwhile',
  async (_, take) => {
    const of = request();
    const orderId = await desk.placed(of);
    const preview = () => previewChange(db(), orderId, changeOf(of, { lines: [grows(bolts, 9)] }), NOW);
    const other = having(take);
    await other.has;
    const running = preview();
    // Who writes the order waits for no more than what is left of a moment.
    for (let round = 0; round < 5; round += 1) {
      await after(60);
      await db().transaction(async (tx) => {
        await tx.raw(`set local lock_timeout = '1s'`);
        await lockOrder(tx, orderId);
      });
    }
    expect(await running).toMatchObject({ kind: 'busy', text: expect.stringContaining('try again') });
    await other.end();
    expect(await preview()).toMatchObject({ kind: 'preview' });
  },
  30_000,
);

test('a preview gives way for a moment and then is computed', async () => {
  const of = request();
  const orderId = await desk.placed(of);
  const other = having((tx) => lockCreditAccount(tx, 'CA-ACME'));
  await other.has;
  const running = previewChange(db(), orderId, changeOf(of, { lines: [grows(bolts, 9)] }), NOW);
  await after(400);
  await other.end();
  expect(await running).toMatchObject({ kind: 'preview' });
});

test('many who want to know keep no order of their account from being placed, changed or planned', async () => {
  const before = [request(), request(), request(), request()];
  const ids = await Promise.all(before.map((one) => desk.placed(one)));
  let asking = true;
  const heard: string[] = [];
  const curious = Array.from({ length: 8 }, async (_, at) => {
    const of = before[at % 4] as (typeof before)[number];
    while (asking) {
      const change = changeOf(of, { lines: [grows(bolts, 9 + at)] });
      heard.push((await previewChange(db(), ids[at % 4] as string, change, NOW)).kind);
    }
  });
  const changes = await Promise.all(before.map((one) => desk.asked(one, { lines: [grows(bolts, 12)] })));
  const real = await Promise.all([
    ...Array.from({ length: 8 }, async () => (await desk.place(request())).kind),
    ...changes.map(async (id) => (await desk.decided(id)).kind),
    ...ids.map(async (id) => {
      await db().transaction((tx) => planShipments(tx, id, NOW));
      return 'planned';
    }),
  ]);
  asking = false;
  await Promise.all(curious);
  expect(real.filter((kind) => !['placed', 'applied', 'planned'].includes(kind))).toEqual([]);
  expect(heard.filter((kind) => kind !== 'preview' && kind !== 'busy')).toEqual([]);
  // Nothing of what was only asked for is in the record.
  const ordered = (await db()('order_line').orderBy('ordered').pluck('ordered')) as number[];
  expect(ordered).toEqual([...Array(8).fill(8), ...Array(4).fill(12)]);
}, 60_000);
