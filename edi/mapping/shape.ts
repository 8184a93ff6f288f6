import type { UnhandledContent } from '../../domain/order/order-request';
import type { DraftElement, Loop, Segment, TransactionSet } from '../x12/model';
import type { ElementRule, Reading } from './element-rules';
import type { Rendering } from './rendering';
import { SegmentReader } from './segment-reader';
import { UnreadContent } from './unread-content';

/**
 * A document as a table: which field stands in which element of which segment or loop, in the order of the standard.
 * The same table reads and writes, so that what is written is read as the same; a segment, loop or element without a
 * field is kept by name and place.
 */
export interface Part {
  /** Of the segment, or of the loop: of the segment that opens it. */
  readonly id: string;
  readonly takes: 'segment' | 'loop';
  readonly repeats: boolean;
  /** What the field is where nothing is said. */
  readonly empty: Readonly<Record<string, unknown>>;
  /** Its segment must be there. */
  readonly required: boolean;
  readonly read: (found: Segment | Loop, into: Target, reading: Reading) => void;
  readonly write: (from: Readonly<Target>, rendering: Rendering) => void;
}
type Target = Record<string, unknown>;
type Present<T> = Exclude<T, undefined>;
type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;
type Fields<T> = { readonly [K in keyof T]?: ElementRule<Present<T[K]>> };

export class Shape<T extends object> {
  private readonly parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.parts = parts;
  }

  /** The same with something more at its end. */
  with(part: Part): Shape<T> {
    return new Shape<T>([...this.parts, part]);
  }

  read(loop: Loop, reading: Reading): T {
    const into: Target = {};
    for (const part of this.parts) Object.assign(into, structuredClone(part.empty));
    const taken = new Set<Part>();
    const next = (takes: Part['takes'], id: string) =>
      this.parts.find((part) => part.takes === takes && part.id === id && (part.repeats || !taken.has(part)));
    for (const segment of loop.segments) {
      if (segment.id === 'ST' || segment.id === 'SE') continue;
      const part = next('segment', segment.id);
      if (part) part.read(segment, into, reading);
      else reading.content.segment(segment);
      if (part) taken.add(part);
    }
    for (const inner of loop.loops) {
      const part = next('loop', inner.id);
      if (part) part.read(inner, into, reading);
      else reading.content.loop(inner);
      if (part) taken.add(part);
    }
    for (const part of this.parts) {
      if (part.required && !taken.has(part)) {
        const segment = loop.segments[0]?.position ?? 1;
        reading.content.fail({ segment, segmentId: part.id }, `${part.id} is missing`);
      }
    }
    return into as T;
  }

  write(value: T, rendering: Rendering): void {
    for (const part of this.parts) part.write(value as Target, rendering);
  }
}

function readFields(
  fields: Readonly<Record<string, ElementRule<unknown>>>,
  reader: SegmentReader,
  into: Target,
  reading: Reading,
): void {
  for (const [key, rule] of Object.entries(fields)) {
    const value = rule.read(reader, reading);
    if (value !== undefined) into[key] = value;
    else if (rule.required) {
      reading.content.fail(
        reader.at(rule.element),
        `${reader.name(rule.element)} is missing or cannot be read`,
      );
    }
  }
  reading.content.leftovers(reader);
}

function writeFields(
  id: string,
  fields: Readonly<Record<string, ElementRule<unknown>>>,
  from: Readonly<Target>,
  rendering: Rendering,
): void {
  const elements: DraftElement[] = [];
  for (const [key, rule] of Object.entries(fields)) {
    const value = from[key];
    if (value !== undefined) rule.write(value, elements, { rendering, segment: id });
    else if (rule.required) rendering.refuse(`${id}${String(rule.element).padStart(2, '0')}`, 'is missing');
  }
  const filled = Array.from(elements, (element) => element ?? '');
  if (filled.some((element) => element !== '')) rendering.add(id, ...filled);
}

/** The parts of a document or loop of the type T. */
export function partsOf<T extends object>() {
  type Loose = Readonly<Record<string, ElementRule<unknown>>>;
  type Key = Extract<keyof T, string>;
  return {
    /** A segment whose elements are fields of the document itself. */
    segment: (id: string, fields: Fields<T>): Part => ({
      id,
      takes: 'segment',
      repeats: false,
      empty: {},
      required: Object.values(fields as Loose).some((rule) => rule.required),
      read: (found, into, reading) =>
        readFields(fields as Loose, new SegmentReader(found as Segment), into, reading),
      write: (from, rendering) => writeFields(id, fields as Loose, from, rendering),
    }),

    /** One segment that is a field of its own. */
    one: <K extends Key>(key: K, id: string, fields: Fields<Present<T[K]>>): Part => ({
      id,
      takes: 'segment',
      repeats: false,
      empty: {},
      required: false,
      read: (found, into, reading) => {
        const value: Target = {};
        readFields(fields as Loose, new SegmentReader(found as Segment), value, reading);
        into[key] = value;
      },
      write: (from, rendering) => {
        if (from[key] !== undefined) writeFields(id, fields as Loose, from[key] as Target, rendering);
      },
    }),

    /** A segment that repeats: a list of objects. */
    many: <K extends Key>(key: K, id: string, fields: Fields<ItemOf<T[K]>>): Part => ({
      id,
      takes: 'segment',
      repeats: true,
      empty: { [key]: [] },
      required: false,
      read: (found, into, reading) => {
        const value: Target = {};
        readFields(fields as Loose, new SegmentReader(found as Segment), value, reading);
        (into[key] as unknown[]).push(value);
      },
      write: (from, rendering) => {
        for (const value of from[key] as Target[]) writeFields(id, fields as Loose, value, rendering);
      },
    }),

    /** A loop that is a field of its own. */
    loop: <K extends Key>(key: K, id: string, shape: Shape<Extract<Present<T[K]>, object>>): Part => ({
      id,
      takes: 'loop',
      repeats: false,
      empty: {},
      required: false,
      read: (found, into, reading) => {
        into[key] = shape.read(found as Loop, reading);
      },
      write: (from, rendering) => {
        if (from[key] !== undefined) shape.write(from[key] as never, rendering);
      },
    }),

    /** A loop that repeats. */
    loops: <K extends Key>(key: K, id: string, shape: Shape<Extract<ItemOf<T[K]>, object>>): Part => ({
      id,
      takes: 'loop',
      repeats: true,
      empty: { [key]: [] },
      required: false,
      read: (found, into, reading) => {
        (into[key] as unknown[]).push(shape.read(found as Loop, reading));
      },
      write: (from, rendering) => {
        for (const value of from[key] as never[]) shape.write(value, rendering);
      },
    }),
  };
}

export type DocumentRead<Document> =
  | { readonly kind: 'read'; readonly document: Document; readonly unhandled: readonly UnhandledContent[] }
  /** What it must say is not there, or not readable. */
  | { readonly kind: 'unreadable'; readonly problems: readonly UnhandledContent[] };

/** A whole document; `finish` may restructure what the tables gave (HL levels) and find more to keep or to miss. */
export function readDocument<Raw extends object, Document>(
  set: TransactionSet,
  shape: Shape<Raw>,
  finish: (raw: Raw, content: UnreadContent) => Document,
): DocumentRead<Document> {
  const content = new UnreadContent();
  const raw = shape.read(set.root, { content, separators: set.separators });
  const document = content.problems().length === 0 ? finish(raw, content) : undefined;
  const problems = content.problems();
  if (document === undefined || problems.length > 0) return { kind: 'unreadable', problems };
  return { kind: 'read', document, unhandled: content.unhandled() };
}
