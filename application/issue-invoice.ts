import type { Tx } from '../db/connection';
import { requestDocument } from '../db/repositories/document-requests';
import {
  type Bill,
  billShipment,
  chargesToBill,
  dueDate,
  type LineProgress,
  type OrderCharge,
} from '../domain/invoicing/bill-shipment';
import type { AnswerHeader, InvoiceDocument } from '../domain/order/answers';
import type { Party } from '../domain/order/order-request';
import { localDateIn } from '../domain/shared/dates';
import { lineAmountMinor, sumMinor } from '../domain/shared/money';
import { fromBaseUnits, sumQuantities } from '../domain/shared/quantity';
import { answerHeader, answerLineOf, shipmentHeader } from './answer-order';
import { paymentTermsSchema } from './customer-policy';
import { drawNumber } from './draw-number';
import { recordDecisions, recordEvents } from './keep-history';
import { headNumber, type OrderLineRow, type OrderRow, readLines, type ShipmentRow } from './order-record';
import type { ShippedLine } from './record-shipment';

/** What a shipment is billed for: what left, at the order's prices, with its share of the order-level amounts. */
export async function billShipped(
  tx: Tx,
  order: OrderRow,
  shipped: readonly ShippedLine[],
  shippedAt: string,
  now: string,
): Promise<InvoiceFacts> {
  const lines = await readLines(tx, order.id);
  const gone = shipped
    .filter((line) => line.shipped > 0)
    .map((line) => ({
      shipped: line,
      line: lines.find((row) => row.id === line.order_line_id) as OrderLineRow,
    }));
  const entity = (await tx('selling_entity')
    .where({ id: order.entity_id })
    .first('time_zone', 'remit_to')) as { time_zone: string; remit_to: Party | null };
  const bill = await billOf(tx, order, lines, gone);
  await tx.raw(
    `update order_line o set invoiced = o.invoiced + l.shipped
     from jsonb_to_recordset(cast(? as jsonb)) as l(order_line_id uuid, shipped bigint) where o.id = l.order_line_id`,
    [JSON.stringify(gone.map(({ shipped: row }) => row))],
  );
  return {
    header: await answerHeader(tx, order, now),
    invoiceDate: localDateIn(now, entity.time_zone),
    bill,
    terms: paymentTermsSchema.parse(order.terms),
    gone,
    shippedAt,
    zone: entity.time_zone,
    remitTo: entity.remit_to,
  };
}

/**
 * One invoice a shipment, with its 810. Comes last in its transaction: the number stays locked until the commit, and
 * every other invoice of the entity waits for that.
 */
export async function issueInvoice(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  facts: InvoiceFacts,
  now: string,
): Promise<string> {
  const invoiceNumber = await drawNumber(tx, {
    entityId: order.entity_id,
    kind: 'invoice',
    usage: order.usage,
  });
  const invoiceId = await insertInvoice(tx, order, shipment, facts, invoiceNumber, now);
  await keepBilling(tx, order, shipment, facts.bill, invoiceNumber, now);
  if (order.partner_id !== null) {
    await requestDocument(tx, {
      subject: `invoice/${invoiceNumber}/${order.usage}/810`,
      partnerId: order.partner_id,
      set: '810',
      usage: order.usage,
      orderId: order.id,
      payload: invoiceDocument(order, shipment, facts, invoiceNumber),
    });
  }
  return invoiceId;
}

