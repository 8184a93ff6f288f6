import type { SourcePosition } from '../../domain/order/order-request';
import type { Segment } from '../x12/model';

/** "PO106" for element 6 of PO1, as the standard writes it. */
export function elementName(segmentId: string, element: number): string {
  return `${segmentId}${String(element).padStart(2, '0')}`;
}

/**
 * Reads the elements of one segment and remembers which were asked for, so that whatever a mapping has no rule for is
 * known at the end and can be named instead of being lost.
 */
export class SegmentReader {
  readonly segment: Segment;
  private readonly elements: readonly string[];
  /** Which elements were asked for: one bit each, and a set for those few that lie beyond. */
  private readBits = 0;
  private readBeyond: Set<number> | null = null;

  constructor(segment: Segment) {
    this.segment = segment;
    this.elements = segment.elements;
  }

  get id(): string {
    return this.segment.id;
  }

  /** Element 1, 2, ...; undefined where it is empty. Trailing blanks are not significant in AN data (X12.6 3.3.1.4). */
  value(element: number): string | undefined {
    if (element > this.elements.length) return undefined;
    this.markRead(element);
    const text = (this.elements[element - 1] as string).trimEnd();
    return text === '' ? undefined : text;
  }

  /** All elements that say something, in order; they count as read. */
  values(): string[] {
    return this.elements.flatMap((_, index) => this.value(index + 1) ?? []);
  }

  at(element?: number): SourcePosition {
    const { position, id } = this.segment;
    return element === undefined
      ? { segment: position, segmentId: id }
      : { segment: position, segmentId: id, element };
  }

  /** Elements that say something and that nobody has asked for. */
  unread(): number[] {
    const found: number[] = [];
    for (let element = 1; element <= this.elements.length; element += 1) {
      if (!this.isRead(element) && (this.elements[element - 1] as string).trimEnd() !== '')
        found.push(element);
    }
    return found;
  }

  name(element: number): string {
    return elementName(this.segment.id, element);
  }

  private markRead(element: number): void {
    if (element <= 31) this.readBits |= 1 << (element - 1);
    else {
      this.readBeyond ??= new Set();
      this.readBeyond.add(element);
    }
  }

  private isRead(element: number): boolean {
    return element <= 31
      ? (this.readBits & (1 << (element - 1))) !== 0
      : this.readBeyond?.has(element) === true;
  }
}
