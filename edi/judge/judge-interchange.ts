import { isAscii, isUtf8 } from 'node:buffer';
import { byteClasses } from '../validate/element-value';
import type { CheckContext } from '../validate/segment-check';
import { type ArrivedInterchange, readArrival } from '../x12/arrival';
import { type DeviationCode, deviation } from '../x12/deviation';
import type { Separators, TransactionSet } from '../x12/model';
import { SegmentScanner } from '../x12/scanner';
import { type AgreementView, nothingSeen, type SeenNumbers } from './agreement';
import { type EnvelopeFault, envelopeValues, firstFault, judgeHeader, leniencyFault } from './envelope';
import { GroupJudge, type InterchangeContext } from './group-judge';
import type { EnvelopeValues, JudgedGroup, Judgement, ReceivedTa1 } from './judgement';
import { sameControlNumber } from './transaction-judge';

export interface JudgeOptions {
  /** false: acknowledge only, without the trees of accepted sets */
  readonly keepsDocuments?: boolean;
  /**
   * Takes the tree of each accepted set as soon as its SE was read, so that a large interchange never
   * holds all of them; the judgement then has none. What was taken counts only if `ta1` and the
   * group are not rejected in the end: GE and IEA are read later.
   */
  readonly takeDocument?: (document: TransactionSet) => void;
}

/**
 * What the hub answers to an interchange, and what it takes from it: a pure function of the bytes,
 * the agreement and the numbers already seen. Nothing is thrown, whatever the bytes are.
 */
