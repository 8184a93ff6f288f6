import type { OwnKeep } from './draw-keeps';

/** What is wanted of an item, in base units. */
export interface Demand {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly quantity: number;
  /** Base units of one ordered unit: a case is not split over nodes, nor shipped in part while the rest waits. */
  readonly multiple?: number;
}

/** What a node could give of an item now to anybody (`freeToSell`), never negative. */
export interface Availability {
  readonly itemId: string;
  readonly nodeId: string;
  readonly available: number;
  /** Besides, what is kept there for the one who asks: a cart, a customer's or channel's reserve. Nobody's place in a queue touches it. */
  readonly own?: number;
}

export interface AllocationNode {
  readonly nodeId: string;
  /** Lower is preferred. */
  readonly rank: number;
}

export interface AllocationConstraints {
  /** Nothing of the order is taken unless everything is. */
  readonly shipComplete: boolean;
  readonly maximumShipments: number | null;
  /** Units of an item promised to orders that wait longer: they are not for this one. */
  readonly promised: Readonly<Record<string, number>>;
}

export interface Allocation {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly nodeId: string;
  readonly quantity: number;
}

export interface AllocationPlan {
  readonly allocations: readonly Allocation[];
  readonly shortages: readonly {
    readonly lineNumber: number;
    readonly itemId: string;
    readonly quantity: number;
  }[];
  /** For each node looked at: what it could fill and why it was taken or not. */
  readonly considered: readonly {
    readonly nodeId: string;
    readonly fills: number;
    readonly taken: boolean;
    readonly reason: string;
  }[];
  /** What was kept for the one who asked, in the order in which it is drawn; absent where nothing was. */
  readonly own?: readonly OwnKeep[];
}

/**
 * Fewest shipments first: the node that fills most of what is open takes it, the lower rank and then the id deciding
 * ties, until nothing more can be filled. A single node that fills everything therefore always wins over a split.
 */
export function allocate(
  demands: readonly Demand[],
  availability: readonly Availability[],
  nodes: readonly AllocationNode[],
  constraints: AllocationConstraints,
): AllocationPlan {
  const open = new Map(demands.map((demand) => [demand.lineNumber, demand.quantity]));
  const left = availableBeyondPromises(availability, nodes, constraints.promised);
  const allocations: Allocation[] = [];
  const considered: AllocationPlan['considered'][number][] = [];
  const untaken = new Set(nodes.map((node) => node.nodeId));
  const rank = new Map(nodes.map((node) => [node.nodeId, node.rank]));
  for (;;) {
    const offers = [...untaken].map((nodeId) => ({ nodeId, picks: fill(nodeId, demands, open, left) }));
    const best = offers.toSorted(
      (a, b) =>
        sum(b.picks) - sum(a.picks) ||
        (rank.get(a.nodeId) ?? 0) - (rank.get(b.nodeId) ?? 0) ||
        (a.nodeId < b.nodeId ? -1 : 1),
    )[0];
    if (!best || sum(best.picks) === 0) break;
    if (constraints.maximumShipments !== null && considered.length >= constraints.maximumShipments) {
      considered.push({
        nodeId: best.nodeId,
        fills: sum(best.picks),
        taken: false,
        reason: `the order allows ${constraints.maximumShipments} shipments`,
      });
      untaken.delete(best.nodeId);
      break;
    }
    for (const pick of best.picks) {
      allocations.push({ ...pick, nodeId: best.nodeId });
      open.set(pick.lineNumber, (open.get(pick.lineNumber) ?? 0) - pick.quantity);
      left.set(key(pick.itemId, best.nodeId), (left.get(key(pick.itemId, best.nodeId)) ?? 0) - pick.quantity);
    }
    considered.push({
      nodeId: best.nodeId,
      fills: sum(best.picks),
      taken: true,
      reason: 'fills most of what is open',
    });
    untaken.delete(best.nodeId);
  }
  for (const nodeId of [...untaken].sort()) {
    considered.push({
      nodeId,
      fills: 0,
      taken: false,
      reason: 'nothing more of what is open is available there',
    });
  }
  const shortages = demands
    .map((demand) => ({
      lineNumber: demand.lineNumber,
      itemId: demand.itemId,
      quantity: open.get(demand.lineNumber) ?? 0,
    }))
    .filter((shortage) => shortage.quantity > 0);
  if (constraints.shipComplete && shortages.length > 0) {
    return { allocations: [], shortages: demands.map((demand) => ({ ...demand })), considered };
  }
  return { allocations, shortages, considered };
}

function fill(
  nodeId: string,
  demands: readonly Demand[],
  open: ReadonlyMap<number, number>,
  left: ReadonlyMap<string, number>,
): { lineNumber: number; itemId: string; quantity: number }[] {
  const taken = new Map<string, number>();
  const picks: { lineNumber: number; itemId: string; quantity: number }[] = [];
  for (const demand of demands) {
    const there = (left.get(key(demand.itemId, nodeId)) ?? 0) - (taken.get(demand.itemId) ?? 0);
    const wanted = open.get(demand.lineNumber) ?? 0;
    // An order for one and a half cases may end with the half.
    const quantity = there >= wanted ? wanted : there - (there % (demand.multiple ?? 1));
    if (quantity <= 0) continue;
    taken.set(demand.itemId, (taken.get(demand.itemId) ?? 0) + quantity);
    picks.push({ lineNumber: demand.lineNumber, itemId: demand.itemId, quantity });
  }
  return picks;
}

/** Takes the promised units off the least preferred nodes first, so that what is left lies where it is wanted. */
function availableBeyondPromises(
  availability: readonly Availability[],
  nodes: readonly AllocationNode[],
  promised: Readonly<Record<string, number>>,
): Map<string, number> {
  const rank = new Map(nodes.map((node) => [node.nodeId, node.rank]));
  const owed = new Map(Object.entries(promised));
  const left = new Map<string, number>();
  const worstFirst = availability
    .filter((row) => rank.has(row.nodeId))
    .toSorted(
      (a, b) => (rank.get(b.nodeId) ?? 0) - (rank.get(a.nodeId) ?? 0) || (a.nodeId < b.nodeId ? 1 : -1),
    );
  for (const row of worstFirst) {
    const set = Math.min(Math.max(0, row.available), owed.get(row.itemId) ?? 0);
    owed.set(row.itemId, (owed.get(row.itemId) ?? 0) - set);
    left.set(key(row.itemId, row.nodeId), Math.max(0, row.available) - set + (row.own ?? 0));
  }
  return left;
}

const key = (itemId: string, nodeId: string) => `${itemId}\u0000${nodeId}`;
const sum = (picks: readonly { quantity: number }[]) =>
  picks.reduce((total, pick) => total + pick.quantity, 0);
