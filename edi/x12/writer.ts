import type { DocumentDraft, DraftElement, DraftSegment, Separators } from './model';

/** 'extended' is X12.6's extended set with bytes up to 0xFF; 'basic' its upper-case subset. */
export type CharacterSet = 'basic' | 'extended' | 'utf-8';

export interface EnvelopeToWrite {
  readonly separators: Separators;
  readonly isa: {
    readonly senderQualifier: string;
    readonly senderId: string;
    readonly receiverQualifier: string;
    readonly receiverId: string;
    /** YYMMDD */
    readonly date: string;
    /** HHMM */
    readonly time: string;
    /** ISA12: '00401', '00501' ... */
    readonly version: string;
    readonly controlNumber: number;
    /** ISA15 */
    readonly usage: 'P' | 'T' | 'I';
    /** ISA14 */
    readonly ackRequested: boolean;
    readonly authorizationQualifier?: string;
    readonly authorization?: string;
    readonly securityQualifier?: string;
    readonly security?: string;
  };
  readonly characterSet?: CharacterSet;
}

export interface GroupToWrite {
  /** GS01 */
  readonly functionalId: string;
  readonly senderCode: string;
  readonly receiverCode: string;
  /** CCYYMMDD (YYMMDD before 4010) */
  readonly date: string;
  /** HHMM, seconds and decimals optional */
  readonly time: string;
  readonly controlNumber: number;
  /** GS08 */
  readonly version: string;
  readonly sets: readonly { readonly controlNumber: string; readonly draft: DocumentDraft }[];
}

export interface InterchangeToWrite {
  readonly envelope: EnvelopeToWrite;
  /** TA1 segments go between ISA and the first GS */
  readonly ta1?: readonly DraftSegment[];
  readonly groups: readonly GroupToWrite[];
}

/** Data that X12 cannot carry; nothing was written. Names the place so that a person can mend it. */
export class X12WriteError extends Error {
  readonly segment: string;
  /** 1 = element 01; null where the segment as a whole is at fault */
  readonly element: number | null;

  constructor(segment: string, element: number | null, problem: string) {
    super(`${segment}${element === null ? '' : String(element).padStart(2, '0')}: ${problem}`);
    this.name = 'X12WriteError';
    this.segment = segment;
    this.element = element;
  }
}

const basicCharacters = /^[A-Z0-9 !"&'()*+,\-./:;?=]*$/;

/** Separators must be distinct, and neither letters, digits nor blanks (X12.6 section 3.5). */
function checkSeparators(separators: Separators, isaVersion: string): void {
  const repeats = isaVersion >= '00402';
  const used = [separators.element, separators.component, separators.segment];
  if (repeats) used.push(separators.repetition ?? '');
  for (const character of used) {
    if (character.length !== 1 || /[A-Za-z0-9 ]/.test(character)) {
      throw new X12WriteError('ISA', null, `${JSON.stringify(character)} cannot be a separator`);
    }
  }
  if (new Set(used).size !== used.length) throw new X12WriteError('ISA', null, 'separators are not distinct');
}

class Writer {
  readonly parts: string[] = [];
  private readonly separators: Separators;
  private readonly characterSet: CharacterSet;

  constructor(separators: Separators, characterSet: CharacterSet) {
    this.separators = separators;
    this.characterSet = characterSet;
  }

  segment(draft: DraftSegment): void {
    const id = draft[0];
    if (typeof id !== 'string' || !/^[A-Z][A-Z0-9]{1,2}$/.test(id)) {
      throw new X12WriteError(
        typeof id === 'string' ? id : JSON.stringify(id),
        null,
        'not a segment identifier',
      );
    }
    let last = draft.length - 1;
    const texts: string[] = [id];
    for (let at = 1; at <= last; at += 1) texts.push(this.element(id, at, draft[at] as DraftElement));
    while (last > 0 && texts[last] === '') last -= 1;
    // X12.6 section 3.4: a segment carries at least one element.
    if (last === 0) throw new X12WriteError(id, null, 'a segment without data');
    this.parts.push(texts.slice(0, last + 1).join(this.separators.element), this.separators.segment);
  }

  private element(segment: string, at: number, element: DraftElement): string {
    if (typeof element === 'string') return this.simple(segment, at, element);
    if (isComponents(element)) return this.composite(segment, at, element);
    const repeats = element.repeats.map((one) =>
      typeof one === 'string' ? this.simple(segment, at, one) : this.composite(segment, at, one),
    );
    if (repeats.length < 2) return repeats[0] ?? '';
    if (this.separators.repetition === null) {
      throw new X12WriteError(segment, at, 'this version cannot repeat an element');
    }
    return repeats.join(this.separators.repetition);
  }

  private composite(segment: string, at: number, components: readonly string[]): string {
    const texts = components.map((component) => this.simple(segment, at, component));
    while (texts.length > 0 && texts[texts.length - 1] === '') texts.pop();
    if (texts.length > 1 && this.separators.component === '') {
      throw new X12WriteError(segment, at, 'there is no component separator');
    }
    return texts.join(this.separators.component);
  }

  private simple(segment: string, at: number, text: string): string {
    const { element, component, repetition, segment: terminator } = this.separators;
    for (const separator of [element, component, terminator, repetition]) {
      if (separator !== null && separator !== '' && text.includes(separator)) {
        throw new X12WriteError(segment, at, `the value contains the separator ${JSON.stringify(separator)}`);
      }
    }
    if (!this.legal(text))
      throw new X12WriteError(segment, at, 'the value has a character that cannot be sent');
    return text;
  }

  private legal(text: string): boolean {
    if (this.characterSet === 'basic') return basicCharacters.test(text);
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
      if (code > 0xff && this.characterSet !== 'utf-8') return false;
    }
    return text.isWellFormed();
  }
}

