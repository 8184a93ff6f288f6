import type { RequestedAdjustment, StatedPack, StatedPrice } from '../../domain/order/order-request';
import type { Loop, Segment } from '../x12/model';
import { readDecimal, readHundredths } from './inbound-values';
import type { OrderContent, Place } from './order-content';
import { unhandledLoop } from './order-party';
import { SegmentReader } from './segment-reader';

/**
 * Terms of payment, allowances and charges, taxes, stated prices and packs: what a buyer says about money and packing
 * besides the price. Whether it is agreed is for the order's assessment to say; what cannot be read holds at once.
 */

/** ITD: 336 type, 333 basis (3: the invoice's date), discount and net. Dates and amounts in it have no rule. */
export function readTerms(reader: SegmentReader, place: Place, content: OrderContent): void {
  content.keep(reader.segment, place);
  if (place !== content.order) {
    content.unhandledSegment(reader.segment, place);
    reader.values();
    return;
  }
  const type = reader.value(1);
  const basis = reader.value(2);
  const discountPercent = readDecimal(reader.value(3));
  const discountDays = days(reader.value(5));
  const netDays = days(reader.value(7));
  const description = reader.value(12);
  const text = [
    discountPercent === undefined
      ? ''
      : `${discountPercent} percent${discountDays === undefined ? '' : ` in ${discountDays} days`}`,
    netDays === undefined ? '' : `net ${netDays} days`,
    description ?? '',
  ]
    .filter(Boolean)
    .join(', ');
  // 14: as agreed before, which is what the customer has; words alone say nothing that could be compared.
  const comparable = discountPercent !== undefined || netDays !== undefined || type === '14';
  if (!comparable) {
    content.unhandledSegment(reader.segment, place);
    reader.values();
    return;
  }
  content.terms.push({
    ...(discountPercent === undefined ? {} : { discountPercent }),
    ...(discountDays === undefined ? {} : { discountDays }),
    ...(netDays === undefined ? {} : { netDays }),
    ...(basis === undefined || basis === '3' ? {} : { basis }),
    text,
    at: reader.at(),
  });
}

const days = (text: string | undefined) =>
  text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;

/** Element 441: 0 to 9 but for 2, which says that the goods are taxed. */
const taxed = '2';

/** TXI: 963 type, amount, percent, exemption; a tax of a line, or one by jurisdiction, has no rule. */
export function readTax(reader: SegmentReader, place: Place, content: OrderContent): void {
  content.keep(reader.segment, place);
  const type = reader.value(1) ?? '';
  const amount = readDecimal(reader.value(2));
  const percent = readDecimal(reader.value(3));
  const exemption = reader.value(6);
  const exempt = exemption !== undefined && exemption !== taxed;
  if (place !== content.order || (amount === undefined && percent === undefined && exemption === undefined)) {
    content.unhandledSegment(reader.segment, place);
    reader.values();
    return;
  }
  reader.value(9); // the buyer's tax number: kept with the segment
  content.taxes.push({
    type,
    ...(amount === undefined ? {} : { amount }),
    ...(percent === undefined ? {} : { percent }),
    exempt,
    at: reader.at(),
  });
}

/** SAC with nothing in its loop that would refine it. */
export function readAdjustment(
  loop: Loop,
  into: RequestedAdjustment[],
  place: Place,
  content: OrderContent,
): void {
  const segment = loop.segments[0] as Segment;
  const reader = new SegmentReader(segment);
  const [indicator, code] = [reader.value(1), reader.value(2) ?? reader.value(4)];
  if (indicator === 'N') {
    content.note(
      segment,
      `${place.label}no allowance or charge: ${reader.values().slice(1).join(' ')}`,
      place,
    );
    return;
  }
  const adjustment = amountOf(reader);
  const isRefined = loop.segments.length > 1 || loop.loops.length > 0;
  if ((indicator !== 'A' && indicator !== 'C') || code === undefined || adjustment === null || isRefined) {
    unhandledLoop(loop, content, place);
    return;
  }
  const handling = reader.value(12);
  const agency = reader.value(2) === undefined ? reader.value(3) : undefined;
  content.keep(segment, place);
  into.push({
    indicator: indicator === 'A' ? 'allowance' : 'charge',
    code,
    ...(agency === undefined ? {} : { agency }),
    description: reader.value(15) ?? reader.value(13) ?? '',
    ...adjustment,
    ...(handling === undefined ? {} : { handling }),
    at: reader.at(),
  });
  for (const element of [3, 4, 6, 13, 14, 16]) reader.value(element);
  content.leftovers(reader, place);
}

/** null where it says no amount that could be worked out. */
function amountOf(
  reader: SegmentReader,
): Pick<RequestedAdjustment, 'amount' | 'percent' | 'rate' | 'quantity' | 'unit'> | null {
  const [hundredths, percent, rate] = [
    reader.value(5),
    readDecimal(reader.value(7)),
    readDecimal(reader.value(8)),
  ];
  const [unit, quantity] = [reader.value(9), readDecimal(reader.value(10))];
  if (hundredths === undefined && percent === undefined && rate === undefined) return null;
  const amount = hundredths === undefined ? undefined : readHundredths(hundredths);
  if (amount !== undefined && !/^\d+\.\d\d$/.test(amount)) return null;
  if ([percent, rate, quantity].some((value) => value?.startsWith('-'))) return null;
  return {
    ...(amount === undefined ? {} : { amount }),
    ...(percent === undefined ? {} : { percent }),
    ...(rate === undefined ? {} : { rate }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** Element 236 codes of prices that the buyer sells at; they bear on labels, not on the invoice. */
const resalePrices = new Set(['RES', 'RTL', 'MSR', 'SRP', 'SLP', 'PRP']);

/**
 * CTP in a line: the price it is resold at is kept; any other price is either that of the line again, or one that
 * nobody has a rule for.
 */
export function readStatedPrice(
  reader: SegmentReader,
  linePrice: string | undefined,
  into: StatedPrice[],
  place: Place,
  content: OrderContent,
): void {
  content.keep(reader.segment, place);
  reader.value(1); // class of trade
  const code = reader.value(2) ?? '';
  const unitPrice = readDecimal(reader.value(3));
  const refined = [4, 6, 7, 8].some((element) => (reader.segment.elements[element - 1] ?? '') !== '');
  const known = resalePrices.has(code) || (linePrice !== undefined && unitPrice === linePrice);
  if (unitPrice === undefined || refined || !known) {
    content.unhandledSegment(reader.segment, place);
    return;
  }
  into.push({ code, unitPrice, at: reader.at() });
  for (const element of [5, 9]) reader.value(element);
  content.leftovers(reader, place);
}

/** PO401 inner packs or units in the outer pack, PO414 units in each inner pack. */
export function readPack(
  reader: SegmentReader,
  into: StatedPack[],
  place: Place,
  content: OrderContent,
): void {
  const [pack, inner] = [reader.value(1), reader.value(14)];
  content.note(reader.segment, `${place.label}pack: ${reader.values().join(' ')}`, place);
  const units = Number(pack ?? '') * Number(inner ?? '1');
  if (pack !== undefined && Number.isSafeInteger(units) && units > 0)
    into.push({ unitsPerPack: units, at: reader.at() });
}
