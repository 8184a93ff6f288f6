import fc from 'fast-check';
import {
  type CompositeDef,
  type Condition,
  dictionaryFor,
  type ElementDef,
  type ElementUsage,
  type LoopDef,
  type Place,
} from '../../edi/dictionary/dictionary';
import { failingPosition } from '../../edi/validate/segment-check';
import type { DocumentDraft, DraftElement, DraftSegment } from '../../edi/x12/model';

/**
 * Valid documents of any set, drawn from its definition: so that "what is written validates" is
 * tested for every set and release, not for examples.
 */
export function documents(release: string, set: string): fc.Arbitrary<DocumentDraft> {
  const def = dictionaryFor(release)?.set(set);
  if (!def) throw new Error(`no ${set} in ${release}`);
  return fc.infiniteStream(fc.nat({ max: 0xffff })).map((stream) => {
    const draw = drawer(stream);
    return { set, segments: loopSegments(def.root, draw, []) };
  });
}

type Draw = (below: number) => number;

function drawer(stream: Iterator<number>): Draw {
  return (below) => (stream.next().value as number) % below;
}

/** How far a loop has come: the place of its last segment. */
interface Standing {
  readonly loop: LoopDef;
  at: number;
}

function loopSegments(loop: LoopDef, draw: Draw, path: readonly Standing[]): DraftSegment[] {
  const segments: DraftSegment[] = [];
  const own: Standing = { loop, at: -1 };
  // The standings down to the last segment written; those below this loop end with its next segment.
  let open: readonly Standing[] = [...path, own];
  for (const [index, place] of loop.places.entries()) {
    const times = occurrences(place, draw, path.length);
    for (let time = 0; time < times; time += 1) {
      if (!place.required && isTakenEarlier(open, path.length, index, place.id)) break;
      own.at = index;
      open = [...path, own];
      if (place.loop) {
        const inner = loopSegments(place.loop, draw, open);
        segments.push(...inner);
        open = [...open, ...lastOpen];
      } else segments.push(segment(place, draw));
    }
  }
  lastOpen = open.slice(path.length);
  return segments;
}

/** The standings that the loop written last left open, outermost first. */
let lastOpen: readonly Standing[] = [];

/**
 * The standard lets some segments stand in two places without saying which is meant (TD3 ends the head of an 861 and
 * opens its last loop). A reader takes the first place that is free, so no document is drawn that means the second.
 */
function isTakenEarlier(open: readonly Standing[], depth: number, index: number, id: string): boolean {
  return open.some(({ loop, at }, level) => {
    if (level < depth) return false;
    return loop.places.some((place, i) => {
      const isFree = i > at || (i === at && i > 0 && place.max !== 1);
      return place.id === id && isFree && (level > depth || i < index);
    });
  });
}

/**
 * The smallest and the largest document of a set: only what is mandatory, at its least length, or every place used
 * (a repeatable one twice) with every element that the conditions allow, at its greatest length.
 */
export function extreme(release: string, set: string, size: 'least' | 'most'): DocumentDraft {
  const def = dictionaryFor(release)?.set(set);
  if (!def) throw new Error(`no ${set} in ${release}`);
  const segments = (loop: LoopDef, depth: number): DraftSegment[] =>
    loop.places.flatMap((place) => {
      if (size === 'least' && !place.required) return [];
      // Loops within loops once, or they would multiply.
      const times = size === 'most' && place.max !== 1 && (depth === 0 || place.loop === null) ? 2 : 1;
      const one = place.loop ? segments(place.loop, depth + 1) : [extremeSegment(place, size)];
      return Array.from({ length: times }, () => one).flat();
    });
  return { set, segments: segments(def.root, 0) };
}

function extremeSegment(
  { id, segment: { elements, conditions } }: Place,
  size: 'least' | 'most',
): DraftSegment {
  const wanted = extremeChoice(elements, conditions, size);
  return [
    id,
    ...elements.map(({ element: simple, composite }, index): DraftElement => {
      if (!wanted.has(index + 1)) return '';
      if (simple) return extremeValue(simple, size);
      const { components, conditions: inner } = composite as CompositeDef;
      const chosen = extremeChoice(components, inner, size);
      return components.map((component, at) =>
        chosen.has(at + 1) && component.element ? extremeValue(component.element, size) : '',
      );
    }),
  ];
}

/** All of them or the mandatory ones, less what conditions exclude and with what they ask for. */
function extremeChoice(
  usages: readonly ElementUsage[],
  conditions: readonly Condition[],
  size: 'least' | 'most',
): ReadonlySet<number> {
  const all = usages.map((_, index) => index + 1);
  const wanted = new Set(all.filter((at) => size === 'most' || usages[at - 1]?.required));
  // A segment or composite of optional elements only must hold something.
  if (wanted.size === 0) wanted.add(1);
  const found = satisfying(wanted, new Set(), conditions, usages.length);
  if (found === null) throw new Error('no choice of elements satisfies the conditions');
  return found;
}

