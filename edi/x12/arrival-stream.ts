import { beginsInterchange, blankBytes, ieaEnd, isIsaAt } from './boundary';
import type { Encoding } from './byte-source';
import { ByteWindow, NextText } from './byte-window';
import type { DeviationCode } from './deviation';
import { EncodingFinder } from './encoding-finder';
import { type IsaHeader, readIsa } from './isa';
import { unwrap } from './unwrap';

/** Where one interchange lies in what streams by: all that is known of it without keeping its bytes. */
export interface InterchangePlace {
  /** of ISA, in the file */
  readonly offset: number;
  readonly length: number;
  /** of the bytes from ISA to IEA, as `newHash` makes it */
  readonly hash: Uint8Array;
  readonly encoding: Encoding;
  readonly header: IsaHeader;
  /** false where IEA is missing */
  readonly complete: boolean;
  readonly deviations: readonly DeviationCode[];
}

/** Lines wrapped at a fixed width can only be joined from the start of the file: it has to be read as a whole. */
export class WrappedArrival extends Error {
  constructor() {
    super('the file is wrapped into lines of a fixed width and can only be read as a whole');
    this.name = 'WrappedArrival';
  }
}

/** A running hash (SHA-256 in the hub), as node:crypto makes it. */
export interface RunningHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** Wrapping shows in every line, so the first megabyte tells. */
const HEAD_BYTES = 1024 * 1024;
/** Kept ahead of a text that may be ISA or IEA: more than any header or trailer needs. */
const AHEAD_BYTES = 4096;
/** Kept behind: the terminator and the blanks that may stand before ISA or IEA. */
const BEHIND_BYTES = 64 * 1024;

/**
 * Finds what `readArrival` finds, in bytes that stream by, and holds no more than a few hundred kilobytes of them,
 * however long a file or one of its interchanges is. Yields nothing where there is no interchange at all.
 * @throws WrappedArrival
 */
export async function* placesIn(
  chunks: AsyncIterable<Uint8Array>,
  newHash: () => RunningHash,
): AsyncGenerator<InterchangePlace> {
  const window = new ByteWindow(chunks);
  await window.reach(HEAD_BYTES);
  const [one, two, three] = window.bytes;
  // UTF-16 text is no X12 in bytes.
  if ((one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff)) return;
  const marked = one === 0xef && two === 0xbb && three === 0xbf;
  const begin = marked ? 3 : 0;
  refuseWrapped(window, begin);
  const first = await nextHeader(window, begin);
  let leading: DeviationCode[] = [
    ...(marked ? (['bom'] as const) : []),
    ...(first.blankTo > begin ? (['blanks'] as const) : []),
    ...(first.at !== first.blankTo ? (['leading-data'] as const) : []),
  ];
  for (let at = first.at; at !== -1; ) {
    window.forget(at);
    await window.reach(at + AHEAD_BYTES);
    const header = readIsa(window.bytes, at - window.base);
    const found = await endOf(window, at, header, newHash());
    const next = await nextHeader(window, found.end);
    const trailing = next.at === -1 && next.dataFollows && found.complete;
    yield {
      offset: at,
      length: found.end - at,
      hash: found.hash,
      encoding: found.encoding,
      header,
      complete: found.complete,
      deviations: [
        ...new Set([
          ...leading,
          ...found.deviations,
          ...(trailing ? (['trailing-data'] as const) : []),
          ...header.deviations,
        ]),
      ],
    };
    leading = next.at !== next.blankTo ? ['leading-data'] : next.marks > 1 ? ['blanks'] : [];
    at = next.at;
  }
}

function refuseWrapped(window: ByteWindow, begin: number): void {
  let start = begin;
  while (start < window.bytes.length && blankBytes.has(window.bytes[start] as number)) start += 1;
  const { bytes } = window;
  // A line break of two bytes that the head cuts in half would look like another one.
  const whole = !window.ended && bytes[bytes.length - 1] === 0x0d ? bytes.subarray(0, -1) : bytes;
  const isa = isaOf(whole, start);
  if (isa !== -1 && unwrap(whole, isa).wrapped) throw new WrappedArrival();
}

function isaOf(bytes: Buffer, start: number): number {
  if (isIsaAt(bytes, start)) return start;
  for (
    let at = bytes.indexOf('ISA', start, 'latin1');
    at !== -1;
    at = bytes.indexOf('ISA', at + 1, 'latin1')
  ) {
    if (isIsaAt(bytes, at) && readIsa(bytes, at).separators !== null) return at;
  }
  return -1;
}

