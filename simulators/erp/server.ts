import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { z } from 'zod';
import {
  type ErpCallback,
  erpCustomer,
  erpItem,
  type InvoicePostingWire,
  invoicePosting,
  type PostedInvoice,
  type PostedSupplierInvoice,
  type Receivables,
  type SupplierInvoicePostingWire,
  supplierInvoicePosting,
} from '../../adapters/erp/contract';
import { Callbacks } from '../ground/callbacks';
import { type Answer, Door, Refusal } from '../ground/door';
import { Keep } from '../ground/keep';
import { bankPayment, type OpenAccount, receivablesOf } from './receivables';

export interface ErpOptions {
  readonly secret: string;
  readonly callbackSecret: string;
  readonly hubUrl: string | null;
  /** The hub's name for this system: the last part of its callback address. */
  readonly counterparty: string;
  readonly folder: string | null;
  readonly customers: readonly unknown[];
  readonly items: readonly unknown[];
  readonly accounts: readonly OpenAccount[];
}

/** One invoice as the ERP keeps it. `documents` above one means that the hub posted it twice. */
export interface KeptInvoice {
  readonly posting: InvoicePostingWire;
  readonly answer: PostedInvoice;
  readonly documents: number;
  readonly paidMinor: number;
  readonly discountMinor: number;
}

/** What the company owes a supplier; `documents` as above. */
interface KeptSupplierInvoice {
  readonly posting: SupplierInvoicePostingWire;
  readonly answer: PostedSupplierInvoice;
  readonly documents: number;
}

const limitChange = z.object({
  creditAccountId: z.string(),
  limitMinor: z.int(),
  currency: z.string().default('USD'),
});

/** The company's ERP: it owns customers, items and receivables. */
export class ErpSimulator {
  readonly app: Express;
  readonly #door: Door;
  readonly #callbacks: Callbacks;
  readonly #invoices: Keep<KeptInvoice>;
  readonly #supplierInvoices: Keep<KeptSupplierInvoice>;
  readonly #payments: Keep<z.infer<typeof bankPayment>>;
  readonly #options: ErpOptions;

