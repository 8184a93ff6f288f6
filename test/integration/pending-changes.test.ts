import fc from 'fast-check';
import { withdrawChange } from '../../application/change/hold-change';
import { previewChange } from '../../application/change/preview-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { recordRecall } from '../../application/fulfilment/release-shipment';
import { expireHold } from '../../application/hold/time-out-hold';
import { assessOrder } from '../../application/order/assess-order';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { ChangeAnswer } from '../../domain/order/answers';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { ChangeDesk, poc } from '../support/change-desk';
import { changeOf, line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { passLastDay } from '../support/last-day';

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

/** Everything of an order that a change may touch, and nothing that only tells of time. */
async function standingOf(orderId: string) {
  const order = await db()('orders')
    .where({ id: orderId })
    .first('state', 'total_minor', 'subtotal_minor', 'charges_minor', 'tax_minor', 'cancel_after', 'ship_to');
  const lines = await db()('order_line').where({ order_id: orderId }).orderBy('line_number');
  const reserved = await db()('reservation')
    .where({ order_id: orderId, status: 'active' })
    .orderBy(['item_id', 'node_id', 'id'])
    .select('item_id', 'node_id', 'quantity', 'shipment_id');
  const levels = await db()('stock').orderBy(['item_id', 'node_id']).select('item_id', 'node_id', 'reserved');
  return { order, lines, reserved, levels };
}
const changeStatus = async (changeId: string) =>
  ((await db()('order_change').where({ id: changeId }).first('status')) as { status: string }).status;
const tooCheap = { lines: [poc('PQ', ['price', 'quantity'], line('BOLT', '20', '5.00'))] } as const;

test('a change that needs an agreement leaves lines, prices and stock as they were confirmed until it is given', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '100', '0.0425')]);
  const orderId = await desk.answered(request);
  const confirmed = await standingOf(orderId);
  expect(await desk.change(request, tooCheap)).toMatchObject({ kind: 'held' });
  expect(await standingOf(orderId)).toEqual(confirmed);
  const [hold, ...others] = await desk.openHolds(orderId);
  expect(others).toEqual([]);
  expect(hold).toMatchObject({ type: 'price', line_number: 1, reason: { details: { totalMinor: 10_425 } } });
  // Nothing leaves meanwhile: agreed to, it would have to be recalled.
  expect(await db().transaction((tx) => planShipments(tx, orderId, NOW))).toEqual([]);
  expect((await desk.documents<ChangeAnswer>(orderId, '865')).map((doc) => doc.acknowledgment)).toEqual([
    'AH',
  ]);
});

test('a change whose price is rejected is rolled back to what was confirmed, and the 865 says so', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '100', '0.0425')]);
  const orderId = await desk.answered(request);
  const confirmed = await standingOf(orderId);
  const changeId = await desk.asked(request, { changeNumber: 'C1', ...tooCheap });
  await desk.decided(changeId);
  const [hold] = await desk.openHolds(orderId);
  expect(await desk.resolve(hold?.id ?? '', 'reject')).toMatchObject({
    kind: 'resolved',
    status: 'rejected',
  });
  expect(await changeStatus(changeId)).toBe('refused');
  expect(await standingOf(orderId)).toEqual(confirmed);
  const [, answer] = await desk.documents<ChangeAnswer>(orderId, '865');
  expect(answer).toMatchObject({ acknowledgment: 'RD', changeNumber: 'C1' });
  expect(answer?.lines).toMatchObject([
    {
      changeCode: 'PQ',
      quantity: '10',
      unitPrice: '10',
      statuses: [{ code: 'IA', quantity: '10' }],
      reason: 'as agreed by phone',
    },
  ]);
  expect(await db().transaction((tx) => planShipments(tx, orderId, NOW))).toHaveLength(1);
});

