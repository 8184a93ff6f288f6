import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { BilledLine, SupplierBill, SupplierInvoiceState } from '../../domain/fulfilment/supplier-order';
import type { SupplierInvoicePosting } from '../../domain/invoicing/erp-port';
import { addSeconds, localDateIn } from '../../domain/shared/dates';
import { lineAmountMinor } from '../../domain/shared/money';
import { lockOrder } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import type { OutsideCall } from '../record/keep-outside-call';
import { clearException, raiseException } from '../record/raise-exception';

const NOT_POSTED = 'supplier-invoice-not-posted';

export interface InvoiceToPost {
  readonly invoiceId: string;
  readonly call: OutsideCall;
  readonly posting: SupplierInvoicePosting;
}

interface PostedRow {
  readonly number: string;
  readonly partner_id: string;
  readonly order_id: string;
  readonly order_number: string;
  readonly entity_id: string;
  readonly time_zone: string;
  readonly supplier_order: string;
  readonly currency: string;
  readonly total_minor: number;
  readonly invoice_date: string | null;
  readonly received_at: string;
  readonly lines: readonly BilledLine[];
  readonly extras: SupplierBill['extras'];
}

/** What is owed to a supplier goes to the ERP. In the transaction that made it owed. */
export const wantPosted = (tx: Tx, invoiceId: string): Promise<void> =>
  addJob(tx, 'post-supplier-invoice', { invoiceId }, { key: invoiceId });

/** What the ERP is to book, the same at every retry and under one key; null where there is nothing to post (any more). */
export async function readInvoiceToPost(db: Db, invoiceId: string): Promise<InvoiceToPost | null> {
  const row = (await db('supplier_invoice as i')
    .join('supplier_order as p', 'p.id', 'i.supplier_order_id')
    .join('orders as o', 'o.id', 'p.order_id')
    .join('selling_entity as e', 'e.id', 'o.entity_id')
    .where({ 'i.id': invoiceId, 'i.usage': 'P' })
    .whereIn('i.state', ['matched', 'accepted'])
    .first(
      'i.number',
      'i.partner_id',
      'p.order_id',
      'o.order_number',
      'o.entity_id',
      'e.time_zone',
      'p.number as supplier_order',
      'i.currency',
      'i.total_minor',
      'i.invoice_date',
      'i.received_at',
      'i.lines',
      'i.extras',
    )) as PostedRow | undefined;
  if (!row) return null;
  const items = (await db('supplier_order_line as l')
    .join('supplier_invoice as i', 'i.supplier_order_id', 'l.supplier_order_id')
    .where({ 'i.id': invoiceId })
    .select('l.line_number', 'l.item_id')) as { line_number: number; item_id: string }[];
  const itemOf = new Map(items.map((line) => [line.line_number, line.item_id]));
  const key = `order/${row.order_id}/supplier-invoice/${invoiceId}/1`;
  const posting: SupplierInvoicePosting = {
    idempotencyKey: key,
    supplierId: row.partner_id,
    invoiceNumber: row.number,
    entityId: row.entity_id,
    purchaseOrderNumber: row.supplier_order,
    orderNumber: row.order_number,
    currency: row.currency,
    totalMinor: row.total_minor,
    invoiceDate: row.invoice_date ?? localDateIn(row.received_at, row.time_zone),
    lines: row.lines.map(({ lineNumber, said, quantity, unit, unitPrice }) => ({
      ...(lineNumber !== null && { lineNumber, itemId: itemOf.get(lineNumber) ?? said }),
      text: said,
      quantity,
      unit,
      amountMinor: lineAmountMinor(quantity, unitPrice, row.currency, 1),
    })),
    extras: row.extras.map(({ what, amountMinor }) => ({ text: what, amountMinor })),
  };
  const call = {
    key,
    counterparty: 'erp',
    operation: 'post-supplier-invoice',
    orderId: row.order_id,
    request: posting,
  };
  return { invoiceId, call, posting };
}

/** The ERP has it. */
export async function recordSupplierInvoicePosted(
  tx: Tx,
  { invoiceId, call, posting }: InvoiceToPost,
  reply: { readonly erpDocument: string; readonly postedAt: string },
  now: string,
): Promise<void> {
  await lockOrder(tx, call.orderId);
  const posted: SupplierInvoiceState = 'posted';
  const before: readonly SupplierInvoiceState[] = ['matched', 'accepted'];
  await tx('supplier_invoice')
    .where({ id: invoiceId })
    .whereIn('state', before)
    .update({ state: posted, posted_at: reply.postedAt, erp_document: reply.erpDocument });
  await recordEvents(tx, [
    {
      orderId: call.orderId,
      at: now,
      kind: 'supplier-bill-posted',
      actor: 'erp',
      text: `The ERP has booked invoice ${posting.invoiceNumber} of ${posting.supplierId} for ${posting.purchaseOrderNumber} as ${reply.erpDocument}`,
      data: { supplierInvoiceId: invoiceId },
      once: `supplier-invoice/${invoiceId}/posted`,
    },
  ]);
  await clearException(tx, NOT_POSTED, invoiceId, 'The ERP has booked it', now);
}

/** The supplier is owed money that the ERP does not know of: a person of finance settles it there, or has it tried again. */
export async function tellNotPosted(
  db: Db,
  { invoiceId, call, posting }: InvoiceToPost,
  reason: string,
  now: string,
): Promise<void> {
  await raiseException(db, {
    kind: NOT_POSTED,
    subjectKey: invoiceId,
    text: `Invoice ${posting.invoiceNumber} of ${posting.supplierId} for ${posting.purchaseOrderNumber} is not in the ERP: ${reason}. Settle it there, then have it posted again on the supplier's order`,
    ownerRole: 'finance',
    dueAt: addSeconds(now, 86_400),
    priority: 2,
    orderId: call.orderId,
  });
}

export type PostAgain =
  | { readonly kind: 'asked' }
  | { readonly kind: 'refused'; readonly code: 'unknown-invoice' | 'not-to-post'; readonly text: string };

/** A person has settled what kept the ERP from booking it. */
export async function postSupplierInvoiceAgain(
  tx: Tx,
  wanted: { readonly supplierOrderId: string; readonly number: string },
): Promise<PostAgain> {
  const invoice = (await tx('supplier_invoice')
    .where({ supplier_order_id: wanted.supplierOrderId, number: wanted.number })
    .first('id', 'state')) as { id: string; state: SupplierInvoiceState } | undefined;
  if (!invoice)
    return { kind: 'refused', code: 'unknown-invoice', text: `There is no invoice ${wanted.number}` };
  if (invoice.state !== 'matched' && invoice.state !== 'accepted')
    return {
      kind: 'refused',
      code: 'not-to-post',
      text: `Invoice ${wanted.number} is ${invoice.state}: there is nothing to post`,
    };
  await wantPosted(tx, invoice.id);
  return { kind: 'asked' };
}