  constructor(options: ErpOptions) {
    const { folder, hubUrl, callbackSecret } = options;
    this.#options = options;
    this.#door = new Door(options);
    this.app = this.#door.app;
    this.#callbacks = new Callbacks({ hubUrl, secret: callbackSecret, faults: this.#door.faults, folder });
    this.#invoices = new Keep(folder, 'invoices');
    this.#supplierInvoices = new Keep(folder, 'supplier-invoices');
    this.#payments = new Keep(folder, 'payments');
    this.#masterData();
    this.#door.post('/invoices', (request) => this.#post(invoicePosting.parse(request.body)));
    this.#door.get('/invoices/:number', (request) => this.#find(String(request.params['number'])));
    this.#door.post('/supplier-invoices', (request) => this.#owe(supplierInvoicePosting.parse(request.body)));
    this.#door.get('/supplier-invoices/:supplier/:number', ({ params }) =>
      known(
        this.#supplierInvoices.get(`${String(params['supplier'])}/${String(params['number'])}`)?.answer,
        'invoice of a supplier',
      ),
    );
    this.#door.get('/receivables/:account', (request) => ({
      status: 200,
      body: this.#receivables(String(request.params['account'])),
    }));
    this.#door.admin('/bank/payments', (body) => this.#pay(bankPayment.parse(body)));
    this.#door.admin('/admin/limits', (body) => this.#changeLimit(limitChange.parse(body)));
    this.#door.state('/admin/state', () => ({
      invoices: this.#invoices.values(),
      supplierInvoices: this.#supplierInvoices.values(),
      payments: this.#payments.values(),
      callbacks: this.#callbacks.list(),
    }));
    this.#door.close();
  }

  stop(): void {
    this.#callbacks.stop();
  }

  #masterData(): void {
    const customers = new Map(
      this.#options.customers.map((one) => erpCustomer.parse(one)).map((one) => [one.customerId, one]),
    );
    const items = new Map(
      this.#options.items.map((one) => erpItem.parse(one)).map((one) => [one.itemId, one]),
    );
    this.#door.get('/customers/:id', (request) =>
      known(customers.get(String(request.params['id'])), 'customer'),
    );
    this.#door.get('/items/:id', (request) => known(items.get(String(request.params['id'])), 'item'));
  }

  /** An invoice number is posted once: the same content is the same invoice, other content is refused. */
  #post(posting: InvoicePostingWire): Answer {
    const sumMinor = posting.lines.reduce((sum, line) => sum + line.amountMinor, 0);
    const before = this.#invoices.get(posting.invoiceNumber);
    if (before && JSON.stringify(before.posting) !== JSON.stringify(posting))
      throw new Refusal(409, `invoice ${posting.invoiceNumber} is there with other content`);
    if (posting.totalMinor < 0 || sumMinor < 0) throw new Refusal(422, 'an invoice is not negative');
    if (before && !this.#door.faults.settings.ignoreIdempotencyKeys)
      return { status: 200, body: before.answer };
    const documents = (before?.documents ?? 0) + 1;
    const answer = {
      erpDocument: `AR${String(this.#invoices.size + documents).padStart(8, '0')}`,
      postedAt: new Date().toISOString(),
      invoiceNumber: posting.invoiceNumber,
      totalMinor: posting.totalMinor,
    };
    this.#invoices.set(posting.invoiceNumber, { posting, answer, documents, paidMinor: 0, discountMinor: 0 });
    if (!before) this.#bookWhatWaited(posting.invoiceNumber);
    return { status: 201, body: answer };
  }

  /** A supplier's invoice, once by its own number. */
  #owe(posting: SupplierInvoicePostingWire): Answer {
    const { supplierId, invoiceNumber, totalMinor } = posting;
    const key = `${supplierId}/${invoiceNumber}`;
    const before = this.#supplierInvoices.get(key);
    if (before && JSON.stringify(before.posting) !== JSON.stringify(posting))
      throw new Refusal(409, `invoice ${invoiceNumber} of ${supplierId} is there with other content`);
    if (before && !this.#door.faults.settings.ignoreIdempotencyKeys)
      return { status: 200, body: before.answer };
    const documents = (before?.documents ?? 0) + 1;
    const answer = {
      erpDocument: `AP${String(this.#supplierInvoices.size + documents).padStart(8, '0')}`,
      postedAt: new Date().toISOString(),
      supplierId,
      invoiceNumber,
      totalMinor,
    };
    this.#supplierInvoices.set(key, { posting, answer, documents });
    return { status: 201, body: answer };
  }

  #bookWhatWaited(invoiceNumber: string): void {
    for (const payment of this.#payments.values().filter((one) => one.invoiceNumber === invoiceNumber))
      this.#book(payment, this.#invoices.get(invoiceNumber));
  }

  #find(invoiceNumber: string): Answer {
    return known(this.#invoices.get(invoiceNumber)?.answer, 'invoice');
  }

  #receivables(creditAccountId: string): Receivables {
    const account = this.#options.accounts.find((one) => one.creditAccountId === creditAccountId);
    return receivablesOf(creditAccountId, account, this.#invoices.values(), this.#payments.values());
  }

  /**
   * Money arrives from a customer's bank; a reference that is there is not booked again. What names an invoice that has
   * not been posted yet lies on the account until it is.
   */
  #pay(payment: z.infer<typeof bankPayment>): unknown {
    if (this.#payments.get(payment.reference)) return { booked: false };
    this.#payments.set(payment.reference, payment);
    const invoice =
      payment.invoiceNumber === undefined ? undefined : this.#invoices.get(payment.invoiceNumber);
    if (payment.invoiceNumber !== undefined && !invoice) return { booked: false };
    this.#book(payment, invoice);
    return { booked: true };
  }

  #book(payment: z.infer<typeof bankPayment>, invoice: KeptInvoice | undefined): void {
    if (invoice) {
      const paidMinor = invoice.paidMinor + payment.amountMinor;
      const discountMinor = invoice.discountMinor + payment.discountMinor;
      this.#invoices.set(invoice.posting.invoiceNumber, { ...invoice, paidMinor, discountMinor });
    }
    this.#tell({
      type: 'payment.received',
      data: {
        eventId: `payment-${payment.reference}`,
        creditAccountId: invoice?.posting.creditAccountId ?? payment.creditAccountId ?? 'unknown',
        amountMinor: payment.amountMinor,
        currency: invoice?.posting.currency ?? 'USD',
        receivedAt: new Date().toISOString(),
        ...(invoice ? appliedTo(invoice, payment) : {}),
      },
    });
  }

  #changeLimit(change: z.infer<typeof limitChange>): unknown {
    const eventId = `limit-${randomUUID()}`;
    this.#tell({ type: 'limit.changed', data: { ...change, eventId, changedAt: new Date().toISOString() } });
    return { eventId };
  }

  #tell(message: ErpCallback): void {
    this.#callbacks.send(`/callbacks/erp/${this.#options.counterparty}`, message);
  }
}

function appliedTo(invoice: KeptInvoice, payment: z.infer<typeof bankPayment>) {
  const settledMinor =
    invoice.paidMinor + invoice.discountMinor + payment.amountMinor + payment.discountMinor;
  return {
    invoiceNumber: invoice.posting.invoiceNumber,
    openMinor: invoice.posting.totalMinor - settledMinor,
    ...(payment.discountMinor > 0 ? { discountMinor: payment.discountMinor } : {}),
  };
}

function known(found: unknown, what: string): Answer {
  if (found === undefined) throw new Refusal(404, `no such ${what}`);
  return { status: 200, body: found };
}