test('a change that is agreed to is applied as a whole at the price that was agreed to', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '100', '0.0425')]);
  const orderId = await desk.answered(request);
  const changeId = await desk.asked(request, tooCheap);
  await desk.decided(changeId);
  const [hold] = await desk.openHolds(orderId);
  await desk.resolve(hold?.id ?? '', 'release');
  expect((await readProgress(db(), orderId)).pendingChanges).toEqual([changeId]);
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
  expect(await desk.openHolds(orderId)).toEqual([]);
  const { order, lines } = await standingOf(orderId);
  expect(order).toMatchObject({ state: 'confirmed', total_minor: 10_425 });
  expect(lines[0]).toMatchObject({ ordered: 20, reserved: 20, unit_price: '5.000000', amount_minor: 10_000 });
  expect((await desk.documents<ChangeAnswer>(orderId, '865')).map((doc) => doc.acknowledgment)).toEqual([
    'AH',
    'AD',
  ]);
});

test('what is agreed to is weighed again when it is applied: stock that went to others meanwhile is backordered', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const changeId = await desk.asked(request, tooCheap);
  await desk.decided(changeId);
  await desk.answered(purchaseOrder([line('BOLT', '2990', '9.00')]));
  const [hold] = await desk.openHolds(orderId);
  await desk.resolve(hold?.id ?? '', 'release');
  await desk.decided(changeId);
  expect((await standingOf(orderId)).lines[0]).toMatchObject({ ordered: 20, reserved: 10 });
});

test('credit that is used up meanwhile holds an agreed change again; a payment frees it', async () => {
  await db()('credit_account').update({ limit_minor: 100_000 });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const bigger = { lines: [poc('PQ', ['price', 'quantity'], line('BOLT', '50', '9.99'))] };
  const changeId = await desk.asked(request, bigger);
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
  await desk.answered(purchaseOrder([line('BOLT', '80', '10.00')]));
  const [price] = await desk.openHolds(orderId);
  await desk.resolve(price?.id ?? '', 'release');
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'held' });
  expect((await desk.openHolds(orderId)).map((hold) => hold.type)).toEqual(['credit']);
  expect((await standingOf(orderId)).lines[0]).toMatchObject({ ordered: 10 });
  await db()('credit_account').update({ limit_minor: 1_000_000 });
  await db().transaction((tx) => assessOrder(tx, orderId, NOW));
  expect((await readProgress(db(), orderId)).pendingChanges).toEqual([changeId]);
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
  expect(await desk.openHolds(orderId)).toEqual([]);
  expect((await standingOf(orderId)).lines[0]).toMatchObject({ ordered: 50, unit_price: '9.990000' });
});

test('a credit release is for the order with the change, and holds for it afterwards', async () => {
  await db()('credit_account').update({ limit_minor: 10_000 });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const changeId = await desk.asked(request, {
    lines: [poc('QI', ['quantity'], line('BOLT', '20', '10.00'))],
  });
  await desk.decided(changeId);
  const [hold] = await desk.openHolds(orderId);
  expect(hold).toMatchObject({ type: 'credit', reason: { details: { totalMinor: 20_000 } } });
  await desk.resolve(hold?.id ?? '', 'release');
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
  await db().transaction((tx) => assessOrder(tx, orderId, NOW));
  expect(await desk.openHolds(orderId)).toEqual([]);
});

test('changes of one order are worked in the order in which they came', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const first = await desk.asked(request, tooCheap);
  const second = await desk.asked(request, { lines: [poc('QD', ['quantity'], line('BOLT', '8', '10.00'))] });
  expect(await desk.decided(second)).toMatchObject({ kind: 'waiting' });
  expect(await desk.decided(first)).toMatchObject({ kind: 'held' });
  expect(await desk.decided(second)).toMatchObject({ kind: 'waiting' });
  expect((await readProgress(db(), orderId)).pendingChanges).toEqual([]);
  const [hold] = await desk.openHolds(orderId);
  await desk.resolve(hold?.id ?? '', 'reject');
  expect((await readProgress(db(), orderId)).pendingChanges).toEqual([second]);
  expect(await desk.decided(second)).toMatchObject({ kind: 'applied' });
  expect((await standingOf(orderId)).lines[0]).toMatchObject({ ordered: 8 });
});

