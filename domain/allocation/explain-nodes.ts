import { countOf } from '../shared/count';
import { type UnfilledReason, unfilledWords } from './constraints';
import { fillFrom, preferences, Taking } from './fill-from-nodes';
import { compareValues, type Term, type Terms, termNames } from './objective';
import { type Evaluation, evaluate, type Piece, type ProblemIndex, valueOf } from './problem-index';
import type { Refusal } from './sourcing-problem';

/** Why a node ships, or does not. */
export interface ConsideredNode {
  readonly nodeId: string;
  /** Base units taken from it. */
  readonly fills: number;
  readonly taken: boolean;
  readonly code:
    | 'taken'
    | 'no-stock'
    | 'constraint'
    | 'worse'
    | 'later-step'
    | 'not-needed'
    | Refusal['code'];
  readonly reason: string;
  /** What a plan that begins with this node would come to beyond the chosen one. */
  readonly difference?: Partial<Terms>;
}

/** Nodes that are written up one by one; of more the rest is counted. */
const MOST_NODES = 60;

const wordsOf: Readonly<Record<Term, (more: number) => string>> = {
  freight: (more) => `${more} more in freight (minor units)`,
  shipments: (more) => `${more} more shipment${more === 1 ? '' : 's'}`,
  distance: (more) => `${more} km more`,
  nodeCost: (more) => `${more} more in handling (minor units)`,
  days: (more) => `${more} day${more === 1 ? '' : 's'} later`,
  daysLate: (more) => `${more} more day${more === 1 ? '' : 's'} late`,
  rank: () => 'a node of higher rank number',
};

/**
 * For every node: taken, or the rule, the stock, the constraint or the comparison that speaks against it.
 * @param short why each line that is not filled is not, by line number
 */
export function explainNodes(
  index: ProblemIndex,
  pieces: readonly Piece[],
  chosen: Evaluation,
  short: ReadonlyMap<number, UnfilledReason>,
): readonly ConsideredNode[] {
  const trial: Trial = {
    index,
    preferred: preferences(index),
    taking: new Taking(index),
    pieces,
    chosen,
    short,
  };
  const fills = new Map<number, number>();
  for (const { node, quantity } of pieces) fills.set(node, (fills.get(node) ?? 0) + quantity);
  const order = [...index.nodes.keys()].sort((a, b) => (fills.get(b) ?? 0) - (fills.get(a) ?? 0) || a - b);
  const listed = order.slice(0, MOST_NODES).map((node): ConsideredNode => {
    const nodeId = index.nodes[node]?.nodeId as string;
    const units = fills.get(node) ?? 0;
    return units > 0
      ? { nodeId, fills: units, taken: true, code: 'taken', reason: takenText(index, pieces, node, chosen) }
      : { nodeId, fills: 0, taken: false, ...whyNot(trial, node) };
  });
  const more = order.length - listed.length;
  if (more <= 0) return listed;
  const reason = `and ${more} more nodes, none of which is taken`;
  return [...listed, { nodeId: '', fills: 0, taken: false, code: 'not-needed', reason }];
}

function takenText(
  index: ProblemIndex,
  pieces: readonly Piece[],
  node: number,
  { short }: Evaluation,
): string {
  const lines = new Set(pieces.filter((piece) => piece.node === node).map((piece) => piece.demand)).size;
  const all = lines === index.demands.length && short === 0 && pieces.every((piece) => piece.node === node);
  if (all) return 'has everything, and no plan is better';
  return `fills ${lines} of ${index.demands.length} lines in the best plan`;
}

type WhyNot = Pick<ConsideredNode, 'code' | 'reason' | 'difference'>;

/** What every node that is not taken is tried against. */
interface Trial {
  readonly index: ProblemIndex;
  readonly preferred: readonly (readonly number[])[];
  /** One for all trials. */
  readonly taking: Taking;
  readonly pieces: readonly Piece[];
  readonly chosen: Evaluation;
  readonly short: ReadonlyMap<number, UnfilledReason>;
}

function whyNot(trial: Trial, node: number): WhyNot {
  const { index } = trial;
  const nodeId = index.nodes[node]?.nodeId as string;
  const eligible = index.demands.flatMap((demand, at) => (nodeId in demand.steps ? [at] : []));
  if (eligible.length === 0) {
    const refusal = index.demands.map((demand) => demand.refusals[nodeId]).find((one) => one !== undefined);
    return refusal
      ? { code: refusal.code, reason: refusal.text }
      : { code: 'not-in-sequence', reason: 'the rule does not name it' };
  }
  const has = (at: number) =>
    (index.available[(index.itemOf[at] as number) * index.nodes.length + node] as number) > 0;
  const could = eligible.filter(has);
  if (could.length === 0)
    return { code: 'no-stock', reason: 'nothing more of what is open is available there' };
  return againstIt(trial, node, could);
}

/** What keeps lines that a node has something of from coming from anywhere. */
function constraintsOn({ index, short }: Trial, lines: readonly number[]): readonly UnfilledReason[] {
  const reasons = lines.map((at) => short.get(index.demands[at]?.lineNumber as number));
  return [...new Set(reasons)].filter((reason) => reason !== undefined && reason !== 'out-of-stock');
}

/** The plan that begins with the node, beside the chosen one. */
function againstIt(trial: Trial, node: number, could: readonly number[]): WhyNot {
  const { index, preferred, taking, pieces, chosen } = trial;
  const first = preferred.map((nodes) =>
    nodes.includes(node) ? [node, ...nodes.filter((one) => one !== node)] : nodes,
  );
  const open = new Set([node, ...pieces.map((piece) => piece.node)]);
  const filled = fillFrom(index, first, open, taking);
  const other = evaluate(index, filled);
  const stays = index.problem.constraints.shipComplete && other.short > 0;
  const constraints =
    stays || filled.every((piece) => piece.node !== node) ? constraintsOn(trial, could) : [];
  if (constraints.length > 0)
    return {
      code: 'constraint',
      reason: `has some of it, but ${constraints.map((one) => unfilledWords[one]).join('; ')}`,
    };
  const difference = Object.fromEntries(
    termNames.flatMap((term) => {
      const more = other.terms[term] - chosen.terms[term];
      return more === 0 ? [] : [[term, more]];
    }),
  ) as Partial<Terms>;
  if (other.short > chosen.short)
    return {
      code: 'worse',
      reason: `with it ${countOf(other.short - chosen.short, 'unit')} less could be filled`,
      difference,
    };
  if (other.steps > chosen.steps)
    return { code: 'later-step', reason: 'an earlier step of the rule has it', difference };
  if (compareValues(valueOf(index, other), valueOf(index, chosen)) <= 0)
    return { code: 'not-needed', reason: 'no better than what is taken', difference };
  const { objective } = index.problem;
  const deciding = [
    ...(objective.kind === 'lexicographic'
      ? objective.order
      : termNames.filter((term) => objective.weights[term])),
    'shipments' as const,
    'rank' as const,
  ].filter((term) => (difference[term] ?? 0) > 0);
  const told = objective.kind === 'lexicographic' ? deciding.slice(0, 1) : [...new Set(deciding)];
  const reason = told.map((term) => wordsOf[term](difference[term] as number)).join(', ');
  return { code: 'worse', reason: `a plan with it has ${reason || 'no advantage'}`, difference };
}
