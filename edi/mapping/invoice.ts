import type { InvoiceAdjustment, InvoiceDocument, InvoiceTerms } from '../../domain/order/answers';
import { priceBasisDivisor } from '../../domain/pricing/compare-price';
import { currencyPlaces, formatMinor, lineAmountMinor, sumMinor } from '../../domain/shared/money';
import { sumQuantities } from '../../domain/shared/quantity';
import { addAdjustment, toHundredths } from './adjustments';
import {
  addCurrency,
  addDescription,
  addKept,
  addKeptNotes,
  addLineReferences,
  addParties,
  addReferences,
  lineLabel,
  productIdElements,
  type Rendered,
  Rendering,
  type RenderingOptions,
} from './rendering';

export interface InvoiceOptions extends RenderingOptions {
  /** BIG07 (640), DI debit invoice and the like; left out unless the guide asks for it. */
  readonly transactionType?: string;
  /** N101 of whom to pay. */
  readonly remitToRole?: 'RE' | 'RI';
  /** TXI01 (963); TX all taxes. */
  readonly taxType?: string;
  /** CAD01 (91), M motor and the like: mandatory from 5010 on, where CAD is left out without it. */
  readonly transportMethod?: string;
  /** ISS with the units shipped; left out unless the guide asks for it. */
  readonly shipmentSummary?: boolean;
  /** Where what is charged or allowed for a line alone is written: in its IT1 loop, or with the invoice's own. */
  readonly lineAdjustments?: 'line' | 'invoice';
  /** What the agreement says about amounts with three places (BHD, KWD), which TDS01 cannot carry. */
  readonly threePlaceAmounts?: 'refuse' | 'round';
}

/**
 * 810. TDS01 is computed again from the lines as they are written, as the buyer will do it, and must be the total the
 * invoice was posted with: otherwise nothing is written.
 */
export function renderInvoice(asked: InvoiceDocument, options: InvoiceOptions): Rendered {
  const invoice = options.lineAdjustments === 'invoice' ? withLinesPlain(asked) : asked;
  const rendering = new Rendering(options);
  addHeading(rendering, invoice, options);
  const lineAmounts = invoice.lines.flatMap((line, index) => [
    addLine(rendering, invoice, line, index),
    ...addLineAdjustments(rendering, invoice, line, options),
  ]);
  addSummary(rendering, invoice, options, lineAmounts);
  if (invoice.lines.length === 0) rendering.refuse('IT1', 'an invoice without lines');
  rendering.add('CTT', String(invoice.lines.length));
  return rendering.finish('810');
}

/** What is said of lines alone is said of the invoice, one SAC a code and text. */
function withLinesPlain(invoice: InvoiceDocument): InvoiceDocument {
  const all = [...invoice.adjustments, ...invoice.lines.flatMap((line) => line.adjustments ?? [])];
  const same = Map.groupBy(all, ({ indicator, code, description }) =>
    [indicator, code, description].join('\u0000'),
  );
  const adjustments = [...same.values()].map((group) => ({
    ...(group[0] as InvoiceAdjustment),
    amountMinor: sumMinor(group.map(({ amountMinor }) => amountMinor)),
  }));
  return { ...invoice, adjustments, lines: invoice.lines.map(({ adjustments: _own, ...line }) => line) };
}

function addHeading(rendering: Rendering, invoice: InvoiceDocument, options: InvoiceOptions): void {
  rendering.add(
    'BIG',
    rendering.date(invoice.invoiceDate, 'BIG01'),
    rendering.id(invoice.invoiceNumber, '76', 'BIG02'),
    rendering.date(invoice.purchaseOrderDate, 'BIG03'),
    rendering.id(invoice.purchaseOrderNumber, '324', 'BIG04'),
    rendering.id(invoice.releaseNumber, '328', 'BIG05'),
    '',
    options.transactionType ?? '',
  );
  addCurrency(rendering, invoice);
  addReferences(rendering, invoice);
  // The seller's order and the shipment that is billed, so that the buyer can match receipt and invoice.
  rendering.add('REF', 'VN', rendering.id(invoice.orderNumber, '127', 'REF VN'));
  rendering.add('REF', 'SI', rendering.id(invoice.shipmentNumber, '127', 'REF SI'));
  addParties(rendering, invoice.parties);
  if (invoice.remitTo !== undefined) {
    // Element 98 lost RE in 004030 in favour of RI.
    const role = options.remitToRole ?? (options.version === '005010' ? 'RI' : 'RE');
    addParties(rendering, [{ ...invoice.remitTo, role }]);
  }
  rendering.add(...termsSegment(rendering, invoice.terms));
  rendering.add('DTM', '011', rendering.date(invoice.shippedOn, 'DTM 011'));
  addKeptNotes(rendering, invoice);
}

/** ITD01 08 basic discount offered, 05 discount not applicable; ITD02 3 counts from the invoice date. */
function termsSegment(rendering: Rendering, terms: InvoiceTerms): [string, ...string[]] {
  const netDays = String(terms.netDays);
  if (!/^\d{1,3}$/.test(netDays)) rendering.refuse('ITD07', `${netDays} is not a number of days`);
  if (terms.discountPercent === undefined) return ['ITD', '05', '3', '', '', '', '', netDays];
  if (terms.discountDays === undefined) {
    // L03040513: a percentage needs the days in which it may be taken.
    rendering.refuse('ITD05', `${terms.discountPercent} percent without the days to take it in`);
  }
  const percent = rendering.decimal(terms.discountPercent, 6, 'ITD03');
  return ['ITD', '08', '3', percent, '', String(terms.discountDays ?? ''), '', netDays];
}

