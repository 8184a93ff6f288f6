import type { Db, Tx } from '../../db/connection';
import type { SupplierInvoice } from '../../domain/fulfilment/supplier-documents';
import {
  type BilledLine,
  type BillMatch,
  matchSupplierBill,
  type SupplierBill,
  type SupplierInvoiceState,
} from '../../domain/fulfilment/supplier-order';
import { addSeconds } from '../../domain/shared/dates';
import { parseMinor } from '../../domain/shared/money';
import { lockOrder } from '../order/order-record';
import type { ActOnContent, Understood } from '../partner/received-content';
import { recordEvents } from '../record/keep-history';
import { clearException, raiseException } from '../record/raise-exception';
import { unknownOrder } from './apply-supplier-answer';
import { plainDecimal } from './order-from-supplier';
import { wantPosted } from './post-supplier-invoice';
import {
  contentHash,
  type LockedSupplierOrder,
  lineNamed,
  lockSupplierOrder,
  readSupplierOrder,
  readSupplierPolicy,
  saidAs,
  setAsideSupplier,
  settleSupplierOrder,
} from './supplier-order-record';

const MISMATCH = 'supplier-invoice-mismatch';

interface InvoiceRow {
  readonly id: string;
  readonly number: string;
  readonly content_hash: string;
  readonly currency: string;
  readonly total_minor: number;
  readonly lines: readonly BilledLine[];
  readonly extras: SupplierBill['extras'];
  readonly document_id: string;
}

/**
 * 810 of a supplier: matched line by line to what was ordered and what has left, within the tolerance agreed. What
 * matches is booked as billed, once; what does not has an owner in finance, and is matched again when more has left.
 */
export const matchSupplierInvoice: ActOnContent<Understood<SupplierInvoice>> = async (tx, received, now) => {
  const { document } = received.body;
  const named = document.purchaseOrderNumber ?? '';
  const locked = await lockSupplierOrder(tx, received, named);
  if (!locked) return unknownOrder(received, named || 'no purchase order (BIG04)', now);
  const { order, supplierOrder } = locked;
  const bill = billOf(document, locked);
  if ('problem' in bill)
    return setAsideSupplier(
      received,
      'supplier-invoice-unclear',
      `(invoice ${document.number}) cannot be booked: ${bill.problem}`,
      addSeconds(now, 86_400),
      { orderId: order.id, ownerRole: 'finance' },
    );
  const hash = contentHash(document);
  const match = await matchAsItStands(tx, locked, bill);
  const [added] = (await tx('supplier_invoice')
    .insert({
      partner_id: received.partnerId,
      usage: received.usage,
      number: document.number,
      supplier_order_id: supplierOrder.id,
      document_id: received.documentId,
      content_hash: hash,
      currency: bill.currency,
      total_minor: bill.totalMinor,
      invoice_date: document.date ?? null,
      lines: JSON.stringify(bill.lines),
      extras: JSON.stringify(bill.extras),
      state: match.kind,
      problems: JSON.stringify(match.kind === 'mismatch' ? match.problems : []),
      received_at: now,
    })
    .onConflict(['partner_id', 'usage', 'number'])
    .ignore()
    .returning('id')) as { id: string }[];
  if (!added) {
    const before = await tx('supplier_invoice')
      .where({ partner_id: received.partnerId, usage: received.usage, number: document.number })
      .first('content_hash');
    if (before?.content_hash === hash)
      return { kind: 'done', note: `invoice ${document.number} is booked already`, orderId: order.id };
    return setAsideSupplier(
      received,
      'supplier-invoice-differs',
      `says otherwise under the number ${document.number} of an invoice that it sent before: the first one stands`,
      addSeconds(now, 86_400),
      { orderId: order.id, ownerRole: 'finance' },
    );
  }
  if (match.kind === 'matched') await book(tx, locked, added.id, match.billed);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'supplier-billed',
      actor: `partner:${supplierOrder.partner_id}`,
      text: `${supplierOrder.partner_id} bills ${supplierOrder.number} with invoice ${document.number}: ${match.kind === 'matched' ? 'as ordered and shipped' : 'not as ordered and shipped, finance looks at it'}`,
      data: { supplierOrderId: supplierOrder.id, supplierInvoiceId: added.id },
    },
  ]);
  if (match.kind === 'mismatch')
    await raiseException(tx, {
      kind: MISMATCH,
      subjectKey: added.id,
      text: `Invoice ${document.number} of ${supplierOrder.partner_id} for ${supplierOrder.number} does not match: ${match.problems.map(({ text }) => text).join('; ')}. Settle it with the supplier, then accept or reject it on the supplier's order`,
      ownerRole: 'finance',
      dueAt: addSeconds(now, 2 * 86_400),
      priority: 3,
      orderId: order.id,
      documentId: received.documentId,
    });
  return {
    kind: 'done',
    note: `invoice ${document.number} for ${supplierOrder.number}: ${match.kind}`,
    orderId: order.id,
  };
};

