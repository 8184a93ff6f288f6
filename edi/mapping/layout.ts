import type { BeyondContent, WithBeyond } from '../../domain/partner/beyond-content';
import type { LocalDate } from '../../domain/shared/dates';
import { readDate, readDecimal } from './inbound-values';
import type { ReadNode } from './layout-read';
import type { WriteNode } from './layout-write';

/**
 * A mapping that is said once and goes both ways: for each field of a document of the domain, where its set has it.
 * Reading takes the fields out of a loop and keeps all the rest as `beyond`; writing puts both back, in the order that
 * the set's definition wants.
 */
export interface Codec<V> {
  /** undefined where nothing, or nothing that could be understood, was said: then it stays and becomes `beyond`. */
  readonly read: (node: ReadNode) => V | undefined;
  readonly write: (value: V, node: WriteNode) => void;
}

/** A codec for every field, so that none is forgotten in either direction. */
export type Layout<T> = {
  readonly [Key in Exclude<keyof T, 'beyond'>]-?: Codec<Exclude<T[Key], undefined>>;
};

export function readLayout<T extends object>(layout: Layout<T>, node: ReadNode): T {
  const fields: Record<string, unknown> = {};
  for (const [name, codec] of Object.entries(layout) as [string, Codec<unknown>][]) {
    const value = codec.read(node);
    if (value !== undefined) fields[name] = value;
  }
  const beyond: readonly BeyondContent[] = node.rest();
  return (beyond.length === 0 ? fields : { ...fields, beyond }) as T;
}

export function writeLayout<T extends object>(layout: Layout<T>, value: T, node: WriteNode): void {
  for (const [name, codec] of Object.entries(layout) as [keyof T, Codec<unknown>][]) {
    const field = value[name];
    if (field !== undefined) codec.write(field, node);
  }
  node.restore((value as WithBeyond).beyond ?? []);
}

/** An identifying value or a code: given back exactly, or the document is refused. */
export function id(segment: string, element: number): Codec<string> {
  return {
    read: (node) => node.take(segment, element),
    write: (value, node) => node.put(segment, element, value),
  };
}

/** Free text: written without the agreement's separators, cut at the element's length. */
export function text(segment: string, element: number): Codec<string> {
  return {
    read: (node) => node.take(segment, element),
    write: (value, node) => node.putText(segment, element, value),
  };
}

export function decimal(segment: string, element: number): Codec<string> {
  return {
    read: (node) => node.take(segment, element, readDecimal),
    write: (value, node) => node.put(segment, element, value),
  };
}

export function date(segment: string, element: number): Codec<LocalDate> {
  return {
    read: (node) => node.take(segment, element, (value) => readDate(value)),
    write: (value, node) => node.put(segment, element, value.replaceAll('-', '')),
  };
}

/** A field that the standard demands: where it is missing all the same it reads as ''. */
export function must(codec: Codec<string>): Codec<string> {
  return {
    read: (node) => codec.read(node) ?? '',
    write: (value, node) => {
      if (value !== '') codec.write(value, node);
    },
  };
}

/** Pairs of qualifier (235) and id (234), wherever in the segment they stand; `first` is the element of a qualifier. */
export function pairs(
  segment: string,
  first: readonly number[],
): Codec<readonly { readonly qualifier: string; readonly value: string }[]> {
  return {
    read: (node) =>
      first.flatMap((element) => {
        if (!node.has(segment, element) || !node.has(segment, element + 1)) return [];
        const qualifier = node.take(segment, element) ?? '';
        return [{ qualifier, value: node.take(segment, element + 1) ?? '' }];
      }),
    write: (values, node) => {
      if (values.length > first.length) node.refuse(segment, `there is room for ${first.length} product ids`);
      values.slice(0, first.length).forEach(({ qualifier, value }, index) => {
        const element = first[index] as number;
        node.put(segment, element, qualifier);
        node.put(segment, element + 1, value);
      });
    },
  };
}

/** A segment that may repeat, each one an entry. One that says more than the entry can hold is left, and becomes `beyond`. */
export function segments<T extends object>(segment: string, layout: Layout<T>): Codec<readonly T[]> {
  return {
    read: (node) => node.takeSegments(segment, (inner) => readLayout(layout, inner)),
    write: (values, node) => {
      for (const value of values) writeLayout(layout, value, node.newSegment(segment));
    },
  };
}

/** A segment that stands once, as a part of its own. */
export function part<T extends object>(segment: string, layout: Layout<T>): Codec<T> {
  return {
    read: (node) => node.takeSegments(segment, (inner) => readLayout(layout, inner), 1)[0],
    write: (value, node) => writeLayout(layout, value, node.newSegment(segment)),
  };
}

/** A loop that may repeat, each one an entry with what is beyond it. */
export function loops<T extends object>(loop: string, layout: Layout<T>): Codec<readonly T[]> {
  return {
    read: (node) => node.takeLoops(loop).map((inner) => readLayout(layout, inner)),
    write: (values, node) => {
      for (const value of values) writeLayout(layout, value, node.newLoop(loop));
    },
  };
}