/** @returns the line's amount in minor units as the buyer will compute it: round(IT102 x IT104 / basis) */
function addLine(
  rendering: Rendering,
  invoice: InvoiceDocument,
  line: InvoiceDocument['lines'][number],
  index: number,
): number {
  const where = lineLabel(line, index);
  if (line.unitPrice === undefined) {
    rendering.refuse(where, 'has no unit price (IT104)');
    return line.amountMinor;
  }
  // An unknown code was held at intake; whoever released it took the price as per unit, and the amount must agree.
  const basis = priceBasisDivisor(line.priceBasisCode) ?? 1;
  rendering.add(
    'IT1',
    rendering.id(line.buyerLineNumber, '350', where),
    rendering.decimal(line.invoiced, 10, where),
    line.unit,
    rendering.decimal(line.unitPrice, 17, where),
    line.priceBasisCode ?? '',
    ...productIdElements(rendering, line.productIds, 10, where),
  );
  addKept(rendering, line, ['CTP']);
  addDescription(rendering, line);
  addKept(rendering, line, ['PO4']);
  addLineReferences(rendering, line);
  const amount = lineAmountMinor(line.invoiced, line.unitPrice, invoice.currency, basis);
  if (amount !== line.amountMinor) {
    rendering.refuse(
      where,
      `${line.invoiced} at ${line.unitPrice} come to ${formatMinor(amount, invoice.currency)}, not to ${formatMinor(line.amountMinor, invoice.currency)}`,
    );
  }
  return amount;
}

function addSummary(
  rendering: Rendering,
  invoice: InvoiceDocument,
  options: InvoiceOptions,
  lineAmounts: readonly number[],
): void {
  const adjustments = invoice.adjustments.filter((adjustment) => adjustment.amountMinor !== 0);
  const parts = [...lineAmounts, ...adjustments.map(signed), invoice.taxMinor];
  const total = sumMinor(parts);
  if (total !== invoice.totalMinor) {
    rendering.refuse(
      'TDS01',
      `the lines, charges, allowances and tax come to ${formatMinor(total, invoice.currency)}, the invoice says ${formatMinor(invoice.totalMinor, invoice.currency)}`,
    );
  }
  const hundredths = (minor: number, where: string) =>
    toHundredths(rendering, minor, invoice.currency, options, where);
  // Each part is rounded on its own, so that the total stays the sum of what the document shows.
  rendering.add('TDS', String(sumMinor(parts.map((minor) => hundredths(minor, 'TDS01')))));
  if (invoice.taxMinor !== 0) addTax(rendering, invoice, options, hundredths(invoice.taxMinor, 'TXI02'));
  if (invoice.carrier !== undefined) addCarrier(rendering, invoice.carrier, options);
  for (const adjustment of adjustments)
    addAdjustment(rendering, adjustment, hundredths(adjustment.amountMinor, 'SAC05'));
  if (options.shipmentSummary === true) addShipmentSummary(rendering, invoice);
}

/** ISS: how many units the invoice is for; a number of different units would be a number of nothing. */
function addShipmentSummary(rendering: Rendering, { lines }: InvoiceDocument): void {
  const units = new Set(lines.map(({ unit }) => unit));
  const [unit] = units;
  if (unit === undefined || units.size > 1) return;
  const total = sumQuantities(lines.map(({ invoiced }) => invoiced));
  rendering.add('ISS', rendering.decimal(total, 10, 'ISS01'), unit);
}

/** @returns what is charged (above zero) and allowed (below) for the line alone, in minor units */
function addLineAdjustments(
  rendering: Rendering,
  invoice: InvoiceDocument,
  line: InvoiceDocument['lines'][number],
  options: InvoiceOptions,
): readonly number[] {
  const adjustments = (line.adjustments ?? []).filter((adjustment) => adjustment.amountMinor !== 0);
  for (const adjustment of adjustments) {
    const { amountMinor } = adjustment;
    addAdjustment(
      rendering,
      adjustment,
      toHundredths(rendering, amountMinor, invoice.currency, options, 'SAC05'),
    );
  }
  return adjustments.map(signed);
}

/** TXI02 is a decimal amount; in an agreement that rounds it shows the tax that TDS01 contains. */
function addTax(
  rendering: Rendering,
  invoice: InvoiceDocument,
  options: InvoiceOptions,
  hundredths: number,
): void {
  const exact = currencyPlaces(invoice.currency) <= 2;
  const amount = exact ? formatMinor(invoice.taxMinor, invoice.currency) : formatMinor(hundredths, 'USD');
  rendering.add('TXI', options.taxType ?? 'TX', rendering.decimal(amount, 18, 'TXI02'));
}

function addCarrier(
  rendering: Rendering,
  carrier: NonNullable<InvoiceDocument['carrier']>,
  options: InvoiceOptions,
): void {
  if (options.version === '005010' && options.transportMethod === undefined) return;
  const tracking = carrier.trackingNumber;
  rendering.add(
    'CAD',
    options.transportMethod ?? '',
    '',
    '',
    carrier.scac,
    '',
    '',
    // C0708, and the other way round too: a number without its qualifier says nothing.
    tracking === undefined ? '' : 'CN',
    tracking === undefined ? '' : rendering.id(tracking, '127', 'CAD08'),
  );
}

function signed(adjustment: InvoiceAdjustment): number {
  return adjustment.indicator === 'charge' ? adjustment.amountMinor : -adjustment.amountMinor;
}
