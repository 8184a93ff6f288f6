import type {
  KeptSegment,
  LineDestination,
  LineSchedule,
  OrderRequestLine,
  Party,
  ProductId,
  Reference,
  RequestDate,
  RequestedAdjustment,
  StatedPack,
  StatedPrice,
} from '../../domain/order/order-request';
import type { Loop, Segment } from '../x12/model';
import { readAdjustment, readPack, readStatedPrice } from './commercial-terms';
import { decimalPlaces, readDecimal } from './inbound-values';
import { agreedDestinations, destinationOf, readDestinations } from './line-destinations';
import { agreedSchedules, readSchedule } from './line-schedules';
import { inOrder, type OrderContent, type Place } from './order-content';
import { readExtendedReference, readParty, unhandledLoop } from './order-party';
import { SegmentReader } from './segment-reader';

/** Which elements of the opening segment (PO1 or POC) hold what. */
export interface LineLayout {
  readonly quantity: number;
  readonly unit: number;
  readonly unitPrice: number;
  readonly priceBasis: number;
  readonly firstProductId: number;
  readonly lastProductId: number;
  /** Elements that the calling mapping reads itself. */
  readonly alsoRead?: readonly number[];
}

export interface LineContext {
  readonly index: number;
  /** What holds for the whole order; a line may repeat it. */
  readonly parties: readonly Party[];
  /** Component separator, for POC05 (C001). */
  readonly component: string;
  /** An 860 line says a quantity or price only where it changes one. */
  readonly quantityExpected: boolean;
}

interface LineParts {
  readonly place: Place & { readonly dates: RequestDate[]; readonly references: Reference[] };
  readonly productIds: ProductId[];
  readonly kept: KeptSegment[];
  readonly destinations: LineDestination[];
  readonly schedules: LineSchedule[];
  readonly parties: Party[];
  readonly adjustments: RequestedAdjustment[];
  readonly statedPrices: StatedPrice[];
  readonly packs: StatedPack[];
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string | undefined;
  description: string | undefined;
}

export function readLine(
  loop: Loop,
  layout: LineLayout,
  context: LineContext,
  content: OrderContent,
): OrderRequestLine {
  const opening = new SegmentReader(loop.segments[0] as Segment);
  const buyerLineNumber = opening.value(1);
  const place: Place & { readonly dates: RequestDate[]; readonly references: Reference[] } = {
    label: `line ${buyerLineNumber ?? `no. ${context.index + 1}`}: `,
    path: `lines[${context.index}].`,
    dates: [],
    references: [],
    kept: [],
  };
  const values = readQuantityAndPrice(opening, layout, context, content, place);
  const parts = emptyParts(place, values);
  readProductIds(opening, layout.firstProductId, layout.lastProductId, parts, content);
  for (const element of layout.alsoRead ?? []) opening.value(element);
  content.leftovers(opening, place);
  for (let at = 1; at < loop.segments.length; at += 1)
    readLineSegment(loop.segments[at] as Segment, parts, content);
  for (const inner of loop.loops) readLineLoop(inner, parts, context, content);
  // Put together step by step: there may be very many lines, and objects made of spreads are slow to make.
  const line: Building<OrderRequestLine> = {
    productIds: parts.productIds,
    quantity: values.quantity,
    unit: values.unit,
    dates: place.dates,
    references: place.references,
    source: opening.at(),
  };
  if (values.unitPrice !== undefined) line.unitPrice = values.unitPrice;
  if (values.priceBasisCode !== undefined) line.priceBasisCode = values.priceBasisCode;
  if (buyerLineNumber !== undefined) line.buyerLineNumber = buyerLineNumber;
  if (parts.description !== undefined) line.description = parts.description;
  addBeside(line, parts, content);
  return line;
}

type Building<Value> = { -readonly [Key in keyof Value]: Value[Key] };

function emptyParts(
  place: LineParts['place'],
  { quantity, unit, unitPrice }: Pick<OrderRequestLine, 'quantity' | 'unit' | 'unitPrice'>,
): LineParts {
  return {
    place,
    kept: place.kept,
    productIds: [],
    destinations: [],
    schedules: [],
    parties: [],
    adjustments: [],
    statedPrices: [],
    packs: [],
    quantity,
    unit,
    unitPrice,
    description: undefined,
  };
}