/** The invoice in our lines; amounts that its currency has no place for make it unreadable. */
function billOf(
  document: SupplierInvoice,
  { supplierOrder, lines }: LockedSupplierOrder,
): SupplierBill | { readonly problem: string } {
  const currency = document.currency?.code ?? supplierOrder.currency;
  const amount = (text: string | undefined) => (text === undefined ? 0 : parseMinor(text, currency));
  const totalMinor = amount(document.total);
  const extras = [
    ...document.charges.map((one) => ({
      what:
        one.description ?? `${one.indicator === 'A' ? 'an allowance' : 'a charge'} ${one.code ?? ''}`.trim(),
      amountMinor: signed(one.indicator, amount(one.amount)),
    })),
    ...document.taxes.map((one) => ({ what: `tax ${one.code}`, amountMinor: amount(one.amount) })),
  ];
  if (totalMinor === undefined) return { problem: `its total ${document.total} is no amount in ${currency}` };
  const known = extras.flatMap(({ what, amountMinor }) =>
    amountMinor === undefined ? [] : [{ what, amountMinor }],
  );
  if (known.length < extras.length)
    return { problem: `one of its charges or taxes is no amount in ${currency}` };
  return {
    currency,
    totalMinor,
    extras: known.filter(({ amountMinor }) => amountMinor !== 0),
    lines: document.lines.map((one) => {
      const line = lineNamed(lines, one);
      return {
        lineNumber: line?.line_number ?? null,
        said: saidAs(one),
        quantity: one.quantity,
        unit: one.unit === '' && line ? line.unit : one.unit,
        unitPrice: one.unitPrice,
      };
    }),
  };
}

const signed = (indicator: string, amountMinor: number | undefined) =>
  amountMinor === undefined ? undefined : indicator === 'A' ? -Math.abs(amountMinor) : amountMinor;

async function matchAsItStands(
  tx: Tx,
  { supplierOrder, lines }: Pick<LockedSupplierOrder, 'supplierOrder' | 'lines'>,
  bill: SupplierBill,
): Promise<BillMatch> {
  const { priceTolerancePercent } = await readSupplierPolicy(tx, supplierOrder.partner_id);
  return matchSupplierBill(
    bill,
    {
      currency: supplierOrder.currency,
      lines: lines.map((line) => ({
        lineNumber: line.line_number,
        unit: line.unit,
        unitFactor: line.unit_factor,
        unitCost: plainDecimal(line.unit_cost),
        ordered: line.ordered,
        cancelled: line.cancelled,
        shipped: line.shipped,
        billed: line.billed,
      })),
    },
    priceTolerancePercent,
  );
}

/** Counted as billed, and owed. */
async function book(
  tx: Tx,
  { supplierOrder }: Pick<LockedSupplierOrder, 'supplierOrder'>,
  invoiceId: string,
  billed: ReadonlyMap<number, number>,
): Promise<void> {
  for (const [lineNumber, units] of billed)
    await tx('supplier_order_line')
      .where({ supplier_order_id: supplierOrder.id, line_number: lineNumber })
      .increment('billed', units);
  await settleSupplierOrder(tx, supplierOrder.id, null);
  await wantPosted(tx, invoiceId);
}

