import { createErpClient } from '../../adapters/erp/client';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { decideSupplierInvoice } from '../../application/supplier/match-supplier-invoice';
import { postSupplierInvoiceAgain } from '../../application/supplier/post-supplier-invoice';
import { postSupplierInvoice } from '../../worker/jobs/post-supplier-invoice';
import { endpoint, impatientMs, Outside, setFaults, stateOf } from '../contracts/outside';
import { NOW } from '../support/company';
import { SupplierStand } from '../support/supplier-stand';

let stand: SupplierStand;
let outside: Outside;
let url: string;
const db = () => stand.db;

beforeEach(async () => {
  stand = await SupplierStand.open();
  outside = new Outside();
  await outside.start();
  url = await outside.erp();
});
afterEach(async () => {
  outside.stop();
  expect(await reconcileRecord(db())).toEqual([]);
  await stand.door.database.drop();
});

async function wanted(): Promise<readonly { readonly invoiceId: string }[]> {
  const { rows } = (await db().raw(`select payload from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'post-supplier-invoice'`)) as {
    rows: { payload: { invoiceId: string } }[];
  };
  return rows.map(({ payload }) => payload);
}
/** As the worker does it; a job that throws is tried again by a later call. */
async function work(timeoutMs?: number): Promise<void> {
  const erp = createErpClient(endpoint(url, 'key', timeoutMs));
  for (const job of await wanted())
    await postSupplierInvoice(job, { db: db(), outside: { erp } } as never).catch(() => undefined);
}
const booked = async () =>
  (await stateOf(url)).supplierInvoices as { posting: Record<string, unknown>; documents: number }[];
const invoice = (number: string) =>
  db()('supplier_invoice').where({ number }).first('state', 'posted_at', 'erp_document');
const calls = () =>
  db()('external_call')
    .where({ operation: 'post-supplier-invoice' })
    .select('status', 'attempts', 'idempotency_key');

async function billed(number = 'INV1', units = 10, price = '6.25', cents = Math.round(units * 625)) {
  const ordered = await stand.ordered('10');
  await stand.shipped(ordered.number, `SN-${number}`, 10);
  await stand.bill(ordered.number, number, units, price, cents);
  return ordered;
}

test('what matches is booked by the ERP once, with our order, its lines and the day of the invoice', async () => {
  const { orderId, number } = await billed();
  expect(await calls()).toEqual([]);
  await Promise.all([work(), work(), work()]);
  await work();
  const { order_number: orderNumber } = await db()('orders').where({ id: orderId }).first('order_number');
  expect(await booked()).toMatchObject([
    {
      documents: 1,
      posting: {
        supplierId: 'FORGE',
        invoiceNumber: 'INV1',
        entityId: 'US01',
        purchaseOrderNumber: number,
        orderNumber,
        currency: 'USD',
        totalMinor: 6250,
        invoiceDate: '2026-03-03',
        lines: [{ lineNumber: 1, itemId: 'ANVIL', quantity: '10', unit: 'EA', amountMinor: 6250 }],
        extras: [],
      },
    },
  ]);
  expect(await invoice('INV1')).toMatchObject({
    state: 'posted',
    erp_document: expect.stringMatching(/^AP/),
  });
  expect(await calls()).toMatchObject([{ status: 'succeeded' }]);
  expect(await db()('order_event').where({ kind: 'supplier-bill-posted' })).toHaveLength(1);
  // The same 810 again books nothing.
  await stand.bill(number, 'INV1', 10);
  await work();
  expect(await booked()).toMatchObject([{ documents: 1 }]);
});

test('an answer that is lost is asked for again under the same key: the call was remembered before it was made', async () => {
  await billed();
  await setFaults(url, { loseAnswers: 1 });
  await work(impatientMs);
  expect(await calls()).toMatchObject([{ status: 'failed', attempts: 1 }]);
  expect(await invoice('INV1')).toMatchObject({ state: 'matched', posted_at: null });
  await work();
  expect(await calls()).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
  expect(await booked()).toMatchObject([{ documents: 1 }]);
});

test('what does not match waits for a person: accepted it is posted, rejected it never is', async () => {
  const { number } = await billed('INV1', 5, '7.00', 3500);
  await stand.bill(number, 'INV2', 5, '9.00', 4500);
  await work();
  expect(await booked()).toEqual([]);
  const { id } = await db()('supplier_order').where({ number }).first('id');
  const decide = (invoiceNumber: string, action: 'accept' | 'reject') =>
    decideSupplierInvoice(
      db(),
      { supplierOrderId: id, number: invoiceNumber, action, person: 'fay', reason: 'as settled by phone' },
      NOW,
    );
  expect((await decide('INV1', 'accept')).kind).toBe('decided');
  expect((await decide('INV2', 'reject')).kind).toBe('decided');
  await work();
  expect(await booked()).toMatchObject([{ posting: { invoiceNumber: 'INV1', totalMinor: 3500 } }]);
  expect(await invoice('INV2')).toMatchObject({ state: 'rejected', posted_at: null });
  expect(await stand.openExceptions()).toEqual([]);
});

test('what the ERP refuses for good is finance’s, and is posted when a person asks for it again', async () => {
  const { number } = await billed();
  const [{ invoiceId } = { invoiceId: '' }] = await wanted();
  // Somebody has typed it in there already, with another amount.
  await createErpClient(endpoint(url)).postSupplierInvoice({
    idempotencyKey: 'typed',
    supplierId: 'FORGE',
    invoiceNumber: 'INV1',
    entityId: 'US01',
    purchaseOrderNumber: number,
    orderNumber: 'SO',
    currency: 'USD',
    totalMinor: 1,
    invoiceDate: '2026-03-03',
    lines: [],
    extras: [],
  });
  await work();
  const [told] = await db()('exception').where({ status: 'open' }).select('kind', 'owner_role', 'text');
  expect(told).toMatchObject({
    kind: 'supplier-invoice-not-posted',
    owner_role: 'finance',
    text: expect.stringContaining('with other content'),
  });
  const { id } = await db()('supplier_order').where({ number }).first('id');
  const again = (invoiceNumber: string) =>
    db().transaction((tx) => postSupplierInvoiceAgain(tx, { supplierOrderId: id, number: invoiceNumber }));
  expect(await again('NONE')).toMatchObject({ kind: 'refused', code: 'unknown-invoice' });
  expect(await again('INV1')).toEqual({ kind: 'asked' });
  expect(await wanted()).toEqual([{ invoiceId }]);
  // It was taken out there: another ERP, which does not know it.
  url = await outside.erp();
  await work();
  expect(await invoice('INV1')).toMatchObject({ state: 'posted' });
  expect(await stand.openExceptions()).toEqual([]);
  expect(await again('INV1')).toMatchObject({ kind: 'refused', code: 'not-to-post' });
});

test('of an ERP that is away somebody hears at the third time, and it is tried on', async () => {
  await billed();
  await setFaults(url, { down: true });
  for (const told of [0, 0, 1]) {
    await work();
    expect(await stand.openExceptions()).toHaveLength(told);
  }
  await setFaults(url, { down: false });
  await work();
  expect(await stand.openExceptions()).toEqual([]);
  expect(await booked()).toMatchObject([{ documents: 1 }]);
});
