import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { recordRecall, recordRelease } from '../../application/fulfilment/release-shipment';
import { resolveHold } from '../../application/hold/resolve-hold';
import { answerOrder } from '../../application/order/answer-order';
import { keepCancelAfter } from '../../application/order/close-order';
import { placeOrder } from '../../application/order/place-order';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { ChangeAnswer, OrderAnswer } from '../../domain/order/answers';
import type {
  LineChangeKind,
  OrderChangeRequest,
  OrderRequest,
  OrderRequestLine,
} from '../../domain/order/order-request';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
const db = () => database.db;

beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db());
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

async function answered(request: OrderRequest): Promise<string> {
  const result = await db().transaction((tx) => placeOrder(tx, request, NOW));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  await db().transaction((tx) => answerOrder(tx, result.orderId, 'final', NOW));
  return result.orderId;
}

async function atTheWarehouse(orderId: string): Promise<string> {
  const [shipmentId] = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  if (shipmentId === undefined) throw new Error('nothing was planned');
  await db().transaction((tx) =>
    recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: 'W1' }, NOW),
  );
  return shipmentId;
}

async function asked(request: OrderRequest, more: Partial<OrderChangeRequest>): Promise<string> {
  const received = await db().transaction((tx) => receiveOrderChange(tx, changeOf(request, more), NOW));
  if (received.kind !== 'recorded') throw new Error('no order');
  return received.changeId;
}
const decided = (changeId: string) => db().transaction((tx) => applyOrderChange(tx, changeId, NOW));

const resolved = (holdId: string, action: 'release' | 'reject') =>
  db().transaction((tx) =>
    resolveHold(tx, { holdId, action, person: 'sam', roles: ['sales'], reason: 'agreed by phone' }, NOW),
  );

const poc = (changeCode: string, kinds: readonly LineChangeKind[], change: OrderRequestLine) => ({
  changeCode,
  kinds,
  line: { buyerLineNumber: '1', ...change },
});

const firstLine = async (orderId: string) =>
  (await db()('order_line')
    .where({ order_id: orderId, line_number: 1 })
    .first('ordered', 'cancelled', 'unit', 'unit_price', 'price_basis', 'amount_minor')) as {
    ordered: number;
    cancelled: number;
    unit: string;
    unit_price: string;
    price_basis: number;
    amount_minor: number;
  };
const openHolds = async (orderId: string) =>
  (await db()('hold').where({ order_id: orderId, status: 'open' }).orderBy('id')) as {
    id: string;
    type: string;
    reason: { text: string };
  }[];
const documents = async <T>(orderId: string, set: string) =>
  (
    (await db()('document_request').where({ order_id: orderId, set_id: set }).orderBy('id')) as {
      payload: T;
    }[]
  ).map((row) => row.payload);

test('a price is not changed under goods that cannot be recalled: they would be invoiced at a price nobody agreed to', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await answered(request);
  const shipmentId = await atTheWarehouse(orderId);
  const changeId = await asked(request, { lines: [poc('PC', ['price'], line('BOLT', '10', '0.01'))] });
  expect(await decided(changeId)).toEqual({ kind: 'needs-recall', changeId, shipmentIds: [shipmentId] });
  await db().transaction((tx) =>
    recordRecall(tx, shipmentId, { kind: 'too-late', reason: 'it is packed' }, NOW),
  );
  expect(await decided(changeId)).toMatchObject({ kind: 'refused' });
  expect(await firstLine(orderId)).toMatchObject({ unit_price: '10.000000', amount_minor: 10_000 });
  expect(await openHolds(orderId)).toEqual([]);
});

test('goods that were recalled for a new price wait until somebody agrees to it', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await answered(request);
  const shipmentId = await atTheWarehouse(orderId);
  const changeId = await asked(request, { lines: [poc('PC', ['price'], line('BOLT', '10', '0.01'))] });
  await decided(changeId);
  await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, NOW));
  expect(await decided(changeId)).toMatchObject({ kind: 'held' });
  expect((await openHolds(orderId)).map((hold) => hold.type)).toEqual(['price']);
  expect(await db().transaction((tx) => planShipments(tx, orderId, NOW))).toEqual([]);
});

test('a quantity in another unit is not taken for one in the unit of the line', async () => {
  const request = purchaseOrder([line('WASHER', '30', '2.50')]);
  const orderId = await answered(request);
  const change = poc('QI', ['quantity'], line('WASHER', '4', undefined, { unit: 'CA' }));
  expect(await decided(await asked(request, { lines: [change] }))).toMatchObject({
    kind: 'refused',
    text: 'line 1 is ordered in EA, the change is in CA: delete the line and add it in the other unit',
  });
  expect(await firstLine(orderId)).toMatchObject({ ordered: 30, unit: 'EA', amount_minor: 7500 });
});