/** What a line may say besides item, quantity and price, where it says it. */
function addBeside(line: Building<OrderRequestLine>, parts: LineParts, content: OrderContent): void {
  const destinations = agreedDestinations(parts.quantity, parts.destinations, parts.place, content);
  const schedules = agreedSchedules(
    parts.quantity,
    parts.schedules,
    parts.destinations.length > 0,
    parts.place,
    content,
  );
  if (destinations.length > 0) line.destinations = destinations;
  if (schedules.length > 0) line.schedules = schedules;
  if (parts.parties.length > 0) line.parties = parts.parties;
  if (parts.adjustments.length > 0) line.adjustments = parts.adjustments;
  if (parts.statedPrices.length > 0) line.statedPrices = parts.statedPrices;
  if (parts.packs.length > 0) line.packs = parts.packs;
  if (parts.kept.length > 0) line.kept = inOrder(parts.kept);
}

function readQuantityAndPrice(
  opening: SegmentReader,
  layout: LineLayout,
  context: LineContext,
  content: OrderContent,
  place: Place,
): Pick<OrderRequestLine, 'quantity' | 'unit' | 'unitPrice' | 'priceBasisCode'> {
  const quantity = readNumber(opening, layout.quantity, 'quantity', content, place);
  if (opening.value(layout.quantity) === undefined && context.quantityExpected) {
    content.hold(
      opening.at(layout.quantity),
      `${place.label}there is no quantity (${opening.name(layout.quantity)})`,
    );
  }
  const unit = readUnit(opening, layout.unit, context.component, content, place);
  if (unit === '' && quantity !== undefined) {
    content.hold(
      opening.at(layout.unit),
      `${place.label}there is no unit of measure (${opening.name(layout.unit)})`,
    );
  }
  const unitPrice = readNumber(opening, layout.unitPrice, 'unitPrice', content, place);
  if (unitPrice !== undefined && decimalPlaces(unitPrice) > 6) {
    content.hold(
      opening.at(layout.unitPrice),
      `${place.label}the price ${unitPrice} has more than six places`,
    );
  }
  const priceBasisCode = opening.value(layout.priceBasis);
  return {
    quantity: quantity ?? '0',
    unit,
    ...(unitPrice === undefined ? {} : { unitPrice }),
    ...(priceBasisCode === undefined ? {} : { priceBasisCode }),
  };
}

function readNumber(
  opening: SegmentReader,
  element: number,
  name: 'quantity' | 'unitPrice',
  content: OrderContent,
  place: Place,
): string | undefined {
  const text = opening.value(element);
  const read = readDecimal(text);
  // R elements have at most 15 digits; an exponent (5010) can say more than anything in trade counts.
  const number = read !== undefined && /^-?\d{1,15}(\.|$)/.test(read) ? read : undefined;
  if (text !== undefined && number === undefined) {
    content.hold(opening.at(element), `${place.label}${opening.name(element)} "${text}" is not a number`);
  }
  if (number !== undefined) content.lineSource(place, name, opening.segment, element);
  return number;
}

/** PO103 is element 355; POC05 is C001, whose further components multiply units, which nobody in trade does. */
function readUnit(
  opening: SegmentReader,
  element: number,
  component: string,
  content: OrderContent,
  place: Place,
): string {
  const text = opening.value(element) ?? '';
  if (component === '' || !text.includes(component)) return text;
  const [unit = '', ...rest] = text.split(component);
  if (rest.some((part) => part !== '')) {
    content.hold(opening.at(element), `${place.label}composite unit of measure "${text}" is not handled`);
  }
  return unit;
}

function readProductIds(
  reader: SegmentReader,
  first: number,
  last: number,
  parts: LineParts,
  content: OrderContent,
): void {
  for (let element = first; element < last; element += 2) {
    const qualifier = reader.value(element);
    const value = reader.value(element + 1);
    if (qualifier === undefined && value === undefined) continue;
    if (qualifier === undefined || value === undefined) {
      content.hold(
        reader.at(element),
        `${parts.place.label}${reader.name(element)} and the element after it are half a product id`,
      );
      continue;
    }
    if (isAmong(parts.productIds, qualifier, value)) continue;
    content.lineSource(parts.place, `productIds[${parts.productIds.length}]`, reader.segment, element + 1);
    parts.productIds.push({ qualifier, value });
  }
}

