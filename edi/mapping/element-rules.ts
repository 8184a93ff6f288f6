import { dictionaryFor, type ElementDef, type ElementUsage } from '../dictionary/dictionary';
import type { DraftElement, Separators } from '../x12/model';
import { readDate, readDecimal, readHundredths } from './inbound-values';
import type { Rendering } from './rendering';
import type { SegmentReader } from './segment-reader';
import type { UnreadContent } from './unread-content';

/** What reading a document carries along. */
export interface Reading {
  readonly content: UnreadContent;
  readonly separators: Separators;
}

/** One value of a document and its place in a segment, both ways. */
export interface ElementRule<Value> {
  /** The document means nothing without it. */
  readonly required: boolean;
  /** Where the value stands, for a person. */
  readonly element: number;
  /** undefined where it says nothing, or nothing readable: then `reading.content` was told. */
  readonly read: (reader: SegmentReader, reading: Reading) => Value | undefined;
  /** Puts the value in its place: `elements[0]` is element 01. */
  readonly write: (value: Value, elements: DraftElement[], target: WriteTarget) => void;
}

export interface WriteTarget {
  readonly rendering: Rendering;
  readonly segment: string;
}

export function required<Value>(rule: ElementRule<Value>): ElementRule<Value> {
  return { ...rule, required: true };
}

function place({ segment }: WriteTarget, element: number): string {
  return `${segment}${String(element).padStart(2, '0')}`;
}

function usageOf({ rendering, segment }: WriteTarget, element: number): ElementUsage | undefined {
  return dictionaryFor(rendering.options.version)?.segment(segment)?.elements[element - 1];
}

/** The simple element, or the first component, that is written there. */
function definitionOf(target: WriteTarget, element: number): ElementDef | undefined {
  const usage = usageOf(target, element);
  return usage?.element ?? usage?.composite?.components[0]?.element ?? undefined;
}

/** A value that must be what it is: written whole, or the document is refused. */
function whole(value: string, element: number, target: WriteTarget): string {
  const definition = definitionOf(target, element);
  if (definition === undefined) {
    target.rendering.refuse(place(target, element), `has no place in ${target.rendering.options.version}`);
    return value;
  }
  const { type, min, max } = definition;
  // In a number the sign does not count (X12.6 3.3.1.1).
  const length = type === 'N' || type === 'R' ? value.replace(/[-.]/g, '').length : value.length;
  if (value !== '' && (length < min || length > max)) {
    target.rendering.refuse(place(target, element), `"${value}" is not ${min} to ${max} characters long`);
  }
  return value;
}

function simple(
  element: number,
  read: (text: string, reader: SegmentReader, reading: Reading) => string | undefined,
  write: (value: string, target: WriteTarget) => string,
): ElementRule<string> {
  return {
    required: false,
    element,
    read: (reader, reading) => {
      const text = reader.value(element);
      return text === undefined ? undefined : read(text, reader, reading);
    },
    write: (value, elements, target) => {
      elements[element - 1] = write(value, target);
    },
  };
}

/** A code or an identifying value, exactly. */
export function exact(element: number): ElementRule<string> {
  return simple(
    element,
    (text) => text,
    (value, target) => whole(value, element, target),
  );
}

/** Free text: cut at the element's length, without the partner's separators. */
export function text(element: number): ElementRule<string> {
  return simple(
    element,
    (value) => value,
    (value, target) => {
      const definition = definitionOf(target, element);
      const written = target.rendering.text(value, definition?.max ?? 80);
      return written.length >= (definition?.min ?? 1) ? written : '';
    },
  );
}

/** A field that is never absent, where the standard lets the element be: '' is nothing written. */
export function orEmpty(rule: ElementRule<string>): ElementRule<string> {
  return { ...rule, read: (reader, reading) => rule.read(reader, reading) ?? '' };
}

function told(
  reader: SegmentReader,
  reading: Reading,
  element: number,
  value: string,
  what: string,
): undefined {
  reading.content.keep(reader.at(element), `${reader.name(element)} "${value}" is not ${what}`);
  return undefined;
}

/** DT: a day as "2026-11-22". */
export function date(element: number): ElementRule<string> {
  return simple(
    element,
    (value, reader, reading) => readDate(value) ?? told(reader, reading, element, value, 'a day'),
    (value, { rendering, segment }) => rendering.date(value, place({ rendering, segment }, element)),
  );
}

/** R: a decimal string. */
export function decimal(element: number): ElementRule<string> {
  return simple(
    element,
    (value, reader, reading) => readDecimal(value) ?? told(reader, reading, element, value, 'a number'),
    (value, target) => {
      const { min = 1, max = 10 } = definitionOf(target, element) ?? {};
      const written = target.rendering.decimal(value, max, place(target, element));
      const digits = written.replace(/[-.]/g, '').length;
      return digits >= min ? written : written.replace(/^-?/, `$&${'0'.repeat(min - digits)}`);
    },
  );
}

