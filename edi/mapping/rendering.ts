import type { AnswerHeader, AnswerLine } from '../../domain/order/answers';
import type { Party, PostalAddress, ProductId } from '../../domain/order/order-request';
import type { LocalDate } from '../../domain/shared/dates';
import type { DocumentDraft, DraftElement, DraftSegment, Separators } from '../x12/model';

/** What a partner's guide decides about every outbound document. */
export interface RenderingOptions {
  readonly version: '004010' | '005010';
  /** Free text loses these characters instead of breaking the document; ids and numbers never do. */
  readonly separators?: Separators;
  /** REF01 of the order's references that are echoed; all of them when absent. */
  readonly echoReferences?: readonly string[];
  /** CUR is written unless the guide forbids it. */
  readonly currency?: boolean;
  /**
   * Segments of a line that are given back as they came (PO4, CTP, SDQ), and N9: notes of the order with their texts;
   * none unless the guide names them.
   */
  readonly echoSegments?: readonly string[];
  /** N9 and MSG that say in words why something is refused; written unless the guide forbids it. */
  readonly reasons?: boolean;
  /** PID with the line's description; written unless the guide forbids it. */
  readonly descriptions?: boolean;
}

/** Why a document cannot be written as the standard and the agreement want it. Nothing of it may leave. */
export interface RenderingProblem {
  /** "TDS01", "line 2", "package 1" */
  readonly where: string;
  readonly text: string;
}

export type Rendered =
  | { readonly kind: 'rendered'; readonly draft: DocumentDraft }
  | { readonly kind: 'refused'; readonly problems: readonly RenderingProblem[] };

/** Longest AN values per element that the standard cuts differently by version, or that real values reach. */
const longest: Readonly<Record<string, { readonly '004010': number; readonly '005010': number }>> = {
  '67': { '004010': 80, '005010': 80 },
  '76': { '004010': 22, '005010': 22 },
  '87': { '004010': 48, '005010': 48 },
  '127': { '004010': 30, '005010': 50 },
  '234': { '004010': 48, '005010': 48 },
  '324': { '004010': 22, '005010': 22 },
  '327': { '004010': 8, '005010': 8 },
  '328': { '004010': 30, '005010': 30 },
  '350': { '004010': 20, '005010': 20 },
  '1301': { '004010': 10, '005010': 10 },
  '396': { '004010': 30, '005010': 30 },
};

/** Collects the segments of one document and everything that keeps it from being right. */
export class Rendering {
  readonly options: RenderingOptions;
  readonly segments: DraftSegment[] = [];
  readonly problems: RenderingProblem[] = [];

  constructor(options: RenderingOptions) {
    this.options = options;
  }

  add(...segment: DraftElement[]): void {
    this.segments.push(segment);
  }

  refuse(where: string, text: string): void {
    this.problems.push({ where, text });
  }

  /** An identifying value: echoed exactly or not at all. */
  id(value: string | undefined, element: string, where: string): string {
    if (value === undefined) return '';
    const limit = longest[element]?.[this.options.version];
    if (limit !== undefined && value.length > limit) {
      this.refuse(where, `"${value}" is longer than the ${limit} characters of element ${element}`);
    }
    return value;
  }

  /** Free text: cut at the element's length, without the separators of the partner's agreement. */
  text(value: string | undefined, maximum: number): string {
    if (value === undefined) return '';
    const { element = '', component = '', repetition, segment = '' } = this.options.separators ?? {};
    const banned = new Set([element, component, repetition ?? '', segment].filter(Boolean));
    // Control characters are in no character set of X12.6 3.3.2.
    const printable = Array.from(value.replace(/\p{Cc}+/gu, ' '), (character) =>
      banned.has(character) ? ' ' : latin(character),
    ).join('');
    return printable.trim().slice(0, maximum).trimEnd();
  }

  /** An R element: digits count, neither sign nor point do (X12.6 3.3.1.3). */
  decimal(value: string, maximum: number, where: string): string {
    if (!/^-?\d+(\.\d+)?$/.test(value)) this.refuse(where, `"${value}" is not a decimal number`);
    else if (value.replace(/[-.]/g, '').length > maximum) {
      this.refuse(where, `${value} has more than ${maximum} digits`);
    }
    return value;
  }

  date(date: LocalDate | undefined, where: string): string {
    if (date === undefined) return '';
    if (!/^\d{4}-\d\d-\d\d$/.test(date)) this.refuse(where, `"${date}" is not a date`);
    return date.replaceAll('-', '');
  }

  finish(set: string): Rendered {
    if (this.problems.length > 0) return { kind: 'refused', problems: this.problems };
    return { kind: 'rendered', draft: { set, segments: this.segments } };
  }
}

/** Characters above 0xFF are outside the extended set (X12.6 3.3.2): their base letter is written, or a question mark. */
function latin(character: string): string {
  if ((character.codePointAt(0) ?? 0) <= 0xff) return character;
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return /^[\u0020-\u00ff]+$/.test(base) ? base : '?';
}

export function addCurrency(rendering: Rendering, header: AnswerHeader): void {
  if (rendering.options.currency !== false) rendering.add('CUR', 'SE', header.currency);
}

