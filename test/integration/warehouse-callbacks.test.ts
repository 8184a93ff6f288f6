import { planShipments } from '../../application/fulfilment/plan-shipments';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { buildRelease, cancelShipment, recordRelease } from '../../application/fulfilment/release-shipment';
import { lockShipment } from '../../application/order/order-record';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { isSscc, sscc } from '../../domain/fulfilment/sscc';
import type { InvoiceDocument, ShipNotice } from '../../domain/order/answers';
import { ChangeDesk, poc } from '../support/change-desk';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);
let events = 0;
beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db(), { stock: { BOLT: { EAST: 1000 }, NUT: { EAST: 1000 } } });
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

interface Said {
  readonly lines: readonly { readonly lineNumber: number; readonly shipped: number }[];
  readonly packages?: readonly {
    readonly sscc: string;
    readonly palletSscc?: string;
    readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
  }[];
}

async function released(quantity = '60') {
  const orderId = await desk.answered(purchaseOrder([line('BOLT', quantity, '10.00')]));
  const [shipmentId = ''] = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  await db().transaction((tx) =>
    recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: 'W1' }, NOW),
  );
  return { orderId, shipmentId, release: await buildRelease(db(), shipmentId) };
}
type Released = Awaited<ReturnType<typeof released>>;

/** The warehouse says over REST what has left. */
async function confirm({ release }: Released, { lines, packages = [] }: Said) {
  events += 1;
  const body = {
    eventId: `event-${events}`,
    releaseNumber: release.releaseNumber,
    nodeId: release.nodeId,
    shippedAt: '2026-03-02T16:00:00Z',
    lines,
    packages: packages.map((one) => ({ weightGrams: 1000, ...one })),
  };
  const event = { counterparty: 'wms', eventId: body.eventId, kind: 'shipment.confirmed', body };
  return db().transaction((tx) => receiveCallback(tx, event, NOW));
}
const take = ({ shipmentId }: Released) => db().transaction((tx) => applyShipConfirm(tx, shipmentId, NOW));
const told = (kind: string) => db()('exception').where({ kind, status: 'open' }).orderBy('id');

test('a line that is confirmed in several parts has left with all of them: none is taken for missing or ships twice', async () => {
  const shipment = await released();
  const label = shipment.release.packages[0]?.sscc ?? '';
  await confirm(shipment, {
    lines: [
      { lineNumber: 1, shipped: 40 },
      { lineNumber: 1, shipped: 20 },
    ],
    packages: [
      { sscc: label, contents: [{ lineNumber: 1, quantity: 40 }] },
      { sscc: label, contents: [{ lineNumber: 1, quantity: 20 }] },
    ],
  });
  await take(shipment);
  expect(await db()('order_line').where({ order_id: shipment.orderId }).first()).toMatchObject({
    shipped: 60,
    reserved: 0,
    released: 0,
  });
  expect(await told('short-pick')).toEqual([]);
  const [invoice] = await desk.documents<InvoiceDocument>(shipment.orderId, '810');
  expect(invoice).toMatchObject({ totalMinor: 60_000 });
  const [notice] = await desk.documents<ShipNotice>(shipment.orderId, '856');
  expect(notice?.packages).toMatchObject([{ sscc: label, contents: [{ quantity: '60' }] }]);
});

test('a second confirm of a shipment that says otherwise is shown to a person; the same again is not', async () => {
  const shipment = await released();
  await confirm(shipment, { lines: [{ lineNumber: 1, shipped: 40 }] });
  await confirm(shipment, { lines: [{ lineNumber: 1, shipped: 40 }] });
  expect(await told('ship-confirm-differs')).toEqual([]);
  await confirm(shipment, { lines: [{ lineNumber: 1, shipped: 20 }] });
  await take(shipment);
  await confirm(shipment, { lines: [{ lineNumber: 1, shipped: 60 }] });
  expect(await told('ship-confirm-differs')).toMatchObject([
    { order_id: shipment.orderId, owner_role: 'operations' },
  ]);
  expect(await db()('shipment_line').where({ shipment_id: shipment.shipmentId }).first()).toMatchObject({
    shipped: 40,
  });
});