/** Adds what conditions ask for; where an exclusion has taken that away, gives up what asked for it. */
function satisfying(
  wanted: ReadonlySet<number>,
  excluded: ReadonlySet<number>,
  conditions: readonly Condition[],
  count: number,
): ReadonlySet<number> | null {
  const has = Uint8Array.from({ length: count + 1 }, (_, at) => (wanted.has(at) ? 1 : 0));
  const failing = conditions.find(({ kind, positions }) => failingPosition(kind, positions, has) !== null);
  if (failing === undefined) return wanted;
  const { kind, positions } = failing;
  const there = positions.filter((at) => wanted.has(at));
  const next: [Set<number>, Set<number>][] = [];
  const without = (gone: readonly number[]): void => {
    next.push([new Set([...wanted].filter((at) => !gone.includes(at))), new Set([...excluded, ...gone])]);
  };
  if (kind === 'E') for (const kept of there) without(there.filter((at) => at !== kept));
  else {
    const absent = positions.filter((at) => !wanted.has(at));
    const asked =
      kind === 'P' || kind === 'C' ? absent : absent.filter((at) => !excluded.has(at)).slice(0, 1);
    if (asked.length > 0 && !asked.some((at) => excluded.has(at)))
      next.push([new Set([...wanted, ...asked]), new Set(excluded)]);
    else if (kind !== 'R') without(kind === 'P' ? there : there.slice(0, 1));
  }
  const found = next.map(([chosen, gone]) => satisfying(chosen, gone, conditions, count));
  return found.reduce((best, one) => ((one?.size ?? -1) > (best?.size ?? -1) ? one : best), null);
}

/** The longest that is tried: more free text proves nothing more. */
const longest = 80;

function extremeValue({ type, min, max, codes }: ElementDef, size: 'least' | 'most'): string {
  const length = size === 'least' ? min : Math.min(max, longest);
  if (codes) {
    const byLength = [...codes].sort((one, other) => one.length - other.length);
    return (size === 'least' ? byLength[0] : byLength.at(-1)) as string;
  }
  if (type === 'DT') return length === 6 ? '240229' : '20240229';
  if (type === 'TM') return '23595999'.slice(0, length === 5 || length === 7 ? 4 : length);
  if (type === 'N') return `${size === 'most' ? '-' : ''}${'9'.repeat(length)}`;
  if (type === 'R')
    return size === 'most' && length > 1 ? `-${'9'.repeat(length - 1)}.9` : '9'.repeat(length);
  return 'W'.repeat(length);
}

/** Optional places are mostly left out, the deeper the more, or documents would never end. */
function occurrences(place: Place, draw: Draw, depth: number): number {
  const least = place.required ? 1 : 0;
  if (draw(4 + depth * 4) > 0) return least;
  return Math.min(place.max === 0 ? 3 : place.max, least + draw(2));
}

function segment(place: Place, draw: Draw): DraftSegment {
  const { elements, conditions } = place.segment;
  const wanted = choose(elements, conditions, draw);
  return [place.id, ...elements.map((usage, index) => (wanted.has(index + 1) ? element(usage, draw) : ''))];
}

/** Elements to fill: drawn until the relational conditions hold, some of which pull against each other. */
function choose(
  usages: readonly ElementUsage[],
  conditions: readonly Condition[],
  draw: Draw,
  forced: readonly number[] = [],
): Set<number> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const wanted = new Set<number>(forced);
    usages.forEach((usage, index) => {
      if (usage.required || draw(3) === 0) wanted.add(index + 1);
    });
    if (wanted.size === 0) wanted.add(1 + draw(usages.length));
    for (let round = 0; round < 5; round += 1)
      for (const condition of conditions) pull(wanted, condition, draw);
    const has = Uint8Array.from({ length: usages.length + 1 }, (_, at) => (wanted.has(at) ? 1 : 0));
    if (conditions.every(({ kind, positions }) => failingPosition(kind, positions, has) === null))
      return wanted;
  }
  throw new Error('no choice of elements satisfies the conditions');
}

function pull(wanted: Set<number>, { kind, positions }: Condition, draw: Draw): void {
  const [first, ...rest] = positions as [number, ...number[]];
  const some = positions.filter((at) => wanted.has(at));
  if (kind === 'P' && some.length > 0) for (const at of positions) wanted.add(at);
  if (kind === 'R' && some.length === 0) wanted.add(positions[draw(positions.length)] as number);
  if (kind === 'C' && wanted.has(first)) for (const at of rest) wanted.add(at);
  if (kind === 'L' && wanted.has(first) && some.length === 1) wanted.add(rest[0] as number);
}

function element(usage: ElementUsage, draw: Draw): DraftElement {
  if (usage.composite !== null) {
    const { components, conditions } = usage.composite;
    const wanted = choose(components, conditions, draw, [1]);
    return components.map((component, index) =>
      wanted.has(index + 1) && component.element ? value(component.element, draw) : '',
    );
  }
  return usage.element === null ? '' : value(usage.element, draw);
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz0123456789.,-/#()';

function value(def: ElementDef, draw: Draw): string {
  const length = Math.max(1, def.min + draw(Math.min(def.max - def.min, 12) + 1));
  const text = (alphabet: string): string =>
    Array.from({ length }, () => alphabet[draw(alphabet.length)] as string).join('');
  switch (def.type) {
    case 'AN':
    case 'ID': {
      const codes = def.codes === null ? [] : [...def.codes];
      if (codes.length > 0) return codes[draw(codes.length)] as string;
      return `A${text(letters).slice(1, -1)}Z`.slice(0, Math.max(length, 1)).padEnd(def.min, 'Z');
    }
    case 'N':
    case 'R':
      return (draw(5) === 0 ? '-' : '') + text('0123456789');
    case 'DT':
      return def.max === 6 ? '261122' : '20261122';
    case 'TM':
      return '1530';
    case 'B':
      return text('ABC');
  }
}