function isAmong(productIds: readonly ProductId[], qualifier: string, value: string): boolean {
  return productIds.some((known) => known.qualifier === qualifier && known.value === value);
}

function readLineSegment(segment: Segment, parts: LineParts, content: OrderContent): void {
  const reader = new SegmentReader(segment);
  if (segment.id === 'PID') {
    readDescription(reader, parts, content);
  } else if (segment.id === 'LIN') {
    reader.value(1); // the line's own number again
    readProductIds(reader, 2, 31, parts, content);
    content.leftovers(reader, parts.place);
  } else if (segment.id === 'SDQ') {
    readDestinations(reader, parts.unit, parts.destinations, parts.place, content);
  } else if (segment.id === 'CTP') {
    readStatedPrice(reader, parts.unitPrice, parts.statedPrices, parts.place, content);
  } else if (segment.id === 'PO4') {
    readPack(reader, parts.packs, parts.place, content);
  } else {
    content.segment(segment, parts.place);
  }
}

/** The first free-form description of the product is the line's; every other one is a note. */
function readDescription(reader: SegmentReader, parts: LineParts, content: OrderContent): void {
  const text = reader.value(5);
  const characteristic = reader.value(2);
  const isProduct = reader.value(1) === 'F' && (characteristic === undefined || characteristic === '08');
  if (parts.description === undefined && isProduct && text !== undefined && reader.unread().length === 0) {
    parts.description = text;
    content.lineSource(parts.place, 'description', reader.segment, 5);
  } else {
    content.note(
      reader.segment,
      `${parts.place.label}description: ${reader.values().join(' ')}`,
      parts.place,
    );
  }
}

function readLineLoop(loop: Loop, parts: LineParts, context: LineContext, content: OrderContent): void {
  if (loop.id === 'PID' || loop.id === 'PKG') {
    for (const segment of loop.segments) readLineSegment(segment, parts, content);
    for (const inner of loop.loops) unhandledLoop(inner, content, parts.place);
  } else if (loop.id === 'N9') {
    readExtendedReference(loop, content, parts.place);
  } else if (loop.id === 'SCH') {
    readSchedule(loop, parts.unit, parts.schedules, parts.place, content);
  } else if (loop.id === 'SAC') {
    readAdjustment(loop, parts.adjustments, parts.place, content);
  } else if (loop.id === 'CTP' && loop.segments.length === 1) {
    readLineSegment(loop.segments[0] as Segment, parts, content);
  } else if (loop.id === 'N1') {
    readLineParty(loop, parts, context, content);
  } else {
    unhandledLoop(loop, content, parts.place);
  }
}

/** Element 98: who the goods of a line are meant for once they have arrived; its paper goes there as well. */
const lineRoles = new Set(['Z7', 'BY', 'UC', 'MA']);

/**
 * A party of the order named again on a line changes nothing; one that the line is marked for goes with it; another
 * ship-to is the line's own destination. Anything else nobody has a rule for.
 */
function readLineParty(loop: Loop, parts: LineParts, context: LineContext, content: OrderContent): void {
  const party = readParty(loop, content, parts.place);
  const known = context.parties.some(
    (other) =>
      other.role === party.role &&
      other.id === party.id &&
      (party.id !== undefined || other.name === party.name),
  );
  if (known) return;
  const at = { segment: loop.segments[0]?.position ?? 0, segmentId: 'N1' };
  const destination = destinationOf(party, parts.quantity, at);
  if (destination !== null && parts.destinations.length === 0) {
    parts.destinations.push(destination);
    // Its id is where the goods go; the name and address that were sent with it stay with the line.
    for (const segment of loop.segments) content.keep(segment, parts.place);
  } else if (lineRoles.has(party.role)) parts.parties.push(party);
  else {
    const who = [party.role, party.name, party.id].filter(Boolean).join(' ');
    content.hold(at, `${parts.place.label}N1: a party of its own (${who}) is not handled`);
  }
}