test('units of a line that the shipment does not have have an owner, and nobody is billed for them', async () => {
  const shipment = await released();
  await confirm(shipment, {
    lines: [
      { lineNumber: 1, shipped: 60 },
      { lineNumber: 7, shipped: 5 },
    ],
  });
  await take(shipment);
  const [raised, ...others] = await told('over-shipment');
  expect(others).toEqual([]);
  expect(raised?.text).toContain('5 of line 7');
  const [invoice] = await desk.documents<InvoiceDocument>(shipment.orderId, '810');
  expect(invoice).toMatchObject({ totalMinor: 60_000 });
});

describe('a carton that a warehouse has labelled itself', () => {
  const own = sscc('0987654', 77);
  const all = (quantity: number, label = own) => ({
    lines: [{ lineNumber: 1, shipped: quantity }],
    packages: [{ sscc: label, contents: [{ lineNumber: 1, quantity }] }],
  });
  const cartonsOf = async ({ orderId }: Released) =>
    (await desk.documents<ShipNotice>(orderId, '856')).flatMap(({ packages }) => packages);

  test('is on one notice: of two shipments that name its number the other has one of the company, and somebody is told', async () => {
    const [first, second] = [await released('60'), await released('30')];
    await confirm(first, all(60));
    await confirm(second, all(30));
    await Promise.all([take(first), take(second)]);
    const [one, other] = [await cartonsOf(first), await cartonsOf(second)];
    expect([one.length, other.length]).toEqual([1, 1]);
    const labels = [one[0]?.sscc ?? '', other[0]?.sscc ?? ''];
    expect(labels.filter((label) => label === own)).toHaveLength(1);
    expect(labels.every(isSscc)).toBe(true);
    expect([one[0]?.contents[0]?.quantity, other[0]?.contents[0]?.quantity]).toEqual(['60', '30']);
    for (const [at, { shipmentId }] of [first, second].entries())
      expect(await db()('package').where({ shipment_id: shipmentId, shipped: true }).pluck('sscc')).toEqual([
        labels[at],
      ]);
    const [raised, ...others] = await told('sscc-used-before');
    expect(others).toEqual([]);
    expect(raised?.text).toContain(own);
  });

  test('by a number that no scanner takes has one of the company on the notice, its pallet too, and somebody is told', async () => {
    const shipment = await released('60');
    const wrong = `${own.slice(0, 17)}${(Number(own[17]) + 1) % 10}`;
    const wrongPallet = `${own.slice(0, 16)}9${own[17]}`;
    expect([isSscc(own), isSscc(wrong), isSscc(wrongPallet)]).toEqual([true, false, false]);
    await confirm(shipment, {
      lines: [{ lineNumber: 1, shipped: 60 }],
      packages: [
        { sscc: own, palletSscc: wrongPallet, contents: [{ lineNumber: 1, quantity: 30 }] },
        { sscc: wrong, palletSscc: wrongPallet, contents: [{ lineNumber: 1, quantity: 30 }] },
      ],
    });
    await take(shipment);
    const [first, second] = await cartonsOf(shipment);
    expect(first?.sscc).toBe(own);
    expect(second?.sscc).not.toBe(wrong);
    expect([second?.sscc ?? '', first?.palletSscc ?? ''].every(isSscc)).toBe(true);
    expect(second?.palletSscc).toBe(first?.palletSscc);
    expect(await told('sscc-used-before')).toEqual([]);
    const [raised] = await told('sscc-not-valid');
    expect(raised?.text).toContain(`${wrong} is announced as ${second?.sscc}`);
  });

  test('of a shipment that was taken back is used for the next one, under its own number', async () => {
    const back = await released('60');
    const label = back.release.packages[0]?.sscc ?? '';
    await db().transaction(async (tx) => {
      const { order, shipment, lines } = await lockShipment(tx, back.shipmentId);
      await cancelShipment(tx, order, shipment, lines, NOW);
    });
    const next = await released('30');
    await confirm(next, all(30, label));
    await take(next);
    expect(await cartonsOf(next)).toMatchObject([{ sscc: label, contents: [{ quantity: '30' }] }]);
    expect(await db()('package').where({ sscc: label }).first('shipment_id')).toEqual({
      shipment_id: next.shipmentId,
    });
    expect(await told('sscc-used-before')).toEqual([]);
  });
});

