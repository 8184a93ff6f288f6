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
  })
  .meta({ id: 'Invoice' });
export type InvoiceView = z.infer<typeof invoice>;
export const invoicePage = pageOf(invoiceSummary, 'InvoicePage');
export const listInvoicesQuery = z.object({
  ...pageQuery,
  order: z.string().max(64).optional(),
  invoiceNumber: z.string().max(40).optional(),
});
