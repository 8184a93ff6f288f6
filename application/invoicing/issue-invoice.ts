import type { Tx } from '../../db/connection';
import { newRecordId } from '../../db/record-ids';
import { addDocument } from '../../db/repositories/document-requests';
import { WriteTogether } from '../../db/repositories/write-together';
import {
  type Bill,
  billShipment,
  chargesToBill,
  dueDate,
  type LineProgress,
  type OrderCharge,
} from '../../domain/invoicing/bill-shipment';
import type { AnswerHeader, InvoiceDocument } from '../../domain/order/answers';
import { shareOfBundle } from '../../domain/order/line-supply';
import type { Party } from '../../domain/order/order-request';
import { localDateIn } from '../../domain/shared/dates';
import { lineAmountMinor, sumMinor } from '../../domain/shared/money';
import { fromBaseUnits, sumQuantities, toBaseUnits } from '../../domain/shared/quantity';
import { paymentTermsSchema } from '../customer/customer-policy';
import type { Departure } from '../fulfilment/ship-notice';
import { answerHeader, answerLineOf, ofLineAlone, shipmentHeader } from '../order/answer-order';
import { headNumber, type OrderLineRow, type OrderRow, type ShipmentRow } from '../order/order-record';
import { type Left, leftAsOrdered, suppliedIds } from '../order/ordered-lines';
import { drawNumber } from '../record/draw-number';
import { addDecisions, addEvents } from '../record/keep-history';
import { type LeftPart, partsToBill } from './left-parts';

/** What a shipment is billed for: what left, at the order's prices, with its share of the order-level amounts. */
export async function billShipped(
  { tx, order, shipped, lines, facts, shippedAt }: Departure,
  now: string,
): Promise<InvoiceFacts> {
  const left = shipped
    .filter((line) => line.shipped > 0)
    .map((line) => ({
      shipped: line.shipped,
      line: lines.find((row) => row.id === line.order_line_id) as OrderLineRow,
    }));
  const whole = leftAsOrdered(left, lines);
  const gone = [...whole, ...(await partsToBill(tx, order, lines, whole))];
  return billFor(tx, { order, lines, gone }, { ...facts, shippedAt }, now);
}

/** What is on one bill, in lines as they were ordered; of a bundle that stayed in pieces its parts. */
export async function billFor(
  tx: Tx,
  {
    order,
    lines,
    gone,
  }: {
    readonly order: OrderRow;
    readonly lines: readonly OrderLineRow[];
    readonly gone: readonly Gone[];
  },
  {
    entity,
    invoices,
    shippedAt,
  }: Pick<Departure['facts'], 'entity' | 'invoices'> & Pick<Departure, 'shippedAt'>,
  now: string,
): Promise<InvoiceFacts> {
  const { time_zone: zone, remit_to: remitTo } = entity;
  return {
    header: await answerHeader(tx, order, now, zone),
    invoiceDate: localDateIn(now, zone),
    bill: billOf(order, lines, gone, invoices),
    terms: paymentTermsSchema.parse(order.terms),
    gone,
    orderLines: lines,
    shippedAt,
    zone,
    remitTo,
  };
}

