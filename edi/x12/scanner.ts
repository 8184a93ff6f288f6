import type { Segment, Separators } from './model';

/** Elements are cut out of a decoded window this large, so that a decode call serves many segments. */
const windowLength = 128 * 1024;

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
  readonly bytes: Buffer;
  readonly notes: ScannerNotes = { blanks: false, emptySegments: 0 };
  /** number of elements of the current segment, trailing empty ones included */
  count = 0;
  /** starts[0] is the id's first byte, starts[n] that of element n, starts[count + 1] - 1 the segment's end */
  starts = new Int32Array(64);
  /** false when the bytes ended before a terminator */
  terminated = true;
  private readonly element: number;
  private readonly terminator: number;
  private readonly terminatorRest: readonly number[];
  private readonly utf8: boolean;
  private position: number;
  private window = '';
  private windowStart = 0;

  /** `utf8`: texts above 0x7F are decoded as UTF-8, else as latin1 */
  constructor(bytes: Uint8Array, separators: Separators, from: number, utf8 = false) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.element = separators.element.charCodeAt(0);
    this.terminator = separators.segment.charCodeAt(0);
    this.terminatorRest = Array.from(separators.segment.slice(1), (character) => character.charCodeAt(0));
    this.utf8 = utf8;
    this.position = from;
  }

  /** Moves to the next segment; false at the end. */
  next(): boolean {
    for (;;) {
      this.skipBlanks();
      if (this.position >= this.bytes.length) return false;
      this.scan();
      if (this.count > 0 || this.idEnd > (this.starts[0] as number)) return true;
      this.notes.emptySegments += 1;
    }
  }

  get id(): string {
    return this.slice(this.starts[0] as number, this.idEnd);
  }

  /** offset of the segment's first byte in the interchange */
  get offset(): number {
    return this.starts[0] as number;
  }

  get end(): number {
    return (this.starts[this.count + 1] as number) - 1;
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
      this.slice(from, this.end),
      String.fromCharCode(this.element),
      position,
      fileOffset,
    );
  }

  private get idEnd(): number {
    return (this.starts[1] as number) - 1;
  }

  private decode(from: number, to: number): void {
    this.windowStart = from;
    const end = Math.min(this.bytes.length, Math.max(to, from + windowLength));
    this.window = this.bytes.toString('latin1', from, end);
  }

  /** One line break after a terminator is everyday; anything more is recorded. */
  private skipBlanks(): void {
    const { bytes } = this;
    let at = this.position;
    let blanks = 0;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte !== 0x0a && byte !== 0x0d && byte !== 0x20 && byte !== 0x09) break;
      if (byte === this.terminator && this.terminatorRest.length === 0) {
        // A blank line where the line break is the terminator.
        blanks += 2;
        continue;
      }
      blanks += byte === 0x0a && bytes[at - 1] === 0x0d ? 0 : byte === 0x0a || byte === 0x0d ? 1 : 2;
    }
    if (blanks > 1) this.notes.blanks = true;
    this.position = at;
  }

  private scan(): void {
    const { bytes, element, terminator } = this;
    const end = bytes.length;
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
        if (count === 1 || count === 2 || count === 3) at = this.skipBinary(count, at);
        if (count >= limit) {
          starts = this.grow();
          limit = starts.length - 2;
        }
      } else if (byte === terminator && this.terminatorEnds(at)) break;
    }
    starts[count + 1] = at + 1;
    this.count = count;
    this.terminated = at < end;
    this.position = Math.min(end, at + 1 + this.terminatorRest.length);
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
    if (dataEnd > bytes.length || bytes[dataEnd] !== this.terminator || !this.terminatorEnds(dataEnd))
      return at;
    return dataEnd - 1;
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
