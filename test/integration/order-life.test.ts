import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { resolveHold } from '../../application/hold/resolve-hold';
import { expireHold } from '../../application/hold/time-out-hold';
import { answerOrder } from '../../application/order/answer-order';
import { type PlaceOrderResult, placeOrder } from '../../application/order/place-order';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { isSscc } from '../../domain/fulfilment/sscc';
import type { InvoiceDocument, OrderAnswer, ShipNotice } from '../../domain/order/answers';
import type { OrderRequest } from '../../domain/order/order-request';
import { type CompanyOptions, changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type ShippedOf, shipOrder } from '../support/ship-order';

let database: TestDatabase;
const db = () => database.db;

async function company(options: CompanyOptions = {}): Promise<void> {
  database = await createTestDatabase();
  await seedCompany(db(), options);
}
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const place = (request: OrderRequest): Promise<PlaceOrderResult> =>
  db().transaction((tx) => placeOrder(tx, request, NOW));
async function placed(request: OrderRequest): Promise<string> {
  const result = await place(request);
  if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
  return result.orderId;
}
const stateOf = async (orderId: string) =>
  ((await db()('orders').where({ id: orderId }).first('state')) as { state: string }).state;
const holdsOf = async (orderId: string) =>
  (await db()('hold').where({ order_id: orderId }).orderBy('id')) as {
    id: string;
    type: string;
    status: string;
    line_number: number | null;
    reason: { code: string; text: string };
  }[];
const documents = async <T>(orderId: string, set: string) =>
  (
    (await db()('document_request').where({ order_id: orderId, set_id: set }).orderBy('id')) as {
      payload: T;
    }[]
  ).map((row) => row.payload);
const finance = (holdId: string, action: 'release' | 'reject', person = 'fiona') =>
  db().transaction((tx) =>
    resolveHold(
      tx,
      { holdId, action, person, roles: ['finance', 'sales', 'sales-manager'], reason: 'as agreed' },
      NOW,
    ),
  );

const ship = (orderId: string, shipped?: ShippedOf) => shipOrder(db(), orderId, shipped);

const answer = (orderId: string) => db().transaction((tx) => answerOrder(tx, orderId, 'final', NOW));

test('a clean purchase order goes from its 850 to a posted invoice whose total is the sum of its lines', async () => {
  await company();
  const orderId = await placed(purchaseOrder([line('BOLT', '100', '9.00'), line('NUT', '333', '0.0425')]));
  expect(await stateOf(orderId)).toBe('placed');
  await answer(orderId);
  await ship(orderId);
  expect(await stateOf(orderId)).toBe('completed');
  const [ack] = await documents<OrderAnswer>(orderId, '855');
  expect(ack?.acknowledgment).toBe('AD');
  expect(ack?.lines.map((l) => l.statuses)).toEqual([
    [{ code: 'IA', quantity: '100' }],
    [{ code: 'IA', quantity: '333' }],
  ]);
  const [notice] = await documents<ShipNotice>(orderId, '856');
  expect(notice?.packages.every((p) => isSscc(p.sscc))).toBe(true);
  const [invoice] = await documents<InvoiceDocument>(orderId, '810');
  // 100 x 9.00 = 900.00; 333 x 0.0425 = 14.1525 -> 14.15
  expect(invoice?.lines.map((l) => l.amountMinor)).toEqual([90_000, 1415]);
  expect(invoice?.totalMinor).toBe(91_415);
  expect(
    (await db()('stock')
      .where({ item_id: 'BOLT', node_id: 'CENTRAL' })
      .first('on_hand', 'reserved')) as unknown,
  ).toEqual({ on_hand: 900, reserved: 0 });
});

test('an order over the credit limit is held, finance releases it, and it counts in the exposure from then on', async () => {
  await company({ limitMinor: 50_000 });
  const orderId = await placed(purchaseOrder([line('BOLT', '60', '10.00')]));
  const [hold] = await holdsOf(orderId);
  expect(await stateOf(orderId)).toBe('held');
  expect(hold).toMatchObject({
    type: 'credit',
    reason: { code: 'over-credit-limit', details: { headroomMinor: 50_000, overMinor: 10_000 } },
  });
  expect(await finance(hold?.id ?? '', 'release')).toMatchObject({ kind: 'resolved' });
  expect(await stateOf(orderId)).toBe('placed');
  expect(await finance(hold?.id ?? '', 'release')).toMatchObject({
    kind: 'refused',
    code: 'already-decided',
  });
  const next = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
  expect(await stateOf(next)).toBe('held');
});

