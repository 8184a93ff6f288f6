import { type ByteSource, bufferOf, type SomeBytes } from './byte-source';
import type { Segment, Separators } from './model';

/** Elements are cut out of a decoded window this large, so that a decode call serves many segments. */
const windowLength = 16 * 1024;
/** So much is read at once where the bytes are not all held. */
const usuallyRead = 256 * 1024;
/** A segment that long is no document's: where the bytes are not all held, reading ends there. */
const longestSegment = 64 * 1024 * 1024;

/** Ids that were met, by their bytes: one string each, whose hash is known, serves all segments. */
const knownIds = new Map<number, string>();

/** null where the bytes are not those of an id: so there is a limit to what is remembered. */
function knownId(bytes: Buffer, from: number, to: number): string | null {
  const third = to - from === 3 ? (bytes[from + 2] as number) : 0;
  const key = ((bytes[from] as number) << 16) | ((bytes[from + 1] as number) << 8) | third;
  const known = knownIds.get(key);
  if (known !== undefined) return known;
  const id = bytes.toString('latin1', from, to);
  if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id)) return null;
  knownIds.set(key, id);
  return id;
}

/** What the scanner met between segments; the judge turns it into deviations. */
export interface ScannerNotes {
  blanks: boolean;
  emptySegments: number;
}

/**
 * Walks the segments of one interchange over its bytes. It makes no object per segment: the current
 * one is read through `id`, `count`, `starts` and `text`, which change with every `next`.
 */
export class SegmentScanner {
  /** what is held of the bytes: all of them, or the part around the current segment */
  bytes: Buffer;
  readonly notes: ScannerNotes = { blanks: false, emptySegments: 0 };
  /** number of elements of the current segment, trailing empty ones included */
  count = 0;
  /** within `bytes`: starts[0] is the id's first byte, starts[n] that of element n, starts[count + 1] - 1 the segment's end */
  starts = new Int32Array(64);
  /** false when the bytes ended before a terminator */
  terminated = true;
  /** true when a segment was so long that reading ended there */
  overlong = false;
  /** null where all bytes are held */
  private readonly source: ByteSource | null;
  private base = 0;
  private readonly element: number;
  private readonly terminator: number;
  private readonly terminatorRest: readonly number[];
  private readonly utf8: boolean;
  private readonly readAtOnce: number;
  private position: number;
  /** bytes that the current segment says it has: a binary element tells its length */
  private announced = 0;
  private window = '';
  private windowStart = 0;

  /** `utf8`: texts above 0x7F are decoded as UTF-8, else as latin1 */
  constructor(
    bytes: SomeBytes,
    separators: Separators,
    from: number,
    utf8 = false,
    readAtOnce = usuallyRead,
  ) {
    this.readAtOnce = readAtOnce;
    this.element = separators.element.charCodeAt(0);
    this.terminator = separators.segment.charCodeAt(0);
    this.terminatorRest = Array.from(separators.segment.slice(1), (character) => character.charCodeAt(0));
    this.utf8 = utf8;
    this.position = from;
    if (bytes instanceof Uint8Array) {
      this.source = null;
      this.bytes = bufferOf(bytes);
    } else {
      this.source = bytes;
      this.bytes = bufferOf(bytes.read(0, Math.max(from + 1, readAtOnce)));
    }
  }

  /** Moves to the next segment; false at the end. */
  next(): boolean {
    for (;;) {
      this.skipBlanks();
      if (this.position >= this.bytes.length) return false;
      this.scan();
      if (this.overlong) return false;
      if (this.count > 0 || this.idEnd > (this.starts[0] as number)) return true;
      this.notes.emptySegments += 1;
    }
  }

  get id(): string {
    const from = this.starts[0] as number;
    const to = this.idEnd;
    return (
      (to - from === 2 || to - from === 3 ? knownId(this.bytes, from, to) : null) ?? this.slice(from, to)
    );
  }

  /** offset of the segment's first byte in the interchange */
  get offset(): number {
    return this.base + (this.starts[0] as number);
  }

  /** offset in the interchange of the byte after the segment's last */
  get end(): number {
    return this.base + this.endsAt;
  }

  /** bytes of element n (1 = the first); 0 where it is absent */
  length(n: number): number {
    return n > this.count ? 0 : (this.starts[n + 1] as number) - (this.starts[n] as number) - 1;
  }

  /** text of element n, '' where it is absent */
  text(n: number): string {
    if (n > this.count) return '';
    return this.slice(this.starts[n] as number, (this.starts[n + 1] as number) - 1);
  }

  /** text of `bytes` */
  slice(from: number, to: number): string {
    if (from >= to) return '';
    if (from < this.windowStart || to > this.windowStart + this.window.length) this.decode(from, to);
    const text = this.window.slice(from - this.windowStart, to - this.windowStart);
    return this.utf8 && /[\x80-\xff]/.test(text) ? this.bytes.toString('utf8', from, to) : text;
  }

  /** The current segment as it stays valid after `next`; its elements are cut on first use. */
  segment(position: number, fileOffset: number): Segment {
    const from = this.starts[0] as number;
    return new HeldSegment(
      this.slice(from, this.endsAt),
      String.fromCharCode(this.element),
      position,
      fileOffset,
    );
  }

  private get idEnd(): number {
    return (this.starts[1] as number) - 1;
  }

  private get endsAt(): number {
    return (this.starts[this.count + 1] as number) - 1;
  }

  private decode(from: number, to: number): void {
    this.windowStart = from;
    const end = Math.min(this.bytes.length, Math.max(to, from + windowLength));
    this.window = this.bytes.toString('latin1', from, end);
  }

