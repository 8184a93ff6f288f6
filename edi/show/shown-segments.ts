import { type Dictionary, dictionaryFor, type ElementDef, type ElementUsage } from '../dictionary/dictionary';
import type { Finding } from '../validate/finding';
import { Placement } from '../validate/placement';
import type { Separators } from '../x12/model';
import { SegmentScanner } from '../x12/scanner';
import { controlCodes, controlElements } from './control-names';
import { codeName, elementName, segmentName } from './names';

export interface ShownElement {
  /** 'BEG03', of a composite 'REF04-02' */
  readonly place: string;
  /** '' where the hub has none */
  readonly name: string;
  readonly value: string;
  /** What a code stands for, or a date and an amount as people write them; null where the value says it itself. */
  readonly meaning: string | null;
  /** Whether a finding names it. */
  readonly faulty: boolean;
}

export interface ShownFinding {
  /** 'PO104', or 'PO1' for the segment as a whole */
  readonly place: string;
  readonly severity: Finding['severity'];
  readonly text: string;
}

/** A segment for people. */
export interface ShownSegment {
  readonly id: string;
  readonly name: string;
  /** In its set, ST is 1; null in the envelope */
  readonly position: number | null;
  /** How many loops deep it stands; levels of an HL tree count */
  readonly depth: number;
  readonly elements: readonly ShownElement[];
  readonly findings: readonly ShownFinding[];
}

/** What of a judgement is shown at its place: one list of findings for each set, in groups as they came. */
export interface FindingsToShow {
  readonly groups: readonly { readonly transactions: readonly { readonly findings: readonly Finding[] }[] }[];
}

/** Further in nothing is indented: a chain of levels without an end must not push its text off every page. */
const deepestShown = 12;
/** Longest value that is shown in full; the file has the rest. */
const longestShown = 120;

/** The segments of one interchange from `from` on, named, one after the other: a large file is never held as a whole. */
export function* shownSegments(
  bytes: Uint8Array,
  separators: Separators,
  from: number,
  findings: FindingsToShow,
): Generator<ShownSegment> {
  const scanner = new SegmentScanner(bytes, separators, from);
  const walk = new Walk(findings);
  while (scanner.next()) {
    const elements = Array.from({ length: scanner.count }, (_, i) => scanner.text(i + 1));
    yield walk.show(scanner.id, elements, separators);
  }
}

const envelopeIds = new Set(['ISA', 'IEA', 'GS', 'GE', 'TA1']);

/** Which set the walk is in, how deep in its loops, and which findings belong to the segment at hand. */
class Walk {
  private readonly findings: FindingsToShow;
  private dictionary: Dictionary | null = null;
  private group = -1;
  private set = -1;
  private position = 0;
  private byPosition: ReadonlyMap<number, readonly Finding[]> = new Map();
  private placement: Placement | null = null;
  private readonly levels = new Map<string, number>();
  private level = 0;

  constructor(findings: FindingsToShow) {
    this.findings = findings;
  }

  show(id: string, elements: readonly string[], separators: Separators): ShownSegment {
    this.enter(id, elements);
    const here = this.byPosition.get(this.position) ?? [];
    const depth = this.depthOf(id, elements);
    return {
      id: shown(id),
      name: segmentName(id) ?? '',
      position: this.position === 0 ? null : this.position,
      depth: Math.min(depth, deepestShown),
      elements: this.named(id, elements, separators, here),
      findings: here.map(shownFinding),
    };
  }

  private enter(id: string, elements: readonly string[]): void {
    if (id === 'GS') {
      this.group += 1;
      this.set = -1;
      this.dictionary = dictionaryFor((elements[7] ?? '').trim());
    }
    if (id === 'ST') {
      this.set += 1;
      this.position = 0;
      this.byPosition = positions(this.findings.groups[this.group]?.transactions[this.set]?.findings ?? []);
      const def = this.dictionary?.set((elements[0] ?? '').trim()) ?? null;
      this.placement =
        def === null || this.dictionary === null ? null : new Placement(this.dictionary, def, () => {});
      this.levels.clear();
      this.level = 0;
    }
    this.position = envelopeIds.has(id) ? 0 : this.position + 1;
  }

  private depthOf(id: string, elements: readonly string[]): number {
    if (this.position === 0 || id === 'ST' || id === 'SE' || this.placement === null) return 0;
    this.placement.place(id, elements[0]);
    const { openLoops, opened } = this.placement;
    const loops = openLoops - (opened ? 1 : 0);
    if (id !== 'HL') return this.level > 0 && openLoops > 0 ? loops + this.level - 1 : loops;
    // A level stands under its parent; one without a parent that is known stands at the top.
    this.level = (this.levels.get(elements[1] ?? '') ?? 0) + 1;
    this.levels.set(elements[0] ?? '', this.level);
    return this.level - 1;
  }

