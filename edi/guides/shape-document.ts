import { dictionaryFor, type Place, type SetDef } from '../dictionary/dictionary';
import { Placement } from '../validate/placement';
import type { DocumentDraft, DraftElement, DraftSegment, Segment, TransactionSet } from '../x12/model';
import type { ElementRule, Guide } from './guide';
import { type CompiledRule, compiledOf, contextsOf, dueAt, holds, matchesOf } from './guide-matches';
import { find, type GuidePath, placesOf, type Standing, type Step } from './guide-path';

/**
 * Segments that say what is ordered, sent or owed: a guide that has no place for them does not make it untrue, so they
 * are never left out. The document then breaks the guide, and a person decides.
 */
const substance = new Set(
  'ACK AMT CTP HL IT1 ISS LIN LX N9 PO1 POC QTY SAC SCH SDQ SN1 TDS TXI W01 W04 W12'.split(' '),
);
/** Parts of them may not be left out either; the terms are all or nothing. */
const wholeOnly = new Set([...substance, 'ITD']);
/** Free texts, which lose nothing that counts when they are cut: names, descriptions, addresses, messages. */
const freeTexts = new Set(['3', '93', '166', '352', '369', '933']);

/**
 * A document of ours as the partner's guide wants it: what it does not use is left out, what it names and we always say
 * alike is filled in, free texts are cut to its lengths, of dates that exclude each other the first is kept. What
 * cannot be mended so is left as it is, for `applyGuide` to name.
 */
export function shapeDocument(draft: DocumentDraft, guide: Guide): DocumentDraft {
  const set = dictionaryFor(guide.version)?.set(guide.set) ?? null;
  if (set === null || draft.set !== guide.set) return draft;
  let segments = draft.segments;
  segments = withoutUnused(segments, guide, set);
  segments = withOneChoice(segments, guide, set);
  segments = withFittingElements(segments, guide, set);
  for (const rule of compiledOf(guide).rules) segments = withRequired(segments, rule, guide, set);
  return { ...draft, segments };
}

/** Where a segment of the draft stands in its set: ST is 1. */
const firstPosition = 2;

/** Only what rules ask about is kept of it; a composite is as its first component. */
function treeOf(segments: readonly DraftSegment[], guide: Guide, set: SetDef): TransactionSet {
  const dictionary = dictionaryFor(guide.version);
  if (dictionary === null) throw new Error(`no dictionary for ${guide.version}`);
  const placement = new Placement(dictionary, set, () => {});
  segments.forEach((draft, index) => {
    const [, ...elements] = draft;
    const segment: Segment = {
      id: idOf(draft),
      elements: elements.map(textOf),
      position: index + firstPosition,
      offset: 0,
    };
    placement.place(segment.id, segment.elements[0]).loop?.segments.push(segment);
  });
  return {
    set: guide.set,
    controlNumber: '',
    version: guide.version,
    separators: { element: '*', component: '>', repetition: '^', segment: '~' },
    root: placement.root,
    segmentCount: segments.length + firstPosition,
  };
}

function idOf(draft: DraftSegment | undefined): string {
  const id = draft?.[0];
  return typeof id === 'string' ? id : '';
}

function textOf(element: DraftElement): string {
  if (typeof element === 'string') return element;
  const [first = ''] = 'repeats' in element ? element.repeats : [element as readonly string[]];
  return typeof first === 'string' ? first : (first[0] ?? '');
}

/** Positions of a segment and, where it opens a loop, of all that stands in it. */
function positionsOf({ segment, loop }: Standing): number[] {
  if (loop === null) return [segment.position];
  const found: number[] = [];
  const stack = [loop];
  for (let one = stack.pop(); one; one = stack.pop()) {
    for (const { position } of one.segments) found.push(position);
    for (const inner of one.loops) stack.push(inner);
  }
  return found;
}

function without(segments: readonly DraftSegment[], positions: ReadonlySet<number>): readonly DraftSegment[] {
  return positions.size === 0
    ? segments
    : segments.filter((_, index) => !positions.has(index + firstPosition));
}

/** An N9 of L1, letters or notes, opens words for people: why something was refused is said by its code as well. */
function isSubstance(draft: DraftSegment | undefined): boolean {
  const id = idOf(draft);
  return substance.has(id) && !(id === 'N9' && draft?.[1] === 'L1');
}

function mayGo(standing: Standing, segments: readonly DraftSegment[]): boolean {
  return positionsOf(standing).every((position) => !isSubstance(segments[position - firstPosition]));
}

function withoutUnused(
  segments: readonly DraftSegment[],
  guide: Guide,
  set: SetDef,
): readonly DraftSegment[] {
  const { root } = treeOf(segments, guide, set);
  const gone = new Set<number>();
  for (const compiled of compiledOf(guide).rules) {
    if (compiled.rule.use !== 'not-used') continue;
    for (const { here } of matchesOf(root, compiled)) {
      for (const standing of here)
        if (mayGo(standing, segments)) for (const position of positionsOf(standing)) gone.add(position);
    }
  }
  return without(segments, gone);
}

