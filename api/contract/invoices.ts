import { z } from 'zod';
import { instant, json, localDate, money, pageOf, pageQuery, recordId } from './common';

export const invoiceSummary = z
  .object({
    id: recordId,
    invoiceNumber: z.string(),
    orderId: recordId,
    orderNumber: z.string(),
    shipmentId: recordId,
    shipmentNumber: z.string(),
    usage: z.enum(['P', 'T']),
    invoiceDate: localDate,
    dueDate: localDate,
    total: money,
    paid: money,
    postedAt: instant.nullable(),
  })
  .meta({ id: 'InvoiceSummary' });
export type InvoiceSummaryView = z.infer<typeof invoiceSummary>;
/** What settles an invoice, as far as a remittance (820) or the ERP tells of it. */
const settlement = z.object({
  kind: z.enum(['payment', 'discount']),
  amount: money,
  /** The payer's number of the payment; null where only the ERP tells of it. */
  traceNumber: z.string().nullable(),
  effectiveOn: localDate,
  bookedAt: instant.nullable().meta({ description: 'When the ERP booked it; null: not yet' }),
});
export const invoice = invoiceSummary
  .extend({
    lines: json,
    charges: json,
    terms: json,
    subtotal: money,
    chargesTotal: money,
    tax: money,
    erpDocument: z.string().nullable(),
    issuedAt: instant,
    settlements: z.array(settlement),
  })
  .meta({ id: 'Invoice' });
export type InvoiceView = z.infer<typeof invoice>;
export const invoicePage = pageOf(invoiceSummary, 'InvoicePage');
export const listInvoicesQuery = z.object({
  ...pageQuery,
  order: z.string().max(64).optional(),
  invoiceNumber: z.string().max(40).optional(),
});
