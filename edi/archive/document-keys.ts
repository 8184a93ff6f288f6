import { type Dictionary, dictionaryFor, type ElementUsage } from '../dictionary/dictionary';

/** What people look a document up by. */
export const documentKeyKinds = [
  'purchase-order',
  'invoice',
  'shipment',
  'sscc',
  'item',
  'reference',
] as const;
export type DocumentKeyKind = (typeof documentKeyKinds)[number];

export interface DocumentKey {
  readonly kind: DocumentKeyKind;
  /** As `keyValue` writes it. */
  readonly value: string;
  /** As the document writes it. */
  readonly text: string;
}

/** A segment as the scanner holds it: elements from 1. */
export interface KeyedSegment {
  readonly id: string;
  text(element: number): string;
}

/** A document of tens of thousands of lines is found by its first ones; a hostile one must not flood the archive. */
export const MOST_KEYS = 10_000;
const LONGEST = 80;

/** One spelling for what is stored and what is asked for: no blanks around it, letters large. */
export const keyValue = (text: string): string => text.trim().slice(0, LONGEST).toUpperCase();

/** SSCC-18, also where it came with its application identifier (00) before it. */
export function ssccValue(text: string): string {
  const value = keyValue(text).replace(/^\(00\)/, '');
  return /^00\d{18}$/.test(value) ? value.slice(2) : value;
}

/**
 * What a data element says, whatever the segment and set that carry it. Elements that need the qualifier beside them
 * (127, 87, 234) are read by `kindOf`.
 */
const kindsByElement: Readonly<Record<string, DocumentKeyKind>> = {
  '324': 'purchase-order',
  '76': 'invoice',
  '396': 'shipment',
  '145': 'shipment',
  '234': 'item',
  '438': 'item',
  '127': 'reference',
  '87': 'reference',
  '285': 'reference',
  '367': 'reference',
  '394': 'reference',
  '861': 'reference',
};
/** Element 128: which of the general references are something better. */
const kindsByQualifier: Readonly<Record<string, DocumentKeyKind>> = {
  PO: 'purchase-order',
  IV: 'invoice',
  SI: 'shipment',
};
/** Qualifiers of an element: 234 names its own before it, 127 before it or (L11) behind it, 87 the nearest before it. */
const qualifierOf: Readonly<Record<string, string>> = { '127': '128', '87': '88', '234': '235' };

interface KeyPlace {
  readonly element: number;
  readonly kind: DocumentKeyKind;
  readonly reference: string;
  /** The element that holds its qualifier; 0 where there is none. */
  readonly qualifier: number;
}

const plans = new WeakMap<Dictionary, Map<string, readonly KeyPlace[]>>();

function placesOf(dictionary: Dictionary, id: string): readonly KeyPlace[] {
  let known = plans.get(dictionary);
  if (!known) plans.set(dictionary, (known = new Map()));
  const planned = known.get(id);
  if (planned) return planned;
  const elements = dictionary.segment(id)?.elements ?? [];
  const places = elements.flatMap((usage, at): KeyPlace[] => {
    const reference = usage.element?.reference ?? '';
    const kind = kindsByElement[reference];
    return kind === undefined
      ? []
      : [{ element: at + 1, kind, reference, qualifier: qualifierPlace(elements, at) }];
  });
  known.set(id, places);
  return places;
}

function qualifierPlace(elements: readonly ElementUsage[], at: number): number {
  const wanted = qualifierOf[elements[at]?.element?.reference ?? ''];
  if (wanted === undefined) return 0;
  const isIt = (place: number) => elements[place]?.element?.reference === wanted;
  if (isIt(at - 1)) return at;
  if (wanted === '128') return isIt(at + 1) ? at + 2 : 0;
  for (let before = at - 1; before >= 0; before -= 1) if (isIt(before)) return before + 1;
  return 0;
}

/** Dictionaries hold segments of the releases that the hub knows; what names another is read as the most common one. */
const usualRelease = '004010';

/** Gathers the keys of one transaction set, segment by segment. Pure; the set need be neither valid nor known. */
export class DocumentKeys {
  private readonly dictionary: Dictionary | null;
  private readonly found = new Map<string, DocumentKey>();

  /** @param version GS08 */
  constructor(version: string) {
    this.dictionary = dictionaryFor(version) ?? dictionaryFor(usualRelease);
  }

  add(segment: KeyedSegment): void {
    if (this.dictionary === null || this.found.size >= MOST_KEYS) return;
    for (const place of placesOf(this.dictionary, segment.id)) {
      const text = segment.text(place.element);
      if (text === '') continue;
      this.keep(place, text, place.qualifier === 0 ? '' : segment.text(place.qualifier));
    }
  }

  list(): readonly DocumentKey[] {
    return [...this.found.values()];
  }

  private keep(place: KeyPlace, text: string, qualifier: string): void {
    const kind = kindOf(place, text, qualifier);
    const value = kind === 'sscc' ? ssccValue(text) : keyValue(text);
    // An item number without its qualifier is no item number (X12: 235 and 234 come in pairs).
    if (value === '' || (place.reference === '234' && qualifier === '')) return;
    const name = `${kind}/${value}`;
    if (!this.found.has(name)) this.found.set(name, { kind, value, text: text.trim().slice(0, LONGEST) });
  }
}

function kindOf({ kind, reference }: KeyPlace, text: string, qualifier: string): DocumentKeyKind {
  if (reference === '127') return kindsByQualifier[qualifier.trim()] ?? kind;
  if (reference === '87' && (qualifier === 'GM' || qualifier === 'AA')) {
    return /^(00)?\d{18}$/.test(text.trim().replace(/^\(00\)/, '')) ? 'sscc' : kind;
  }
  return kind;
}

/** The first key of a kind: what a document calls its order, its invoice, its shipment. */
export const firstKey = (keys: readonly DocumentKey[], kind: DocumentKeyKind): string | null =>
  keys.find((key) => key.kind === kind)?.text ?? null;