test('a line that is changed a second time while the first change of it waits for its warehouse is changed twice, in their order', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const shipmentId = await desk.atTheWarehouse(orderId);
  const quantity = (units: string) => ({
    lines: [poc('QD', ['quantity'], line('BOLT', units, '10.00'))],
  });
  const first = await desk.asked(request, quantity('6'));
  expect(await desk.decided(first)).toMatchObject({ kind: 'needs-recall', shipmentIds: [shipmentId] });
  const second = await desk.asked(request, quantity('8'));
  expect(await desk.decided(second)).toMatchObject({ kind: 'waiting' });
  await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, NOW));
  expect(await desk.decided(second)).toMatchObject({ kind: 'waiting' });
  expect(await desk.decided(first)).toMatchObject({ kind: 'applied' });
  expect((await readProgress(db(), orderId)).pendingChanges).toEqual([second]);
  expect(await desk.decided(second)).toMatchObject({ kind: 'applied' });
  expect((await standingOf(orderId)).lines[0]).toMatchObject({ ordered: 8, reserved: 8, released: 0 });
  const [shipped] = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  expect(await db()('shipment_line').where({ shipment_id: shipped ?? '' })).toMatchObject([{ quantity: 8 }]);
});

test('who cancels the whole order takes back the change that still waits', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const waits = await desk.asked(request, tooCheap);
  await desk.decided(waits);
  const cancel = await desk.asked(request, { purpose: 'cancel' });
  expect((await readProgress(db(), orderId)).pendingChanges).toEqual([cancel]);
  expect(await desk.decided(cancel)).toMatchObject({ kind: 'applied' });
  expect(await changeStatus(waits)).toBe('withdrawn');
  expect((await standingOf(orderId)).order).toMatchObject({ state: 'cancelled' });
  expect(await desk.openHolds(orderId)).toEqual([]);
});

test('the buyer takes a change back while it waits, and cannot once it is decided', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const confirmed = await standingOf(orderId);
  const changeId = await desk.asked(request, tooCheap);
  await desk.decided(changeId);
  const withdraw = () => db().transaction((tx) => withdrawChange(tx, orderId, changeId, 'beth', NOW));
  expect(await withdraw()).toBe(true);
  expect(await withdraw()).toBe(false);
  expect(await changeStatus(changeId)).toBe('withdrawn');
  expect(await standingOf(orderId)).toEqual(confirmed);
  expect(await desk.openHolds(orderId)).toEqual([]);
});

test('a change that nobody decides in time is refused, and the order goes on as confirmed', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const changeId = await desk.asked(request, tooCheap);
  await desk.decided(changeId);
  const [hold] = await desk.openHolds(orderId);
  await db().transaction((tx) => expireHold(tx, hold?.id ?? '', '2026-03-17T00:00:00.000Z'));
  expect(await changeStatus(changeId)).toBe('refused');
  expect((await standingOf(orderId)).lines[0]).toMatchObject({ ordered: 10, cancelled: 0 });
});

test('what waits when the rest of the order is cancelled is answered: nothing waits for ever', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const held = await desk.asked(request, tooCheap);
  const behind = await desk.asked(request, { lines: [poc('QD', ['quantity'], line('BOLT', '8', '10.00'))] });
  await desk.decided(held);
  await db().transaction((tx) => passLastDay(tx, orderId, NOW));
  expect([await changeStatus(held), await changeStatus(behind)]).toEqual(['refused', 'refused']);
  expect(await desk.openHolds(orderId)).toEqual([]);
});

test('a preview of goods at the warehouse is as if they were recalled, says so, and asks nobody', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const shipmentId = await desk.atTheWarehouse(orderId);
  const before = await standingOf(orderId);
  const less = changeOf(request, { lines: [poc('QD', ['quantity'], line('BOLT', '4', '10.00'))] });
  const preview = await previewChange(db(), orderId, less, NOW);
  expect(preview).toMatchObject({
    kind: 'preview',
    waitingBefore: 0,
    assessment: {
      recalls: [expect.stringMatching(/-1$/)],
      before: { totalMinor: 10_000, lines: [{ quantity: '10', amountMinor: 10_000 }] },
      after: { totalMinor: 4_000, lines: [{ quantity: '4', amountMinor: 4_000 }] },
    },
  });
  expect(await standingOf(orderId)).toEqual(before);
  expect(await db()('order_change').where({ order_id: orderId })).toEqual([]);
  const changeId = await desk.asked(request, { lines: less.lines });
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'needs-recall' });
  await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, NOW));
  await desk.decided(changeId);
  if (preview.kind !== 'preview') throw new Error(preview.text);
  const after = await previewChange(db(), orderId, { ...less, lines: [] }, NOW);
  if (after.kind !== 'preview') throw new Error(after.text);
  expect(after.assessment.before).toEqual(preview.assessment.after);
});