  private named(
    id: string,
    values: readonly string[],
    separators: Separators,
    findings: readonly Finding[],
  ): readonly ShownElement[] {
    const usages = this.dictionary?.segment(id)?.elements ?? [];
    const control = controlElements[id];
    return values.flatMap((value, at): ShownElement[] => {
      if (value.trim() === '') return [];
      const faulty = (component: number | null) =>
        findings.some(
          (one) =>
            one.element === at + 1 &&
            (component === null || one.component === null || one.component === component),
        );
      const place = placeOf(id, at + 1, null);
      if (control) {
        const meaning = controlCodes[place]?.[value.trim()] ?? controlMeaning(place, value);
        return [{ place, name: control[at] ?? '', value: shown(value), meaning, faulty: faulty(null) }];
      }
      return parts(usages[at], value, separators).map(({ usage, component, text }) => ({
        place: placeOf(id, at + 1, component),
        name: nameOf(usage),
        value: shown(text),
        meaning: usage?.element ? meaningOf(usage.element, text) : null,
        faulty: faulty(component),
      }));
    });
  }
}

function shownFinding({ segment, element, component, severity, text, position }: Finding): ShownFinding {
  const place = placeOf(segment, element, component);
  // Its text stands by itself elsewhere; here it stands at its place.
  const repeated = `${place} at ${position}: `;
  const own = text.startsWith(repeated) ? text.slice(repeated.length) : text;
  return { place, severity, text: shown(own) };
}

function positions(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const byPosition = new Map<number, Finding[]>();
  for (const finding of findings) {
    const known = byPosition.get(finding.position);
    if (known) known.push(finding);
    else byPosition.set(finding.position, [finding]);
  }
  return byPosition;
}

interface Part {
  readonly usage: ElementUsage | undefined;
  readonly component: number | null;
  readonly text: string;
}

/** A composite in its components, a repeating element in its repeats; anything else is one part. */
function parts(usage: ElementUsage | undefined, value: string, separators: Separators): readonly Part[] {
  const repeats =
    separators.repetition !== null && usage?.max !== 1 ? value.split(separators.repetition) : [value];
  const components = usage?.composite?.components;
  if (!components || separators.component === '')
    return repeats.map((text) => ({ usage, component: null, text }));
  return repeats.flatMap((repeat) =>
    repeat.split(separators.component).flatMap((text, at): Part[] => {
      const part = components[at];
      return text === '' ? [] : [{ usage: part, component: at + 1, text }];
    }),
  );
}

const two = (n: number) => String(n).padStart(2, '0');

const placeOf = (segment: string, element: number | null, component: number | null): string =>
  element === null
    ? shown(segment)
    : `${shown(segment)}${two(element)}${component === null ? '' : `-${two(component)}`}`;

const nameOf = (usage: ElementUsage | undefined): string => {
  const reference = usage?.element?.reference ?? usage?.composite?.reference;
  return reference === undefined ? '' : (elementName(reference) ?? `element ${reference}`);
};

function meaningOf(element: ElementDef, value: string): string | null {
  const named = codeName(element.reference, value.trim());
  if (named !== undefined) return named;
  switch (element.type) {
    case 'DT':
      return dateText(value);
    case 'TM':
      return timeText(value);
    case 'N':
      return element.decimals > 0 && /^-?\d{1,15}$/.test(value) ? decimalText(value, element.decimals) : null;
    default:
      return null;
  }
}

const controlMeaning = (place: string, value: string): string | null =>
  place === 'ISA09' || place === 'GS04'
    ? dateText(value)
    : place === 'ISA10' || place === 'GS05'
      ? timeText(value)
      : null;

function dateText(value: string): string | null {
  const [, year, month, day] = /^(\d{4}|\d{2})(\d\d)(\d\d)$/.exec(value) ?? [];
  const date = `${year?.length === 2 ? `20${year}` : year}-${month}-${day}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  // 31 November is no date, and said to be none where it stands.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(date) ? null : date;
}

function timeText(value: string): string | null {
  const [, hour, minute, second] = /^(\d\d)(\d\d)(\d\d)?\d{0,2}$/.exec(value) ?? [];
  return hour === undefined ? null : `${hour}:${minute}${second === undefined ? '' : `:${second}`}`;
}

/** Nn: the point is implied, n places from the right. */
function decimalText(value: string, decimals: number): string {
  const sign = value.startsWith('-') ? '-' : '';
  const digits = value.replace('-', '').padStart(decimals + 1, '0');
  return `${sign}${digits.slice(0, -decimals).replace(/^0+(?=\d)/, '')}.${digits.slice(-decimals)}`;
}

/** Control characters would move the reader's cursor; they are shown as what they are. */
function shown(value: string): string {
  const visible = Array.from(value.slice(0, longestShown).trimEnd(), (c) =>
    c < ' ' || (c >= '\u007f' && c < '\u00a0') ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c,
  ).join('');
  return value.length > longestShown ? `${visible}... (${value.length} characters)` : visible;
}
