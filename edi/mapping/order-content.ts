import type { FillTerms } from '../../domain/allocation/fill-terms';
import type {
  KeptSegment,
  Reference,
  RequestDate,
  RequestedAdjustment,
  RequestedTax,
  RequestedTerms,
  SourcePosition,
  UnhandledContent,
} from '../../domain/order/order-request';
import type { Segment } from '../x12/model';
import { readTax, readTerms } from './commercial-terms';
import { readDate } from './inbound-values';
import { describeUnhandled, informational } from './segment-names';
import { SegmentReader } from './segment-reader';

/** Where on an order something was said: the order itself, one of its lines, one of its parties. */
export interface Place {
  /** "", "line 10: ", "ship-to 0042: " */
  readonly label: string;
  /** "", "lines[0]." */
  readonly path: string;
  readonly dates: RequestDate[] | null;
  readonly references: Reference[] | null;
  readonly kept: KeptSegment[];
}

/** What 850 and 860 have in common: collected segment by segment, nothing of it lost on the way. */
export class OrderContent {
  readonly dates: RequestDate[] = [];
  readonly references: Reference[] = [];
  currency: string | undefined;
  readonly kept: KeptSegment[] = [];
  readonly terms: RequestedTerms[] = [];
  readonly taxes: RequestedTax[] = [];
  readonly adjustments: RequestedAdjustment[] = [];
  /** What it takes where not all is there (CSH), and where that was said. */
  fill: { readonly terms: FillTerms; readonly at: SourcePosition; readonly code: string } | undefined;
  readonly order: Place = {
    label: '',
    path: '',
    dates: this.dates,
    references: this.references,
    kept: this.kept,
  };
  private readonly paths: string[] = [];
  private readonly positions: SourcePosition[] = [];
  private readonly ofLines: {
    readonly place: Place;
    readonly name: string;
    readonly segment: Segment;
    readonly element: number;
  }[] = [];
  private readonly held: UnhandledContent[] = [];
  private readonly noted: { readonly at: number; readonly text: string }[] = [];

  /** Recognised, but without a rule: it puts the order on a hold. */
  hold(at: SourcePosition, text: string): void {
    this.held.push({ at, text });
  }

  /** Said for people's information: kept, but nothing follows from it. */
  note(segment: Segment, text: string, place: Place): void {
    this.noted.push({ at: segment.position, text });
    this.keep(segment, place);
  }

  /** As it came, with its position: for people, and to be given back. */
  keep({ id, position, elements }: Segment, place: Place): void {
    if (place.kept.some(({ at }) => at.segment === position)) return;
    place.kept.push({ at: { segment: position, segmentId: id }, elements: [...elements] });
  }

  /** What 850 and 860 say of the order as a whole besides its parties, where it was said at all. */
  said() {
    return {
      ...(this.terms.length > 0 && { terms: this.terms }),
      ...(this.taxes.length > 0 && { taxes: this.taxes }),
      ...(this.adjustments.length > 0 && { adjustments: this.adjustments }),
      ...(this.kept.length > 0 && { kept: inOrder(this.kept) }),
    };
  }

  source(path: string, at: SourcePosition): void {
    this.paths.push(path);
    this.positions.push(at);
  }

  /** As `source`, for what lines say: they are many, and path and position are made when somebody asks. */
  lineSource(place: Place, name: string, segment: Segment, element: number): void {
    this.ofLines.push({ place, name, segment, element });
  }

  /** Value path ("lines[0].quantity") to the place it was read from. Few ask, so it is put together when they do. */
  get sources(): Readonly<Record<string, SourcePosition>> {
    return Object.fromEntries([
      ...this.paths.map((path, index) => [path, this.positions[index] as SourcePosition] as const),
      ...this.ofLines.map(
        ({ place, name, segment: { position, id }, element }) =>
          [`${place.path}${name}`, { segment: position, segmentId: id, element }] as const,
      ),
    ]);
  }

  /** In the order of the document, however its loops were visited. */
  unhandled(): UnhandledContent[] {
    return this.held.toSorted((a, b) => a.at.segment - b.at.segment);
  }

  notes(): string[] {
    return this.noted.toSorted((a, b) => a.at - b.at).map((note) => note.text);
  }

  /** Every element that no rule asked for becomes an entry of its own. */
  leftovers(reader: SegmentReader, place: Place): void {
    for (const element of reader.unread()) {
      const value = reader.value(element) ?? '';
      this.hold(reader.at(element), `${place.label}${reader.name(element)} "${value}" is not handled`);
    }
  }

  /** A segment outside the ones that open an order's own parts (BEG, PO1, N1, ...). */
  segment(segment: Segment, place: Place): void {
    const reader = new SegmentReader(segment);
    const rule = rules[segment.id];
    if (rule !== undefined) {
      rule(reader, place, this);
      this.leftovers(reader, place);
    } else if (informational[segment.id] !== undefined) {
      this.note(segment, `${place.label}${informational[segment.id]}: ${reader.values().join(' ')}`, place);
    } else {
      this.unhandledSegment(segment, place);
    }
  }

  unhandledSegment(segment: Segment, place: Place): void {
    const reader = new SegmentReader(segment);
    this.hold(reader.at(), `${place.label}${describeUnhandled(reader)}`);
    this.keep(segment, place);
  }
}

