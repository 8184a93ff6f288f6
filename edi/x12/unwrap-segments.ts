import { hasIsaWidths, readIsa } from './isa';
import type { Unwrapped } from './unwrap';

/** Wrapping shows early: a file is not searched to its end for a first wrapped segment. */
const headLength = 1024 * 1024;
/** Nobody wraps at less; shorter lines that break off are damage. */
const narrowest = 60;
const usualWidth = 80;

const beginsBinary = /^(BIN|BDS)[^A-Z0-9]/;

const isLineBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;

/** A line break without a terminator before it. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/**
 * Every segment begins a line, and one that is too long for a line goes on in the next: told where the
 * terminator is no line break, every break inside a segment comes at the same width, and no line but
 * that of ISA is wider. A single break tells in ISA, else only at 80 columns, and not where a segment
 * seems to begin after it, as it does behind a lost terminator. Everything else is damage, and found
 * as such.
 */
export function unwrapSegments(bytes: Uint8Array, start: number): Unwrapped | null {
  const { separators } = readIsa(bytes, start);
  // Where a line break is a separator it says something of its own.
  if (separators === null || /[\r\n]/.test(Object.values(separators).join(''))) return null;
  const terminator = separators.segment.charCodeAt(separators.segment.length - 1);
  const head = lineCuts(bytes, start, Math.min(bytes.length, start + headLength), terminator);
  if (head === null || head.length === 0) return null;
  const cuts = lineCuts(bytes, start, bytes.length, terminator);
  if (cuts === null) return null;
  const joined = joinAt(bytes, cuts);
  const told = isTold(bytes, cuts, separators.element.charCodeAt(0)) || joinsIsa(joined, start, cuts);
  return told ? { bytes: joined, wrapped: true, fileOffset: (at) => at + bytesCutBefore(cuts, at) } : null;
}

function joinAt(bytes: Uint8Array, cuts: readonly Cut[]): Buffer {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const cut of cuts) {
    pieces.push(bytes.subarray(from, cut.from));
    from = cut.to;
  }
  return Buffer.concat([...pieces, bytes.subarray(from)]);
}

/** ISA alone was cut: put together, it has its widths. */
function joinsIsa(joined: Uint8Array, start: number, cuts: readonly Cut[]): boolean {
  return (cuts[0] as Cut).from < start + 106 && hasIsaWidths(joined, start);
}

/** The breaks inside segments; null where they are no wrapping. */
function lineCuts(bytes: Uint8Array, start: number, end: number, terminator: number): Cut[] | null {
  const lineBreak = bytes.subarray(start, end).includes(0x0a) ? 0x0a : 0x0d;
  const cuts: Cut[] = [];
  let lineStart = start;
  let widest = 0;
  // Line by line, since almost every file has its lines end with their segments: looking for breaks is fast.
  for (
    let at = bytes.indexOf(lineBreak, start);
    at !== -1 && at < end;
    at = bytes.indexOf(lineBreak, lineStart)
  ) {
    const lineEnd = bytes[at - 1] === 0x0d && at > lineStart ? at - 1 : at;
    const width = lineEnd - lineStart;
    const to = at + 1;
    if (width > 0 && breaksSegment(bytes, lineStart, lineEnd, terminator) && hasMore(bytes, to)) {
      const known = cuts[0]?.width ?? width;
      if (width < narrowest || width !== known || beginsBinary.test(lineHead(bytes, lineStart))) return null;
      cuts.push({ from: lineEnd, to, width });
    }
    if (width > widest && !lineHead(bytes, lineStart).startsWith('ISA')) widest = width;
    lineStart = to;
  }
  return cuts[0] !== undefined && widest > cuts[0].width ? null : cuts;
}

function lineHead(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function breaksSegment(bytes: Uint8Array, lineStart: number, lineEnd: number, terminator: number): boolean {
  let last = lineEnd - 1;
  while (last > lineStart && bytes[last] === 0x20) last -= 1;
  return bytes[last] !== terminator && bytes[last] !== 0x20;
}

/** What follows the last segment may lack its terminator. */
function hasMore(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (isLineBreak(bytes[at])) at += 1;
  return at < bytes.length;
}

function isTold(bytes: Uint8Array, cuts: readonly Cut[], element: number): boolean {
  const first = cuts[0] as Cut;
  if (cuts.length > 1) return true;
  return first.width === usualWidth && !seemsSegment(bytes, first.to, element);
}

function seemsSegment(bytes: Uint8Array, at: number, element: number): boolean {
  let length = 0;
  while (length < 3 && /[A-Z0-9]/.test(String.fromCharCode(bytes[at + length] ?? 0))) length += 1;
  return length >= 2 && bytes[at + length] === element;
}

function bytesCutBefore(cuts: readonly Cut[], at: number): number {
  let low = 0;
  let high = cuts.length;
  let removed = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const cut = cuts[middle] as Cut;
    const before = middle * (cut.to - cut.from);
    if (cut.from - before <= at) {
      removed = before + (cut.to - cut.from);
      low = middle + 1;
    } else high = middle;
  }
  return removed;
}