interface Gap {
  /** of the next ISA; -1 where there is none */
  readonly at: number;
  /** the first byte that is not blank */
  readonly blankTo: number;
  readonly marks: number;
  readonly dataFollows: boolean;
}

async function nextHeader(window: ByteWindow, from: number): Promise<Gap> {
  let at = from;
  let marks = 0;
  for (;;) {
    for (; at < window.end && blankBytes.has(window.at(at)); at += 1) {
      const byte = window.at(at);
      // A line break, of one byte or two, is one mark; any other blank is not to be expected there.
      marks += byte === 0x0a && window.at(at - 1) === 0x0d ? 0 : byte === 0x0a || byte === 0x0d ? 1 : 2;
    }
    if (at < window.end || window.ended) break;
    window.forget(at - 1);
    await window.more();
  }
  await window.reach(at + AHEAD_BYTES);
  const gap = { blankTo: at, marks, dataFollows: at < window.end };
  return { ...gap, at: isIsaAt(window.bytes, at - window.base) ? at : await laterHeader(window, at) };
}

/** The next ISA that reads as a header: other data may hold the three letters. */
async function laterHeader(window: ByteWindow, from: number): Promise<number> {
  const isa = new NextText(window, 'ISA');
  for (let at = from; ; ) {
    const found = isa.from(at);
    if (found === -1) {
      if (window.ended) return -1;
      at = Math.max(at, window.end - 2);
      window.forget(at);
      await window.more();
    } else if (!window.ended && found + AHEAD_BYTES > window.end) {
      at = found;
      window.forget(at);
      await window.reach(found + AHEAD_BYTES);
    } else {
      const inside = found - window.base;
      if (isIsaAt(window.bytes, inside) && readIsa(window.bytes, inside).separators !== null) return found;
      at = found + 1;
    }
  }
}

interface End {
  readonly end: number;
  readonly complete: boolean;
  readonly deviations: readonly DeviationCode[];
  readonly hash: Uint8Array;
  readonly encoding: Encoding;
}

async function endOf(window: ByteWindow, start: number, header: IsaHeader, hash: RunningHash): Promise<End> {
  const digest = new PassingDigest(window, start, hash);
  const isa = new NextText(window, 'ISA');
  const iea = new NextText(window, 'IEA');
  const ending = (end: number, complete: boolean, deviations: readonly DeviationCode[]): End => ({
    end,
    complete,
    deviations,
    ...digest.of(end),
  });
  for (let from = start + 3; ; ) {
    const nextIsa = isa.from(from);
    const nextIea = iea.from(from);
    const trailer = nextIea !== -1 && (nextIsa === -1 || nextIea < nextIsa);
    const next = trailer ? nextIea : nextIsa;
    if (next === -1 && window.ended) return ending(window.end, false, []);
    if (next === -1 || (!window.ended && next + AHEAD_BYTES > window.end)) {
      from = next === -1 ? Math.max(from, window.end - 2) : next;
      const keep = Math.max(start, from - BEHIND_BYTES);
      digest.upTo(keep);
      window.forget(keep);
      await window.more();
      continue;
    }
    // What was forgotten of the interchange lies further back than any blanks before a segment.
    const begun = Math.max(0, start - window.base);
    const inside = next - window.base;
    if (trailer) {
      const found = ieaEnd(window.bytes, begun, inside, header);
      if (found) return ending(window.base + found.end, true, found.deviations);
    } else if (beginsInterchange(window.bytes, begun, inside, header)) return ending(next, false, []);
    from = next + 1;
  }
}

/** The hash and the encoding of an interchange, fed before its bytes are forgotten. */
class PassingDigest {
  private readonly hash: RunningHash;
  private readonly encoding = new EncodingFinder();
  private readonly window: ByteWindow;
  private done: number;

  constructor(window: ByteWindow, start: number, hash: RunningHash) {
    this.window = window;
    this.hash = hash;
    this.done = start;
  }

  upTo(end: number): void {
    if (end <= this.done) return;
    const { base, bytes } = this.window;
    const part = bytes.subarray(this.done - base, end - base);
    this.hash.update(part);
    this.encoding.add(part);
    this.done = end;
  }

  of(end: number): { readonly hash: Uint8Array; readonly encoding: Encoding } {
    this.upTo(end);
    return { hash: this.hash.digest(), encoding: this.encoding.found() };
  }
}