/** More has left: invoices that came before it may match now. The caller has locked the customer's order. */
export async function rematchInvoices(tx: Tx, supplierOrderId: string, now: string): Promise<void> {
  const waiting = (await tx('supplier_invoice')
    .where({ supplier_order_id: supplierOrderId, state: 'mismatch' })
    .orderBy('received_at')) as InvoiceRow[];
  for (const invoice of waiting) {
    const standing = await readSupplierOrder(tx, supplierOrderId);
    const match = await matchAsItStands(tx, standing, asBill(invoice));
    await tx('supplier_invoice')
      .where({ id: invoice.id })
      .update({
        state: match.kind,
        problems: JSON.stringify(match.kind === 'mismatch' ? match.problems : []),
      });
    if (match.kind === 'mismatch') continue;
    await book(tx, standing, invoice.id, match.billed);
    await clearException(tx, MISMATCH, invoice.id, 'What it bills has left meanwhile', now);
  }
}

const asBill = ({ currency, total_minor: totalMinor, lines, extras }: InvoiceRow): SupplierBill => ({
  currency,
  totalMinor,
  lines,
  extras,
});

export type InvoiceDecision =
  | { readonly kind: 'decided'; readonly state: 'accepted' | 'rejected' }
  | { readonly kind: 'refused'; readonly code: 'unknown-invoice' | 'already-decided'; readonly text: string };

/**
 * A person of finance settles an invoice that does not match. Accepted, the units of it that have left and are not
 * billed yet count as billed, never more.
 */
export async function decideSupplierInvoice(
  db: Db,
  wanted: {
    readonly supplierOrderId: string;
    readonly number: string;
    readonly action: 'accept' | 'reject';
    readonly person: string;
    readonly reason: string;
  },
  now: string,
): Promise<InvoiceDecision> {
  return db.transaction(async (tx) => {
    const found = (await tx('supplier_order').where({ id: wanted.supplierOrderId }).first('order_id')) as
      | { order_id: string }
      | undefined;
    if (!found)
      return { kind: 'refused', code: 'unknown-invoice', text: 'There is no such order of a supplier' };
    await lockOrder(tx, found.order_id);
    const invoice = (await tx('supplier_invoice')
      .where({ supplier_order_id: wanted.supplierOrderId, number: wanted.number })
      .forUpdate()
      .first()) as (InvoiceRow & { readonly state: SupplierInvoiceState }) | undefined;
    if (!invoice)
      return { kind: 'refused', code: 'unknown-invoice', text: `There is no invoice ${wanted.number}` };
    if (invoice.state !== 'mismatch')
      return {
        kind: 'refused',
        code: 'already-decided',
        text: `Invoice ${wanted.number} is ${invoice.state}`,
      };
    const state = wanted.action === 'accept' ? 'accepted' : 'rejected';
    await tx('supplier_invoice')
      .where({ id: invoice.id })
      .update({ state, decided_at: now, decided_by: wanted.person, reason: wanted.reason });
    if (state === 'accepted') await bookWhatLeft(tx, wanted.supplierOrderId, invoice);
    await clearException(tx, MISMATCH, invoice.id, `${wanted.person}: ${state}, ${wanted.reason}`, now);
    await recordEvents(tx, [
      {
        orderId: found.order_id,
        at: now,
        kind: 'supplier-bill-decided',
        actor: wanted.person,
        text: `Invoice ${wanted.number} of the supplier is ${state}: ${wanted.reason}`,
        data: { supplierOrderId: wanted.supplierOrderId },
      },
    ]);
    return { kind: 'decided', state };
  });
}

async function bookWhatLeft(tx: Tx, supplierOrderId: string, invoice: InvoiceRow): Promise<void> {
  const standing = await readSupplierOrder(tx, supplierOrderId);
  const billed = new Map<number, number>();
  for (const one of invoice.lines) {
    const line = standing.lines.find(({ line_number }) => line_number === one.lineNumber);
    if (!line) continue;
    const units = Math.floor(Number(one.quantity) * line.unit_factor);
    const room = line.shipped - line.billed - (billed.get(line.line_number) ?? 0);
    const counted = Math.max(0, Math.min(room, units));
    if (counted > 0) billed.set(line.line_number, (billed.get(line.line_number) ?? 0) + counted);
  }
  await book(tx, standing, invoice.id, billed);
}
