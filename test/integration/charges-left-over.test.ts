import { reconcileRecord } from '../../application/stock/reconcile-record';
import type { InvoiceDocument } from '../../domain/order/answers';
import type { OrderRequestLine } from '../../domain/order/order-request';
import { ChangeDesk } from '../support/change-desk';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { passLastDay } from '../support/last-day';
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

const freight = { indicator: 'charge', code: 'D240', description: 'Freight', amountMinor: 1000 };

/** Half of an order leaves and is billed; what waits for stock. */
async function halfShipped(lines: readonly OrderRequestLine[]): Promise<string> {
  await seedCompany(db(), { stock: { BOLT: { EAST: 5 } }, policy: { charges: [freight], taxPercent: '10' } });
  const orderId = await desk.answered(purchaseOrder(lines));
  await shipOrder(db(), orderId);
  return orderId;
}
const rest = (orderId: string) => db().transaction((tx) => passLastDay(tx, orderId, NOW));
const told = () => db()('exception').where({ kind: 'charges-not-billed', status: 'open' });

test('freight of which a part was billed with what left has an owner when the rest of its order is cancelled', async () => {
  const orderId = await halfShipped([line('BOLT', '10', '10.00')]);
  const [invoice] = await desk.documents<InvoiceDocument>(orderId, '810');
  expect(invoice?.adjustments).toMatchObject([{ amountMinor: 500 }]);
  expect(await told()).toEqual([]);
  await rest(orderId);
  expect(await db()('orders').where({ id: orderId }).first()).toMatchObject({
    state: 'completed',
    total_minor: 6600,
    invoiced_minor: 6050,
  });
  const raised = await told();
  expect(raised).toMatchObject([{ owner_role: 'finance', order_id: orderId }]);
  expect(raised[0].text).toContain('5.50 USD');
});

test('an order that is billed as it was agreed, to the end, is nobody’s business', async () => {
  const orderId = await halfShipped([line('BOLT', '5', '10.00')]);
  expect(await db()('orders').where({ id: orderId }).first()).toMatchObject({
    state: 'completed',
    total_minor: 6600,
    invoiced_minor: 6600,
  });
  expect(await told()).toEqual([]);
});