describe('a confirm whose cartons are not what left', () => {
  const [first, second] = [sscc('0987654', 81), sscc('0987654', 82)];
  const cartonsOf = async ({ orderId }: Released) =>
    (await desk.documents<ShipNotice>(orderId, '856')).flatMap(({ packages }) =>
      packages.map((one) => [one.sscc, ...one.contents.map(({ quantity }) => quantity)]),
    );

  test('without cartons has those that were planned', async () => {
    const shipment = await released();
    await confirm(shipment, { lines: [{ lineNumber: 1, shipped: 60 }] });
    await take(shipment);
    const planned = shipment.release.packages.map((one) => [
      one.sscc,
      ...one.contents.map(({ quantity }) => String(quantity)),
    ]);
    expect(await cartonsOf(shipment)).toEqual(planned);
    expect(await told('cartons-differ')).toEqual([]);
  });

  test('has a notice of what left: fewer units, or fewer cartons than that; somebody is told', async () => {
    const cartons = [
      { sscc: first, contents: [{ lineNumber: 1, quantity: 40 }] },
      { sscc: second, contents: [{ lineNumber: 1, quantity: 20 }] },
    ];
    const short = await released();
    await confirm(short, { lines: [{ lineNumber: 1, shipped: 35 }], packages: cartons });
    await take(short);
    expect(await cartonsOf(short)).toEqual([[first, '35']]);
    const [raised, ...others] = await told('cartons-differ');
    expect(others).toEqual([]);
    expect(raised).toMatchObject({ order_id: short.orderId, owner_role: 'operations' });
    expect(raised?.text).toContain('line 1: 35 left, 60 in cartons');
    const more = await released();
    const own = [...more.release.packages, { sscc: second, contents: [{ lineNumber: 1, quantity: 1 }] }];
    await confirm(more, {
      lines: [{ lineNumber: 1, shipped: 60 }],
      packages: own.map((one) => ({ sscc: one.sscc, contents: [{ lineNumber: 1, quantity: 1 }] })),
    });
    await take(more);
    const announced = await cartonsOf(more);
    expect(announced.reduce((sum, [, units]) => sum + Number(units), 0)).toBe(60);
    expect(announced.every(([label]) => isSscc(label ?? ''))).toBe(true);
    expect(await told('cartons-differ')).toHaveLength(2);
  });

  test('of more than was released announces what is billed; the rest has one owner', async () => {
    const shipment = await released();
    await confirm(shipment, {
      lines: [{ lineNumber: 1, shipped: 70 }],
      packages: [{ sscc: first, contents: [{ lineNumber: 1, quantity: 70 }] }],
    });
    await take(shipment);
    expect(await cartonsOf(shipment)).toEqual([[first, '60']]);
    expect(await told('over-shipment')).toHaveLength(1);
    expect(await told('cartons-differ')).toEqual([]);
  });
});

test('what a warehouse says has left before anybody had asked it is not taken back by a change', async () => {
  const request = purchaseOrder([line('BOLT', '60', '10.00')]);
  const orderId = await desk.answered(request);
  const [shipmentId = ''] = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  const shipment = { orderId, shipmentId, release: await buildRelease(db(), shipmentId) };
  await confirm(shipment, { lines: [{ lineNumber: 1, shipped: 60 }] });
  const outcome = await desk.change(request, {
    lines: [poc('QD', ['quantity'], { ...line('BOLT', '20', '10.00') })],
  });
  expect(outcome).toMatchObject({ kind: 'refused' });
  expect(await db()('shipment').where({ id: shipmentId }).first('state')).toEqual({ state: 'planned' });
});
