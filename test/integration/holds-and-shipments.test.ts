import { planShipments } from '../../application/fulfilment/plan-shipments';
import { applyHold } from '../../application/hold/apply-hold';
import { resolveHold } from '../../application/hold/resolve-hold';
import { expireHold } from '../../application/hold/time-out-hold';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderAnswer } from '../../domain/order/answers';
import { ChangeDesk, poc } from '../support/change-desk';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);
beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db());
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const twoLines = () => purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '100', '0.0425')]);
async function held(orderId: string, where: { lineNumber?: number; shipmentId?: string } = {}) {
  const applied = await db().transaction((tx) =>
    applyHold(
      tx,
      {
        orderId,
        type: 'manual',
        lineNumber: where.lineNumber ?? null,
        shipmentId: where.shipmentId ?? null,
        reason: 'the goods are looked at',
        person: 'clara',
        roles: ['customer-service'],
      },
      NOW,
    ),
  );
  if (applied.kind !== 'applied') throw new Error(applied.text);
  return applied.holdId;
}
const decide = (holdId: string, action: 'release' | 'reject') =>
  db().transaction((tx) =>
    resolveHold(tx, { holdId, action, person: 'clara', roles: ['customer-service'], reason: 'damaged' }, NOW),
  );
const plan = (orderId: string) => db().transaction((tx) => planShipments(tx, orderId, NOW));
const linesOf = async (orderId: string) =>
  (
    (await db()('order_line').where({ order_id: orderId }).orderBy('line_number')) as {
      cancelled: number;
      reserved: number;
      released: number;
    }[]
  ).map(({ cancelled, reserved, released }) => ({ cancelled, reserved, released }));
const shipmentsOf = (orderId: string) =>
  db()('shipment').where({ order_id: orderId }).orderBy('sequence').pluck('state') as Promise<string[]>;
const orderOf = (orderId: string) => db()('orders').where({ id: orderId }).first('state', 'total_minor');
const lastAnswer = async (orderId: string) =>
  (await desk.documents<OrderAnswer>(orderId, '855'))
    .at(-1)
    ?.lines.map(({ statuses }) => statuses.map(({ code, quantity }) => `${code} ${quantity}`));
const inTwoShipments = async () => {
  await db()('stock').where({ item_id: 'BOLT' }).update({ on_hand: 6 });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const [first = '', second = ''] = await plan(orderId);
  return { request, orderId, first, second };
};

describe('a hold that is rejected after its shipment was planned', () => {
  test('takes the order back before anything leaves: no goods go out that somebody has refused', async () => {
    const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')]));
    await plan(orderId);
    await decide(await held(orderId), 'reject');
    expect(await shipmentsOf(orderId)).toEqual(['cancelled']);
    expect(await linesOf(orderId)).toEqual([{ cancelled: 10, reserved: 0, released: 0 }]);
    expect(await orderOf(orderId)).toEqual({ state: 'cancelled', total_minor: 0 });
    expect(await lastAnswer(orderId)).toEqual([['IR 10']]);
  });

  test('takes its line out of the shipment; the other line is planned anew and leaves', async () => {
    const orderId = await desk.answered(twoLines());
    await plan(orderId);
    await decide(await held(orderId, { lineNumber: 2 }), 'reject');
    expect(await linesOf(orderId)).toEqual([
      { cancelled: 0, reserved: 10, released: 0 },
      { cancelled: 100, reserved: 0, released: 0 },
    ]);
    expect(await lastAnswer(orderId)).toEqual([['IA 10'], ['IR 100']]);
    await plan(orderId);
    expect(await shipmentsOf(orderId)).toEqual(['cancelled', 'planned']);
    expect(await linesOf(orderId)).toMatchObject([{ released: 10 }, { cancelled: 100 }]);
  });

  test('of one shipment takes what is in it and leaves the other one alone', async () => {
    const { orderId, first } = await inTwoShipments();
    await decide(await held(orderId, { shipmentId: first }), 'reject');
    expect(await shipmentsOf(orderId)).toEqual(['cancelled', 'planned']);
    expect(await linesOf(orderId)).toEqual([{ cancelled: 6, reserved: 0, released: 4 }]);
    expect(await orderOf(orderId)).toEqual({ state: 'confirmed', total_minor: 4_000 });
    expect(await lastAnswer(orderId)).toEqual([expect.arrayContaining(['IA 4'])]);
  });

  test('by its expiry is the same', async () => {
    const orderId = await desk.answered(twoLines());
    await plan(orderId);
    const holdId = await held(orderId, { lineNumber: 1 });
    await db()('hold').where({ id: holdId }).update({ expires_at: NOW });
    await db().transaction((tx) => expireHold(tx, holdId, NOW));
    expect(await shipmentsOf(orderId)).toEqual(['cancelled']);
    expect(await linesOf(orderId)).toMatchObject([{ cancelled: 10 }, { reserved: 100 }]);
  });

  test('of a shipment that its warehouse was asked for is not rejected in silence', async () => {
    const { orderId, first } = await inTwoShipments();
    const holdId = await held(orderId, { shipmentId: first });
    await db()('external_call').insert({
      order_id: orderId,
      operation: 'release',
      idempotency_key: `order/${orderId}/release/${first}/1`,
      counterparty: 'wms-CENTRAL',
      request: '{}',
    });
    expect(await decide(holdId, 'reject')).toMatchObject({
      code: 'not-releasable',
      text: expect.stringContaining('at its warehouse') as string,
    });
    await db()('hold').where({ id: holdId }).update({ expires_at: NOW });
    await db().transaction((tx) => expireHold(tx, holdId, NOW));
    expect(await db()('hold').where({ id: holdId }).first('status')).toEqual({ status: 'open' });
    expect(await db()('exception').where({ kind: 'hold-overdue', order_id: orderId })).toHaveLength(1);
  });
});

