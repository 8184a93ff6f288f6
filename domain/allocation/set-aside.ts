import type { AllocationNode, Availability } from './allocate';

/** Units that others wait for who come first. */
export interface PromisedUnits {
  readonly itemId: string;
  readonly quantity: number;
  /** The nodes that they may come from; null: any. */
  readonly nodes: readonly string[] | null;
}

/**
 * Takes off what is promised: as much of it as the nodes that it may come from have, whoever else may come from them
 * (a greatest flow from nodes to promises), and never more. Of the ways to do so, the one that leaves most where it is
 * `wanted`, then with suppliers (of several with the one that has least), then at the preferred nodes.
 */
export function beyondPromises(
  availability: readonly Availability[],
  nodes: readonly AllocationNode[],
  promised: readonly PromisedUnits[],
  wanted: (at: Pick<Availability, 'itemId' | 'nodeId'>) => boolean = () => true,
): readonly Availability[] {
  const rank = new Map(nodes.map((node) => [node.nodeId, node.rank]));
  const suppliers = new Set(nodes.flatMap((node) => (node.isSupplier === true ? [node.nodeId] : [])));
  const supplied = (row: Availability) => (suppliers.has(row.nodeId) ? 1 : 0);
  const leastWantedFirst = availability
    .filter((row) => rank.has(row.nodeId))
    .toSorted(
      (a, b) =>
        Number(wanted(a)) - Number(wanted(b)) ||
        supplied(a) - supplied(b) ||
        supplied(a) * (b.available - a.available) ||
        (rank.get(b.nodeId) ?? 0) - (rank.get(a.nodeId) ?? 0) ||
        (a.nodeId < b.nodeId ? 1 : -1),
    );
  const promisedBy = Map.groupBy(promised, ({ itemId }) => itemId);
  return [...Map.groupBy(leastWantedFirst, ({ itemId }) => itemId)].flatMap(([itemId, rows]) => {
    const aside = setAside(rows, promisedBy.get(itemId) ?? []);
    return rows.map(({ nodeId, available, own }, at) => ({
      itemId,
      nodeId,
      available: Math.max(0, available) - (aside[at] ?? 0) + (own ?? 0),
    }));
  });
}

/** Units of each row that are not free. Earlier rows give first; a later one never makes an earlier one give less. */
function setAside(rows: readonly Availability[], promised: readonly PromisedUnits[]): readonly number[] {
  const groups = merged(promised).map(({ quantity, nodes }) => ({
    open: quantity,
    allows: rows.map(({ nodeId }) => nodes === null || nodes.includes(nodeId)),
    from: rows.map(() => 0),
  }));
  return rows.map(({ available }, row) => {
    let left = Math.max(0, available);
    let path = left > 0 ? findPath(groups, row) : null;
    while (path !== null) {
      const units = Math.min(left, ...path.map((step) => step.units));
      for (const { group, row: at, leaves } of path) {
        group.from[at] = (group.from[at] ?? 0) + units;
        if (leaves === null) group.open -= units;
        else group.from[leaves] = (group.from[leaves] ?? 0) - units;
      }
      left -= units;
      path = left > 0 ? findPath(groups, row) : null;
    }
    return Math.max(0, available) - left;
  });
}

interface Group {
  open: number;
  readonly allows: readonly boolean[];
  /** By row: units that are set aside there for it. */
  readonly from: number[];
}

/** One promise takes units of a row, and leaves others to the next step; the last one lacked them. */
interface Step {
  readonly group: Group;
  readonly row: number;
  readonly leaves: number | null;
  readonly units: number;
}

/** The shortest way on which units of a row can serve a promise, others of which give way to rows that they may have too. */
function findPath(groups: readonly Group[], start: number): readonly Step[] | null {
  const reached = new Set<number>([start]);
  const seen = new Set<Group>();
  let ways: readonly { readonly row: number; readonly path: readonly Step[] }[] = [{ row: start, path: [] }];
  while (ways.length > 0) {
    const next: { row: number; path: readonly Step[] }[] = [];
    for (const { row, path } of ways) {
      const fitting = groups.filter((group) => group.allows[row] === true && !seen.has(group));
      const lacking = fitting.find((group) => group.open > 0);
      if (lacking) return [...path, { group: lacking, row, leaves: null, units: lacking.open }];
      for (const group of fitting) {
        seen.add(group);
        for (const [leaves, units] of group.from.entries()) {
          if (units === 0 || reached.has(leaves)) continue;
          reached.add(leaves);
          next.push({ row: leaves, path: [...path, { group, row, leaves, units }] });
        }
      }
    }
    ways = next;
  }
  return null;
}

/** Promises that may come from the same nodes are one. */
const merged = (promised: readonly PromisedUnits[]): readonly Pick<PromisedUnits, 'quantity' | 'nodes'>[] =>
  [...Map.groupBy(promised, ({ nodes }) => (nodes === null ? '' : JSON.stringify([...nodes].sort())))].map(
    ([, alike]) => ({
      nodes: alike[0]?.nodes ?? null,
      quantity: alike.reduce((sum, one) => sum + Math.max(0, one.quantity), 0),
    }),
  );
