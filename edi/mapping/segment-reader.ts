import type { SourcePosition } from '../../domain/order/order-request';
import type { Segment } from '../x12/model';

/**
 * Reads the elements of one segment and remembers which were asked for, so that whatever a mapping has no rule for is
 * known at the end and can be named instead of being lost.
 */
export class SegmentReader {
  readonly segment: Segment;
  private readonly read = new Set<number>();

  constructor(segment: Segment) {
    this.segment = segment;
  }

  get id(): string {
    return this.segment.id;
  }

  /** Element 1, 2, ...; undefined where it is empty. Trailing blanks are not significant in AN data (X12.6 3.3.1.4). */
  value(element: number): string | undefined {
    this.read.add(element);
    const text = (this.segment.elements[element - 1] ?? '').trimEnd();
    return text === '' ? undefined : text;
  }

  /** All elements that say something, in order; they count as read. */
  values(): string[] {
    return this.segment.elements.flatMap((_, index) => this.value(index + 1) ?? []);
  }

  at(element?: number): SourcePosition {
    const place = { segment: this.segment.position, segmentId: this.segment.id };
    return element === undefined ? place : { ...place, element };
  }

  /** Elements that say something and that nobody has asked for. */
  unread(): number[] {
    return this.segment.elements.flatMap((text, index) =>
      text.trimEnd() !== '' && !this.read.has(index + 1) ? [index + 1] : [],
    );
  }

  /** "PO106" for element 6 of PO1, as the standard writes it. */
  name(element: number): string {
    return `${this.segment.id}${String(element).padStart(2, '0')}`;
  }
}
