import type { HoldType } from './hold-types';

/** Something of which each waits for the next, and the last for the first. */
export interface Circle {
  readonly kind: 'resolved-after' | 'opens-after' | 'escalation';
  /** The names along the circle; the first is the last again. */
  readonly along: readonly string[];
  readonly text: string;
}

/** The first way that leads from a name back to itself; null where there is none. */
export function findCircle(next: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const follow = (name: string, way: readonly string[]): readonly string[] | null => {
    const at = way.indexOf(name);
    if (at >= 0) return [...way.slice(at), name];
    if (done.has(name)) return null;
    for (const one of next.get(name) ?? []) {
      const circle = follow(one, [...way, name]);
      if (circle) return circle;
    }
    done.add(name);
    return null;
  };
  for (const name of next.keys()) {
    const circle = follow(name, []);
    if (circle) return circle;
  }
  return null;
}

/** Rules that no hold could ever get out of: nobody may save such. */
export function circlesOf(types: readonly HoldType[]): readonly Circle[] {
  const circles: Circle[] = [];
  const after = findCircle(new Map(types.map((type) => [type.type, type.resolvedAfter])));
  if (after) {
    const text = `A hold could never be resolved: ${after.join(' only after ')}`;
    circles.push({ kind: 'resolved-after', along: after, text });
  }
  const opens = new Map<string, string[]>();
  for (const type of types)
    for (const before of type.opensAfter) opens.set(before, [...(opens.get(before) ?? []), type.type]);
  const again = findCircle(opens);
  if (again) {
    const text = `Resolving a hold would bring it back for ever: ${again.join(' opens ')}`;
    circles.push({ kind: 'opens-after', along: again, text });
  }
  for (const type of types) {
    const chain = [type.role, ...type.escalation.to];
    const twice = chain.findIndex((role, at) => chain.indexOf(role) < at);
    if (twice < 0) continue;
    const along = chain.slice(chain.indexOf(chain[twice] as string), twice + 1);
    const text = `The escalation of a ${type.type} hold comes back to where it was: ${along.join(' to ')}`;
    circles.push({ kind: 'escalation', along, text });
  }
  return circles;
}
