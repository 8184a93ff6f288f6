import fc from 'fast-check';
import {
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
