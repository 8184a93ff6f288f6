import { type Boundary, beginsInterchange, blankBytes, ieaEnd, isIsaAt } from './boundary';
import type { DeviationCode } from './deviation';
import { type IsaHeader, readIsa } from './isa';
import { type Unwrapped, unwrap } from './unwrap';

/** One interchange as it stands in what arrived: ISA to IEA, or as far as it came. */
export interface ArrivedInterchange {
  readonly bytes: Uint8Array;
  /** offset of ISA in the file */
  readonly offset: number;
  readonly header: IsaHeader;
  /** false where IEA is missing */
  readonly complete: boolean;
  readonly deviations: readonly DeviationCode[];
  /** offset in the file of a byte of this interchange */
  readonly fileOffset: (at: number) => number;
}

export interface Arrival {
  readonly interchanges: readonly ArrivedInterchange[];
  /** why the file cannot be read at all; null where at least one interchange was found */
  readonly error: string | null;
}

/**
 * Splits what arrived into interchanges. Each ends at its IEA, where the next ISA begins, or where
 * the bytes end; the text ISA inside element data is no beginning.
 */
export function readArrival(bytes: Uint8Array): Arrival {
  const found = findFirst(bytes);
  if (typeof found === 'string') return { interchanges: [], error: found };
  const flat = unwrap(bytes, found.at);
  const finder = new BoundaryFinder(flat.bytes);
  const interchanges: ArrivedInterchange[] = [];
  let at = found.at;
  let leading = found.deviations;
  while (at < flat.bytes.length) {
    const header = readIsa(flat.bytes, at);
    const boundary = finder.end(at, header);
    const after = skipBlank(flat.bytes, boundary.end);
    const next = isIsaAt(flat.bytes, after.at) ? after.at : finder.nextIsa(boundary.end);
    const deviations = [...leading, ...boundary.deviations];
    if (flat.wrapped) deviations.push('wrapped');
    if (next === -1 && after.at < flat.bytes.length && boundary.complete) deviations.push('trailing-data');
    interchanges.push(arrived(flat, at, boundary.end, header, boundary.complete, deviations));
    if (next === -1) break;
    leading = next !== after.at ? ['leading-data'] : after.blanks ? ['blanks'] : [];
    at = next;
  }
  return { interchanges, error: null };
}

function arrived(
  flat: Unwrapped,
  at: number,
  end: number,
  header: IsaHeader,
  complete: boolean,
  deviations: readonly DeviationCode[],
): ArrivedInterchange {
  return {
    bytes: flat.bytes.subarray(at, end),
    offset: flat.fileOffset(at),
    header,
    complete,
    deviations: [...new Set([...deviations, ...header.deviations])],
    fileOffset: (inside) => flat.fileOffset(at + inside),
  };
}

function skipBlank(bytes: Uint8Array, from: number): { at: number; blanks: boolean } {
  let at = from;
  let marks = 0;
  while (at < bytes.length && blankBytes.has(bytes[at] as number)) {
    marks +=
      bytes[at] === 0x0a && bytes[at - 1] === 0x0d ? 0 : bytes[at] === 0x0a || bytes[at] === 0x0d ? 1 : 2;
    at += 1;
  }
  return { at, blanks: marks > 1 };
}

function findFirst(bytes: Uint8Array): { at: number; deviations: DeviationCode[] } | string {
  const deviations: DeviationCode[] = [];
  let at = 0;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    deviations.push('bom');
    at = 3;
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return 'the file is UTF-16 text, not an X12 interchange in bytes';
  }
  const start = skipBlank(bytes, at);
  if (start.at >= bytes.length) return 'the file is empty';
  if (start.at > at) deviations.push('blanks');
  if (isIsaAt(bytes, start.at)) return { at: start.at, deviations };
  const later = new BoundaryFinder(bytes).nextIsa(start.at);
  if (later === -1) return 'no ISA segment: this is not an X12 interchange';
  return { at: later, deviations: [...deviations, 'leading-data'] };
}

/** Looks for the texts ISA and IEA once over the whole arrival, however many interchanges it holds. */
class BoundaryFinder {
  private readonly bytes: Buffer;
  private isaAt = -2;
  private ieaAt = -2;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next ISA that reads as a header, -1 for none: other data may hold the three letters. */
  nextIsa(from: number): number {
    for (let at = this.nextIsaText(from); at !== -1; at = this.nextIsaText(at + 1)) {
      if (isIsaAt(this.bytes, at) && readIsa(this.bytes, at).separators !== null) return at;
    }
    return -1;
  }

  end(start: number, header: IsaHeader): Boundary {
    const from = start + 3;
    let isa = this.nextIsaText(from);
    let iea = this.nextIeaText(from);
    for (;;) {
      if (iea === -1 && isa === -1) return { end: this.bytes.length, complete: false, deviations: [] };
      if (iea !== -1 && (isa === -1 || iea < isa)) {
        const end = ieaEnd(this.bytes, start, iea, header);
        if (end) return end;
        iea = this.nextIeaText(iea + 1);
      } else {
        if (beginsInterchange(this.bytes, start, isa, header)) {
          return { end: isa, complete: false, deviations: [] };
        }
        isa = this.nextIsaText(isa + 1);
      }
    }
  }

  private nextIsaText(from: number): number {
    if (this.isaAt !== -1 && this.isaAt < from) this.isaAt = this.bytes.indexOf('ISA', from, 'latin1');
    return this.isaAt;
  }

  private nextIeaText(from: number): number {
    if (this.ieaAt !== -1 && this.ieaAt < from) this.ieaAt = this.bytes.indexOf('IEA', from, 'latin1');
    return this.ieaAt;
  }
}