test('a rejected credit hold rejects the order, gives its stock back and is answered RD', async () => {
  await company({ limitMinor: 50_000 });
  const orderId = await placed(purchaseOrder([line('BOLT', '60', '10.00')]));
  const [hold] = await holdsOf(orderId);
  await finance(hold?.id ?? '', 'reject');
  expect(await stateOf(orderId)).toBe('rejected');
  await answer(orderId);
  const [ack] = await documents<OrderAnswer>(orderId, '855');
  expect(ack).toMatchObject({
    acknowledgment: 'RD',
    lines: [{ statuses: [{ code: 'IR', quantity: '60' }] }],
  });
  expect(
    (await db()('stock').where({ item_id: 'BOLT' }).sum('reserved as reserved').first()) as unknown,
  ).toEqual({ reserved: '0' });
});

test('an order above the second-person limit needs two different people', async () => {
  await company({ limitMinor: 0, stock: { BOLT: { CENTRAL: 20_000 } } });
  const orderId = await placed(purchaseOrder([line('BOLT', '12000', '9.00')]));
  const [hold] = await holdsOf(orderId);
  expect(await finance(hold?.id ?? '', 'release', 'fiona')).toMatchObject({ kind: 'needs-second-person' });
  expect(await finance(hold?.id ?? '', 'release', 'fiona')).toMatchObject({
    kind: 'refused',
    code: 'same-person',
  });
  expect(await finance(hold?.id ?? '', 'release', 'frank')).toMatchObject({ kind: 'resolved' });
});

test('a price beyond tolerance holds its line; released, the price of the purchase order stands on the 810', async () => {
  await company({ policy: { priceTolerance: { percent: '1', absolute: '0' } } });
  const orderId = await placed(purchaseOrder([line('BOLT', '10', '9.50'), line('NUT', '1000', '0.0425')]));
  const holds = await holdsOf(orderId);
  expect(holds).toMatchObject([{ type: 'price', line_number: 1 }]);
  await finance(holds[0]?.id ?? '', 'release');
  await answer(orderId);
  await ship(orderId);
  const [invoice] = await documents<InvoiceDocument>(orderId, '810');
  expect(invoice?.lines.map((l) => l.amountMinor)).toEqual([9500, 4250]);
});

test('what two nodes hold together ships as two shipments with two invoices whose order-level charges sum exactly', async () => {
  await company({
    stock: { BOLT: { CENTRAL: 5 }, NUT: { WEST: 10 } },
    policy: {
      charges: [{ indicator: 'charge', code: 'D240', description: 'Freight', amountMinor: 1001 }],
      taxPercent: '7.25',
    },
  });
  const orderId = await placed(purchaseOrder([line('BOLT', '5', '10.00'), line('NUT', '10', '0.0425')]));
  await answer(orderId);
  expect(await ship(orderId)).toHaveLength(2);
  const invoices = await documents<InvoiceDocument>(orderId, '810');
  expect(invoices).toHaveLength(2);
  const order = (await db()('orders').where({ id: orderId }).first()) as {
    total_minor: number;
    tax_minor: number;
    state: string;
    invoiced_minor: number;
  };
  const sum = (pick: (i: InvoiceDocument) => number) =>
    invoices.reduce((total, invoice) => total + pick(invoice), 0);
  expect(sum((i) => i.adjustments.reduce((t, a) => t + a.amountMinor, 0))).toBe(1001);
  expect(sum((i) => i.taxMinor)).toBe(order.tax_minor);
  expect(sum((i) => i.totalMinor)).toBe(order.total_minor);
  expect(order.state).toBe('completed');
});

test('what is not there waits as a backorder and ships after a receipt, before anybody who came later', async () => {
  await company({ stock: { BOLT: { CENTRAL: 4 } } });
  const first = await placed(purchaseOrder([line('BOLT', '10', '10.00')]));
  await answer(first);
  const [ack] = await documents<OrderAnswer>(first, '855');
  expect(ack?.lines[0]?.statuses).toEqual([
    { code: 'IA', quantity: '4' },
    { code: 'IB', quantity: '6' },
  ]);
  await ship(first);
  expect(await stateOf(first)).toBe('fulfilling');
  await db().transaction((tx) =>
    receiveCallback(
      tx,
      {
        counterparty: 'wms',
        eventId: 'r1',
        kind: 'stock.received',
        body: { nodeId: 'EAST', lines: [{ itemId: 'BOLT', quantity: 7 }] },
      },
      NOW,
    ),
  );
  const later = await placed(purchaseOrder([line('BOLT', '7', '10.00')]));
  expect((await db()('order_line').where({ order_id: later }).first('reserved')) as unknown).toEqual({
    reserved: 1,
  });
  await ship(first);
  expect(await stateOf(first)).toBe('completed');
});