function isComponents(element: DraftElement): element is readonly string[] {
  return Array.isArray(element);
}

function fixed(segment: string, at: number, text: string, width: number): string {
  if (text.length > width) throw new X12WriteError(segment, at, `longer than ${width}`);
  return text.padEnd(width, ' ');
}

function digits(segment: string, at: number, text: string, shape: RegExp): string {
  if (!shape.test(text)) throw new X12WriteError(segment, at, `${JSON.stringify(text)} is not well formed`);
  return text;
}

/** ISA13 and GS06 roll over at 999999999 and 0 is never used for either. */
function controlNumber(segment: string, at: number, number: number): string {
  if (!Number.isSafeInteger(number) || number < 1 || number > 999_999_999) {
    throw new X12WriteError(segment, at, `${number} is not a control number`);
  }
  return String(number);
}

function isaSegment(envelope: EnvelopeToWrite): DraftSegment {
  const { isa } = envelope;
  digits('ISA', 12, isa.version, /^00[2-9]\d\d$/);
  const interchangeNumber = controlNumber('ISA', 13, isa.controlNumber).padStart(9, '0');
  return [
    'ISA',
    fixed('ISA', 1, isa.authorizationQualifier ?? '00', 2),
    fixed('ISA', 2, isa.authorization ?? '', 10),
    fixed('ISA', 3, isa.securityQualifier ?? '00', 2),
    fixed('ISA', 4, isa.security ?? '', 10),
    digits('ISA', 5, isa.senderQualifier, /^[A-Z0-9]{2}$/),
    fixed('ISA', 6, digits('ISA', 6, isa.senderId, /\S/), 15),
    digits('ISA', 7, isa.receiverQualifier, /^[A-Z0-9]{2}$/),
    fixed('ISA', 8, digits('ISA', 8, isa.receiverId, /\S/), 15),
    digits('ISA', 9, isa.date, /^\d{6}$/),
    digits('ISA', 10, isa.time, /^\d{4}$/),
    'U',
    isa.version,
    interchangeNumber,
    isa.ackRequested ? '1' : '0',
    isa.usage,
  ];
}

/** ISA11 and ISA16 hold separators themselves, so the segment is finished by hand. */
function writeIsa(writer: Writer, envelope: EnvelopeToWrite): void {
  const { separators, isa } = envelope;
  writer.segment(isaSegment(envelope));
  const [text] = writer.parts.splice(writer.parts.length - 2, 2) as [string, string];
  const elements = text.split(separators.element);
  if (isa.version >= '00402') elements[11] = separators.repetition ?? 'U';
  elements[16] = separators.component;
  writer.parts.push(elements.join(separators.element), separators.segment);
}