test('a line is not replaced by another item under the same number without anybody noticing', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await answered(request);
  const change = poc('RZ', ['replace'], line('NUT', '5', '0.0425'));
  expect(await decided(await asked(request, { lines: [change] }))).toMatchObject({
    kind: 'refused',
    text: 'line 1 is BOLT, the change names VP NUT: delete the line and add the other item',
  });
  expect(await firstLine(orderId)).toMatchObject({ ordered: 10, amount_minor: 10_000 });
});

test('a new price comes with its own basis, and one that differs is asked for whatever the code of the change', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '100', '0.0425')]);
  const orderId = await answered(request);
  const perHundred = poc('PC', ['price'], line('BOLT', '10', '1000', { priceBasisCode: 'HP' }));
  const hidden = {
    ...poc('QI', ['quantity'], line('NUT', '200', '0.01')),
    line: line('NUT', '200', '0.01', { buyerLineNumber: '2' }),
  };
  const changeId = await asked(request, { lines: [perHundred, hidden] });
  await decided(changeId);
  expect(await firstLine(orderId)).toMatchObject({ price_basis: 1, amount_minor: 10_000 });
  const [hold, ...others] = await openHolds(orderId);
  expect(others).toEqual([]);
  expect(hold).toMatchObject({ type: 'price' });
  expect(hold?.reason.text).toContain('Line 2: the order says 0.01, our price is 0.0425');
  await resolved(hold?.id ?? '', 'release');
  expect(await decided(changeId)).toMatchObject({ kind: 'applied' });
  expect(await firstLine(orderId)).toMatchObject({ price_basis: 100, amount_minor: 10_000 });
});

test('a deleted line stays deleted when its date is changed afterwards', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '5', '0.0425')]);
  const orderId = await answered(request);
  const bolt = line('BOLT', '10', '10.00');
  await decided(await asked(request, { lines: [poc('DI', ['delete'], bolt)] }));
  const dated = poc('CT', ['dates'], { ...bolt, dates: [{ qualifier: '002', date: '2026-03-20' }] });
  expect(await decided(await asked(request, { lines: [dated] }))).toMatchObject({ kind: 'refused' });
  expect(await firstLine(orderId)).toMatchObject({ ordered: 10, cancelled: 10, amount_minor: 0 });
});

test('the date and the ship-to of the order are changed by rule, with goods that are not at a warehouse yet', async () => {
  await db()('ship_to').insert({
    customer_id: 'ACME',
    qualifier: '92',
    code: 'DC2',
    name: 'Acme DC 2',
    address: { lines: ['2 Dock Road'], city: 'Gary', region: 'IN', postalCode: '46402', country: 'US' },
  });
  const request = purchaseOrder([line('BOLT', '10', '10.00')], {
    dates: [{ qualifier: '002', date: '2026-03-10' }],
  });
  const orderId = await answered(request);
  const changeId = await asked(request, {
    dates: [
      { qualifier: '002', date: '2026-04-10' },
      { qualifier: '064', date: '2026-04-08' },
      { qualifier: '038', date: '2026-04-20' },
    ],
    parties: [{ role: 'ST', idQualifier: '92', id: 'DC2' }],
    lines: [poc('QD', ['quantity'], line('BOLT', '8', '10.00'))],
  });
  expect(await decided(changeId)).toMatchObject({ kind: 'applied' });
  expect(await db()('orders').where({ id: orderId }).first()).toMatchObject({
    deliver_by: '2026-04-10',
    ship_not_before: '2026-04-01T05:00:00.000Z',
    release_at: '2026-04-01T05:00:00.000Z',
    cancel_after: '2026-04-21T05:00:00.000Z',
    ship_to: { id: 'DC2', address: { postalCode: '46402' } },
  });
  const [answer] = await documents<ChangeAnswer>(orderId, '865');
  expect(answer).toMatchObject({ acknowledgment: 'AD', parties: [{ role: 'ST', id: 'DC2' }] });
});

test('a change of the head alone is acknowledged without detail; what it may not change is refused in words', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await answered(request);
  const later = await asked(request, { dates: [{ qualifier: '002', date: '2026-04-10' }] });
  expect(await decided(later)).toMatchObject({ kind: 'applied' });
  const past = await asked(request, { dates: [{ qualifier: '001', date: '2026-02-10' }] });
  expect(await decided(past)).toMatchObject({
    kind: 'refused',
    text: 'the last day 2026-02-10 has passed: cancel the order instead',
  });
  const nowhere = await asked(request, { parties: [{ role: 'ST', idQualifier: '92', id: 'DC9' }] });
  expect(await decided(nowhere)).toMatchObject({
    kind: 'refused',
    text: "the ship-to 92 DC9 is not among the customer's locations, and comes without an address",
  });
  expect(await openHolds(orderId)).toEqual([]);
  const answers = await documents<ChangeAnswer>(orderId, '865');
  expect(answers.map((answer) => answer.acknowledgment)).toEqual(['AK', 'RJ', 'RJ']);
});