/** The references of the purchase order that the guide names, as they came. */
export function addReferences(rendering: Rendering, header: AnswerHeader): void {
  const { echoReferences } = rendering.options;
  for (const { qualifier, value, description } of header.references) {
    if (echoReferences !== undefined && !echoReferences.includes(qualifier)) continue;
    if (value === '' && description === undefined) continue;
    rendering.add(
      'REF',
      qualifier,
      rendering.id(value, '127', `REF ${qualifier}`),
      rendering.text(description, 80),
    );
  }
}

export function addParties(rendering: Rendering, parties: readonly Party[]): void {
  for (const party of parties) addParty(rendering, party);
}

export function addParty(rendering: Rendering, party: Party): void {
  const name = rendering.text(party.name, 60);
  // Half an id cannot be written (P0304), and N1 needs a name or an id (R0203).
  const identified = party.id !== undefined && party.idQualifier !== undefined;
  if (name === '' && !identified) return;
  const id = identified ? rendering.id(party.id, '67', `N1 ${party.role}`) : '';
  rendering.add('N1', party.role, name, identified ? (party.idQualifier ?? '') : '', id);
  if (party.address === undefined) return;
  const { lines } = party.address;
  for (let first = 0; first < Math.min(lines.length, 4); first += 2) {
    const pair = [rendering.text(lines[first], 55), rendering.text(lines[first + 1], 55)].filter(Boolean);
    if (pair.length > 0) rendering.add('N3', ...pair);
  }
  addPlace(rendering, party.address);
}

/** N4. */
export function addPlace(
  rendering: Rendering,
  { city, region, postalCode, country }: Omit<PostalAddress, 'lines'>,
): void {
  const state = region !== undefined && /^[A-Za-z]{2}$/.test(region) ? region : '';
  // A region that is no two-letter code has its place in N405 and N406.
  const location = region !== undefined && state === '' ? ['SP', rendering.text(region, 30)] : [];
  const n4 = [
    atLeast(2, rendering.text(city, 30)),
    state,
    atLeast(3, rendering.text(postalCode, 15)),
    atLeast(2, rendering.text(country, 3)),
    ...location,
  ];
  if (n4.some((part) => part !== '')) rendering.add('N4', ...n4);
}

function atLeast(minimum: number, text: string): string {
  return text.length >= minimum ? text : '';
}

/** Pairs of element 235 and 234, as the buyer gave them. */
export function productIdElements(
  rendering: Rendering,
  productIds: readonly ProductId[],
  pairs: number,
  where: string,
): string[] {
  if (productIds.length > pairs) rendering.refuse(where, `has more than ${pairs} product ids`);
  return productIds.flatMap(({ qualifier, value }) => [qualifier, rendering.id(value, '234', where)]);
}

export function addDescription(rendering: Rendering, line: AnswerLine): void {
  const text = rendering.options.descriptions === false ? '' : rendering.text(line.description, 80);
  if (text !== '') rendering.add('PID', 'F', '', '', '', text);
}

/** "line 10", or "line no. 3" where the buyer gave no number. */
export function lineLabel(line: AnswerLine, index: number): string {
  return `line ${line.buyerLineNumber ?? `no. ${index + 1}`}`;
}

/** What was kept of a line, where the guide wants it back. @param ids in the order in which the set has them */
export function addKept(rendering: Rendering, line: AnswerLine, ids: readonly string[]): void {
  const wanted = rendering.options.echoSegments ?? [];
  for (const id of ids.filter((one) => wanted.includes(one))) {
    for (const { at, elements } of line.kept ?? []) {
      if (at.segmentId === id) rendering.add(id, ...elements);
    }
  }
}

/** The notes of the order (N9 with its texts), where the guide wants them back. */
export function addKeptNotes(rendering: Rendering, header: AnswerHeader): void {
  if (rendering.options.echoSegments?.includes('N9') !== true) return;
  let inNote = false;
  for (const { at, elements } of header.kept ?? []) {
    if (at.segmentId === 'N9') rendering.add('N9', ...elements);
    else if (inNote && (at.segmentId === 'MSG' || at.segmentId === 'MTX')) {
      const text = elements[at.segmentId === 'MSG' ? 0 : 1] ?? '';
      if (text !== '') addText(rendering, rendering.text(text, 4096));
    }
    inNote = at.segmentId === 'N9' || (inNote && ['MSG', 'MTX', 'DTM'].includes(at.segmentId));
  }
}

/** In MTX from 5010 on, in MSG before, of which a longer text takes several. */
function addText(rendering: Rendering, text: string): void {
  if (rendering.options.version >= '005010') {
    rendering.add('MTX', '', text);
    return;
  }
  for (let from = 0; from < text.length; from += 264) {
    const part = text.slice(from, from + 264).trim();
    if (part !== '') rendering.add('MSG', part);
  }
}

/** A line's own references, of those that the guide names. */
export function addLineReferences(rendering: Rendering, line: AnswerLine): void {
  const named = rendering.options.echoReferences ?? [];
  for (const { qualifier, value, description } of line.references ?? []) {
    if (!named.includes(qualifier) || (value === '' && description === undefined)) continue;
    rendering.add(
      'REF',
      qualifier,
      rendering.id(value, '127', `REF ${qualifier}`),
      rendering.text(description, 80),
    );
  }
}

/** N901 L1: letters or notes. */
export function addReason(rendering: Rendering, reason: string | undefined): void {
  const text = rendering.options.reasons === false ? '' : rendering.text(reason, 1056);
  if (text === '') return;
  rendering.add('N9', 'L1', '', 'REASON');
  addText(rendering, text);
}
