import { z } from 'zod';

/** What goes over the wire between the hub and an ERP. Amounts are minor units, dates local, instants UTC. */
const localDate = z.iso.date();
const instant = z.iso.datetime();
const minor = z.int();

export const invoicePosting = z.object({
  invoiceNumber: z.string().min(1).max(22),
  entityId: z.string().min(1),
  creditAccountId: z.string().min(1),
  customerId: z.string().min(1),
  orderNumber: z.string().min(1),
  purchaseOrderNumber: z.string().min(1),
  currency: z.string().length(3),
  totalMinor: minor,
  taxMinor: minor,
  invoiceDate: localDate,
  dueDate: localDate,
  lines: z
    .array(
      z.object({
        lineNumber: z.int().positive(),
        itemId: z.string().min(1),
        quantity: z.number().positive(),
        amountMinor: minor,
      }),
    )
    .min(1),
});
export type InvoicePostingWire = z.infer<typeof invoicePosting>;

/** POST /invoices and GET /invoices/{invoiceNumber} */
export const postedInvoice = z.object({
  erpDocument: z.string().min(1),
  postedAt: instant,
  invoiceNumber: z.string().min(1),
  totalMinor: minor,
});
export type PostedInvoice = z.infer<typeof postedInvoice>;

/** POST /supplier-invoices */
export const supplierInvoicePosting = z.object({
  supplierId: z.string().min(1),
  invoiceNumber: z.string().min(1).max(30),
  entityId: z.string().min(1),
  purchaseOrderNumber: z.string().min(1),
  orderNumber: z.string().min(1),
  currency: z.string().length(3),
  totalMinor: minor,
  invoiceDate: localDate,
  lines: z.array(
    z.object({
      lineNumber: z.int().positive().exactOptional(),
      itemId: z.string().min(1).exactOptional(),
      text: z.string(),
      quantity: z.string().min(1),
      unit: z.string(),
      amountMinor: minor,
    }),
  ),
  extras: z.array(z.object({ text: z.string(), amountMinor: minor })),
});
export type SupplierInvoicePostingWire = z.infer<typeof supplierInvoicePosting>;

/** The answer, and GET /supplier-invoices/{supplierId}/{invoiceNumber} */
export const postedSupplierInvoice = z.object({ ...postedInvoice.shape, supplierId: z.string().min(1) });
export type PostedSupplierInvoice = z.infer<typeof postedSupplierInvoice>;

/** GET /receivables/{creditAccountId} */
export const receivables = z.object({
  creditAccountId: z.string().min(1),
  asOf: instant,
  currency: z.string().length(3),
  openItems: z.array(
    z.object({
      invoiceNumber: z.string().min(1),
      openMinor: minor,
      dueDate: localDate,
      disputed: z.boolean(),
    }),
  ),
  unappliedCashMinor: minor,
});
export type Receivables = z.infer<typeof receivables>;

/** GET /customers/{customerId} */
export const erpCustomer = z.object({
  customerId: z.string().min(1),
  name: z.string().min(1),
  creditAccountId: z.string().min(1),
  currency: z.string().length(3),
});
export type ErpCustomer = z.infer<typeof erpCustomer>;

/** GET /items/{itemId} */
export const erpItem = z.object({
  itemId: z.string().min(1),
  description: z.string(),
  gtin: z.string().exactOptional(),
});
export type ErpItem = z.infer<typeof erpItem>;

/** POST /callbacks/erp/{counterparty}, signed by Standard Webhooks; webhook-id is data.eventId. */
export const paymentReceived = z.object({
  type: z.literal('payment.received'),
  data: z.object({
    eventId: z.string().min(1).max(120),
    creditAccountId: z.string().min(1),
    /** Absent while the cash is not applied to an invoice. */
    invoiceNumber: z.string().exactOptional(),
    amountMinor: z.int().positive(),
    currency: z.string().length(3),
    receivedAt: instant,
    /** Cash discount taken with it (2/10 net 30): settles the invoice without money. */
    discountMinor: minor.nonnegative().exactOptional(),
    /** What is open on the invoice after this payment. */
    openMinor: minor.exactOptional(),
  }),
});
export const limitChanged = z.object({
  type: z.literal('limit.changed'),
  data: z.object({
    eventId: z.string().min(1).max(120),
    creditAccountId: z.string().min(1),
    limitMinor: minor.nonnegative(),
    currency: z.string().length(3),
    changedAt: instant,
  }),
});
export const erpCallback = z.discriminatedUnion('type', [paymentReceived, limitChanged]);
export type ErpCallback = z.infer<typeof erpCallback>;