test('a party that has no rule is looked at by a person before anything of the change is done', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await answered(request);
  const changeId = await asked(request, {
    parties: [{ role: 'BT', idQualifier: '92', id: 'PAYER' }],
    lines: [poc('QD', ['quantity'], line('BOLT', '8', '10.00'))],
  });
  expect(await decided(changeId)).toMatchObject({ kind: 'held' });
  const [hold] = await openHolds(orderId);
  expect(hold?.reason.text).toBe('N1: the party becomes BT 92 PAYER, which is not handled');
  await resolved(hold?.id ?? '', 'release');
  expect(await decided(changeId)).toMatchObject({ kind: 'applied' });
  const answers = await documents<ChangeAnswer>(orderId, '865');
  expect(answers.map((answer) => answer.acknowledgment)).toEqual(['AH', 'AD']);
});

test('a line has a last day of its own: what is open of it then is cancelled, the rest goes on, and the partner hears it', async () => {
  const own = [{ qualifier: '001', date: '2026-03-20' }];
  const request = purchaseOrder([line('BOLT', '10', '10.00', { dates: own }), line('NUT', '100', '0.0425')]);
  const orderId = await answered(request);
  expect((await readProgress(db(), orderId)).cancelAfter).toBe('2026-03-21T05:00:00.000Z');
  await decided(
    await asked(request, {
      lines: [
        poc(
          'CT',
          ['dates'],
          line('BOLT', '10', '10.00', { dates: [{ qualifier: '001', date: '2026-03-18' }] }),
        ),
      ],
    }),
  );
  const lapses = '2026-03-19T05:00:00.000Z';
  expect((await readProgress(db(), orderId)).cancelAfter).toBe(lapses);
  await db().transaction((tx) => keepCancelAfter(tx, orderId, '2026-03-19T04:59:59.000Z'));
  expect(await firstLine(orderId)).toMatchObject({ cancelled: 0 });
  await db().transaction((tx) => keepCancelAfter(tx, orderId, lapses));
  expect(await firstLine(orderId)).toMatchObject({ ordered: 10, cancelled: 10 });
  expect((await readProgress(db(), orderId)).cancelAfter).toBeNull();
  expect(await db()('orders').where({ id: orderId }).first()).toMatchObject({
    state: 'confirmed',
    total_minor: 425,
  });
  const answers = await documents<OrderAnswer>(orderId, '855');
  expect(answers[1]?.lines.map((l) => l.statuses)).toEqual([
    [{ code: 'ID', quantity: '10' }],
    [{ code: 'IA', quantity: '100' }],
  ]);
});

test.each(['release', 'sample'] as const)(
  'a %s order is not shipped as if it were a plain one',
  async (type) => {
    const orderId = await answered(purchaseOrder([line('BOLT', '10', '10.00')], { type }));
    expect((await openHolds(orderId)).map((hold) => hold.type)).toEqual(['content']);
  },
);

test('the first of two approvals is void when the order grows before the second', async () => {
  await db()('credit_account').update({ limit_minor: 100 });
  const request = purchaseOrder([line('BOLT', '20000', '9.00')]);
  const result = await db().transaction((tx) => placeOrder(tx, request, NOW));
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  const [hold] = await openHolds(result.orderId);
  const approve = (person: string) =>
    db().transaction((tx) =>
      resolveHold(
        tx,
        { holdId: hold?.id ?? '', action: 'release', person, roles: ['finance'], reason: 'a good customer' },
        NOW,
      ),
    );
  expect(await approve('fiona')).toMatchObject({ kind: 'needs-second-person' });
  await decided(await asked(request, { lines: [poc('QI', ['quantity'], line('BOLT', '30000', '9.00'))] }));
  const [grown] = (await openHolds(result.orderId)) as unknown as { reason: { details: object } }[];
  expect(grown?.reason.details).toMatchObject({ totalMinor: 27_000_000 });
  expect(await approve('frank')).toMatchObject({ kind: 'needs-second-person' });
  expect(await approve('fiona')).toMatchObject({ kind: 'resolved' });
});

test('a date without a rule is looked at by a person', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')], {
    dates: [
      { qualifier: '004', date: '2026-03-01' },
      { qualifier: '001', date: '2026-03-10' },
      { qualifier: '118', date: '2026-03-09' },
    ],
  });
  const orderId = await answered(request);
  expect((await openHolds(orderId)).map((hold) => hold.reason.text)).toEqual([
    'DTM: there is no rule for the date 118 (2026-03-09)',
  ]);
});
