import { buildLabelRequest } from '../../application/fulfilment/build-label-request';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { recordRecall } from '../../application/fulfilment/release-shipment';
import { applyHold } from '../../application/hold/apply-hold';
import { resolveHold } from '../../application/hold/resolve-hold';
import { lockOrder } from '../../application/order/order-record';
import { settlePrice } from '../../application/pricing/settle-price';
import { modificationRule } from '../../application/rules/modification';
import { readHoldTypes } from '../../application/rules/rules';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { ChangeAnswer } from '../../domain/order/answers';
import type { MatrixCells } from '../../domain/order/modification-matrix';
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

const rule = (scope: string, ...cells: readonly MatrixCells[]) =>
  db()('rule').insert({ kind: 'modification', scope, version: 1, body: JSON.stringify({ cells }) });
const firstLine = (orderId: string) =>
  db()('order_line').where({ order_id: orderId, line_number: 1 }).first();

test('a customer that may not change prices is refused the line in words, the rest of the change is done', async () => {
  await rule('customer/ACME', { type: 'price', level: 'line', statuses: ['confirmed'], verdict: 'disallow' });
  const request = purchaseOrder([line('BOLT', '10', '10.00'), line('NUT', '100', '0.0425')]);
  const orderId = await desk.answered(request);
  const nut = {
    changeCode: 'QD',
    kinds: ['quantity'],
    line: line('NUT', '50', '0.0425', { buyerLineNumber: '2' }),
  } as const;
  expect(
    await desk.change(request, { lines: [poc('PC', ['price'], line('BOLT', '10', '5.00')), nut] }),
  ).toMatchObject({
    kind: 'partly-applied',
    text: 'line 1 is confirmed: another price is not allowed then (modification customer/ACME v1)',
  });
  expect(await desk.openHolds(orderId)).toEqual([]);
  expect(await firstLine(orderId)).toMatchObject({ unit_price: '10.000000' });
});

test('what a partner asks in vain is passed over where its rule says so, and named in the 865', async () => {
  await rule('partner/ACME-EDI', {
    type: 'price',
    level: 'line',
    statuses: ['confirmed'],
    verdict: 'ignore',
  });
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  await desk.change(request, { lines: [poc('PQ', ['price', 'quantity'], line('BOLT', '12', '5.00'))] });
  expect(await firstLine(orderId)).toMatchObject({ ordered: 12, unit_price: '10.000000' });
  const [answer] = await desk.documents<ChangeAnswer>(orderId, '865');
  expect(answer?.acknowledgment).toBe('AC');
  expect(answer?.lines[0]?.reason).toContain('another price is passed over');
});

test('what may not be changed at a warehouse is refused without asking the goods back', async () => {
  await rule(
    '*',
    { type: 'quantity-down', level: 'line', statuses: ['released'], verdict: 'disallow' },
    { type: 'cancel', level: 'header', statuses: ['released'], verdict: 'disallow' },
  );
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  await desk.atTheWarehouse(orderId);
  expect(
    await desk.change(request, { lines: [poc('QD', ['quantity'], line('BOLT', '4', '10.00'))] }),
  ).toMatchObject({ kind: 'refused' });
  expect(await desk.change(request, { purpose: 'cancel' })).toMatchObject({
    kind: 'refused',
    text: 'the order is released to a warehouse: a cancellation is not allowed then (modification * v1)',
  });
  const more = await desk.change(request, { lines: [poc('QI', ['quantity'], line('BOLT', '14', '10.00'))] });
  expect(more).toMatchObject({ kind: 'needs-recall' });
});

test('a table that decides a cell twice is not saved', async () => {
  const body = modificationRule.body.parse({
    cells: (['ignore', 'allow'] as const).map((verdict) => ({
      type: 'price',
      level: 'line',
      statuses: ['confirmed'],
      verdict,
    })),
  });
  expect(await modificationRule.check?.([{ scope: '*', version: 1, body }], db())).toEqual([
    '*: the cell (price, line, confirmed) is decided twice',
  ]);
});

const td5 = (scac: string) => ({ at: { segment: 4, segmentId: 'TD5' }, elements: ['B', '2', scac, 'M'] });
const routingOf = async (shipmentId: string) => (await buildLabelRequest(db(), shipmentId)).routing;

test('another routing replaces that of the order: the shipment is recalled and goes anew with the carrier named last', async () => {
  const request = { ...purchaseOrder([line('BOLT', '10', '10.00')]), kept: [td5('UPSN')] };
  const orderId = await desk.answered(request);
  const shipmentId = await desk.atTheWarehouse(orderId);
  expect(await routingOf(shipmentId)).toMatchObject({
    source: 'order',
    route: { carriers: [{ scac: 'UPSN' }] },
  });
  const changeId = await desk.asked(request, { kept: [td5('FDEG')] });
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'needs-recall', shipmentIds: [shipmentId] });
  await db().transaction((tx) => recordRecall(tx, shipmentId, { kind: 'recalled' }, NOW));
  expect(await desk.decided(changeId)).toMatchObject({ kind: 'applied' });
  const anew = await desk.atTheWarehouse(orderId);
  expect(await routingOf(anew)).toMatchObject({ source: 'order', route: { carriers: [{ scac: 'FDEG' }] } });
});

