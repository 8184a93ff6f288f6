import type { DatedReference } from '../../domain/invoicing/remittance-advice';
import type { PostalAddress } from '../../domain/order/order-request';
import type { DocumentParty, QualifiedDate } from '../../domain/partner/document-parts';
import type { Segment } from '../x12/model';
import {
  date,
  decimal,
  exact,
  firstOf,
  group,
  hundredths,
  orEmpty,
  pairs,
  required,
  text,
} from './element-rules';
import { addPlace, type Rendering } from './rendering';
import { SegmentReader } from './segment-reader';
import { type Part, partsOf, Shape } from './shape';

/** Fields of segments that mean the same in every set. */
export const fieldsOf = {
  REF: { qualifier: required(exact(1)), value: orEmpty(exact(2)), description: text(3) },
  /** N9 as a plain reference: its date and time stay behind as unread. */
  N9: { qualifier: required(exact(1)), value: orEmpty(exact(2)), description: text(3) },
  DTM: {
    qualifier: required(exact(1)),
    date: date(2),
    time: exact(3),
    zone: exact(4),
    period: group<NonNullable<QualifiedDate['period']>>(5, { format: exact(5), value: exact(6) }),
  },
  PER: { role: required(exact(1)), name: text(2), numbers: pairs(3, 3), reference: text(9) },
  NTE: { code: exact(1), text: required(text(2)) },
  AMT: { qualifier: required(exact(1)), amount: required(decimal(2)), creditOrDebit: exact(3) },
  QTY: { qualifier: required(exact(1)), quantity: decimal(2), unit: firstOf(3), text: text(4) },
  CUR: { party: required(exact(1)), code: required(exact(2)), rate: decimal(3) },
  PID: {
    form: required(exact(1)),
    characteristic: exact(2),
    agency: exact(3),
    code: exact(4),
    text: text(5),
  },
  PRF: {
    number: required(exact(1)),
    releaseNumber: exact(2),
    changeNumber: exact(3),
    date: date(4),
    lineNumber: exact(5),
    contract: exact(6),
    type: exact(7),
  },
  SAC: {
    indicator: required(exact(1)),
    code: exact(2),
    agency: exact(3),
    agencyCode: exact(4),
    amount: hundredths(5),
    percentOf: exact(6),
    percent: decimal(7),
    rate: decimal(8),
    unit: exact(9),
    quantity: decimal(10),
    otherQuantity: decimal(11),
    method: exact(12),
    reference: exact(13),
    option: exact(14),
    description: text(15),
    language: exact(16),
  },
} as const;

const ofReference = partsOf<DatedReference>();

/** A REF loop: a reference with the dates that belong to it. */
export const datedReference = new Shape<DatedReference>([
  ofReference.segment('REF', fieldsOf.REF),
  ofReference.many('dates', 'DTM', fieldsOf.DTM),
]);

type Target = Record<string, unknown>;
type Address = { lines: string[] } & {
  -readonly [K in keyof Omit<PostalAddress, 'lines'>]: PostalAddress[K];
};

const addressOf = (into: Target): Address => (into['address'] as Address | undefined) ?? { lines: [] };

function addressPart(
  id: string,
  repeats: boolean,
  take: (reader: SegmentReader, address: Address) => void,
  write: (address: PostalAddress, rendering: Rendering) => void,
): Part {
  return {
    id,
    takes: 'segment',
    repeats,
    empty: {},
    required: false,
    read: (found, into, reading) => {
      const reader = new SegmentReader(found as Segment);
      const address = addressOf(into);
      take(reader, address);
      if (address.lines.length > 0 || Object.keys(address).length > 1) into['address'] = address;
      reading.content.leftovers(reader);
    },
    write: (from, rendering) => {
      if (from['address'] !== undefined) write(from['address'] as PostalAddress, rendering);
    },
  };
}

function takeLines(reader: SegmentReader, address: Address): void {
  address.lines.push(...[reader.value(1), reader.value(2)].filter((line) => line !== undefined));
}

function takePlace(reader: SegmentReader, address: Address): void {
  // A region that is no two-letter state stands in N406 (SP, state or province), from 5010 on also in N407.
  const { 1: state = '', 4: kind, 5: province = '' } = reader.segment.elements;
  const isProvince = kind === 'SP' && province.trim() !== '' && state.trim() === '';
  const region =
    reader.value(2) ?? (isProvince && reader.value(5) ? reader.value(6) : undefined) ?? reader.value(7);
  const [city, postalCode, country] = [reader.value(1), reader.value(3), reader.value(4)];
  if (city !== undefined) address.city = city;
  if (region !== undefined) address.region = region;
  if (postalCode !== undefined) address.postalCode = postalCode;
  if (country !== undefined) address.country = country;
}

/** The last four lines are N3's; what stands before them is the rest of the name (a department, "attention of"). */
const STREET_LINES = 4;

function addLines(id: string, lines: readonly string[], longest: number, rendering: Rendering): void {
  for (let first = 0; first < lines.length; first += 2) {
    const pair = [rendering.text(lines[first], longest), rendering.text(lines[first + 1], longest)].filter(
      Boolean,
    );
    if (pair.length > 0) rendering.add(id, ...pair);
  }
}

/**
 * An N1 loop. Its references stand in REF or N9, as the set has it, or nowhere.
 */
export function partyShape(references: 'REF' | 'N9' | null): Shape<DocumentParty> {
  const { segment, many } = partsOf<DocumentParty>();
  const contacts = many('contacts', 'PER', fieldsOf.PER);
  const none: Part = { ...many('references', 'REF', fieldsOf.REF), id: '' };
  return new Shape<DocumentParty>([
    segment('N1', { role: required(exact(1)), name: text(2), idQualifier: exact(3), id: exact(4) }),
    addressPart('N2', true, takeLines, ({ lines }, rendering) => {
      addLines('N2', lines.slice(0, -STREET_LINES), 60, rendering);
      if (lines.length > STREET_LINES * 2) rendering.refuse('N2', 'an address of more than eight lines');
    }),
    addressPart('N3', true, takeLines, ({ lines }, rendering) =>
      addLines('N3', lines.slice(-STREET_LINES), 55, rendering),
    ),
    addressPart('N4', false, takePlace, (address, rendering) => addPlace(rendering, address)),
    references === null ? none : many('references', references, fieldsOf[references]),
    contacts,
  ]);
}
