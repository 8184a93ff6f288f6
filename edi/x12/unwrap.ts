import { isComponentLineBreak } from './isa';
import { unwrapSegments } from './unwrap-segments';

/** What arrived, with line breaks that were put in at a fixed width taken out again. */
export interface Unwrapped {
  readonly bytes: Uint8Array;
  readonly wrapped: boolean;
  fileOffset(at: number): number;
}

const longestLine = 1024;

function lineBreakLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x0d) return bytes[at + 1] === 0x0a ? 2 : 1;
  return bytes[at] === 0x0a ? 1 : 0;
}

/**
 * Some mailboxes wrap data into lines of 80 columns, in the middle of segments and of ISA itself.
 * That is told without a doubt: the first line break falls inside ISA (106 bytes without any), and
 * every line but the last has the same length. Wider lines are told by three of one length whose
 * ends are not all the same character, as a terminator would be. Others wrap only the segments that
 * are too long for a line.
 */
export function unwrap(bytes: Uint8Array, start: number): Unwrapped {
  return (
    unwrapLines(bytes, start) ??
    unwrapSegments(bytes, start) ?? { bytes, wrapped: false, fileOffset: (at) => at }
  );
}

function unwrapLines(bytes: Uint8Array, start: number): Unwrapped | null {
  let width = 0;
  while (width < longestLine && start + width < bytes.length && lineBreakLength(bytes, start + width) === 0)
    width += 1;
  const breakLength = lineBreakLength(bytes, start + width);
  if (width === 0 || breakLength === 0) return null;
  const lines = equalLines(bytes, start, width, breakLength);
  if (lines === null) return null;
  const told =
    cutsIsa(bytes, start, width) || (lines >= 3 && !sameLineEnds(bytes, start, width, breakLength, lines));
  if (!told) return null;

  const pieces: Uint8Array[] = [bytes.subarray(0, start)];
  for (let at = start; at < bytes.length; at += width + breakLength)
    pieces.push(bytes.subarray(at, at + width));
  const joined = Buffer.concat(pieces);
  return {
    bytes: trimLineBreaks(joined),
    wrapped: true,
    fileOffset: (at) => (at < start ? at : at + Math.floor((at - start) / width) * breakLength),
  };
}

/** Whether a first line of this width ends before ISA16: a short ISA may also stand in a short line whole. */
function cutsIsa(bytes: Uint8Array, start: number, width: number): boolean {
  if (width >= 105) return false;
  let separators = 0;
  for (let at = start; at < start + width; at += 1) if (bytes[at] === bytes[start + 3]) separators += 1;
  return separators < 16 || (width === 104 && !isComponentLineBreak(bytes, start));
}

/** How many full lines there are; null where one has another length. */
function equalLines(bytes: Uint8Array, start: number, width: number, breakLength: number): number | null {
  let lines = 0;
  for (let at = start; at < bytes.length; at += width + breakLength) {
    const end = Math.min(at + width, bytes.length);
    if (at + width < bytes.length && lineBreakLength(bytes, at + width) !== breakLength) return null;
    for (let inside = at; inside < end; inside += 1) {
      if (lineBreakLength(bytes, inside) > 0) {
        // Only line breaks at the end of everything may follow the short last line.
        return onlyLineBreaks(bytes, inside) ? lines : null;
      }
    }
    if (end === at + width) lines += 1;
  }
  return lines;
}

function onlyLineBreaks(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at += 1) if (lineBreakLength(bytes, at) === 0) return false;
  return true;
}

function sameLineEnds(
  bytes: Uint8Array,
  start: number,
  width: number,
  breakLength: number,
  lines: number,
): boolean {
  const last = bytes[start + width - 1];
  for (let line = 1; line < lines; line += 1) {
    if (bytes[start + line * (width + breakLength) + width - 1] !== last) return false;
  }
  return true;
}

function trimLineBreaks(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && lineBreakLength(bytes, end - 1) > 0) end -= 1;
  return bytes.subarray(0, end);
}