test('a routing that a rule forbids is refused in words, and one that is repeated asks for nothing', async () => {
  await rule('*', { type: 'routing', level: 'header', statuses: ['confirmed'], verdict: 'disallow' });
  const request = { ...purchaseOrder([line('BOLT', '10', '10.00')]), kept: [td5('UPSN')] };
  const orderId = await desk.answered(request);
  expect(await desk.change(request, { kept: [td5('FDEG')] })).toMatchObject({
    kind: 'refused',
    text: 'the order is confirmed: another routing is not allowed then (modification * v1)',
  });
  expect(await desk.change(request, { kept: [td5('UPSN')] })).toMatchObject({ kind: 'refused' });
  const [shipmentId = ''] = await db().transaction((tx) => planShipments(tx, orderId, NOW));
  expect(await routingOf(shipmentId)).toMatchObject({ route: { carriers: [{ scac: 'UPSN' }] } });
});

const otherTerms = [{ at: { segment: 5, segmentId: 'ITD' }, text: 'net 90 days', netDays: 90 }] as never;

test('other terms of payment wait for a person, and are refused where a rule says so; the agreed ones stand', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  expect(await desk.change(request, { terms: otherTerms })).toMatchObject({ kind: 'held' });
  const [hold] = await desk.openHolds(orderId);
  expect(hold?.reason.text).toContain('terms of payment');
  await desk.resolve(hold?.id ?? '', 'reject');
  await rule('customer/ACME', {
    type: 'payment-terms',
    level: 'header',
    statuses: ['confirmed'],
    verdict: 'disallow',
  });
  expect(await desk.change(request, { changeNumber: 'T2', terms: otherTerms })).toMatchObject({
    kind: 'refused',
    text: 'the order is confirmed: other terms of payment is not allowed then (modification customer/ACME v1)',
  });
  expect(await desk.openHolds(orderId)).toEqual([]);
});

test('a hold by hand asks the table, too', async () => {
  const orderId = await desk.answered(purchaseOrder([line('BOLT', '10', '10.00')]));
  const type = [...(await db().transaction((tx) => readHoldTypes(tx))).values()].find(
    ({ appliedBy, scopes }) => appliedBy.length > 0 && scopes.includes('order'),
  );
  if (!type) throw new Error('no hold is put on by hand');
  const roles = type.appliedBy;
  const put = (lineNumber: number | null) =>
    db().transaction((tx) =>
      applyHold(
        tx,
        { orderId, type: type.type, lineNumber, shipmentId: null, reason: 'they rang', person: 'sam', roles },
        NOW,
      ),
    );
  await rule('*', { type: 'hold', level: 'header', statuses: ['confirmed'], verdict: 'disallow' });
  expect(await put(null)).toMatchObject({
    kind: 'refused',
    code: 'not-allowed',
    text: 'the order is confirmed: a hold is not allowed then (modification * v1)',
  });
  await db()('rule').where({ kind: 'modification' }).del();
  const put1 = await put(null);
  if (put1.kind !== 'applied') throw new Error(put1.text);
  // Lifting it is a cell of its own.
  await rule('*', { type: 'unhold', level: 'header', statuses: ['held', 'confirmed'], verdict: 'disallow' });
  const lift = () =>
    db().transaction((tx) =>
      resolveHold(
        tx,
        {
          holdId: put1.holdId,
          action: 'release',
          person: 'ida',
          roles: type.resolvedBy ?? [],
          reason: 'they rang again',
        },
        NOW,
      ),
    );
  expect(await lift()).toMatchObject({
    kind: 'refused',
    code: 'not-releasable',
    text: expect.stringContaining('the end of a hold is not allowed then (modification * v1)'),
  });
  await db()('rule').where({ kind: 'modification' }).del();
  expect(await lift()).toMatchObject({ kind: 'resolved', status: 'released' });
});

test('a price that is agreed to bills what is left of a line, not what was cancelled of it', async () => {
  const request = purchaseOrder([line('BOLT', '10', '10.00')]);
  const orderId = await desk.answered(request);
  await desk.change(request, { lines: [poc('QD', ['quantity'], line('BOLT', '6', '10.00'))] });
  await db()('order_line').where({ order_id: orderId }).update({ ordered: 10, cancelled: 4 });
  const order = await db().transaction(async (tx) => {
    const locked = await lockOrder(tx, orderId);
    return settlePrice(tx, locked, { line_number: 1, reason: { details: {} } }, NOW);
  });
  expect(order.subtotal_minor).toBe(6_000);
  expect(await firstLine(orderId)).toMatchObject({ amount_minor: 6_000, ordered: 10, cancelled: 4 });
});