/** Repetition came with 00402. */
function separatorsOf({ separators, isa }: EnvelopeToWrite): Separators {
  return isa.version >= '00402' ? separators : { ...separators, repetition: null };
}

function writeSet(writer: Writer, number: string, draft: DocumentDraft): void {
  digits('ST', 1, draft.set, /^\d{3}$/);
  digits('ST', 2, number, /^[A-Za-z0-9]{4,9}$/);
  writer.segment(['ST', draft.set, number, draft.implementation ?? '']);
  for (const segment of draft.segments) writer.segment(segment);
  writer.segment(['SE', String(draft.segments.length + 2), number]);
}

function writeGroup(writer: Writer, group: GroupToWrite): void {
  const number = controlNumber('GS', 6, group.controlNumber);
  writer.segment([
    'GS',
    digits('GS', 1, group.functionalId, /^[A-Z0-9]{2}$/),
    digits('GS', 2, group.senderCode, /^.{2,15}$/),
    digits('GS', 3, group.receiverCode, /^.{2,15}$/),
    digits('GS', 4, group.date, /^(\d{8}|\d{6})$/),
    digits('GS', 5, group.time, /^\d{4,8}$/),
    number,
    'X',
    digits('GS', 8, group.version, /^\d{6}[A-Z0-9]{0,6}$/),
  ]);
  if (group.sets.length === 0) throw new X12WriteError('GS', null, 'a group without a transaction set');
  const numbers = new Set<string>();
  for (const { controlNumber: setNumber, draft } of group.sets) {
    if (numbers.has(setNumber)) throw new X12WriteError('ST', 2, `${setNumber} is used twice in its group`);
    numbers.add(setNumber);
    writeSet(writer, setNumber, draft);
  }
  writer.segment(['GE', String(group.sets.length), number]);
}

/**
 * The text of an interchange, ISA to IEA, with nothing after its terminators. Encode it as latin1,
 * or as UTF-8 where the character set says so.
 * @throws X12WriteError when a value cannot be carried: broken X12 is never returned
 */
export function writeInterchange(interchange: InterchangeToWrite): string {
  const { envelope } = interchange;
  checkSeparators(envelope.separators, envelope.isa.version);
  const separators = separatorsOf(envelope);
  const writer = new Writer(separators, envelope.characterSet ?? 'extended');
  writeIsa(writer, { ...envelope, separators });
  for (const segment of interchange.ta1 ?? []) writer.segment(segment);
  const numbers = new Set<number>();
  for (const group of interchange.groups) {
    if (numbers.has(group.controlNumber)) {
      throw new X12WriteError('GS', 6, `${group.controlNumber} is used twice in its interchange`);
    }
    numbers.add(group.controlNumber);
    writeGroup(writer, group);
  }
  const number = String(envelope.isa.controlNumber).padStart(9, '0');
  writer.segment(['IEA', String(interchange.groups.length), number]);
  return writer.parts.join('');
}

/** One transaction set, ST to SE. */
export function writeTransactionSet(
  controlNumber: string,
  draft: DocumentDraft,
  separators: Separators,
): string {
  const writer = new Writer(separators, 'extended');
  writeSet(writer, controlNumber, draft);
  return writer.parts.join('');
}

/** ISA with its terminator. @throws X12WriteError */
export function writeHeader(envelope: EnvelopeToWrite): string {
  checkSeparators(envelope.separators, envelope.isa.version);
  const writer = new Writer(separatorsOf(envelope), envelope.characterSet ?? 'extended');
  writeIsa(writer, { ...envelope, separators: separatorsOf(envelope) });
  return writer.parts.join('');
}

/** The text of some segments. @throws X12WriteError */
export function writeSegments(segments: readonly DraftSegment[], separators: Separators): string {
  const writer = new Writer(separators, 'extended');
  for (const segment of segments) writer.segment(segment);
  return writer.parts.join('');
}
