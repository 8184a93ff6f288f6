import { isAscii, isUtf8 } from 'node:buffer';
import { byteClasses } from '../validate/element-value';
import type { CheckContext } from '../validate/segment-check';
import { readArrival } from '../x12/arrival';
import type { Encoding, SomeBytes } from '../x12/byte-source';
import { type DeviationCode, deviation } from '../x12/deviation';
import type { IsaHeader } from '../x12/isa';
import type { Separators } from '../x12/model';
import { SegmentScanner } from '../x12/scanner';
import type { AgreementView, SeenNumbers } from './agreement';
import { type EnvelopeFault, envelopeValues, firstFault, judgeHeader, rejectedDeviations } from './envelope';
import { GroupJudge, type InterchangeContext } from './group-judge';
import { GroupCollector, type JudgeListener } from './judge-listener';
import type { EnvelopeValues, JudgedEnvelope, Judgement, ReceivedTa1 } from './judgement';
import { sameControlNumber } from './transaction-judge';
import { UsedNumbers } from './used-numbers';

/** An answer to so many interchanges at once is none; further ones are data outside every group. */
const mostTa1s = 10_000;

export interface JudgeOptions {
  /** false: acknowledge only, without the trees of accepted sets */
  readonly keepsDocuments?: boolean;
  /** bytes that are held at least of an interchange that is read as it is judged; smaller in tests */
  readonly readAtOnce?: number;
}

/** An interchange in memory, or one whose bytes are read as they are needed. */
export interface InterchangeToJudge {
  readonly bytes: SomeBytes;
  readonly header: IsaHeader;
  /** false where IEA is missing */
  readonly complete: boolean;
  readonly deviations: readonly DeviationCode[];
  /** offset in the file of a byte of this interchange */
  readonly fileOffset: (at: number) => number;
  /** what the bytes are; found out where they are in memory */
  readonly encoding?: Encoding;
}

/**
 * What the hub answers to an interchange, and what it takes from it: a pure function of the bytes,
 * the agreement and the numbers already seen. Nothing is thrown, whatever the bytes are.
 */
export function judgeInterchange(
  interchange: InterchangeToJudge,
  agreement: AgreementView | null,
  seen: SeenNumbers,
  options: JudgeOptions = {},
): Judgement {
  const collector = new GroupCollector();
  const judged = judgeWith(collector, interchange, agreement, seen, options);
  return { ...judged, groups: judged.ta1.code === 'R' ? [] : collector.groups };
}

/** As `judgeInterchange`, but what is found in the groups is told to the listener and not held. */
export function judgeWith(
  listener: JudgeListener,
  interchange: InterchangeToJudge,
  agreement: AgreementView | null,
  seen: SeenNumbers,
  options: JudgeOptions = {},
): JudgedEnvelope {
  const { separators } = interchange.header;
  const values = envelopeValues(interchange.header.elements);
  const deviations = new Set<DeviationCode>([
    ...interchange.deviations,
    ...valueDeviations(values, interchange.header),
  ]);
  const header = judgeHeader(interchange.header, values, deviations, agreement, seen);
  const utf8 = readsUtf8(interchange, agreement, deviations);
  const faults: EnvelopeFault[] = [...header.faults];
  let body: Body = { hasGroups: false, receivedTa1s: [], faults: [] };
  if (separators !== null) {
    if (faults.some((fault) => fault.code === 'R')) body = readTa1s(interchange, separators);
    else {
      const keepsDocuments = options.keepsDocuments !== false && !header.duplicate;
      const { readAtOnce } = options;
      const context = { listener, agreement, seen, utf8, keepsDocuments, readAtOnce };
      body = readBody(interchange, separators, values, context, deviations);
      faults.push(...body.faults);
    }
  }
  faults.push(...rejectedDeviations(deviations, agreement));
  const ta1 = firstFault(faults);
  return {
    envelope: values,
    separators,
    deviations: [...deviations].map((code) => deviation(code, agreement?.leniency)),
    ta1,
    ta1Due: isTa1Due(ta1.code, values, body, agreement),
    receivedTa1s: ta1.code === 'R' ? [] : body.receivedTa1s,
    duplicate: header.duplicate,
  };
}

/** As `judgeInterchange`, for all interchanges of an arrival; `error` when there is none at all. */
export function judgeArrival(
  bytes: Uint8Array,
  agreement: AgreementView | null,
  seen: SeenNumbers,
  options: JudgeOptions = {},
): { readonly judgements: readonly Judgement[]; readonly error: string | null } {
  const arrival = readArrival(bytes);
  const judgements = arrival.interchanges.map((one) => judgeInterchange(one, agreement, seen, options));
  return { judgements, error: arrival.error };
}

