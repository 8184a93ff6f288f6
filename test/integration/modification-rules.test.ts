import { reconcileRecord } from '../../application/reconcile-record';
import { modificationRule } from '../../application/rules/modification';
import type { ChangeAnswer } from '../../domain/order/answers';
import type { MatrixCells } from '../../domain/order/modification-matrix';
import { ChangeDesk, poc } from '../support/change-desk';
import { line, purchaseOrder, seedCompany } from '../support/company';
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
