import type { ElementRule } from './element-rules';
import { exact, required } from './element-rules';
import type { UnreadContent } from './unread-content';

/** HL as it stands in a document: numbers that point at each other, and its own place. */
export interface NumberedLevel {
  readonly number: string;
  readonly parent?: string;
  readonly level: string;
  readonly hasChildren?: string;
  readonly position?: number;
}

const ownPosition: ElementRule<number> = {
  required: false,
  element: 1,
  read: (reader) => reader.segment.position,
  write: () => undefined,
};

/** The elements of HL. */
export const levelFields = {
  number: required(exact(1)),
  parent: exact(2),
  level: required(exact(3)),
  hasChildren: exact(4),
  position: ownPosition,
} as const;

type Nested<Body> = Body & { readonly level: string; readonly levels: readonly Nested<Body>[] };
type Growing<Body> = Body & { level: string; levels: Growing<Body>[] };

/** Orders, shipments, packs and items are at home in fewer; an endless chain is somebody's mistake, or an attack. */
const DEEPEST = 50;

/** Levels under their parents (HL02). One whose parent did not come before it stands at the top, and that is kept. */
export function nestLevels<Body extends object>(
  flat: readonly (Body & NumberedLevel)[],
  content: UnreadContent,
): readonly Nested<Body>[] {
  const top: Growing<Body>[] = [];
  const known = new Map<string, { readonly level: Growing<Body>; readonly depth: number }>();
  for (const { number, parent, hasChildren: _said, position = 0, ...body } of flat) {
    const level = { ...body, levels: [] } as unknown as Growing<Body>;
    const named = parent === undefined ? undefined : known.get(parent);
    const above = named !== undefined && named.depth < DEEPEST ? named : undefined;
    if (parent !== undefined && above === undefined) {
      const why = named === undefined ? 'names no level before it' : `is ${DEEPEST} levels deep already`;
      content.keep({ segment: position, segmentId: 'HL', element: 2 }, `HL02 "${parent}" ${why}`);
    }
    if (above === undefined) top.push(level);
    else above.level.levels.push(level);
    known.set(number, { level, depth: (above?.depth ?? 0) + 1 });
  }
  return top;
}

/** In the order in which they are written: each before the levels under it, numbered from 1 (HL01). */
export function numberLevels<Body extends object>(
  levels: readonly Nested<Body>[],
): readonly (Body & NumberedLevel)[] {
  const flat: (Body & NumberedLevel)[] = [];
  const walk = (nested: readonly Nested<Body>[], parent: string | undefined): void => {
    for (const { levels: under, ...body } of nested) {
      const number = String(flat.length + 1);
      flat.push({
        ...(body as unknown as Body & { readonly level: string }),
        number,
        ...(parent === undefined ? {} : { parent }),
        hasChildren: under.length > 0 ? '1' : '0',
      });
      walk(under, number);
    }
  };
  walk(levels, undefined);
  return flat;
}