/** N2: an amount in hundredths, held as a decimal string with two places. */
export function hundredths(element: number): ElementRule<string> {
  return simple(
    element,
    (value, reader, reading) =>
      /^-?\d{1,15}$/.test(value)
        ? readHundredths(value)
        : told(reader, reading, element, value, 'an amount in hundredths'),
    (value, target) => {
      const [, sign = '', units = '', places = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(value) ?? [];
      if (units === '') {
        target.rendering.refuse(place(target, element), `"${value}" cannot be written in hundredths`);
      }
      const digits = `${units}${places.padEnd(2, '0')}`.replace(/^0+(?=\d)/, '');
      const least = definitionOf(target, element)?.min ?? 1;
      return `${sign}${digits.padStart(least, '0')}`;
    },
  );
}

/** The parts of a composite; what stands beyond `most` of them, or in a repetition, is kept as unread. */
function partsIn(reader: SegmentReader, reading: Reading, element: number, most: number): string[] {
  const value = reader.value(element);
  if (value === undefined) return [];
  const { component, repetition } = reading.separators;
  const [first = '', ...repeated] = repetition === null ? [value] : value.split(repetition);
  const found = (component === '' ? [first] : first.split(component)).map((part) => part.trimEnd());
  for (const more of [...found.slice(most), ...repeated].filter(Boolean)) {
    reading.content.keep(reader.at(element), `${reader.name(element)}: "${more}" is not handled`);
  }
  return found.slice(0, most);
}

/** The first component of an element that is a composite in some releases. */
export function firstOf(element: number): ElementRule<string> {
  return {
    ...exact(element),
    read: (reader, reading) => partsIn(reader, reading, element, 1)[0] || undefined,
  };
}

/** The components of an element, the first of them mandatory; releases in which it is simple have that one only. */
export function components<Value extends object>(
  element: number,
  names: readonly Extract<keyof Value, string>[],
): ElementRule<Value> {
  return {
    required: false,
    element,
    read: (reader, reading) => {
      const found = partsIn(reader, reading, element, names.length).map((part, index) => [
        names[index],
        part,
      ]);
      return found.length === 0 ? undefined : (Object.fromEntries(found.filter(([, part]) => part)) as Value);
    },
    write: (value, elements, target) => {
      const parts = names.map((name) => (value as Record<string, string | undefined>)[name] ?? '');
      while (parts.at(-1) === '') parts.pop();
      const [first = '', ...rest] = parts;
      const leading = whole(first, element, target);
      const composite = rest.length > 0 && usageOf(target, element)?.composite;
      elements[element - 1] = composite ? [leading, ...rest] : leading;
    },
  };
}

/** `most` pairs of a qualifier and its value, one behind the other. */
export function pairs(first: number, most: number) {
  return pairsAt(Array.from({ length: most }, (_, index) => first + index * 2));
}

/** Pairs of a qualifier and its value, by the elements in which they begin. */
export function pairsAt(
  places: readonly number[],
): ElementRule<readonly { readonly qualifier: string; readonly value: string }[]> {
  const [first = 1] = places;
  return {
    required: false,
    element: first,
    read: (reader) =>
      places.flatMap((element) => {
        const [qualifier, value] = [reader.value(element), reader.value(element + 1)];
        if (qualifier === undefined && value === undefined) return [];
        return [{ qualifier: qualifier ?? '', value: value ?? '' }];
      }),
    write: (values, elements, target) => {
      if (values.length > places.length) {
        const text = `has room for ${places.length} pairs, not for ${values.length}`;
        target.rendering.refuse(place(target, first), text);
      }
      values.slice(0, places.length).forEach(({ qualifier, value }, index) => {
        const element = places[index] as number;
        elements[element - 1] = whole(qualifier, element, target);
        elements[element] = whole(value, element + 1, target);
      });
    },
  };
}

/** Elements that only mean something together, as an object of their own. */
export function group<Value extends object>(
  element: number,
  fields: { readonly [K in keyof Value]-?: ElementRule<Exclude<Value[K], undefined>> },
): ElementRule<Value> {
  const rules = Object.entries(fields) as [string, ElementRule<unknown>][];
  return {
    required: false,
    element,
    read: (reader, reading) => {
      const found = rules.flatMap(([key, rule]) => {
        const value = rule.read(reader, reading);
        return value === undefined ? [] : [[key, value] as const];
      });
      return found.some(([, value]) => value !== '') ? (Object.fromEntries(found) as Value) : undefined;
    },
    write: (value, elements, target) => {
      for (const [key, rule] of rules) {
        const part = (value as Record<string, unknown>)[key];
        if (part !== undefined) rule.write(part, elements, target);
      }
    },
  };
}
