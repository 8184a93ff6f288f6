import type { LocalDate } from '../../domain/shared/dates';
import { readDate, readDecimal, readHundredths } from './inbound-values';
import type { Codec } from './layout';
import { elementName } from './segment-reader';

/** One element of a segment that stands once in its loop. */
export interface ElementCodec<V> extends Codec<V> {
  readonly segment: string;
  readonly element: number;
}

/** An identifying value or a code: given back exactly, or the document is refused. */
export function id(segment: string, element: number): ElementCodec<string> {
  return {
    segment,
    element,
    read: (node) => node.take(segment, element),
    write: (value, node) => node.put(segment, element, value),
  };
}

/** Free text: written without the agreement's separators, cut at the element's length. */
export function text(segment: string, element: number): ElementCodec<string> {
  return { ...id(segment, element), write: (value, node) => node.putText(segment, element, value) };
}

/** R: a decimal string. */
export function decimal(segment: string, element: number): ElementCodec<string> {
  return {
    segment,
    element,
    read: (node) => node.take(segment, element, readDecimal, 'a number'),
    write: (value, node) => {
      if (/^-?\d+(\.\d+)?$/.test(value)) node.putNumber(segment, element, value);
      else node.refuse(elementName(segment, element), `"${value}" is not a decimal number`);
    },
  };
}

/** N2: an amount in hundredths, held as a decimal string with two places. */
export function hundredths(segment: string, element: number): ElementCodec<string> {
  const understand = (value: string) => (/^-?\d{1,15}$/.test(value) ? readHundredths(value) : undefined);
  return {
    segment,
    element,
    read: (node) => node.take(segment, element, understand, 'an amount in hundredths'),
    write: (value, node) => {
      const [, sign = '', units = '', places = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(value) ?? [];
      if (units === '') {
        node.refuse(elementName(segment, element), `"${value}" cannot be written in hundredths`);
        return;
      }
      const digits = `${units}${places.padEnd(2, '0')}`.replace(/^0+(?=\d)/, '');
      node.putNumber(segment, element, `${sign}${digits}`);
    },
  };
}

/** DT: a day as "2026-11-22". */
export function date(segment: string, element: number): ElementCodec<LocalDate> {
  return {
    segment,
    element,
    read: (node) => node.take(segment, element, (value) => readDate(value), 'a day'),
    write: (value, node) => {
      if (/^\d{4}-\d\d-\d\d$/.test(value)) node.put(segment, element, value.replaceAll('-', ''));
      else node.refuse(elementName(segment, element), `"${value}" is not a date`);
    },
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

/** A field without which the document means nothing: it is neither read nor written then. */
export function required(codec: ElementCodec<string>): Codec<string> {
  const { segment, element } = codec;
  const refuse: NonNullable<Codec<string>['refuseAbsent']> = (node) =>
    node.refuse(elementName(segment, element), 'is missing');
  return {
    read: (node) => {
      const value = codec.read(node);
      if (value === undefined) node.lacks(segment, element);
      return value;
    },
    write: (value, node) => (value === '' ? refuse(node) : codec.write(value, node)),
    refuseAbsent: refuse,
  };
}

/** The components of an element, the first of them mandatory; releases in which it is simple have that one only. */
export function components<T extends object>(
  segment: string,
  element: number,
  names: readonly Extract<keyof T, string>[],
): Codec<T> {
  return {
    read: (node) => {
      const found = node
        .takeComponents(segment, element, names.length)
        .map((part, index) => [names[index], part] as const)
        .filter(([, part]) => part !== '');
      return found.length === 0 ? undefined : (Object.fromEntries(found) as T);
    },
    write: (value, node) => {
      const parts = names.map((name) => (value as Record<string, string | undefined>)[name] ?? '');
      node.putComponents(segment, element, parts);
    },
  };
}

/** The first component of an element that is a composite in some releases. */
export function firstOf(segment: string, element: number): Codec<string> {
  return {
    read: (node) => node.takeComponents(segment, element, 1)[0] || undefined,
    write: (value, node) => node.put(segment, element, value),
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
      if (values.length > first.length) node.refuse(segment, `there is room for ${first.length} pairs`);
      values.slice(0, first.length).forEach(({ qualifier, value }, index) => {
        const element = first[index] as number;
        node.put(segment, element, qualifier);
        node.put(segment, element + 1, value);
      });
    },
  };
}
