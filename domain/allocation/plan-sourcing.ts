import type { Allocation } from './allocate';
import { noConstraints, type UnfilledReason } from './constraints';
import { type ConsideredNode, explainNodes } from './explain-nodes';
import type { Terms } from './objective';
import { evaluate, indexProblem, type Piece, type ProblemIndex } from './problem-index';
import { defaultLimits, type FoundPlan, type SearchLimits, searchPlan } from './search-plan';
import type { Refusal, SourcingDemand, SourcingProblem } from './sourcing-problem';

export interface Shortage {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly quantity: number;
  readonly reason: UnfilledReason;
}

export interface SourcingPlan {
  readonly allocations: readonly Allocation[];
  readonly shortages: readonly Shortage[];
  readonly considered: readonly ConsideredNode[];
  readonly terms: Terms;
  /** Every plan was compared: none is better. False: the best that was found. */
  readonly proven: boolean;
}

/**
 * Chooses the nodes of an order: as much as can be filled under its constraints, from the earliest steps of its rules,
 * then by the objective. The same for a new order, a backorder, a short pick and a node that was closed, and the same
 * however lines, nodes and stock are listed.
 */
export function planSourcing(problem: SourcingProblem, limits: SearchLimits = defaultLimits): SourcingPlan {
  const index = indexProblem(problem);
  const { pieces, proven } = keepWhole(index, searchPlan(index, limits));
  const evaluation = evaluate(index, pieces);
  const shortages = shortagesOf(index, pieces, limits);
  const why = new Map(shortages.map(({ lineNumber, reason }) => [lineNumber, reason]));
  return {
    allocations: allocationsOf(index, pieces),
    shortages,
    considered: explainNodes(index, pieces, evaluation, why),
    terms: evaluation.terms,
    proven,
  };
}

/** Of an order that ships complete nothing is taken while something is missing. */
const keepWhole = ({ problem }: ProblemIndex, found: FoundPlan) =>
  problem.constraints.shipComplete && found.evaluation.short > 0 ? { ...found, pieces: [] } : found;

function allocationsOf(index: ProblemIndex, pieces: readonly Piece[]): readonly Allocation[] {
  return pieces
    .toSorted((a, b) => a.demand - b.demand || a.node - b.node)
    .map(({ demand, node, quantity }) => {
      const { lineNumber, itemId } = index.demands[demand] as SourcingDemand;
      return { lineNumber, itemId, nodeId: index.nodes[node]?.nodeId as string, quantity };
    });
}

const missingOf = (index: ProblemIndex, pieces: readonly Piece[]): ReadonlyMap<number, number> => {
  const open = new Map(index.demands.map((demand) => [demand.lineNumber, demand.quantity]));
  for (const { demand, quantity } of pieces) {
    const { lineNumber } = index.demands[demand] as SourcingDemand;
    open.set(lineNumber, (open.get(lineNumber) ?? 0) - quantity);
  }
  return new Map([...open].filter(([, quantity]) => quantity > 0));
};

/**
 * Names why each line is short: the first constraint without which more of it could be filled. Weighed only where
 * something is short.
 */
function shortagesOf(
  index: ProblemIndex,
  pieces: readonly Piece[],
  limits: SearchLimits,
): readonly Shortage[] {
  const missing = missingOf(index, pieces);
  if (missing.size === 0) return [];
  const reasons = new Map<number, UnfilledReason>();
  // Reasons need no best plan: what could be filled at all is enough.
  const quick = {
    ...limits,
    exactSteps: Math.min(limits.exactSteps, 2000),
    looks: limits.looks / 20,
  };
  const relax = (problem: SourcingProblem, reason: UnfilledReason) => {
    const without = indexProblem(problem);
    const left = missingOf(without, keepWhole(without, searchPlan(without, quick)).pieces);
    for (const [line, quantity] of missing)
      if (!reasons.has(line) && (left.get(line) ?? 0) < quantity) reasons.set(line, reason);
  };
  for (const { reason, problem } of relaxations(index.problem)) {
    if (reasons.size < missing.size) relax(problem, reason);
  }
  return index.demands
    .filter(({ lineNumber }) => missing.has(lineNumber))
    .map((demand) => ({
      lineNumber: demand.lineNumber,
      itemId: demand.itemId,
      quantity: missing.get(demand.lineNumber) as number,
      reason: reasons.get(demand.lineNumber) ?? plainReason(index, demand, pieces),
    }));
}

/** A rule keeps the line from there. Stores that declined, the place of a pickup and closed nodes are no rule's doing. */
const isForbidden = ({ code }: Refusal) =>
  code === 'excluded' || code === 'kind' || code === 'not-in-sequence' || code === 'no-rate';