describe('a shipment on hold that is taken back for a change', () => {
  test('leaves its hold with its goods: planned anew they would have left', async () => {
    const { request, orderId, first } = await inTwoShipments();
    const holdId = await held(orderId, { shipmentId: first });
    await desk.change(request, { lines: [poc('QD', ['quantity'], line('BOLT', '8', '10.00'))] });
    expect(await shipmentsOf(orderId)).toEqual(['cancelled', 'cancelled']);
    expect(await desk.openHolds(orderId)).toMatchObject([{ id: holdId, line_number: 1, shipment_id: null }]);
    expect(await plan(orderId)).toEqual([]);
    await decide(holdId, 'release');
    await plan(orderId);
    expect(await linesOf(orderId)).toEqual([{ cancelled: 0, reserved: 0, released: 8 }]);
    expect((await readProgress(db(), orderId)).openHolds).toEqual([]);
  });

  test('has each of its lines on hold, but the one that was deleted', async () => {
    const request = purchaseOrder([
      line('BOLT', '10', '10.00'),
      line('NUT', '100', '0.0425'),
      line('BOLT', '5', '10.00'),
    ]);
    const orderId = await desk.answered(request);
    const [shipmentId = ''] = await plan(orderId);
    await held(orderId, { shipmentId });
    await desk.change(request, {
      lines: [poc('DI', ['delete'], { ...line('NUT', '0'), buyerLineNumber: '2' })],
    });
    const open = await desk.openHolds(orderId);
    expect(new Set(open.map((hold) => hold.line_number))).toEqual(new Set([1, 3]));
    expect((await orderOf(orderId))?.state).toBe('held');
  });

  test('that is rolled back keeps its hold where it was', async () => {
    const { request, orderId, first } = await inTwoShipments();
    await held(orderId, { shipmentId: first });
    await desk.change(request, { lines: [poc('PC', ['price'], line('BOLT', '10', '5.00'))] });
    expect(await shipmentsOf(orderId)).toEqual(['planned', 'planned']);
    const own = (await desk.openHolds(orderId)).filter((hold) => hold.change_id === null);
    expect(own).toMatchObject([{ line_number: null, shipment_id: first }]);
  });
});

test('a cancellation that comes too late for one line ends the hold of the other, which is cancelled', async () => {
  const request = twoLines();
  const orderId = await desk.answered(request);
  await held(orderId, { lineNumber: 2 });
  const shipmentId = await desk.atTheWarehouse(orderId);
  await db()('shipment').where({ id: shipmentId }).update({ recall_requested_at: NOW });
  expect(await desk.change(request, { purpose: 'cancel', lines: [] })).toMatchObject({
    kind: 'partly-applied',
  });
  expect(await linesOf(orderId)).toMatchObject([{ released: 10 }, { cancelled: 100 }]);
  expect(await desk.openHolds(orderId)).toEqual([]);
});