  private get hasMore(): boolean {
    return this.source !== null && this.base + this.bytes.length < this.source.length;
  }

  /** Lets go of what lies before `from` and holds at least `length` bytes from there, as far as there are so many. */
  private slide(from: number, length: number): void {
    this.base += from;
    this.bytes = bufferOf((this.source as ByteSource).read(this.base, this.base + length));
    this.window = '';
    this.windowStart = 0;
    this.position = 0;
  }

  /** One line break after a terminator is everyday; anything more is recorded. */
  private skipBlanks(): void {
    let { bytes } = this;
    let at = this.position;
    let previous = bytes[at - 1];
    let blanks = 0;
    for (;;) {
      if (at >= bytes.length) {
        if (!this.hasMore) break;
        this.slide(at, this.readAtOnce);
        bytes = this.bytes;
        at = 0;
      }
      const byte = bytes[at] as number;
      if (byte !== 0x0a && byte !== 0x0d && byte !== 0x20 && byte !== 0x09) break;
      if (byte === this.terminator && this.terminatorRest.length === 0) {
        // A blank line where the line break is the terminator.
        blanks += 2;
      } else blanks += byte === 0x0a && previous === 0x0d ? 0 : byte === 0x0a || byte === 0x0d ? 1 : 2;
      previous = byte;
      at += 1;
    }
    if (blanks > 1) this.notes.blanks = true;
    this.position = at;
  }

  private scan(): void {
    this.announced = 0;
    let at = this.scanHeld();
    while (at < 0) {
      const held = this.bytes.length - (this.starts[0] as number);
      if (held >= longestSegment) {
        this.overlong = true;
        return;
      }
      this.slide(this.starts[0] as number, Math.max(this.readAtOnce, held * 2, this.announced));
      at = this.scanHeld();
    }
    this.terminated = at < this.bytes.length;
    this.position = Math.min(this.bytes.length, at + 1 + this.terminatorRest.length);
  }

  /** Where the segment at `position` ends; -1 where what is held does not tell. */
  private scanHeld(): number {
    const { bytes, element, terminator, hasMore } = this;
    const end = hasMore ? bytes.length - this.terminatorRest.length : bytes.length;
    let { starts } = this;
    let limit = starts.length - 2;
    let at = this.position;
    let count = 0;
    starts[0] = at;
    for (; at < end; at += 1) {
      const byte = bytes[at];
      if (byte === element) {
        count += 1;
        starts[count] = at + 1;
        if (count === 2 || count === 3) at = this.skipBinary(count, at);
        if (count >= limit) {
          starts = this.grow();
          limit = starts.length - 2;
        }
      } else if (byte === terminator && this.terminatorEnds(at)) break;
    }
    if (at >= end && hasMore) return -1;
    starts[count + 1] = at + 1;
    this.count = count;
    return at;
  }

  private terminatorEnds(at: number): boolean {
    for (let index = 0; index < this.terminatorRest.length; index += 1) {
      if (this.bytes[at + 1 + index] !== this.terminatorRest[index]) return false;
    }
    return true;
  }

  private grow(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(this.starts.length * 2);
    larger.set(this.starts);
    this.starts = larger;
    return larger;
  }

  /**
   * BIN02 and BDS03 carry as many bytes as the element before says, separators among them
   * (X12.6 section 3.3). A length that does not end at a terminator is not believed.
   */
  private skipBinary(count: number, at: number): number {
    const { bytes, starts } = this;
    const first = starts[0] as number;
    if (bytes[first] !== 0x42 || bytes[first + 3] !== this.element) return at;
    const second = bytes[first + 1];
    const third = bytes[first + 2];
    const isBin = second === 0x49 && third === 0x4e && count === 2;
    const isBds = second === 0x44 && third === 0x53 && count === 3;
    if (!isBin && !isBds) return at;
    const digits = bytes.toString('latin1', starts[count - 1] as number, at);
    if (!/^\d{1,15}$/.test(digits)) return at;
    const dataEnd = at + 1 + Number(digits);
    if (dataEnd + this.terminatorRest.length >= bytes.length) {
      const announced = dataEnd + this.terminatorRest.length + 1 - first;
      if (!this.hasMore || announced > longestSegment || announced === this.announced) return at;
      this.announced = announced;
      return bytes.length;
    }
    return bytes[dataEnd] === this.terminator && this.terminatorEnds(dataEnd) ? dataEnd - 1 : at;
  }
}

/** A segment that was kept: one string, cut into elements when somebody looks. */
class HeldSegment implements Segment {
  readonly position: number;
  readonly offset: number;
  private readonly text: string;
  private readonly separator: string;
  private cutId: string | null = null;
  private cutElements: readonly string[] = [];

  constructor(text: string, separator: string, position: number, offset: number) {
    this.text = text;
    this.separator = separator;
    this.position = position;
    this.offset = offset;
  }

  get id(): string {
    if (this.cutId === null) this.cut();
    return this.cutId as string;
  }

  get elements(): readonly string[] {
    if (this.cutId === null) this.cut();
    return this.cutElements;
  }

  private cut(): void {
    const { text, separator } = this;
    const idEnd = text.indexOf(separator);
    if (idEnd < 0) {
      this.cutId = text;
      return;
    }
    const id = text.slice(0, idEnd);
    this.cutId = id;
    const elements = text.slice(idEnd + 1).split(separator);
    // The data of a binary segment may hold the separator: it is one element, not more.
    const last = id === 'BIN' ? 2 : id === 'BDS' ? 3 : elements.length;
    this.cutElements =
      elements.length <= last
        ? elements
        : [...elements.slice(0, last - 1), elements.slice(last - 1).join(separator)];
  }
}
