import type { WithBeyond } from '../../domain/partner/beyond-content';
import { id, required } from './element-codecs';
import { type Codec, type Layout, readLayout, writeLayout } from './layout';
import type { UnreadContent } from './unread-content';

/** HL as it stands in a document: numbers that point at each other, and its own place. */
interface Numbered extends WithBeyond {
  readonly number: string;
  readonly parent?: string;
  readonly level: string;
  readonly hasChildren?: string;
  readonly position?: number;
}

const numbered: Layout<Numbered> = {
  number: required(id('HL', 1)),
  parent: id('HL', 2),
  level: required(id('HL', 3)),
  hasChildren: id('HL', 4),
  position: { read: (node) => node.position, write: () => undefined },
};

interface Nested extends WithBeyond {
  readonly level: string;
  readonly levels: readonly Nested[];
}
interface Growing extends Nested {
  readonly levels: Growing[];
}

/**
 * HL loops, each under its parent, and their count (CTT01): what orders them says nothing of its own, and is numbered
 * anew when they are written.
 */
export function levels<Level extends Nested>(
  body: Layout<Omit<Level, keyof Nested>>,
): Codec<readonly Level[]> {
  const layout = { ...numbered, ...body } as unknown as Layout<Numbered>;
  return {
    read: (node) => {
      node.take('CTT', 1);
      const flat = node.takeLoops('HL').map((inner) => readLayout(layout, inner));
      return nestLevels(flat, node.content) as unknown as readonly Level[];
    },
    write: (nested, node) => {
      const flat = numberLevels(nested);
      for (const level of flat) writeLayout(layout, level, node.newLoop('HL'));
      node.put('CTT', 1, String(flat.length));
    },
  };
}

/** Orders, shipments, packs and items are at home in fewer; an endless chain is somebody's mistake, or an attack. */
const DEEPEST = 50;

/** Levels under their parents (HL02). One whose parent did not come before it stands at the top, and that is kept. */
function nestLevels(flat: readonly Numbered[], content: UnreadContent): readonly Growing[] {
  const top: Growing[] = [];
  const known = new Map<string, { readonly level: Growing; readonly depth: number }>();
  for (const { number, parent, hasChildren: _said, position = 0, ...body } of flat) {
    const level: Growing = { ...body, levels: [] };
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
function numberLevels(nested: readonly Nested[]): readonly Numbered[] {
  const flat: Numbered[] = [];
  const walk = (levels: readonly Nested[], parent: string | undefined): void => {
    for (const { levels: under, ...body } of levels) {
      const number = String(flat.length + 1);
      flat.push({
        ...body,
        number,
        ...(parent === undefined ? {} : { parent }),
        hasChildren: under.length > 0 ? '1' : '0',
      });
      walk(under, number);
    }
  };
  walk(nested, undefined);
  return flat;
}
