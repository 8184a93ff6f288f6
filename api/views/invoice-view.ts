import type { InvoiceViewRow, SettlementRow } from '../../db/repositories/invoice-views';
import type { InvoiceSummaryView, InvoiceView } from '../contract/invoices';
import { moneyOf } from './money';

export function invoiceSummaryView(row: InvoiceViewRow): InvoiceSummaryView {
  return {
    id: row.id,
    invoiceNumber: row.invoice_number,
    orderId: row.order_id,
    orderNumber: row.order_number,
    shipmentId: row.shipment_id,
    shipmentNumber: row.shipment_number,
    usage: row.usage,
    invoiceDate: row.invoice_date,
    dueDate: row.due_date,
    total: moneyOf(row.total_minor, row.currency),
    paid: moneyOf(row.paid_minor, row.currency),
    postedAt: row.posted_at,
  };
}

export function invoiceView(row: InvoiceViewRow, settlements: readonly SettlementRow[]): InvoiceView {
  return {
    ...invoiceSummaryView(row),
    lines: row.lines,
    charges: row.charges,
    terms: row.terms,
    subtotal: moneyOf(row.subtotal_minor, row.currency),
    chargesTotal: moneyOf(row.charges_minor, row.currency),
    tax: moneyOf(row.tax_minor, row.currency),
    erpDocument: row.erp_document,
    issuedAt: row.issued_at,
    settlements: settlements.map((one) => ({
      kind: one.kind,
      amount: moneyOf(one.amount_minor, row.currency),
      traceNumber: one.trace_number,
      effectiveOn: one.effective_on,
      bookedAt: one.booked_at,
    })),
  };
}