export function judgeInterchange(
  interchange: ArrivedInterchange,
  agreement: AgreementView | null,
  seen: SeenNumbers,
  options: JudgeOptions = {},
): Judgement {
  const values = envelopeValues(interchange.header.elements);
  const header = judgeHeader(interchange, values, agreement, seen);
  const deviations = new Set<DeviationCode>([
    ...interchange.deviations,
    ...valueDeviations(values, interchange),
  ]);
  const { separators } = interchange.header;
  const utf8 = readsUtf8(interchange.bytes, agreement, deviations);
  const faults: EnvelopeFault[] = [...header.faults];
  let body: Body = { groups: [], receivedTa1s: [], faults: [] };
  if (separators !== null && !faults.some((fault) => fault.code === 'R')) {
    const keepsDocuments = options.keepsDocuments !== false && !header.duplicate;
    // A duplicate's own groups are no repetition: its stored answer goes out again.
    const seenGroups = header.duplicate ? nothingSeen : seen;
    body = readBody(
      interchange,
      separators,
      values,
      { agreement, seen: seenGroups, utf8, keepsDocuments, takeDocument: options.takeDocument ?? null },
      deviations,
    );
    faults.push(...body.faults);
  }
  for (const code of deviations) {
    const fault = leniencyFault(code, agreement);
    if (fault !== null) faults.push(fault);
  }
  const ta1 = firstFault(faults);
  return {
    envelope: values,
    separators,
    deviations: [...deviations].map(deviation),
    ta1,
    ta1Due: isTa1Due(ta1.code, values, body, agreement),
    receivedTa1s: ta1.code === 'R' ? [] : body.receivedTa1s,
    duplicate: header.duplicate,
    groups: ta1.code === 'R' ? [] : body.groups,
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

function valueDeviations(values: EnvelopeValues, { header }: ArrivedInterchange): DeviationCode[] {
  const found: DeviationCode[] = [];
  if (values.standard === 'U' && values.version >= '00402') found.push('isa11-not-separator');
  if (/^\d{1,8}$/.test(values.controlNumber) && header.separators !== null) found.push('isa13-format');
  return found;
}

function readsUtf8(
  bytes: Uint8Array,
  agreement: AgreementView | null,
  deviations: Set<DeviationCode>,
): boolean {
  if (isAscii(bytes)) return false;
  deviations.add('high-bytes');
  if (agreement?.characters === 'extended') return false;
  return agreement?.characters === 'utf-8' || isUtf8(bytes);
}

/** A TA1 is asked for by ISA14, forced by the agreement, or the only way to say that all was rejected. */
function isTa1Due(
  code: string,
  values: EnvelopeValues,
  body: Body,
  agreement: AgreementView | null,
): boolean {
  if (body.receivedTa1s.length > 0 && body.groups.length === 0) return false;
  return code === 'R' || values.ackRequested === '1' || agreement?.ta1 === 'always';
}

interface Body {
  readonly groups: readonly JudgedGroup[];
  readonly receivedTa1s: readonly ReceivedTa1[];
  readonly faults: readonly EnvelopeFault[];
}

interface BodyOptions {
  readonly agreement: AgreementView | null;
  readonly seen: SeenNumbers;
  readonly utf8: boolean;
  readonly keepsDocuments: boolean;
  readonly takeDocument: ((document: TransactionSet) => void) | null;
}

function readBody(
  interchange: ArrivedInterchange,
  separators: Separators,
  values: EnvelopeValues,
  options: BodyOptions,
  deviations: Set<DeviationCode>,
): Body {
  const notes = { trailingSeparators: false, blankElements: false };
  const check: CheckContext = {
    classes: byteClasses(separators, options.agreement?.characters ?? 'extended'),
    componentByte: separators.component.charCodeAt(0),
    repetitionByte: separators.repetition?.charCodeAt(0) ?? -1,
    repeats: false,
    utf8: options.utf8,
    notes,
  };
  const context: InterchangeContext = {
    separators,
    interchangeVersion: values.version,
    check,
    agreement: options.agreement,
    seen: options.seen,
    groupNumbers: new Set(),
    keepsDocuments: options.keepsDocuments,
    takeDocument: options.takeDocument,
    fileOffset: (at) => interchange.fileOffset(at),
  };
  const scanner = new SegmentScanner(interchange.bytes, separators, interchange.header.length, options.utf8);
  const reader = new BodyReader(context, values, deviations);
  while (scanner.next()) reader.segment(scanner);
  if (scanner.notes.blanks) deviations.add('blanks');
  if (scanner.notes.emptySegments > 0) deviations.add('empty-segments');
  if (notes.trailingSeparators) deviations.add('trailing-separators');
  if (notes.blankElements) deviations.add('blank-elements');
  return reader.finish();
}

/** Follows the segments between ISA and IEA through groups and sets. */
class BodyReader {
  private readonly context: InterchangeContext;
  private readonly values: EnvelopeValues;
  private readonly deviations: Set<DeviationCode>;
  private readonly groups: JudgedGroup[] = [];
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
        if (this.group === null) this.stray();
        else this.group.startSet(scanner);
        return;
      case 'SE':
        if (this.group?.inSet) this.group.finishSet(scanner);
        else this.stray();
        return;
      case 'GS':
        this.startGroup(scanner);
        return;
      case 'GE':
        if (this.group === null) this.stray();
        else this.groups.push(this.group.finish(scanner));
        this.group = null;
        return;
      case 'IEA':
        this.end(scanner);
        return;
      case 'TA1':
        if (this.group === null) this.ta1(scanner);
        else this.group.segment(scanner, id);
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

  finish(): Body {
    this.breakOffGroup();
    if (!this.ended) this.faults.push({ code: 'R', note: '023' });
    return { groups: this.groups, receivedTa1s: this.receivedTa1s, faults: this.faults };
  }

  private startGroup(scanner: SegmentScanner): void {
    this.breakOffGroup();
    this.group = new GroupJudge(this.context, scanner);
    if (!this.group.namesParties) this.faults.push({ code: 'R', note: '024' });
    if (!this.group.hasDateAndTime) this.deviations.add('gs-date');
    if (this.group.agency !== 'X') this.deviations.add('gs07-agency');
  }

  private breakOffGroup(): void {
    if (this.group !== null) this.groups.push(this.group.breakOff());
    this.group = null;
  }

  private ta1(scanner: SegmentScanner): void {
    const value = (element: number): string => scanner.text(element).trim();
    this.receivedTa1s.push({
      controlNumber: value(1),
      date: value(2),
      time: value(3),
      code: value(4),
      note: value(5),
    });
  }

  /** A segment that belongs to no set or group has no acknowledgement of its own: the structure is broken. */
  private stray(): void {
    if (!this.faults.some((fault) => fault.note === '022')) this.faults.push({ code: 'R', note: '022' });
  }

  private end(scanner: SegmentScanner): void {
    this.breakOffGroup();
    this.ended = true;
    const count = scanner.text(1).trim();
    const number = scanner.text(2).trim();
    if (!/^\d{1,9}$/.test(number) || !sameControlNumber(number, this.values.controlNumber)) {
      this.faults.push({ code: 'E', note: '001' });
    } else if (!/^\d{9}$/.test(scanner.text(2))) this.deviations.add('iea02-format');
    if (!/^\d{1,5}$/.test(count) || Number(count) !== this.groups.length)
      this.faults.push({ code: 'E', note: '021' });
  }
}
