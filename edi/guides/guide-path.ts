import type { LoopDef, Place, SetDef } from '../dictionary/dictionary';
import type { Loop, Segment } from '../x12/model';

/** One step of a path: a segment, or the loop that it opens, and which of several. */
export interface Step {
  readonly id: string;
  /** all must hold */
  readonly where: readonly { readonly element: number; readonly values: readonly string[] }[];
}
export type GuidePath = readonly Step[];

/** Where the code that tells segments of one id apart does not stand first. */
const discriminators: Readonly<Record<string, number>> = { HL: 3 };

const stepShape = /^([A-Z][A-Z0-9]{1,2})(?:\[([^[\]]+)\])?$/;
const clauseShape = /^(?:(\d{1,2})=)?([^=,]+)$/;

/** "N1[ST]/N4", "REF[01=DP|IA]", "HL[P]/MAN[GM]"; null when it is no path. '' is the set itself. */
export function parsePath(text: string): GuidePath | null {
  if (text === '') return [];
  const steps: Step[] = [];
  for (const part of text.split('/')) {
    const match = stepShape.exec(part);
    if (!match) return null;
    const id = match[1] as string;
    const where: { element: number; values: string[] }[] = [];
    for (const clause of match[2]?.split(',') ?? []) {
      const read = clauseShape.exec(clause);
      if (!read) return null;
      const element = read[1] === undefined ? (discriminators[id] ?? 1) : Number(read[1]);
      where.push({ element, values: (read[2] as string).split('|') });
    }
    steps.push({ id, where });
  }
  return steps;
}

export function stepText({ id, where }: Step): string {
  if (where.length === 0) return id;
  const clauses = where.map(
    ({ element, values }) => `${String(element).padStart(2, '0')}=${values.join('|')}`,
  );
  return `${id}[${clauses.join(',')}]`;
}

/** For people: "REF with REF01 = DP". */
export function describeStep({ id, where }: Step): string {
  if (where.length === 0) return id;
  const clauses = where.map(
    ({ element, values }) => `${id}${String(element).padStart(2, '0')} = ${values.join(' or ')}`,
  );
  return `${id} with ${clauses.join(' and ')}`;
}

/** Whether everything that `narrow` means is meant by `wide` too. */
export function covers(wide: GuidePath, narrow: GuidePath): boolean {
  return wide.length === narrow.length && wide.every((step, at) => stepCovers(step, narrow[at] as Step));
}

export function stepCovers(wide: Step, narrow: Step): boolean {
  if (wide.id !== narrow.id) return false;
  return wide.where.every(({ element, values }) =>
    narrow.where.some(
      (one) => one.element === element && one.values.every((value) => values.includes(value)),
    ),
  );
}

/** The places in the standard that a path means; none where it has no such loop or segment. */
export function placesOf(set: SetDef, path: GuidePath): readonly Place[] {
  let loops: readonly LoopDef[] = [set.root];
  let places: readonly Place[] = [];
  for (const { id } of path) {
    places = loops.flatMap((loop) => (loop.byId.get(id) ?? []).map((at) => loop.places[at] as Place));
    loops = places.flatMap(({ loop }) => (loop === null ? [] : [loop]));
  }
  return places;
}

/** A segment of a document, with the loop that it opens. */
export interface Standing {
  readonly segment: Segment;
  readonly loop: Loop | null;
}

const byPlace = new WeakMap<Loop, ReadonlyMap<string, readonly Standing[]>>();

/** What stands in a loop itself, by id, without the segment that opens it. Large loops are walked once, not once a rule. */
function contentOf(loop: Loop): ReadonlyMap<string, readonly Standing[]> {
  const known = byPlace.get(loop);
  if (known) return known;
  const found = new Map<string, Standing[]>();
  const add = (standing: Standing): void => {
    const same = found.get(standing.segment.id);
    if (same) same.push(standing);
    else found.set(standing.segment.id, [standing]);
  };
  for (const segment of loop.id === '' ? loop.segments : loop.segments.slice(1)) add({ segment, loop: null });
  for (const inner of loop.loops) {
    const [segment] = inner.segments;
    if (segment) add({ segment, loop: inner });
  }
  for (const same of found.values()) same.sort((a, b) => a.segment.position - b.segment.position);
  byPlace.set(loop, found);
  return found;
}

export const valueAt = (segment: Segment, element: number): string =>
  (segment.elements[element - 1] ?? '').trimEnd();

export function standingsIn(loop: Loop, { id, where }: Step): readonly Standing[] {
  const same = contentOf(loop).get(id) ?? [];
  if (where.length === 0) return same;
  return same.filter(({ segment }) =>
    where.every(({ element, values }) => values.includes(valueAt(segment, element))),
  );
}

/** Everything in a loop that a path means, in the order of the document. */
export function find(loop: Loop, path: GuidePath): readonly Standing[] {
  const [step, ...rest] = path;
  if (!step) return [];
  const here = standingsIn(loop, step);
  if (rest.length === 0) return here;
  return here.flatMap((standing) => (standing.loop === null ? [] : find(standing.loop, rest)));
}