async function insertInvoice(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  { bill, gone, ...facts }: InvoiceFacts,
  invoiceNumber: string,
  now: string,
): Promise<string> {
  const lines = bill.lines.map((line, i) => ({
    ...line,
    itemId: gone[i]?.line.item_id,
    baseUnits: gone[i]?.shipped.shipped,
  }));
  const rows = (await tx('invoice')
    .insert({
      invoice_number: invoiceNumber,
      entity_id: order.entity_id,
      usage: order.usage,
      order_id: order.id,
      shipment_id: shipment.id,
      credit_account_id: order.credit_account_id,
      currency: order.currency,
      lines: JSON.stringify(lines),
      subtotal_minor: bill.subtotalMinor,
      charges: JSON.stringify(bill.charges),
      charges_minor: bill.chargesMinor,
      tax_minor: bill.taxMinor,
      total_minor: bill.totalMinor,
      terms: JSON.stringify(facts.terms),
      invoice_date: facts.invoiceDate,
      due_date: dueDate(facts.invoiceDate, facts.terms),
      issued_at: now,
    })
    .returning('id')) as { id: string }[];
  return (rows[0] as { id: string }).id;
}

async function keepBilling(
  tx: Tx,
  order: OrderRow,
  shipment: ShipmentRow,
  bill: Bill,
  invoiceNumber: string,
  now: string,
): Promise<void> {
  const inputs = {
    invoiceNumber,
    shipment: shipment.shipment_number,
    orderCharges: order.charges,
    orderTaxMinor: order.tax_minor,
  };
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'billing',
      rule: 'bill-shipment',
      ruleVersion: '1',
      inputs,
      outcome: bill,
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'invoiced',
      actor: 'hub',
      text: `Invoice ${invoiceNumber} for shipment ${shipment.shipment_number}`,
      data: { invoiceNumber, totalMinor: bill.totalMinor, currency: order.currency },
    },
  ]);
}

interface Gone {
  readonly shipped: ShippedLine;
  readonly line: OrderLineRow;
}

async function billOf(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  gone: readonly Gone[],
): Promise<Bill> {
  const earlier = (await tx('invoice')
    .where({ order_id: order.id })
    .select('subtotal_minor', 'charges', 'tax_minor')) as {
    subtotal_minor: number;
    charges: OrderCharge[];
    tax_minor: number;
  }[];
  const { charges, chargedBefore } = chargesToBill(
    order.charges as OrderCharge[],
    earlier.flatMap((row) => row.charges),
  );
  return billShipment({
    currency: order.currency,
    lines: gone.map(({ shipped, line }) => ({
      lineNumber: line.line_number,
      quantity: fromBaseUnits(shipped.shipped, line.unit, { [line.unit]: line.unit_factor }),
      unitPrice: line.unit_price ?? '0',
      priceBasis: line.price_basis,
    })),
    orderSubtotalMinor: order.subtotal_minor,
    billedBeforeMinor: sumMinor(earlier.map((row) => row.subtotal_minor)),
    charges,
    taxMinor: order.tax_minor,
    last: lines.every((line) => line.ordered - line.cancelled - line.shipped === 0),
    chargedBefore,
    taxedBeforeMinor: sumMinor(earlier.map((row) => row.tax_minor)),
    lineProgress: lineProgressOf(lines),
  });
}

/** By the number that a line's own charges name: its parts, where it has some, together. The lines are shipped already. */
function lineProgressOf(lines: readonly OrderLineRow[]): Readonly<Record<number, LineProgress>> {
  const progress: Record<number, LineProgress> = {};
  for (const line of lines) {
    const { shipped, whole } = progress[headNumber(line)] ?? { shipped: 0, whole: 0 };
    progress[headNumber(line)] = {
      shipped: shipped + line.shipped,
      whole: whole + line.ordered - line.cancelled,
    };
  }
  return progress;
}

export interface InvoiceFacts {
  readonly header: AnswerHeader;
  readonly invoiceDate: string;
  readonly bill: Bill;
  readonly terms: ReturnType<typeof paymentTermsSchema.parse>;
  readonly gone: readonly Gone[];
  readonly shippedAt: string;
  readonly zone: string;
  readonly remitTo: Party | null;
}

