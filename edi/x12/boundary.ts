import type { DeviationCode } from './deviation';
import { hasIsaWidths, type IsaHeader, isAlphanumericOrBlank, readIsa } from './isa';

/** Where an interchange ends. */
export interface Boundary {
  readonly end: number;
  readonly complete: boolean;
  readonly deviations: readonly DeviationCode[];
}

/** What may stand between segments and interchanges without meaning anything. */
export const blankBytes: ReadonlySet<number> = new Set([0x00, 0x09, 0x0a, 0x0d, 0x1a, 0x20]);

export function isIsaAt(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x49 || bytes[at + 1] !== 0x53 || bytes[at + 2] !== 0x41) return false;
  const separator = bytes[at + 3];
  return separator !== undefined && (!isAlphanumericOrBlank(separator) || hasIsaWidths(bytes, at));
}

/** Whether the text ISA at `isa`, inside the interchange that began at `start`, begins the next one. */
export function beginsInterchange(bytes: Buffer, start: number, isa: number, header: IsaHeader): boolean {
  if (hasIsaWidths(bytes, isa)) return true;
  if (!isIsaAt(bytes, isa)) return false;
  if (header.separators === null) return readIsa(bytes, isa).separators !== null;
  return afterTerminator(bytes, start, isa, header.separators.segment);
}

/** The end of the interchange where the text IEA at `iea` is its trailer; null where it is not. */
export function ieaEnd(bytes: Buffer, start: number, iea: number, header: IsaHeader): Boundary | null {
  const { separators } = header;
  if (separators === null || bytes[iea + 3] !== separators.element.charCodeAt(0)) return null;
  if (!afterTerminator(bytes, start, iea, separators.segment)) return null;
  const end = bytes.indexOf(separators.segment, iea, 'latin1');
  if (end !== -1 && end - iea <= 64) {
    return { end: end + separators.segment.length, complete: true, deviations: [] };
  }
  // The last terminator of a file is often lost; a line break or the end closes IEA as clearly.
  let open = iea;
  while (open < bytes.length && bytes[open] !== 0x0a && bytes[open] !== 0x0d && open - iea <= 64) open += 1;
  if (open - iea > 64) return null;
  return { end: open, complete: true, deviations: ['iea-unterminated'] };
}

function afterTerminator(bytes: Buffer, start: number, at: number, terminator: string): boolean {
  for (let end = at; end > start; end -= 1) {
    if (bytes.toString('latin1', end - terminator.length, end) === terminator) return true;
    if (!blankBytes.has(bytes[end - 1] as number)) return false;
  }
  return false;
}