test('a preview shows the headroom of the account before and after, and the holds to come', async () => {
  await db()('credit_account').update({ limit_minor: 15_000 });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  const more = changeOf(request, { lines: [poc('QI', ['quantity'], line('BOLT', '20', '10.00'))] });
  expect(await previewChange(db(), orderId, more, NOW)).toMatchObject({
    assessment: {
      before: { credit: { limitMinor: 15_000, exposureMinor: 10_000, headroomMinor: 5_000 } },
      after: { credit: { limitMinor: 15_000, exposureMinor: 20_000, headroomMinor: -5_000 } },
      holds: [{ type: 'credit', lineNumber: null }],
    },
  });
});

const quantities = fc.constantFrom('0', '1', '5', '10', '12', '40', '120', '2000');
const aChange = fc.record({
  kind: fc.constantFrom('quantity', 'price', 'delete', 'add'),
  lineNumber: fc.constantFrom('1', '2'),
  quantity: quantities,
  price: fc.constantFrom('10.00', '9.00', '9.50', '0.01'),
});

interface AskedChange {
  readonly kind: string;
  readonly lineNumber: string;
  readonly quantity: string;
  readonly price: string;
}

function changesOf(asked: readonly AskedChange[]): Partial<OrderChangeRequest> {
  return {
    lines: asked.map(({ kind, lineNumber, quantity, price }, i) => {
      const item = lineNumber === '1' ? 'BOLT' : 'WASHER';
      if (kind === 'add')
        return poc('AI', ['add'], line('NUT', '100', '0.0425', { buyerLineNumber: `9${i}` }));
      const of = line(item, quantity, lineNumber === '1' ? price : '2.50', { buyerLineNumber: lineNumber });
      if (kind === 'delete') return poc('DI', ['delete'], of);
      return kind === 'price' ? poc('PC', ['price'], of) : poc('QI', ['quantity'], of);
    }),
  };
}

test('a preview is what applying then gives when nothing happens in between, and an agreed change ends where its preview said', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aChange, { minLength: 1, maxLength: 4 }), async (asked) => {
      const request = purchaseOrder([line('BOLT', '10', '10.00'), line('WASHER', '24', '2.50')]);
      const orderId = await desk.answered(request);
      const confirmed = await standingOf(orderId);
      const change = changesOf(asked);
      const preview = await previewChange(db(), orderId, changeOf(request, change), NOW);
      if (preview.kind !== 'preview') throw new Error(preview.text);
      const { assessment } = preview;
      expect(await standingOf(orderId)).toEqual(confirmed);
      const changeId = await desk.asked(request, change);
      let outcome = await desk.decided(changeId);
      expect(outcome.kind === 'held').toBe(
        assessment.holds.length > 0 && assessment.lines.some((l) => l.accepted || l.partly),
      );
      if (outcome.kind === 'held') {
        expect(await standingOf(orderId)).toEqual(confirmed);
        for (const hold of await desk.openHolds(orderId)) await desk.resolve(hold.id, 'release');
        outcome = await desk.decided(changeId);
      }
      const closed = ((await standingOf(orderId)).order as { state: string }).state === 'cancelled';
      if (outcome.kind === 'refused') expect(await standingOf(orderId)).toEqual(confirmed);
      else if (!closed) {
        const now = await previewChange(db(), orderId, changeOf(request, {}), NOW);
        expect(now).toMatchObject({ assessment: { before: assessment.after } });
      }
      expect(await desk.openHolds(orderId)).toEqual([]);
      // What it took comes free, so that the next order meets the same stock.
      if (!closed) await desk.change(request, { purpose: 'cancel' });
    }),
    { numRuns: 6 },
  );
  expect(await reconcileRecord(db())).toEqual([]);
}, 60_000);