test('the same receipt reported twice raises the level once', async () => {
  await company({ stock: { BOLT: { CENTRAL: 0 } } });
  const receive = () =>
    db().transaction((tx) =>
      receiveCallback(
        tx,
        {
          counterparty: 'wms',
          eventId: 'r1',
          kind: 'stock.received',
          body: { nodeId: 'CENTRAL', lines: [{ itemId: 'BOLT', quantity: 7 }] },
        },
        NOW,
      ),
    );
  expect(await Promise.all([receive(), receive()])).toEqual(
    expect.arrayContaining([{ kind: 'stored' }, { kind: 'repeated' }]),
  );
  expect((await db()('stock').first('on_hand')) as unknown).toEqual({ on_hand: 7 });
});

test('a short pick is sourced from another node, and the partner hears what changed', async () => {
  await company({ stock: { BOLT: { CENTRAL: 10, EAST: 3 } } });
  const orderId = await placed(purchaseOrder([line('BOLT', '10', '10.00')]));
  await answer(orderId);
  await ship(orderId, (_, quantity) => quantity - 3);
  expect(await stateOf(orderId)).toBe('fulfilling');
  expect((await readProgress(db(), orderId)).unplannedReservation).toBe(true);
  await ship(orderId);
  expect(await stateOf(orderId)).toBe('completed');
  const invoices = await documents<InvoiceDocument>(orderId, '810');
  expect(invoices.map((i) => i.lines[0]?.invoiced)).toEqual(['7', '3']);
});

test('a purchase order number that is there already puts the second order on hold', async () => {
  await company();
  const request = purchaseOrder([line('BOLT', '1', '10.00')]);
  const [a, b] = await Promise.all([placed(request), placed(request)]);
  expect([await stateOf(a ?? ''), await stateOf(b ?? '')].sort()).toEqual(['held', 'placed']);
});

test('an unknown item, a zero and a negative quantity reject their lines and leave the rest', async () => {
  await company();
  const orderId = await placed(
    purchaseOrder([
      line('BOLT', '1', '10.00'),
      line('NOPE', '1', '1.00'),
      line('BOLT', '0', '10.00'),
      line('BOLT', '-2', '10.00'),
    ]),
  );
  await answer(orderId);
  const [ack] = await documents<OrderAnswer>(orderId, '855');
  expect(ack?.acknowledgment).toBe('AC');
  expect(ack?.lines.map((l) => l.statuses[0]?.code)).toEqual(['IA', 'R2', 'IR', 'IR']);
});

test('a shortage that may not be backordered is a 409 for a person and IR for a partner', async () => {
  await company();
  const lines = [line('WASHER', '21', '30.00', { unit: 'CA' })];
  const before = (await db()('orders').count('* as n').first()) as { n: number };
  expect(await place(purchaseOrder(lines, { channel: 'api' }))).toEqual({
    kind: 'short',
    lines: [
      {
        line: 1,
        itemId: 'WASHER',
        missing: 12,
        reason: null,
        text: '12 base units of WASHER are missing',
      },
    ],
  });
  expect((await db()('orders').count('* as n').first()) as unknown).toEqual(before);
  const orderId = await placed(purchaseOrder(lines));
  expect(await stateOf(orderId)).toBe('rejected');
});

test('content that the hub has no rule for holds the order and names the place', async () => {
  await company();
  const orderId = await placed(
    purchaseOrder([line('BOLT', '1', '10.00')], {
      unhandled: [{ at: { segment: 7, segmentId: 'SAC' }, text: 'a charge of 5.00' }],
    }),
  );
  expect((await holdsOf(orderId))[0]).toMatchObject({
    type: 'content',
    reason: { text: 'SAC at segment 7: a charge of 5.00' },
  });
});

test('a hold that nobody decides expires as refused and frees the stock', async () => {
  await company({ limitMinor: 0 });
  const orderId = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
  const holdId = (await holdsOf(orderId))[0]?.id ?? '';
  const inTime = '2026-03-16T14:59:59.000Z';
  await db().transaction((tx) => expireHold(tx, holdId, inTime));
  expect(await stateOf(orderId)).toBe('held');
  await db().transaction((tx) => expireHold(tx, holdId, '2026-03-16T15:00:00.000Z'));
  expect(await stateOf(orderId)).toBe('rejected');
});

