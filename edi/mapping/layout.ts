import type { UnhandledContent } from '../../domain/order/order-request';
import type { BeyondContent, WithBeyond } from '../../domain/partner/beyond-content';
import type { TransactionSet } from '../x12/model';
import { ReadNode } from './layout-read';
import type { WriteNode } from './layout-write';
import { UnreadContent } from './unread-content';

/**
 * A mapping that is said once and goes both ways: for each field of a document of the domain, where its set has it.
 * Reading takes the fields out of a loop and keeps all the rest as `beyond`; writing puts both back, in the order that
 * the set's definition wants.
 */
export interface Codec<V> {
  /** undefined where nothing, or nothing that could be understood, was said: then it stays and becomes `beyond`. */
  readonly read: (node: ReadNode) => V | undefined;
  readonly write: (value: V, node: WriteNode) => void;
  /** What to say where there is no value to write, and there must be one. */
  readonly refuseAbsent?: (node: WriteNode) => void;
}

/** A codec for every field, so that none is forgotten in either direction. */
export type Layout<T> = {
  readonly [Key in Exclude<keyof T, 'beyond'>]-?: Codec<Exclude<T[Key], undefined>>;
};

function readFields<T extends object>(layout: Layout<T>, node: ReadNode): T {
  const fields: Record<string, unknown> = {};
  for (const [name, codec] of Object.entries(layout) as [string, Codec<unknown>][]) {
    const value = codec.read(node);
    if (value !== undefined) fields[name] = value;
  }
  return fields as T;
}

function writeFields<T extends object>(layout: Layout<T>, value: T, node: WriteNode): void {
  for (const [name, codec] of Object.entries(layout) as [keyof T, Codec<unknown>][]) {
    const field = value[name];
    if (field === undefined) codec.refuseAbsent?.(node);
    else codec.write(field, node);
  }
}

function withRest<T extends object>(fields: T, node: ReadNode): T {
  const beyond: readonly BeyondContent[] = node.rest();
  return beyond.length === 0 ? fields : { ...fields, beyond };
}

export function readLayout<T extends WithBeyond>(layout: Layout<T>, node: ReadNode): T {
  return withRest(readFields(layout, node), node);
}

export function writeLayout<T extends WithBeyond>(layout: Layout<T>, value: T, node: WriteNode): void {
  writeFields(layout, value, node);
  node.restore(value.beyond ?? []);
}

/** A segment of which nothing was understood is no entry: it is left, and becomes `beyond` of what it stands in. */
const entry =
  <T extends WithBeyond>(layout: Layout<T>) =>
  (node: ReadNode): T | undefined => {
    const fields = readFields(layout, node);
    return node.isUntouched() ? undefined : withRest(fields, node);
  };

/** A segment that may repeat, each one an entry with what is beyond it. */
export function segments<T extends WithBeyond>(segment: string, layout: Layout<T>): Codec<readonly T[]> {
  return {
    read: (node) => node.takeSegments(segment, entry(layout)),
    write: (values, node) => {
      for (const value of values) writeLayout(layout, value, node.newSegment(segment));
    },
  };
}

/** A segment that stands once, as a part of its own. */
export function part<T extends WithBeyond>(segment: string, layout: Layout<T>): Codec<T> {
  return {
    read: (node) => node.takeSegments(segment, entry(layout), 1)[0],
    write: (value, node) => writeLayout(layout, value, node.newSegment(segment)),
  };
}

/** Elements that only mean something together, as an object of their own. */
export function group<T extends object>(layout: Layout<T>): Codec<T> {
  return {
    read: (node) => {
      const fields = readFields(layout, node);
      return Object.keys(fields).length === 0 ? undefined : fields;
    },
    write: (value, node) => writeFields(layout, value, node),
  };
}

/** A loop that may repeat, each one an entry with what is beyond it. */
export function loops<T extends WithBeyond>(loop: string, layout: Layout<T>): Codec<readonly T[]> {
  return {
    read: (node) => node.takeLoops(loop).map((inner) => readLayout(layout, inner)),
    write: (values, node) => {
      for (const value of values) writeLayout(layout, value, node.newLoop(loop));
    },
  };
}

export type DocumentRead<Document> =
  | {
      readonly kind: 'read';
      readonly document: Document;
      /** All that is `beyond` somewhere in the document, in words and in its order. */
      readonly unhandled: readonly UnhandledContent[];
    }
  /** What it must say is not there, or not readable. */
  | { readonly kind: 'unreadable'; readonly problems: readonly UnhandledContent[] };

/** A whole document of which some fields are required. */
export function readDocument<Document extends WithBeyond & { readonly kind: string }>(
  kind: Document['kind'],
  layout: Layout<Omit<Document, 'kind'>>,
  set: TransactionSet,
): DocumentRead<Document> {
  const content = new UnreadContent();
  const fields = readLayout(layout, new ReadNode(set.root, set.separators, content));
  const problems = content.problems();
  if (problems.length > 0) return { kind: 'unreadable', problems };
  const document = { ...fields, kind } as unknown as Document;
  return { kind: 'read', document, unhandled: content.unhandled() };
}
