import { planShipments } from '../../application/fulfilment/plan-shipments';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { buildRelease, recordRecall, recordRelease } from '../../application/fulfilment/release-shipment';
import { keepCancelAfter } from '../../application/order/close-order';
import { planInTime } from '../../application/order/plan-in-time';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { OrderAnswer } from '../../domain/order/answers';
import { ChangeDesk } from '../support/change-desk';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

const AFTER = '2026-03-20T12:00:00.000Z';
const lastDay = { dates: [{ qualifier: '001', date: '2026-03-10' }] };

let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);
beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db(), { stock: { BOLT: { EAST: 100, WEST: 100 }, NUT: { EAST: 100 } } });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const planned = (orderId: string, now = NOW) => db().transaction((tx) => planShipments(tx, orderId, now));
const reserved = async () => Number((await db()('stock').sum('reserved as units').first())?.['units']);
const bolts = (orderId: string) => db()('order_line').where({ order_id: orderId, item_id: 'BOLT' }).first();

test('what is picked short after the last day of its order is cancelled: no other node ships it for a buyer who takes nothing any more', async () => {
  const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')], lastDay));
  const shipmentId = await desk.atTheWarehouse(orderId);
  const release = await buildRelease(db(), shipmentId);
  const body = {
    eventId: 'late',
    releaseNumber: release.releaseNumber,
    nodeId: release.nodeId,
    shippedAt: '2026-03-10T16:00:00Z',
    lines: [{ lineNumber: 1, shipped: 6 }],
    packages: [],
  };
  const event = { counterparty: 'wms', eventId: body.eventId, kind: 'shipment.confirmed', body };
  await db().transaction((tx) => receiveCallback(tx, event, AFTER));
  await db().transaction((tx) => applyShipConfirm(tx, shipmentId, AFTER));
  expect(await bolts(orderId)).toMatchObject({ shipped: 6, cancelled: 4, reserved: 0, amount_minor: 6000 });
  expect(await planned(orderId, AFTER)).toEqual([]);
  expect(await reserved()).toBe(0);
});

describe('a planned shipment', () => {
  const twoLines = () => purchaseOrder([line('BOLT', '10', '10.00', lastDay), line('NUT', '20', '0.0425')]);
  const lapse = (orderId: string) => db().transaction((tx) => keepCancelAfter(tx, orderId, AFTER));
  const progress = async (orderId: string) => (await readProgress(db(), orderId)).cancelAfter;

  test('that its warehouse has refused does not leave after the last day: its goods are free again', async () => {
    const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')], lastDay));
    const [shipmentId = ''] = await planned(orderId);
    await db().transaction((tx) =>
      recordRelease(tx, shipmentId, { kind: 'refused', reason: 'the dock is full' }, NOW),
    );
    await lapse(orderId);
    expect(await bolts(orderId)).toMatchObject({ cancelled: 10, released: 0, reserved: 0 });
    expect(await db()('shipment').where({ id: shipmentId }).first()).toMatchObject({ state: 'cancelled' });
    expect(await reserved()).toBe(0);
  });

  test('with a line past its last day is planned again without it', async () => {
    const orderId = await desk.answered(twoLines());
    const [shipmentId = ''] = await planned(orderId);
    expect(await progress(orderId)).not.toBeNull();
    await lapse(orderId);
    expect(await db()('shipment').where({ id: shipmentId }).first()).toMatchObject({ state: 'cancelled' });
    const [next = ''] = await planned(orderId, AFTER);
    expect(await db()('shipment_line').where({ shipment_id: next })).toMatchObject([
      { item_id: 'NUT', quantity: 20 },
    ]);
    expect(await bolts(orderId)).toMatchObject({ cancelled: 10 });
    expect(await progress(orderId)).toBeNull();
  });

  test('whose warehouse may have it already stays: it is the warehouse that says what left', async () => {
    const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')], lastDay));
    const [shipmentId = ''] = await planned(orderId);
    await db()('external_call').insert({
      idempotency_key: `order/${orderId}/release/${shipmentId}/1`,
      counterparty: 'warehouse/EAST',
      operation: 'release',
      order_id: orderId,
      request: '{}',
      started_at: NOW,
    });
    await lapse(orderId);
    expect(await bolts(orderId)).toMatchObject({ cancelled: 0, released: 10 });
  });

  test('that its warehouse gives back after the last day is not planned again: it is cancelled, and its buyer hears it', async () => {
    const request = purchaseOrder([line('BOLT', '10', '10.00', lastDay), line('NUT', '20', '0.0425')]);
    const orderId = await desk.answered(request);
    const shipmentId = await desk.atTheWarehouse(orderId);
    await lapse(orderId);
    expect(await bolts(orderId)).toMatchObject({ cancelled: 0, released: 10 });
    await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, AFTER));
    expect(await bolts(orderId)).toMatchObject({ reserved: 10, released: 0 });
    await db().transaction((tx) => planInTime(tx, orderId, { assessFirst: false }, AFTER));
    expect(await bolts(orderId)).toMatchObject({ cancelled: 10, reserved: 0, released: 0 });
    const left = db()('shipment_line as l').join('shipment as s', 's.id', 'l.shipment_id');
    expect(await left.whereNot({ 's.state': 'cancelled' }).select('l.item_id', 'l.quantity')).toEqual([
      { item_id: 'NUT', quantity: 20 },
    ]);
    const [answer] = (await desk.documents<OrderAnswer>(orderId, '855')).slice(-1);
    expect(answer?.lines[0]?.statuses).toMatchObject([{ code: 'ID', quantity: '10' }]);
  });

  test('that its warehouse takes in the same moment has an owner, who has it stopped', async () => {
    const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')], lastDay));
    const [shipmentId = ''] = await planned(orderId);
    await lapse(orderId);
    await db().transaction((tx) =>
      recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: 'W1' }, AFTER),
    );
    expect(await db()('exception').where({ kind: 'released-after-cancel', status: 'open' })).toMatchObject([
      { order_id: orderId, owner_role: 'operations', priority: 1 },
    ]);
    expect(await db()('shipment').where({ id: shipmentId }).first()).toMatchObject({ state: 'cancelled' });
  });
});
