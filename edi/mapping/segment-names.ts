import { sumQuantities } from '../../domain/shared/quantity';
import { readHundredths } from './inbound-values';
import type { SegmentReader } from './segment-reader';

/** Segments that only inform people: kept as notes. */
export const informational: Readonly<Record<string, string>> = {
  MAN: 'marks and numbers',
  MEA: 'measurement',
  MSG: 'message',
  MTX: 'text',
  NTE: 'note',
  PER: 'contact',
  PID: 'description',
  PKG: 'packaging',
  PO4: 'pack',
  PWK: 'paperwork',
  TD1: 'lading',
  TD3: 'equipment',
  TD5: 'routing',
};

/** Segments that could change price, quantity, destination or conditions; the hub has no rule for them yet. */
const names: Readonly<Record<string, string>> = {
  ADV: 'advertising',
  AMT: 'monetary amount',
  CB1: 'contract and cost accounting standards',
  CN1: 'contract',
  CSH: 'sales requirements',
  CTB: 'restrictions or conditions',
  CTP: 'pricing information',
  CUR: 'currency',
  DIS: 'discount detail',
  DTM: 'date',
  FA1: 'financial accounting type',
  FA2: 'accounting data',
  FOB: 'freight terms',
  G53: 'maintenance type',
  INC: 'instalments',
  IT3: 'additional item data',
  IT8: 'conditions of sale',
  ITD: 'terms of payment',
  LDT: 'lead time',
  LIN: 'item identification',
  LM: 'code source',
  LQ: 'industry code',
  N1: 'party',
  N2: 'additional name',
  N3: 'street',
  N4: 'place',
  N9: 'extended reference',
  NX2: 'location id',
  PAM: 'period amount',
  PCT: 'percent amount',
  PO3: 'additional item detail',
  QTY: 'quantity',
  REF: 'reference',
  SAC: 'allowance or charge',
  SCH: 'line schedule',
  SDQ: 'destination quantities',
  SI: 'service characteristics',
  SLN: 'subline',
  SPI: 'specification',
  TAX: 'tax reference',
  TC2: 'commodity',
  TD4: 'special handling or hazardous material',
  TXI: 'tax',
};

type Describe = (reader: SegmentReader) => string;

const described: Readonly<Record<string, Describe>> = {
  SAC: (reader) => {
    const kinds: Record<string, string> = { A: 'allowance', C: 'charge', N: 'no allowance or charge' };
    const amount = reader.value(5);
    const percent = reader.value(7);
    const rate = reader.value(8);
    return [
      kinds[reader.value(1) ?? ''] ?? 'allowance, charge or service',
      reader.value(2) ?? reader.value(4) ?? '',
      reader.value(15) ?? '',
      amount === undefined ? '' : readHundredths(amount),
      percent === undefined ? '' : `${percent} percent`,
      rate === undefined ? '' : `rate ${rate}`,
    ]
      .filter(Boolean)
      .join(' ');
  },
  ITD: (reader) => {
    const [percent, discountDays, netDays] = [reader.value(3), reader.value(5), reader.value(7)];
    const terms = [
      percent === undefined
        ? ''
        : `${percent} percent${discountDays === undefined ? '' : ` in ${discountDays} days`}`,
      netDays === undefined ? '' : `net ${netDays} days`,
      reader.value(12) ?? '',
    ].filter(Boolean);
    return `terms of payment ${terms.length > 0 ? terms.join(', ') : reader.values().join(' ')}`;
  },
  SDQ: (reader) => {
    const unit = reader.value(1) ?? '';
    const pairs = destinations(reader).map(({ location, quantity }) => `${location} ${quantity} ${unit}`);
    return `destination quantities: ${pairs.join(', ')}`;
  },
};

export interface DestinationQuantity {
  readonly location: string;
  readonly quantity: string;
  /** Of the location. */
  readonly element: number;
}

/** SDQ03/04 to SDQ21/22: location and quantity, up to ten a segment. */
export function destinations(reader: SegmentReader): DestinationQuantity[] {
  const pairs: DestinationQuantity[] = [];
  for (let element = 3; element <= 21; element += 2) {
    const location = reader.value(element);
    const quantity = reader.value(element + 1);
    if (location !== undefined || quantity !== undefined) {
      pairs.push({ location: location ?? '?', quantity: quantity ?? '?', element });
    }
  }
  return pairs;
}

/** "SAC: charge D240 FREIGHT 45.00 is not handled" */
export function describeUnhandled(reader: SegmentReader): string {
  const describe = described[reader.id];
  const text =
    describe === undefined
      ? `${names[reader.id] ?? informational[reader.id] ?? 'segment'} ${reader.values().join(' ')}`.trim()
      : describe(reader);
  return `${reader.id}: ${text} is not handled`;
}

/** Sum of decimals as a partner would make it; undefined when one of them is not a number. */
export function sumOrUndefined(values: readonly string[]): string | undefined {
  if (!values.every((value) => /^-?\d*\.?\d+$/.test(value))) return undefined;
  return sumQuantities(values);
}