test('an 860 changes a quantity into its tier, adds a line and deletes one, and the order is priced and reserved anew', async () => {
  await company();
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '5', '0.0425')]);
  const orderId = await placed(request);
  const change = changeOf(request, {
    lines: [
      {
        kinds: ['quantity', 'price'],
        changeCode: 'PQ',
        line: line('BOLT', '100', '9.00', { buyerLineNumber: '1' }),
      },
      { kinds: ['delete'], changeCode: 'DI', line: line('NUT', '0', undefined, { buyerLineNumber: '2' }) },
      {
        kinds: ['add'],
        changeCode: 'AI',
        line: line('WASHER', '1', '30.00', { buyerLineNumber: '3', unit: 'CA' }),
      },
      { kinds: ['quantity'], changeCode: 'QI', line: line('BOLT', '7', undefined, { buyerLineNumber: '9' }) },
    ],
  });
  const received = await db().transaction((tx) => receiveOrderChange(tx, change, NOW));
  if (received.kind !== 'recorded') throw new Error('no order');
  expect(await db().transaction((tx) => applyOrderChange(tx, received.changeId, NOW))).toMatchObject({
    kind: 'partly-applied',
  });
  const order = (await db()('orders').where({ id: orderId }).first('total_minor', 'state')) as unknown;
  expect(order).toEqual({ total_minor: 90_000 + 3000, state: 'placed' });
  const [answered] = await documents<{
    lines: { changeCode: string; statuses: { code: string; quantity: string }[] }[];
  }>(orderId, '865');
  expect(answered?.lines.map((l) => [l.changeCode, l.statuses])).toEqual([
    ['PQ', [{ code: 'IA', quantity: '100' }]],
    ['DI', [{ code: 'ID', quantity: '5' }]],
    ['AI', [{ code: 'IA', quantity: '1' }]],
    ['QI', [{ code: 'IR', quantity: '7' }]],
  ]);
});

test('an 860 that cancels before release cancels everything and gives all back', async () => {
  await company();
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await placed(request);
  const received = await db().transaction((tx) =>
    receiveOrderChange(tx, changeOf(request, { purpose: 'cancel' }), NOW),
  );
  if (received.kind !== 'recorded') throw new Error('no order');
  expect(await db().transaction((tx) => applyOrderChange(tx, received.changeId, NOW))).toMatchObject({
    kind: 'applied',
  });
  expect(await stateOf(orderId)).toBe('cancelled');
});

test('after the goods have left, a cancellation is answered as such', async () => {
  await company();
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await placed(request);
  await answer(orderId);
  await ship(orderId);
  const received = await db().transaction((tx) =>
    receiveOrderChange(tx, changeOf(request, { purpose: 'cancel' }), NOW),
  );
  if (received.kind !== 'recorded') throw new Error('no order');
  expect(await db().transaction((tx) => applyOrderChange(tx, received.changeId, NOW))).toMatchObject({
    kind: 'refused',
  });
  expect(await stateOf(orderId)).toBe('completed');
});

test('a replacement drops what it no longer names, changes what it does and adds what is new', async () => {
  await company();
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '5', '0.0425')]);
  const orderId = await placed(request);
  const replacement = changeOf(request, {
    purpose: 'replace',
    lines: [
      line('BOLT', '4', '10.00', { buyerLineNumber: '1' }),
      line('WASHER', '1', '30.00', { buyerLineNumber: '3', unit: 'CA' }),
    ].map((l) => ({ kinds: ['replace'], changeCode: 'RZ', line: l })),
  });
  const received = await db().transaction((tx) => receiveOrderChange(tx, replacement, NOW));
  if (received.kind !== 'recorded') throw new Error('no order');
  expect(await db().transaction((tx) => applyOrderChange(tx, received.changeId, NOW))).toMatchObject({
    kind: 'applied',
  });
  expect((await db()('orders').where({ id: orderId }).first('total_minor')) as unknown).toEqual({
    total_minor: 4000 + 3000,
  });
});

test('a test order is answered from test stock and credit, says that it stops there, and touches nothing of production', async () => {
  await company();
  await db()('stock').insert({ item_id: 'BOLT', node_id: 'CENTRAL', usage: 'T', on_hand: 5 });
  const orderId = await placed(purchaseOrder([line('BOLT', '5', '10.00')], { usage: 'T' }));
  await answer(orderId);
  const [ack] = await documents<OrderAnswer>(orderId, '855');
  expect(ack).toMatchObject({ usage: 'T', acknowledgment: 'AD' });
  expect((await readProgress(db(), orderId)).fulfils).toBe(false);
  const marks = await db()('order_event').where({ order_id: orderId, kind: 'test-stops' });
  expect(marks).toHaveLength(1);
  const production = await db()('stock')
    .where({ item_id: 'BOLT', usage: 'P' })
    .sum('reserved as reserved')
    .first();
  expect(production as unknown).toEqual({ reserved: '0' });
  const next = await placed(purchaseOrder([line('BOLT', '1', '10.00')]));
  const numbers = await db()('orders').whereIn('id', [orderId, next]).orderBy('usage').pluck('order_number');
  expect(numbers).toEqual(['SO100001', 'TO100001']);
});
