import type { Db, Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import type { InvoicePosting } from '../../domain/invoicing/erp-port';
import { addShipmentMove, lockShipment, type OrderRow, UnknownRecord } from '../order/order-record';
import { settleState } from '../order/settle-state';
import { addEvents } from '../record/keep-history';

interface InvoiceRow {
  readonly id: string;
  readonly invoice_number: string;
  readonly entity_id: string;
  readonly order_id: string;
  readonly shipment_id: string;
  readonly credit_account_id: string;
  readonly currency: string;
  readonly lines: readonly { lineNumber: number; itemId: string; baseUnits: number; amountMinor: number }[];
  readonly tax_minor: number;
  readonly total_minor: number;
  readonly invoice_date: string;
  readonly due_date: string;
  readonly posted_at: string | null;
}

/** Of an invoice, what never changes once it is issued. */
export type IssuedInvoice = Pick<InvoiceRow, 'id' | 'shipment_id' | 'invoice_number'>;

/** What the ERP books: the same at every retry, under one key. And the invoice that it is made of. */
export async function buildInvoicePosting(
  db: Db,
  invoiceId: string,
): Promise<{ readonly posting: InvoicePosting; readonly invoice: IssuedInvoice }> {
  const invoice = (await db('invoice')
    .join('orders', 'orders.id', 'invoice.order_id')
    .where('invoice.id', invoiceId)
    .first('invoice.*', 'order_number', 'po_number', 'customer_id')) as
    | (InvoiceRow & Pick<OrderRow, 'order_number' | 'po_number' | 'customer_id'>)
    | undefined;
  if (!invoice) throw new UnknownRecord('invoice', invoiceId);
  const posting = {
    idempotencyKey: `invoice/${invoice.id}`,
    invoiceNumber: invoice.invoice_number,
    entityId: invoice.entity_id,
    creditAccountId: invoice.credit_account_id,
    customerId: invoice.customer_id,
    orderNumber: invoice.order_number,
    purchaseOrderNumber: invoice.po_number,
    currency: invoice.currency,
    totalMinor: invoice.total_minor,
    taxMinor: invoice.tax_minor,
    invoiceDate: invoice.invoice_date,
    dueDate: invoice.due_date,
    lines: invoice.lines.map((line) => ({
      lineNumber: line.lineNumber,
      itemId: line.itemId,
      quantity: line.baseUnits,
      amountMinor: line.amountMinor,
    })),
  };
  return { posting, invoice };
}

/** The ERP has it: from now on its receivables may speak for this invoice. Closes the order when it was the last. */
export async function recordInvoicePosted(
  tx: Tx,
  invoice: IssuedInvoice,
  reply: { readonly erpDocument: string; readonly postedAt: string },
  now: string,
  together: WriteTogether = new WriteTogether(),
): Promise<void> {
  const { order, shipment } = await lockShipment(tx, invoice.shipment_id);
  const booked = { posted_at: reply.postedAt, erp_document: reply.erpDocument };
  if (shipment.state === 'shipped') {
    together.query(tx('invoice').where({ id: invoice.id }).update(booked));
    addShipmentMove(tx, together, shipment, 'invoiced');
  } else if ((await tx('invoice').where({ id: invoice.id }).whereNull('posted_at').update(booked)) === 0)
    return together.run(tx);
  // One of parts of a bundle may come when all else of its shipment has long been booked.
  addEvents(together, [
    {
      orderId: order.id,
      at: now,
      kind: 'posted',
      actor: 'erp',
      text: `The ERP has booked invoice ${invoice.invoice_number} as ${reply.erpDocument}`,
      data: { invoiceId: invoice.id },
    },
  ]);
  await settleState(tx, order, {}, now, { together, moved: { shipmentId: shipment.id, to: 'invoiced' } });
}
