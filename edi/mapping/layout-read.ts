import type { BeyondContent, SentLoop, SentValue } from '../../domain/partner/beyond-content';
import type { Loop, Segment, Separators } from '../x12/model';

/** One loop while it is read: what was taken out of it, and what is left. */
export class ReadNode {
  private readonly segments: { readonly segment: Segment; readonly taken: Set<number>; whole: boolean }[];
  private readonly loops: { readonly loop: Loop; taken: boolean }[];
  private readonly separators: Separators;

  constructor(loop: Pick<Loop, 'segments' | 'loops'>, separators: Separators) {
    this.separators = separators;
    this.segments = loop.segments
      .filter(({ id }) => id !== 'ST' && id !== 'SE')
      .map((segment) => ({ segment, taken: new Set(), whole: false }));
    this.loops = loop.loops.map((inner) => ({ loop: inner, taken: false }));
  }

  /** Whether the first segment of this id says something there. */
  has(segmentId: string, element: number): boolean {
    return this.value(segmentId, element) !== undefined;
  }

  is(segmentId: string, element: number, value: string): boolean {
    return this.value(segmentId, element) === value;
  }

  /** An element of the first segment of this id. What cannot be understood is not taken. */
  take(
    segmentId: string,
    element: number,
    understand: (text: string) => string | undefined = (text) => text,
  ): string | undefined {
    const raw = this.value(segmentId, element);
    const value = raw === undefined || this.isComposed(raw) ? undefined : understand(raw);
    if (value !== undefined) this.first(segmentId)?.taken.add(element);
    return value;
  }

  /** Segments of this id, each for itself, as far as all that they say is read. */
  takeSegments<T extends object>(
    segmentId: string,
    read: (node: ReadNode) => T,
    most = Number.POSITIVE_INFINITY,
  ): T[] {
    const found: T[] = [];
    for (const entry of this.segments) {
      if (found.length >= most) break;
      if (entry.segment.id !== segmentId || entry.whole || entry.taken.size > 0) continue;
      const value = read(new ReadNode({ segments: [entry.segment], loops: [] }, this.separators));
      if ('beyond' in value) continue;
      entry.whole = true;
      found.push(value);
    }
    return found;
  }

  takeLoops(loopId: string): ReadNode[] {
    return this.loops.flatMap((entry) => {
      if (entry.taken || entry.loop.id !== loopId) return [];
      entry.taken = true;
      return [new ReadNode(entry.loop, this.separators)];
    });
  }

  /** All that nobody took, in the order of the document. */
  rest(): BeyondContent[] {
    const seen = new Set<string>();
    const segments = this.segments.flatMap((entry): BeyondContent[] => {
      const { id, position } = entry.segment;
      const isFirst = !seen.has(id);
      seen.add(id);
      if (entry.whole) return [];
      const at = { segment: position, segmentId: id };
      // Only the first of its id is read by elements: of the others nothing was taken.
      if (!isFirst || entry.taken.size === 0) return [{ at, segment: this.sent(entry.segment) }];
      return entry.segment.elements.flatMap((text, index) =>
        entry.taken.has(index + 1) || text.trimEnd() === ''
          ? []
          : [{ at: { ...at, element: index + 1 }, value: this.sentValue(text) }],
      );
    });
    const loops = this.loops.flatMap(({ loop, taken }): BeyondContent[] => {
      const [opening] = loop.segments;
      if (taken || !opening) return [];
      return [{ at: { segment: opening.position, segmentId: opening.id }, loop: this.sentLoop(loop) }];
    });
    return [...segments, ...loops].sort((a, b) => a.at.segment - b.at.segment);
  }

  private first(segmentId: string) {
    return this.segments.find(({ segment, whole }) => segment.id === segmentId && !whole);
  }

  private value(segmentId: string, element: number): string | undefined {
    const raw = this.first(segmentId)?.segment.elements[element - 1]?.trimEnd() ?? '';
    return raw === '' ? undefined : raw;
  }

  private isComposed(text: string): boolean {
    const { component, repetition } = this.separators;
    return (
      (component !== '' && text.includes(component)) || (repetition !== null && text.includes(repetition))
    );
  }

  private sent(segment: Segment): SentValue[] {
    return [segment.id, ...segment.elements.map((text) => this.sentValue(text))];
  }

  private sentValue(text: string): SentValue {
    return sentValue(text, this.separators);
  }

  private sentLoop(loop: Loop): SentLoop {
    return {
      id: loop.id,
      segments: loop.segments.map((segment) => this.sent(segment)),
      loops: loop.loops.map((inner) => this.sentLoop(inner)),
    };
  }
}

/** An element's raw text as its components and repeats. */
export function sentValue(text: string, { component, repetition }: Separators): SentValue {
  const components = (one: string) =>
    component !== '' && one.includes(component) ? one.split(component) : one;
  if (repetition !== null && text.includes(repetition)) {
    return { repeats: text.split(repetition).map(components) };
  }
  return components(text);
}