function valueDeviations(values: EnvelopeValues, header: IsaHeader): DeviationCode[] {
  const found: DeviationCode[] = [];
  if (header.elements.some((text, at) => paddedElements.has(at + 1) && isOddlyPadded(text)))
    found.push('isa-padding');
  if (values.standard === 'U' && values.version >= '00402') found.push('isa11-not-separator');
  if (/^\d{1,8}$/.test(values.controlNumber) && header.separators !== null) found.push('isa13-format');
  return found;
}

/** ISA02, 04, 06 and 08 are filled up with blanks behind their value. */
const paddedElements = new Set([2, 4, 6, 8]);

function isOddlyPadded(text: string): boolean {
  return text.trim() !== '' && (/^\s/.test(text) || /[^\S ]$/.test(text));
}

function encodingOf({ bytes, encoding }: InterchangeToJudge): Encoding {
  if (encoding !== undefined || !(bytes instanceof Uint8Array)) return encoding ?? 'latin1';
  if (isAscii(bytes)) return 'ascii';
  return isUtf8(bytes) ? 'utf-8' : 'latin1';
}

function readsUtf8(
  interchange: InterchangeToJudge,
  agreement: AgreementView | null,
  deviations: Set<DeviationCode>,
): boolean {
  const encoding = encodingOf(interchange);
  if (encoding === 'ascii') return false;
  deviations.add('high-bytes');
  if (agreement?.characters === 'extended') return false;
  return agreement?.characters === 'utf-8' || encoding === 'utf-8';
}

/** A TA1 is asked for by ISA14, forced by the agreement, or the only way to say that all was rejected. */
function isTa1Due(
  code: string,
  values: EnvelopeValues,
  body: Body,
  agreement: AgreementView | null,
): boolean {
  if (body.receivedTa1s.length > 0 && !body.hasGroups) return false;
  return code === 'R' || values.ackRequested === '1' || agreement?.ta1 === 'always';
}

interface Body {
  readonly hasGroups: boolean;
  readonly receivedTa1s: readonly ReceivedTa1[];
  readonly faults: readonly EnvelopeFault[];
}

interface BodyOptions {
  readonly listener: JudgeListener;
  readonly agreement: AgreementView | null;
  readonly seen: SeenNumbers;
  readonly utf8: boolean;
  readonly keepsDocuments: boolean;
  readonly readAtOnce: number | undefined;
}

/** Of a rejected interchange only whether it answers one of ours: a TA1 is never answered with a TA1. */
function readTa1s({ bytes, header }: InterchangeToJudge, separators: Separators): Body {
  const scanner = new SegmentScanner(bytes, separators, header.length);
  const receivedTa1s: ReceivedTa1[] = [];
  while (scanner.next() && scanner.id === 'TA1' && receivedTa1s.length < mostTa1s) {
    receivedTa1s.push(receivedTa1(scanner));
  }
  return { hasGroups: scanner.id === 'GS', receivedTa1s, faults: [] };
}

function receivedTa1(scanner: SegmentScanner): ReceivedTa1 {
  const value = (element: number): string => scanner.text(element).trim();
  return { controlNumber: value(1), date: value(2), time: value(3), code: value(4), note: value(5) };
}

function readBody(
  { bytes, header, complete, fileOffset }: InterchangeToJudge,
  separators: Separators,
  values: EnvelopeValues,
  { listener, agreement, seen, utf8, keepsDocuments, readAtOnce }: BodyOptions,
  deviations: Set<DeviationCode>,
): Body {
  const notes = { trailingSeparators: false, blankElements: false };
  const check: CheckContext = {
    classes: byteClasses(separators, agreement?.characters ?? 'extended'),
    componentByte: separators.component.charCodeAt(0),
    repetitionByte: separators.repetition?.charCodeAt(0) ?? -1,
    repeats: false,
    utf8,
    notes,
  };
  const context: InterchangeContext = {
    separators,
    interchangeVersion: values.version,
    check,
    agreement,
    seen,
    groupNumbers: new UsedNumbers(),
    keepsDocuments,
    listener,
    fileOffset,
  };
  const scanner = new SegmentScanner(bytes, separators, header.length, utf8, readAtOnce);
  const reader = new BodyReader(context, values, deviations);
  // What breaks off with the last segment is not judged by half a segment: that the end is missing says it all.
  while (scanner.next()) if (scanner.terminated || complete) reader.segment(scanner);
  if (scanner.notes.blanks) deviations.add('blanks');
  if (scanner.notes.emptySegments > 0) deviations.add('empty-segments');
  if (notes.trailingSeparators) deviations.add('trailing-separators');
  if (notes.blankElements) deviations.add('blank-elements');
  return reader.finish(scanner.overlong);
}

