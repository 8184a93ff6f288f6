import { createErpClient } from '../../adapters/erp/client';
import { erpCallback } from '../../adapters/erp/contract';
import { AdapterFault } from '../../adapters/fault';
import type { InvoicePosting, SupplierInvoicePosting } from '../../domain/invoicing/erp-port';
import { endpoint, folder, impatientMs, Outside, post, setFaults, stateOf, until } from './outside';

const invoice: InvoicePosting = {
  idempotencyKey: 'order/1/invoice/1',
  invoiceNumber: 'INV100001',
  entityId: 'US01',
  creditAccountId: 'CA-ACME',
  customerId: 'ACME',
  orderNumber: 'SO100001',
  purchaseOrderNumber: 'PO1',
  currency: 'USD',
  totalMinor: 16_480,
  taxMinor: 0,
  invoiceDate: '2026-11-22',
  dueDate: '2026-12-22',
  lines: [{ lineNumber: 1, itemId: 'W-1001', quantity: 10, amountMinor: 16_480 }],
};

async function faultOf(call: Promise<unknown>): Promise<AdapterFault> {
  const fault = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (fault instanceof AdapterFault) return fault;
  throw new Error(`expected a fault, got ${String(fault)}`);
}

describe('the ERP', () => {
  let outside: Outside;
  beforeEach(async () => {
    outside = new Outside();
    await outside.start();
  });
  afterEach(() => outside.stop());

  test('an invoice is posted once, and the same posting again gives the same ERP document', async () => {
    const url = await outside.erp();
    const erp = createErpClient(endpoint(url));
    const first = await erp.postInvoice(invoice);
    expect(await erp.postInvoice(invoice)).toEqual(first);
    const { invoices, requests } = await stateOf(url);
    expect(invoices).toMatchObject([{ documents: 1 }]);
    expect(requests.map((one: { idempotencyKey: string }) => one.idempotencyKey)).toEqual([
      'order/1/invoice/1',
      'order/1/invoice/1',
    ]);
  });

  test('an invoice number that is taken by other content is refused for good', async () => {
    const url = await outside.erp();
    const erp = createErpClient(endpoint(url));
    await erp.postInvoice(invoice);
    const fault = await faultOf(erp.postInvoice({ ...invoice, idempotencyKey: 'another', totalMinor: 99 }));
    expect(fault).toMatchObject({ slug: 'conflict', retryable: false, status: 502, theirStatus: 409 });
  });

  test('a posting whose answer was lost can be tried again and stands once', async () => {
    const url = await outside.erp();
    const erp = createErpClient(endpoint(url));
    const impatient = createErpClient(endpoint(url, 'key', impatientMs));
    await setFaults(url, { loseAnswers: 1 });
    expect(await faultOf(impatient.postInvoice(invoice))).toMatchObject({
      slug: 'timed-out',
      retryable: true,
      status: 503,
    });
    await erp.postInvoice(invoice);
    expect((await stateOf(url)).invoices).toMatchObject([{ documents: 1 }]);
  });

  test('an ERP without idempotency keys is asked for the number first, so that nothing is posted twice', async () => {
    const url = await outside.erp();
    await setFaults(url, { ignoreIdempotencyKeys: true, loseAnswers: 1 });
    const impatient = createErpClient(endpoint(url, 'lookup', impatientMs));
    expect(await faultOf(impatient.postInvoice(invoice))).toMatchObject({ slug: 'timed-out' });
    await createErpClient(endpoint(url, 'lookup')).postInvoice(invoice);
    expect((await stateOf(url)).invoices).toMatchObject([{ documents: 1 }]);
    // The same without asking: this is what the look-up guards against.
    await createErpClient(endpoint(url, 'key')).postInvoice(invoice);
    expect((await stateOf(url)).invoices).toMatchObject([{ documents: 2 }]);
  });

  test('an invoice of a supplier stands once by supplier and number, whether the ERP knows keys or is asked first', async () => {
    const owed: SupplierInvoicePosting = {
      idempotencyKey: 'order/1/supplier-invoice/1/1',
      supplierId: 'FORGE',
      invoiceNumber: 'F-1',
      entityId: 'US01',
      purchaseOrderNumber: 'SO100001-D1',
      orderNumber: 'SO100001',
      currency: 'USD',
      totalMinor: 2400,
      invoiceDate: '2026-11-22',
      lines: [
        { lineNumber: 1, itemId: 'W-1001', text: 'line 1', quantity: '4', unit: 'EA', amountMinor: 2500 },
      ],
      extras: [{ text: 'allowance', amountMinor: -100 }],
    };
    const url = await outside.erp();
    const erp = createErpClient(endpoint(url));
    const first = await erp.postSupplierInvoice(owed);
    expect(await erp.postSupplierInvoice(owed)).toEqual(first);
    expect(
      await faultOf(erp.postSupplierInvoice({ ...owed, idempotencyKey: 'another', totalMinor: 99 })),
    ).toMatchObject({
      slug: 'conflict',
      retryable: false,
    });
    // Another supplier may have given the same number.
    await erp.postSupplierInvoice({ ...owed, idempotencyKey: 'theirs', supplierId: 'MILL' });
    await setFaults(url, { ignoreIdempotencyKeys: true });
    expect(await createErpClient(endpoint(url, 'lookup')).postSupplierInvoice(owed)).toEqual(first);
    expect((await stateOf(url)).supplierInvoices).toMatchObject([{ documents: 1 }, { documents: 1 }]);
  });

  test('500, 429, a closed connection and silence may be tried again; a wrong key and a nonsense invoice may not', async () => {
    const url = await outside.erp();
    const erp = createErpClient(endpoint(url));
    await setFaults(url, { failNext: 1 });
    expect(await faultOf(erp.receivables('CA-OLD'))).toMatchObject({ slug: 'server-error', retryable: true });
    await setFaults(url, { failNext: 1, errorStatus: 429 });
    expect(await faultOf(erp.receivables('CA-OLD'))).toMatchObject({ slug: 'busy', retryable: true });
    await setFaults(url, { down: true });
    expect(await faultOf(erp.receivables('CA-OLD'))).toMatchObject({ slug: 'unreachable', retryable: true });
    await setFaults(url, { down: false, latencyMs: 4000 });
    const impatient = createErpClient(endpoint(url, 'key', impatientMs));
    expect(await faultOf(impatient.receivables('CA-OLD'))).toMatchObject({
      slug: 'timed-out',
      retryable: true,
    });
    await setFaults(url, { latencyMs: 0 });
    const stranger = createErpClient({ ...endpoint(url), secret: 'wrong' });
    expect(await faultOf(stranger.receivables('CA-OLD'))).toMatchObject({
      slug: 'unauthorized',
      retryable: false,
    });
    expect(await faultOf(erp.postInvoice({ ...invoice, lines: [] }))).toMatchObject({
      slug: 'refused',
      retryable: false,
    });
  });

  test('open items are there until they are paid, and the payment is told once, signed', async () => {
    const url = await outside.erp();
    const erp = createErpClient(endpoint(url));
    expect(await erp.receivables('CA-OLD')).toMatchObject({
      openItems: [{ invoiceNumber: 'OLD-1', openMinor: 12_000 }],
      unappliedCashMinor: 500,
    });
    await erp.postInvoice(invoice);
    expect((await erp.receivables('CA-ACME')).openItems).toMatchObject([
      { invoiceNumber: 'INV100001', openMinor: 16_480, dueDate: '2026-12-22' },
    ]);
    const payment = {
      reference: 'ACH-1',
      invoiceNumber: 'INV100001',
      amountMinor: 16_150,
      discountMinor: 330,
    };
    await post(`${url}/bank/payments`, payment);
    await post(`${url}/bank/payments`, payment);
    expect((await erp.receivables('CA-ACME')).openItems).toEqual([]);
    await until(() => outside.callbacks.length > 0);
    expect(outside.callbacks.map((one) => one.path)).toEqual(['/callbacks/erp/erp']);
    expect(erpCallback.parse(outside.callbacks[0]?.message)).toMatchObject({
      type: 'payment.received',
      data: {
        eventId: 'payment-ACH-1',
        creditAccountId: 'CA-ACME',
        amountMinor: 16_150,
        discountMinor: 330,
        openMinor: 0,
      },
    });
  });

  test('an ERP that was restarted still knows what it has posted', async () => {
    const memory = folder();
    const before = await createErpClient(endpoint(await outside.erp(memory))).postInvoice(invoice);
    const url = await outside.erp(memory);
    expect(await createErpClient(endpoint(url)).postInvoice(invoice)).toEqual(before);
    expect((await stateOf(url)).invoices).toMatchObject([{ documents: 1 }]);
  });
});
