import type { DeviationCode } from './deviation';
import type { Separators } from './model';

/** Offsets of the element separators in an ISA of the standard's fixed widths (X12.5). */
const separatorOffsets = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];
const isaLength = 106;
/** A short or long ISA is looked for within this many bytes; garbage is not searched to its end. */
const isaSearchLength = 400;

export interface IsaHeader {
  /** ISA01 ... ISA16 as sent, padding included; fewer where the header breaks off */
  readonly elements: readonly string[];
  /** null where the header does not give them */
  readonly separators: Separators | null;
  /** offset of the byte after the terminator, from the I of ISA */
  readonly length: number;
  readonly deviations: readonly DeviationCode[];
}

export function isAlphanumericOrBlank(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x20
  );
}

function isLineBreak(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

/** True where an ISA of the fixed widths begins: a pattern that no element data makes by chance. */
export function hasIsaWidths(bytes: Uint8Array, at: number): boolean {
  const separator = bytes[at + 3];
  if (separator === undefined || at + isaLength > bytes.length) return false;
  return separatorOffsets.every((offset) => bytes[at + offset] === separator) && isaDigits(bytes, at);
}

/** ISA09 and ISA13 hold digits: the sixteen separators alone would also be met in a run of one character. */
function isaDigits(bytes: Uint8Array, at: number): boolean {
  const separator = bytes[at + 3];
  for (const [from, to] of [
    [4, 6],
    [84, 89],
  ] as const) {
    for (let offset = from; offset < to; offset += 1) if (bytes[at + offset] === separator) return false;
  }
  return true;
}

/** A UTF-8 character as terminator takes two to four bytes; anything else is one byte. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  for (let offset = 1; offset < length; offset += 1)
    if (((bytes[at + offset] ?? 0) & 0xc0) !== 0x80) return 1;
  return length;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('latin1');
}

function startsSegment(bytes: Uint8Array, at: number, separator: number): boolean {
  for (const id of ['GS', 'TA1', 'IEA']) {
    if (latin1(bytes, at, at + id.length) === id && bytes[at + id.length] === separator) return true;
  }
  return false;
}

/** Whether the header is whole with a line break as ISA16: a segment follows its terminator. */
export function isComponentLineBreak(bytes: Uint8Array, at: number): boolean {
  if (!hasIsaWidths(bytes, at) || !isLineBreak(bytes[at + isaLength - 2])) return false;
  return startsSegment(bytes, at + isaLength, bytes[at + 3] as number);
}

/**
 * `...*P*~GS*`: the terminator stands where ISA16 should. With a line break between, the end of the
 * next segment tells: if that character stands there again before its line break, it ends segments.
 */
function isa16Missing(bytes: Uint8Array, at: number, separator: number): boolean {
  if (startsSegment(bytes, at + 1, separator)) return true;
  let next = at + 1;
  while (isLineBreak(bytes[next])) next += 1;
  if (next === at + 1 || !startsSegment(bytes, next, separator)) return false;
  let end = next;
  while (end < bytes.length && end < next + isaSearchLength && !isLineBreak(bytes[end])) end += 1;
  return bytes[end - 1] === bytes[at];
}

/** Offsets of the first 16 element separators, from the one after ISA. */
function findSeparators(bytes: Uint8Array, at: number): number[] {
  const separator = bytes[at + 3];
  const found: number[] = [];
  const end = Math.min(bytes.length, at + isaSearchLength);
  for (let offset = at + 3; offset < end && found.length < 16; offset += 1) {
    if (bytes[offset] === separator) found.push(offset);
  }
  return found;
}

function repetitionOf(elements: readonly string[]): string | null {
  const isa11 = elements[10] ?? '';
  // 00402 turned ISA11 from the standard's letter into the repetition separator.
  if ((elements[11] ?? '') < '00402' || isa11.length !== 1) return null;
  return isAlphanumericOrBlank(isa11.charCodeAt(0)) ? null : isa11;
}

/** Reads the header at `at`, where the bytes say ISA. Separators are never guessed from elsewhere. */
export function readIsa(bytes: Uint8Array, at: number): IsaHeader {
  const deviations: DeviationCode[] = [];
  const fixed = hasIsaWidths(bytes, at);
  // Where the widths are right, a separator inside a value is a part of it (ISA11 may be one by mistake).
  const marks = fixed ? separatorOffsets.map((offset) => at + offset) : findSeparators(bytes, at);
  const elements = marks
    .map((mark, index) => latin1(bytes, mark + 1, marks[index + 1] ?? mark + 1))
    .slice(0, 15);
  const element = latin1(bytes, at + 3, at + 4);
  if (!fixed) deviations.push('isa-widths');
  const broken = { elements, separators: null, length: 0, deviations };
  if (marks.length < 16) return broken;

  const mark = bytes[at + 3] as number;
  // `...*P~GS*`: ISA16 was left out together with its separator.
  const joined = /^([A-Z0-9])([^A-Za-z0-9 ]+?)[\r\n]*(GS|TA1|IEA)$/.exec(elements[14] as string);
  if (joined) {
    elements[14] = joined[1] as string;
    const terminatorAt = (marks[14] as number) + 2;
    return finish(terminatorAt, '', [...deviations, 'isa16-missing']);
  }
  const componentAt = (marks[15] as number) + 1;
  if (isa16Missing(bytes, componentAt, mark))
    return finish(componentAt, '', [...deviations, 'isa16-missing']);
  const componentLength = characterLength(bytes, componentAt);
  return finish(
    componentAt + componentLength,
    latin1(bytes, componentAt, componentAt + componentLength),
    deviations,
  );

  function finish(terminatorAt: number, component: string, found: readonly DeviationCode[]): IsaHeader {
    if (terminatorAt >= bytes.length) return broken;
    const length = characterLength(bytes, terminatorAt);
    const segment = latin1(bytes, terminatorAt, Math.min(bytes.length, terminatorAt + length));
    const repetition = repetitionOf(elements);
    const all = length > 1 ? [...found, 'long-terminator' as const] : found;
    return {
      elements: [...elements, component],
      separators: { element, component, repetition, segment },
      length: terminatorAt + length - at,
      deviations: all,
    };
  }
}

/** Separators as people write them: a character of several bytes is read as latin1 inside the tokenizer. */
export function displaySeparator(separator: string): string {
  return separator.length > 1 ? Buffer.from(separator, 'latin1').toString('utf8') : separator;
}