export const inOrder = (kept: readonly KeptSegment[]): KeptSegment[] =>
  kept.toSorted((a, b) => a.at.segment - b.at.segment);

type Rule = (reader: SegmentReader, place: Place, content: OrderContent) => void;

const rules: Readonly<Record<string, Rule>> = {
  // The envelope of the set and the brackets of a loop say nothing about the order.
  ST: (reader) => void reader.values(),
  SE: (reader) => void reader.values(),
  LS: (reader) => void reader.values(),
  LE: (reader) => void reader.values(),
  REF: readReference,
  DTM: readRequestDate,
  CUR: readCurrency,
  FOB: readFreightTerms,
  ITD: readTerms,
  TXI: readTax,
  CSH: readSalesRequirement,
};

const whateverIsThere = { shipComplete: false, minimum: null } as const;

/** Element 563, what of it bears on a shortage. The others (substitutes, truckloads, set-asides) have no rule. */
const fillOf: Readonly<Record<string, FillTerms>> = {
  BK: { ...whateverIsThere, rest: 'backorder' },
  N: { ...whateverIsThere, rest: 'cancel' },
  O: { ...whateverIsThere, rest: 'backorder' },
  SC: { shipComplete: true, minimum: null, rest: 'backorder' },
  SP: { ...whateverIsThere, rest: 'cancel' },
  Y: { ...whateverIsThere, rest: 'backorder' },
};

/** One requirement of the whole order has a rule; a second one, or one of a line alone, is for a person to read. */
function readSalesRequirement(reader: SegmentReader, place: Place, content: OrderContent): void {
  const code = reader.value(1);
  const terms = code === undefined ? undefined : fillOf[code];
  if (code === undefined || terms === undefined || place.path !== '' || content.fill !== undefined) {
    content.unhandledSegment(reader.segment, place);
    reader.values();
    return;
  }
  content.fill = { terms, at: reader.at(1), code };
  content.source('fill', reader.at(1));
}

function readReference(reader: SegmentReader, place: Place, content: OrderContent): void {
  const qualifier = reader.value(1) ?? '';
  const value = reader.value(2) ?? '';
  const description = reader.value(3);
  if (place.references === null) {
    content.note(
      reader.segment,
      `${place.label}reference ${[qualifier, value, description].filter(Boolean).join(' ')}`,
      place,
    );
    return;
  }
  content.source(`${place.path}references[${place.references.length}]`, reader.at(2));
  place.references.push({ qualifier, value, ...(description === undefined ? {} : { description }) });
}

function readRequestDate(reader: SegmentReader, place: Place, content: OrderContent): void {
  const qualifier = reader.value(1) ?? '';
  const text = reader.value(2);
  const time = [reader.value(3), reader.value(4)].filter(Boolean).join(' ');
  const format = reader.value(5);
  const period = reader.value(6);
  // Up to 3050 DTM05 is the century (624); later DTM05 and 06 say a period, of which D8 is a single day.
  const century = format !== undefined && period === undefined && /^\d\d$/.test(format) ? format : undefined;
  const date = readDate(text ?? (format === 'D8' ? period : undefined), century);
  if (format !== undefined && century === undefined && format !== 'D8') {
    content.hold(reader.at(6), `${place.label}date ${qualifier} is a period: ${format} ${period ?? ''}`);
  }
  if (time !== '') content.note(reader.segment, `${place.label}date ${qualifier}: time ${time}`, place);
  if (date === undefined) {
    if (text !== undefined || format === undefined) {
      content.hold(reader.at(2), `${place.label}date ${qualifier} "${text ?? ''}" is not a day`);
    }
    return;
  }
  if (place.dates === null) {
    content.note(reader.segment, `${place.label}date ${qualifier} ${date}`, place);
    return;
  }
  content.source(`${place.path}dates[${place.dates.length}]`, reader.at(2));
  place.dates.push({ qualifier, date });
}

function readCurrency(reader: SegmentReader, place: Place, content: OrderContent): void {
  reader.value(1); // whose currency it is (BY, SE): one currency holds for the whole order
  const currency = reader.value(2);
  if (place.path === '' && content.currency === undefined) {
    content.currency = currency;
    content.source('currency', reader.at(2));
  } else if (currency !== content.currency) {
    content.hold(
      reader.at(2),
      `${place.label}currency ${currency ?? ''} differs from the order's ${content.currency ?? '(none)'}`,
    );
  }
}

/** Element 146 codes by which freight costs the seller no more and adds nothing to the invoice. */
const freightOutsideInvoice = new Set([
  'BP',
  'CA',
  'CC',
  'CD',
  'DE',
  'DF',
  'NC',
  'NR',
  'PB',
  'PD',
  'PE',
  'PO',
  'PP',
  'PS',
  'PU',
  'TP',
]);

function readFreightTerms(reader: SegmentReader, place: Place, content: OrderContent): void {
  const payment = reader.value(1) ?? '';
  const text = `${place.label}freight terms ${reader.values().join(' ')}`;
  if (freightOutsideInvoice.has(payment)) content.note(reader.segment, text, place);
  else content.hold(reader.at(1), `${text}: freight that bears on the invoice is not handled`);
}
