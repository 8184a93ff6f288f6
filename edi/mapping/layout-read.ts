import type { BeyondContent, SentLoop, SentValue } from '../../domain/partner/beyond-content';
import type { Loop, Segment, Separators } from '../x12/model';
import { elementName } from './segment-reader';
import { UnreadContent } from './unread-content';

interface Entry {
  readonly segment: Segment;
  readonly taken: Set<number>;
  /** Of an element of which only the first components were taken: how many. */
  takenParts?: Map<number, number>;
  /** Of an element that was not understood: what it is not. */
  notUnderstood?: Map<number, string>;
  whole: boolean;
}

/** One loop while it is read: what was taken out of it, and what is left. */
export class ReadNode {
  private readonly segments: readonly Entry[];
  private readonly loops: { readonly loop: Loop; taken: boolean }[];
  private readonly separators: Separators;
  /** Of the whole document: what is left in words, and what makes it unreadable. */
  readonly content: UnreadContent;
  private readonly missing = new Set<string>();

  constructor(
    loop: Pick<Loop, 'segments' | 'loops'>,
    separators: Separators,
    content: UnreadContent = new UnreadContent(),
  ) {
    this.separators = separators;
    this.content = content;
    this.segments = loop.segments
      .filter(({ id }) => id !== 'ST' && id !== 'SE')
      .map((segment) => ({ segment, taken: new Set(), whole: false }));
    this.loops = loop.loops.map((inner) => ({ loop: inner, taken: false }));
  }

  /** Of its first segment in the set, ST = 1. */
  get position(): number {
    return this.segments[0]?.segment.position ?? 1;
  }

  /** Whether the first segment of this id says something there. */
  has(segmentId: string, element: number): boolean {
    return this.value(segmentId, element) !== undefined;
  }

  is(segmentId: string, element: number, value: string): boolean {
    return this.value(segmentId, element) === value;
  }

  isUntouched(): boolean {
    return this.segments.every(({ taken, whole }) => taken.size === 0 && !whole);
  }

  /** Whether all that its segments say was taken. */
  isSpent(): boolean {
    return this.segments.every(({ segment, taken, whole }) => {
      return whole || segment.elements.every((text, index) => taken.has(index + 1) || text.trimEnd() === '');
    });
  }

  /** An element of the first segment of this id. What cannot be understood is not taken. */
  take(
    segmentId: string,
    element: number,
    understand: (text: string) => string | undefined = (text) => text,
    what?: string,
  ): string | undefined {
    const raw = this.value(segmentId, element);
    if (raw === undefined || this.isComposed(raw)) return undefined;
    const value = understand(raw);
    const entry = this.first(segmentId);
    if (value !== undefined) entry?.taken.add(element);
    else if (entry && what !== undefined) (entry.notUnderstood ??= new Map()).set(element, what);
    return value;
  }

  /** The first components of an element, which is simple in some releases; what is behind them is left. */
  takeComponents(segmentId: string, element: number, most: number): string[] {
    const raw = this.value(segmentId, element);
    const entry = this.first(segmentId);
    if (raw === undefined || entry === undefined) return [];
    const { component, repetition } = this.separators;
    const [first = ''] = repetition === null ? [raw] : raw.split(repetition);
    const found = component === '' ? [first] : first.split(component);
    entry.taken.add(element);
    (entry.takenParts ??= new Map()).set(element, most);
    return found.slice(0, most).map((part) => part.trimEnd());
  }

  /** Segments of this id, each for itself; those that `read` makes nothing of are left. */
  takeSegments<T extends object>(
    segmentId: string,
    read: (node: ReadNode) => T | undefined,
    most = Number.POSITIVE_INFINITY,
  ): T[] {
    const found: T[] = [];
    for (const entry of this.segments) {
      if (found.length >= most) break;
      if (entry.segment.id !== segmentId || entry.whole || entry.taken.size > 0) continue;
      const value = read(
        new ReadNode({ segments: [entry.segment], loops: [] }, this.separators, this.content),
      );
      if (value === undefined) continue;
      entry.whole = true;
      found.push(value);
    }
    return found;
  }

  takeLoops(loopId: string): ReadNode[] {
    return this.loops.flatMap((entry) => {
      if (entry.taken || entry.loop.id !== loopId) return [];
      entry.taken = true;
      return [new ReadNode(entry.loop, this.separators, this.content)];
    });
  }

  /** Without this element the document cannot be taken for what it says it is. */
  lacks(segmentId: string, element: number): void {
    const segment = this.first(segmentId)?.segment;
    if (segment !== undefined) {
      const at = { segment: segment.position, segmentId, element };
      this.content.fail(at, `${elementName(segmentId, element)} is missing or cannot be read`);
    } else if (!this.missing.has(segmentId)) {
      this.missing.add(segmentId);
      this.content.fail({ segment: this.position, segmentId }, `${segmentId} is missing`);
    }
  }

  /** All that nobody took, in the order of the document; it is told as unread. */
  rest(): BeyondContent[] {
    const segments = this.segments.flatMap((entry): BeyondContent[] => {
      if (entry.whole) return [];
      if (entry.taken.size > 0) return this.restOf(entry);
      const { segment } = entry;
      this.content.segment(segment);
      const at = { segment: segment.position, segmentId: segment.id };
      return [{ at, segment: this.sent(segment) }];
    });
    const loops = this.loops.flatMap(({ loop, taken }): BeyondContent[] => {
      const [opening] = loop.segments;
      if (taken || !opening) return [];
      this.content.loop(loop);
      return [{ at: { segment: opening.position, segmentId: opening.id }, loop: this.sentLoop(loop) }];
    });
    return [...segments, ...loops].sort((a, b) => a.at.segment - b.at.segment);
  }

  /** The elements that nobody took of a segment that is otherwise known. */
  private restOf({ segment, taken, takenParts, notUnderstood }: Entry): BeyondContent[] {
    return segment.elements.flatMap((text, index) => {
      const element = index + 1;
      const parts = takenParts?.get(element);
      if ((parts === undefined && taken.has(element)) || text.trimEnd() === '') return [];
      const at = { segment: segment.position, segmentId: segment.id, element };
      const name = elementName(segment.id, element);
      if (parts !== undefined) {
        const value = withoutFirst(parts, sentValue(text, this.separators));
        const left = partsOf(value).filter((part) => part.trimEnd() !== '');
        for (const part of left) this.content.keep(at, `${name}: "${part.trimEnd()}" is not handled`);
        return left.length === 0 ? [] : [{ at, value }];
      }
      const why = notUnderstood?.get(element) ?? 'handled';
      this.content.keep(at, `${name} "${text.trimEnd()}" is not ${why}`);
      return [{ at, value: sentValue(text, this.separators) }];
    });
  }

  private first(segmentId: string): Entry | undefined {
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
    return [segment.id, ...segment.elements.map((text) => sentValue(text, this.separators))];
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

type SentComponents = Extract<SentValue, string | readonly string[]>;

/** The components that were taken are left out: '' in their places. */
function withoutFirst(count: number, value: SentValue): SentValue {
  const blank = (one: SentComponents): SentComponents =>
    typeof one === 'string' ? '' : one.map((part, index) => (index < count ? '' : part));
  if (typeof value === 'string' || !('repeats' in value)) return blank(value);
  return { repeats: value.repeats.map((one, index) => (index === 0 ? blank(one) : one)) };
}

function partsOf(value: SentValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return 'repeats' in value ? value.repeats.flatMap(partsOf) : value;
}
