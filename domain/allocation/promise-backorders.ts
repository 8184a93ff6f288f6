import type { LocalDate } from '../shared/dates';
import { type PlacedWant, shareInRounds } from './fair-share';
import { NodePool } from './node-pool';

export interface Supply {
  readonly date: LocalDate;
  /** Base units by node. */
  readonly byNode: ReadonlyMap<string, number>;
}

/**
 * Pegs the lines that wait for an item to what is there and what is to come at the nodes that each may have it from: the
 * day on which each has all that it waits for, by the rule by which it will be served then. What a day has given is gone
 * the next. Whoever is behind changes nothing for those before.
 * @param queue in its order; quantities beyond the share that is kept for the line
 * @param supplies ascending by date, the first is what is free today
 * @returns null for a line that nothing that is known of covers
 */
export function promiseBackorders(
  queue: readonly PlacedWant[],
  supplies: readonly Supply[],
  served: 'in-order' | 'fair-share',
): ReadonlyMap<string, LocalDate | null> {
  const promised = new Map<string, LocalDate | null>(queue.map(({ lineId }) => [lineId, null]));
  let open = queue;
  let left: ReadonlyMap<string, number> = new Map();
  for (const { date, byNode } of supplies) {
    const pool = new NodePool(added(left, byNode));
    const given = served === 'fair-share' ? shared(pool, open) : inOrder(pool, open);
    open = open.flatMap((want) => {
      const quantity = want.quantity - (given.get(want.lineId) ?? 0);
      if (quantity === 0) promised.set(want.lineId, date);
      return quantity === 0 ? [] : [{ ...want, quantity }];
    });
    left = pool.free;
  }
  return promised;
}

function added(left: ReadonlyMap<string, number>, more: ReadonlyMap<string, number>) {
  const sum = new Map(left);
  for (const [node, units] of more) sum.set(node, (sum.get(node) ?? 0) + units);
  return sum;
}

const inOrder = (pool: NodePool, wants: readonly PlacedWant[]): ReadonlyMap<string, number> =>
  new Map(wants.map(({ lineId, nodes, quantity }) => [lineId, pool.take(nodes, quantity)]));

const shared = (pool: NodePool, wants: readonly PlacedWant[]): ReadonlyMap<string, number> =>
  shareInRounds(
    wants,
    () => pool.left,
    (shares) => new Map(shares.map(({ want, quantity }) => [want.lineId, pool.take(want.nodes, quantity)])),
  );
