import { z } from 'zod';
import type { Db } from '../../db/connection';

/** Whom a rule of an item is for: the item's own number, as the seller knows it. */
export const itemScope = z.string().regex(/^[^\s]{1,80}$/, 'is the id of an item');
export const itemScopeIs = 'The id of the item.';

/** One sentence for each id that no item has. */
export async function unknownItems(db: Db, ids: readonly string[]): Promise<readonly string[]> {
  const wanted = [...new Set(ids)];
  const known = new Set((await db('item').whereIn('id', wanted).pluck('id')) as string[]);
  return wanted.filter((id) => !known.has(id)).map((id) => `There is no item ${id}`);
}

/** An item that leads back to itself, as a sentence; each circle once. */
export function circlesOf(next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (item: string, path: readonly string[]): void => {
    const at = path.indexOf(item);
    if (at >= 0) {
      found.push(`${[...path.slice(at), item].join(' -> ')} is a circle`);
      return;
    }
    if (done.has(item)) return;
    for (const other of next.get(item) ?? []) walk(other, [...path, item]);
    done.add(item);
  };
  for (const item of next.keys()) walk(item, []);
  return found;
}