function withOneChoice(
  segments: readonly DraftSegment[],
  guide: Guide,
  set: SetDef,
): readonly DraftSegment[] {
  const { root } = treeOf(segments, guide, set);
  const gone = new Set<number>();
  for (const { choice, path, alternatives, when } of compiledOf(guide).choices) {
    if (choice.choose === 'at-least-one') continue;
    for (const { chain, loop } of contextsOf(root, path)) {
      if (!when.every((one) => holds(root, one, chain))) continue;
      const present = alternatives.map((one) => one.map((inner) => find(loop, inner)));
      const chosen = present.find((one) => one.every((found) => found.length > 0));
      // Without a whole one nothing can be said to be too much.
      if (!chosen) continue;
      const kept = new Set(chosen.flat().flatMap(positionsOf));
      for (const standing of present.flat(2)) {
        if (!mayGo(standing, segments)) continue;
        for (const position of positionsOf(standing)) if (!kept.has(position)) gone.add(position);
      }
    }
  }
  return without(segments, gone);
}

function withFittingElements(
  segments: readonly DraftSegment[],
  guide: Guide,
  set: SetDef,
): readonly DraftSegment[] {
  const { root } = treeOf(segments, guide, set);
  const changed = [...segments];
  for (const compiled of compiledOf(guide).rules) {
    const rules = Object.entries(compiled.rule.elements ?? {});
    if (rules.length === 0) continue;
    const [place] = placesOf(set, compiled.path);
    if (!place) continue;
    for (const { here } of matchesOf(root, compiled)) {
      for (const { segment } of here) {
        const index = segment.position - firstPosition;
        let fitting = changed[index] as DraftSegment;
        for (const [position, rule] of rules) fitting = withElement(fitting, Number(position), rule, place);
        changed[index] = fitting;
      }
    }
  }
  return changed;
}

function withElement(segment: DraftSegment, at: number, rule: ElementRule, place: Place): DraftSegment {
  const value = segment[at] ?? '';
  const next = fittingValue(value, rule, place.segment.elements[at - 1]?.element?.reference ?? '', place.id);
  if (next === value) return segment;
  const changed = [...segment];
  while (changed.length < at) changed.push('');
  changed[at] = next;
  return changed;
}

function fittingValue(value: DraftElement, rule: ElementRule, reference: string, id: string): DraftElement {
  if (rule.use === 'not-used') return wholeOnly.has(id) ? value : '';
  if (typeof value !== 'string') return value;
  if (value === '') return rule.fill ?? '';
  const { maximumLength } = rule;
  if (maximumLength !== undefined && freeTexts.has(reference)) return value.slice(0, maximumLength).trimEnd();
  return value;
}

/** A segment that the guide requires and all of whose required values it gives itself: our number with the partner. */
function withRequired(
  segments: readonly DraftSegment[],
  compiled: CompiledRule,
  guide: Guide,
  set: SetDef,
): readonly DraftSegment[] {
  const { rule, path } = compiled;
  const minimum = rule.minimum ?? (rule.use === 'required' ? 1 : 0);
  const [place] = placesOf(set, path);
  if (minimum === 0 || !place || substance.has(place.id)) return segments;
  const given = givenSegment(path, rule.elements ?? {}, place);
  if (given === null) return segments;
  const document = treeOf(segments, guide, set);
  const due = matchesOf(document.root, compiled)
    .filter(({ here }) => here.length === 0)
    .map(({ context }) => dueAt(document, set, context.loop, path) - firstPosition)
    .sort((a, b) => b - a);
  const changed = [...segments];
  for (const index of due) changed.splice(index, 0, given);
  return changed;
}

/** null where a value that must be there is not given by the guide. */
function givenSegment(
  path: GuidePath,
  elements: Readonly<Record<string, ElementRule>>,
  place: Place,
): DraftSegment | null {
  const { where } = path.at(-1) as Step;
  if (!Object.values(elements).some(({ fill }) => fill !== undefined)) return null;
  const segment: string[] = [place.id];
  for (const [index, usage] of place.segment.elements.entries()) {
    const rule = elements[String(index + 1)];
    const discriminator = where.find(({ element }) => element === index + 1)?.values ?? [];
    const only = (codes: readonly string[] | undefined) => (codes?.length === 1 ? codes[0] : undefined);
    const isRequired = usage.required || rule?.use === 'required' || discriminator.length > 0;
    const value = rule?.fill ?? (isRequired ? (only(discriminator) ?? only(rule?.codes)) : undefined);
    if (value === undefined && isRequired) return null;
    segment.push(value ?? '');
  }
  while (segment.at(-1) === '') segment.pop();
  return segment;
}
