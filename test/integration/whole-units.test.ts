import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { InvoiceDocument, ShipNotice } from '../../domain/order/answers';
import { ChangeDesk } from '../support/change-desk';
import { line, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { shipOrder } from '../support/ship-order';

let database: TestDatabase;
const db = () => database.db;
const desk = new ChangeDesk(db);
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await database.drop();
});

const cases = () => purchaseOrder([line('WASHER', '3', '30.00', { unit: 'CA' })]);
const washers = (orderId: string) => db()('order_line').where({ order_id: orderId }).first();

test('a pick that ends inside a case is announced and billed in whole cases, and the single units have an owner', async () => {
  await seedCompany(db());
  const orderId = await desk.answered(cases());
  await shipOrder(db(), orderId, () => 30);
  // Two cases left; the third is sourced again from the other units of the same warehouse's stock.
  expect(await washers(orderId)).toMatchObject({ ordered: 36, shipped: 24, invoiced: 24, reserved: 12 });
  const [invoice] = await desk.documents<InvoiceDocument>(orderId, '810');
  expect(invoice).toMatchObject({ totalMinor: 6000, lines: [{ invoiced: '2', amountMinor: 6000 }] });
  const [notice] = await desk.documents<ShipNotice>(orderId, '856');
  expect(notice?.lines).toMatchObject([{ shipped: '2', ordered: '3' }]);
  const packed = notice?.packages.flatMap(({ contents }) => contents.map(({ quantity }) => Number(quantity)));
  expect(packed?.reduce((sum, quantity) => sum + quantity, 0)).toBe(2);
  const told = await db()('exception').where({ kind: 'over-shipment' });
  expect(told).toMatchObject([{ owner_role: 'operations', order_id: orderId }]);
  expect(told[0].text).toContain('6 single units of WASHER');
});

test('where nothing is left to fill the case with, and it may not wait, it is cancelled and never billed', async () => {
  await seedCompany(db(), { stock: { WASHER: { EAST: 36 } } });
  const orderId = await desk.answered(cases());
  await shipOrder(db(), orderId, () => 30);
  expect(await washers(orderId)).toMatchObject({
    ordered: 36,
    shipped: 24,
    cancelled: 12,
    amount_minor: 6000,
  });
  const invoices = await desk.documents<InvoiceDocument>(orderId, '810');
  expect(invoices.map((invoice) => invoice.totalMinor)).toEqual([6000]);
  expect(await db()('orders').where({ id: orderId }).first()).toMatchObject({ total_minor: 6000 });
});