/**
 * Where no constraint is to blame: what still lies at nodes that the line's rule forbids is not out of stock. Nor is what
 * lies where the line may have it from nowhere.
 */
function plainReason(
  { problem, demands, nodes }: ProblemIndex,
  demand: SourcingDemand,
  pieces: readonly Piece[],
): UnfilledReason {
  const has = problem.availability.filter(
    ({ itemId, available }) => itemId === demand.itemId && available > 0,
  );
  if (has.length > 0 && Object.keys(demand.steps).length === 0) return 'no-eligible-node';
  const taken = (nodeId: string) =>
    pieces.reduce(
      (sum, piece) =>
        demands[piece.demand]?.itemId === demand.itemId && nodes[piece.node]?.nodeId === nodeId
          ? sum + piece.quantity
          : sum,
      0,
    );
  const lies = has.some(({ nodeId, available }) => {
    const refusal = demand.refusals[nodeId];
    return refusal !== undefined && isForbidden(refusal) && available > taken(nodeId);
  });
  return lies ? 'no-eligible-node' : 'out-of-stock';
}

/** The problem without one of its constraints, for each that it has, then without all. */
function relaxations(
  problem: SourcingProblem,
): readonly { readonly reason: UnfilledReason; readonly problem: SourcingProblem }[] {
  const { constraints, demands, nodes } = problem;
  const each = (change: (demand: SourcingDemand) => SourcingDemand) => demands.map(change);
  const allow = (demand: SourcingDemand, because: UnfilledReason): SourcingDemand => ({
    ...demand,
    steps: { ...demand.steps, ...stepsWithout(demand, because) },
  });
  const withWindow = (because: UnfilledReason) => each((demand) => allow(demand, because));
  const options: { reason: UnfilledReason; active: boolean; change: Partial<SourcingProblem> }[] = [
    {
      reason: 'ship-window',
      active: demands.some((demand) => refused(demand, 'ship-window')),
      change: { demands: withWindow('ship-window') },
    },
    {
      reason: 'node-capacity',
      active:
        nodes.some((node) => node.roomUnits !== null) ||
        demands.some((demand) => refused(demand, 'node-capacity')),
      change: {
        demands: withWindow('node-capacity'),
        nodes: nodes.map((node) => ({ ...node, roomUnits: null })),
      },
    },
    {
      reason: 'single-node',
      active: constraints.singleNode || demands.some((demand) => demand.singleNode),
      change: {
        constraints: { ...constraints, singleNode: false },
        demands: each((demand) => ({ ...allow(demand, 'single-node'), singleNode: false })),
      },
    },
    {
      reason: 'maximum-shipments',
      active: constraints.maximumShipments !== null,
      change: { constraints: { ...constraints, maximumShipments: null } },
    },
    {
      reason: 'ship-together',
      active: demands.some((demand) => demand.together !== null),
      change: { demands: each((demand) => ({ ...allow(demand, 'ship-together'), together: null })) },
    },
    {
      reason: 'ship-complete-line',
      active: demands.some((demand) => demand.complete),
      change: { demands: each((demand) => ({ ...demand, complete: false })) },
    },
    {
      reason: 'ship-complete-order',
      active: constraints.shipComplete,
      change: { constraints: { ...constraints, shipComplete: false } },
    },
  ];
  const active = options.filter((option) => option.active);
  const single = active.map(({ reason, change }) => ({ reason, problem: { ...problem, ...change } }));
  if (active.length < 2) return single;
  const free: SourcingProblem = {
    ...problem,
    constraints: noConstraints,
    nodes: nodes.map((node) => ({ ...node, roomUnits: null })),
    demands: each((demand) => ({
      ...demand,
      together: null,
      complete: false,
      singleNode: false,
      steps: {
        ...demand.steps,
        ...stepsWithout(demand, 'ship-window'),
        ...stepsWithout(demand, 'node-capacity'),
        ...stepsWithout(demand, 'single-node'),
        ...stepsWithout(demand, 'ship-together'),
      },
    })),
  };
  return [...single, { reason: 'constraints-together', problem: free }];
}

const refused = ({ refusals }: SourcingDemand, because: UnfilledReason) =>
  Object.values(refusals).some((refusal) => refusal.becauseOf?.constraint === because);

/** The steps that nodes would have without a constraint. */
const stepsWithout = ({ refusals }: SourcingDemand, because: UnfilledReason) =>
  Object.fromEntries(
    Object.entries(refusals).flatMap(([nodeId, { becauseOf }]) =>
      becauseOf?.constraint === because ? [[nodeId, becauseOf.step]] : [],
    ),
  );