/**
 * One invoice a shipment, with its 810. Comes last in its transaction: the number stays locked until the commit, and
 * every other invoice of the entity waits for that; so all of it is one statement.
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
  const together = new WriteTogether();
  const invoiceId = addInvoice(together, order, shipment, facts, invoiceNumber, now);
  addBilling(together, order, shipment, facts.bill, invoiceNumber, now);
  if (order.partner_id !== null) {
    addDocument(together, {
      subject: `invoice/${invoiceNumber}/${order.usage}/810`,
      partnerId: order.partner_id,
      set: '810',
      usage: order.usage,
      orderId: order.id,
      payload: invoiceDocument(order, shipment, facts, invoiceNumber),
    });
  }
  await together.run(tx);
  return invoiceId;
}

function addInvoice(
  together: WriteTogether,
  order: OrderRow,
  shipment: ShipmentRow,
  { bill, gone, orderLines, ...facts }: InvoiceFacts,
  invoiceNumber: string,
  now: string,
): string {
  const id = newRecordId();
  const lines = bill.lines.map((line, i) => ({
    ...line,
    itemId: gone[i]?.line.item_id,
    baseUnits: gone[i]?.shipped,
    ...revenueOf(gone[i], line, orderLines),
  }));
  const row = {
    id,
    invoice_number: invoiceNumber,
    entity_id: order.entity_id,
    usage: order.usage,
    order_id: order.id,
    shipment_id: shipment.id,
    part: facts.part ?? 1,
    credit_account_id: order.credit_account_id,
    currency: order.currency,
    lines,
    subtotal_minor: bill.subtotalMinor,
    charges: bill.charges,
    charges_minor: bill.chargesMinor,
    tax_minor: bill.taxMinor,
    total_minor: bill.totalMinor,
    terms: facts.terms,
    invoice_date: facts.invoiceDate,
    due_date: dueDate(facts.invoiceDate, facts.terms),
    issued_at: now,
  };
  together.insert('invoice', Object.keys(row) as (keyof typeof row)[], [row]);
  return id;
}

function addBilling(
  together: WriteTogether,
  order: OrderRow,
  shipment: ShipmentRow,
  bill: Bill,
  invoiceNumber: string,
  now: string,
): void {
  const inputs = {
    invoiceNumber,
    shipment: shipment.shipment_number,
    orderCharges: order.charges,
    orderTaxMinor: order.tax_minor,
  };
  addDecisions(together, [
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
  addEvents(together, [
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

type Gone = Left<OrderLineRow> & Partial<Pick<LeftPart, 'partOf'>>;

/** Of a bundle what of its amount is for which component, so that part of one can be credited or booked by itself. */
function revenueOf(
  gone: Gone | undefined,
  billed: { readonly amountMinor: number; readonly quantity: string },
  orderLines: readonly OrderLineRow[],
) {
  if (gone?.partOf !== undefined) return { partOf: gone.partOf };
  const components = orderLines.filter(
    ({ supply }) => supply?.kind === 'component' && supply.key === gone?.line.line_number,
  );
  if (components.length === 0) return {};
  return {
    components: components.map(({ item_id: itemId, supply, unit, unit_factor: factor }) => ({
      itemId,
      baseUnits: toBaseUnitsOf(billed.quantity, unit, factor),
      amountMinor: shareOfBundle(supply, billed.amountMinor),
    })),
  };
}

function toBaseUnitsOf(quantity: string, unit: string, factor: number): number {
  const base = toBaseUnits({ value: quantity, unit }, { [unit]: factor });
  return base.kind === 'converted' ? base.baseUnits : 0;
}

function billOf(
  order: OrderRow,
  lines: readonly OrderLineRow[],
  gone: readonly Gone[],
  earlier: Departure['facts']['invoices'],
): Bill {
  const { charges, chargedBefore } = chargesToBill(
    order.charges as OrderCharge[],
    earlier.flatMap((row) => row.charges),
  );
  return billShipment({
    currency: order.currency,
    lines: gone.map(({ shipped, line }) => ({
      lineNumber: line.line_number,
      quantity: fromBaseUnits(shipped, line.unit, { [line.unit]: line.unit_factor }),
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
  /** Which of its shipment's invoices it is; the first when absent. */
  readonly part?: number;
  /** Of the whole order, as they are kept. */
  readonly orderLines: readonly OrderLineRow[];
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
      productIds: suppliedIds(first.line),
      invoiced: sumQuantities([first, ...others].map(({ quantity }) => quantity)),
      amountMinor: sumMinor([first, ...others].map(({ amountMinor }) => amountMinor)),
      // Of a line that stays in parts the first one shows what is charged or allowed for all of them.
      ...(i === 0 && ofLineAlone(charges, head)),
    })),
  );
}

/** What is supplied instead is a line of its own. */
const suppliedKey = (line: OrderLineRow) => (line.supply?.kind === 'instead' ? (line.item_id ?? '') : '');

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
      ({ line }) =>
        line.unit_price === unit_price &&
        line.price_basis === price_basis &&
        line.unit === unit &&
        suppliedKey(line) === suppliedKey(first.line),
    ) &&
    lineAmountMinor(whole, unit_price ?? '0', currency, price_basis) ===
      sumMinor(parts.map(({ amountMinor }) => amountMinor));
  return isOne ? [[first, ...others]] : [first, ...others].map((part) => [part] as const);
}