/** Follows the segments between ISA and IEA through groups and sets. */
class BodyReader {
  private readonly context: InterchangeContext;
  private readonly values: EnvelopeValues;
  private readonly deviations: Set<DeviationCode>;
  private groups = 0;
  private readonly receivedTa1s: ReceivedTa1[] = [];
  private readonly faults: EnvelopeFault[] = [];
  private group: GroupJudge | null = null;
  private ended = false;

  constructor(context: InterchangeContext, values: EnvelopeValues, deviations: Set<DeviationCode>) {
    this.context = context;
    this.values = values;
    this.deviations = deviations;
  }

  segment(scanner: SegmentScanner): void {
    const { id } = scanner;
    switch (id) {
      case 'ST':
        // With ST03, from 5010 on.
        this.most(3, scanner);
        if (this.group === null) this.stray();
        else this.group.startSet(scanner);
        return;
      case 'SE':
        this.most(2, scanner);
        if (this.group?.inSet) this.group.finishSet(scanner);
        else this.stray();
        return;
      case 'GS':
        this.most(8, scanner);
        this.startGroup(scanner);
        return;
      case 'GE':
        this.most(2, scanner);
        if (this.group === null) this.stray();
        else this.group.finish(scanner);
        this.group = null;
        return;
      case 'IEA':
        this.most(2, scanner);
        this.end(scanner);
        return;
      case 'TA1':
        if (this.group === null && this.receivedTa1s.length < mostTa1s)
          this.receivedTa1s.push(receivedTa1(scanner));
        else if (this.group?.inSet) this.group.segment(scanner, id);
        else this.stray();
        return;
      case 'ISB':
      case 'ISE':
      case 'TA3':
        // What was asked of the network (grade of service, deferred delivery, delivery notice) is the network's.
        if (this.group !== null) this.stray();
        return;
      default:
        if (this.group?.inSet) this.group.segment(scanner, id);
        else this.stray();
    }
  }

  /** A control segment has so many elements. */
  private most(elements: number, scanner: SegmentScanner): void {
    if (scanner.count > elements) this.deviations.add('control-elements');
  }

  finish(overlong: boolean): Body {
    this.breakOffGroup();
    if (overlong) this.fault({ code: 'R', note: '024' });
    if (!this.ended) this.fault({ code: 'R', note: '023' });
    return { hasGroups: this.groups > 0, receivedTa1s: this.receivedTa1s, faults: this.faults };
  }

  private startGroup(scanner: SegmentScanner): void {
    this.breakOffGroup();
    this.groups += 1;
    this.group = new GroupJudge(this.context, scanner);
    if (!this.group.namesParties) this.fault({ code: 'R', note: '024' });
    if (!this.group.hasDateAndTime) this.deviations.add('gs-date');
    if (this.group.agency !== 'X') this.deviations.add('gs07-agency');
  }

  private breakOffGroup(): void {
    this.group?.breakOff();
    this.group = null;
  }

  /** A segment that belongs to no set or group has no acknowledgement of its own: the structure is broken. */
  private stray(): void {
    this.fault({ code: 'R', note: '022' });
  }

  private fault(fault: EnvelopeFault): void {
    if (!this.faults.some(({ note }) => note === fault.note)) this.faults.push(fault);
  }

  private end(scanner: SegmentScanner): void {
    this.breakOffGroup();
    this.ended = true;
    const count = scanner.text(1).trim();
    const number = scanner.text(2).trim();
    const sameNumber = /^\d{1,9}$/.test(number) && sameControlNumber(number, this.values.controlNumber);
    const sameCount = /^\d{1,5}$/.test(count) && Number(count) === this.groups;
    // A trailer without a terminator is whole unless its number could go on to be that of ISA.
    const goesOn = number === '' || this.values.controlNumber.startsWith(number);
    if (!scanner.terminated && !sameNumber && goesOn) this.fault({ code: 'R', note: '023' });
    if (!sameNumber) this.fault({ code: 'E', note: '001' });
    else if (!/^\d{9}$/.test(scanner.text(2))) this.deviations.add('iea02-format');
    if (!sameCount) this.fault({ code: 'E', note: '021' });
  }
}