function invoiceDocument(
  order: OrderRow,
  shipment: ShipmentRow,
  facts: InvoiceFacts,
  invoiceNumber: string,
): InvoiceDocument {
  const carrier = shipment.carrier as { scac: string } | null;
  const { terms } = facts;
  const charges = facts.bill.charges.filter((charge) => charge.amountMinor !== 0);
  // What is taken back of a line that is not on this invoice stands with the order's own.
  const heads = new Set(facts.gone.map(({ line }) => headNumber(line)));
  return {
    ...shipmentHeader(facts.header, order, shipment),
    kind: 'invoice',
    invoiceNumber,
    invoiceDate: facts.invoiceDate,
    shipmentNumber: shipment.shipment_number,
    shippedOn: localDateIn(facts.shippedAt, facts.zone),
    ...(carrier && {
      carrier: {
        scac: carrier.scac,
        ...(shipment.tracking_number !== null && { trackingNumber: shipment.tracking_number }),
      },
    }),
    terms: {
      netDays: terms.netDays,
      ...(terms.discountPercent !== undefined && { discountPercent: terms.discountPercent }),
      ...(terms.discountDays !== undefined && { discountDays: terms.discountDays }),
    },
    ...(facts.remitTo && { remitTo: facts.remitTo }),
    lines: invoicedLines(facts, charges, order.currency),
    adjustments: charges
      .filter(({ lineNumber }) => lineNumber === undefined || !heads.has(lineNumber))
      .map(({ lineNumber: _of, ...adjustment }) => adjustment),
    taxMinor: facts.bill.taxMinor,
    totalMinor: facts.bill.totalMinor,
  };
}

interface BilledPart {
  readonly line: OrderLineRow;
  readonly quantity: string;
  readonly amountMinor: number;
}

/**
 * Parts of a line that leave together are the buyer's one line again: a line number that stands twice on an invoice is
 * taken for a mistake. Where their rounded amounts are not what the whole comes to they stay apart, so that each line
 * multiplies out and the total is their sum.
 */
function invoicedLines(
  { gone, bill }: InvoiceFacts,
  charges: readonly OrderCharge[],
  currency: string,
): InvoiceDocument['lines'] {
  const parts = gone.map(
    ({ line }, i): BilledPart => ({
      line,
      quantity: bill.lines[i]?.quantity ?? '0',
      amountMinor: bill.lines[i]?.amountMinor ?? 0,
    }),
  );
  return [...Map.groupBy(parts, ({ line }) => headNumber(line))].flatMap(([head, ofLine]) =>
    joinParts(ofLine, currency).map(([first, ...others], i) => ({
      ...answerLineOf(first.line, ...others.map(({ line }) => line)),
      invoiced: sumQuantities([first, ...others].map(({ quantity }) => quantity)),
      amountMinor: sumMinor([first, ...others].map(({ amountMinor }) => amountMinor)),
      // Of a line that stays in parts the first one shows what is charged or allowed for all of them.
      ...(i === 0 && ownAdjustments(charges, head)),
    })),
  );
}

function joinParts(
  parts: readonly BilledPart[],
  currency: string,
): readonly (readonly [BilledPart, ...BilledPart[]])[] {
  const [first, ...others] = parts.toSorted((a, b) => a.line.line_number - b.line.line_number);
  if (!first) return [];
  const { unit_price, price_basis, unit } = first.line;
  const whole = sumQuantities(parts.map(({ quantity }) => quantity));
  const isOne =
    others.every(
      ({ line }) => line.unit_price === unit_price && line.price_basis === price_basis && line.unit === unit,
    ) &&
    lineAmountMinor(whole, unit_price ?? '0', currency, price_basis) ===
      sumMinor(parts.map(({ amountMinor }) => amountMinor));
  return isOne ? [[first, ...others]] : [first, ...others].map((part) => [part] as const);
}

function ownAdjustments(charges: readonly OrderCharge[], lineNumber: number) {
  const own = charges.filter((charge) => charge.lineNumber === lineNumber);
  return own.length === 0 ? {} : { adjustments: own.map(({ lineNumber: _of, ...adjustment }) => adjustment) };
}
