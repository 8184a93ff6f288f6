import type { SourcePosition, UnhandledContent } from '../../domain/order/order-request';
import type { Loop, Segment } from '../x12/model';
import { describeUnhandled } from './segment-names';
import { SegmentReader } from './segment-reader';

/** Everything of a document that found no field, with its place; and what makes it unreadable as a whole. */
export class UnreadContent {
  private readonly entries: UnhandledContent[] = [];
  private readonly failures: UnhandledContent[] = [];

  /** Recognised, but without a field. */
  keep(at: SourcePosition, text: string): void {
    this.entries.push({ at, text });
  }

  /** Without this the document cannot be taken for what it says it is. */
  fail(at: SourcePosition, text: string): void {
    this.failures.push({ at, text });
  }

  /** Every element that no rule asked for becomes an entry of its own. */
  leftovers(reader: SegmentReader): void {
    for (const element of reader.unread()) {
      this.keep(
        reader.at(element),
        `${reader.name(element)} "${reader.value(element) ?? ''}" is not handled`,
      );
    }
  }

  segment(segment: Segment): void {
    const reader = new SegmentReader(segment);
    this.keep(reader.at(), describeUnhandled(reader));
  }

  loop(loop: Loop): void {
    for (const segment of loop.segments) this.segment(segment);
    for (const inner of loop.loops) this.loop(inner);
  }

  /** In the order of the document, however its loops were visited. */
  unhandled(): readonly UnhandledContent[] {
    return this.entries.toSorted(byPlace);
  }

  problems(): readonly UnhandledContent[] {
    return this.failures.toSorted(byPlace);
  }
}

function byPlace(a: UnhandledContent, b: UnhandledContent): number {
  return a.at.segment - b.at.segment;
}
