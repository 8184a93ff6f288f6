import type { LocalDate } from '../shared/dates';
import type { Allocation } from './allocate';
import type { PlanConstraints } from './constraints';
import type { SourcingCase } from './sourcing-case';

/** Where what an order has lies: its shipments, and the reservations that will be some. */
export type WhereItLies = Pick<SourcingCase['already'], 'shipments' | 'nodes' | 'open' | 'ofLine' | 'ofWord'>;

/** A line that waits, with what binds it to the rest of its order. */
export interface WaitingBeside {
  readonly lineNumber: number;
  /** The word of the lines that it ships together with. */
  readonly together: string | null;
  /** It is to come from one node itself. */
  readonly singleNode: boolean;
}

/**
 * The nodes that a line which waits can join its order from: where all of the order, the line itself, or those that it
 * ships together with are to come from one node, that one; where no shipment is left for it, those of the shipments that
 * it can still join.
 * @returns null: any, there is a shipment left for it
 */
export function reachOf(
  { lineNumber, together, singleNode }: WaitingBeside,
  lies: WhereItLies,
  constraints: Pick<PlanConstraints, 'singleNode' | 'maximumShipments'>,
): readonly string[] | null {
  const { maximumShipments: most } = constraints;
  const ties = [
    constraints.singleNode ? lies.nodes : [],
    singleNode ? (lies.ofLine?.[lineNumber] ?? []) : [],
    together === null ? [] : (lies.ofWord?.[together] ?? []),
  ].filter((nodes) => nodes.length > 0);
  // Without one to join and without one left it comes from nowhere.
  if (most !== null && lies.shipments >= most) ties.push(lies.open.map(({ nodeId }) => nodeId));
  const [first, ...others] = ties;
  return first === undefined
    ? null
    : [...new Set(first)].filter((node) => others.every((nodes) => nodes.includes(node))).sort();
}

/** The same order with what a plan gives it besides. @param wordOf of a line, what it ships together with */
export function withAllocations(
  lies: WhereItLies,
  allocations: readonly Allocation[],
  shipments: number,
  wordOf: (lineNumber: number) => string | null,
): WhereItLies {
  const more = (had: readonly string[], of: readonly Allocation[]) =>
    [...new Set([...had, ...of.map(({ nodeId }) => nodeId)])].sort();
  const joined = (
    had: Readonly<Record<string, readonly string[]>>,
    keyOf: (one: Allocation) => string | null,
  ): Record<string, readonly string[]> => {
    const byKey = Map.groupBy(
      allocations.filter((one) => keyOf(one) !== null),
      (one) => keyOf(one) as string,
    );
    return {
      ...had,
      ...Object.fromEntries([...byKey].map(([key, own]) => [key, more(had[key] ?? [], own)])),
    };
  };
  const open = more([], allocations).map((nodeId) => ({ nodeId, deliverBy: null, destination: '' }));
  return {
    shipments: lies.shipments + shipments,
    nodes: more(lies.nodes, allocations),
    open: [...lies.open, ...open],
    ofLine: joined(lies.ofLine ?? {}, ({ lineNumber }) => String(lineNumber)),
    ofWord: joined(lies.ofWord ?? {}, ({ lineNumber }) => wordOf(lineNumber)),
  };
}

/** What a line that waits can count on. */
export interface Prospect {
  /** The nodes that it can come from at all; null: any. */
  readonly nodes: readonly string[] | null;
  /** The day by which all of it is there; null: nothing known covers it. */
  readonly day: LocalDate | null;
  /** Nodes at which a share of what came in is kept for it. */
  readonly shares: readonly string[];
}

/** A line that waits could count on more before: on an earlier day, on a share that is kept for it, or on some node at all. */
export function isWorse(before: Prospect, after: Prospect): boolean {
  const reaches = ({ nodes }: Prospect, node: string) => nodes === null || nodes.includes(node);
  const isCut = after.nodes?.length === 0 && before.nodes?.length !== 0;
  const isLater = before.day !== null && (after.day === null || after.day > before.day);
  return isCut || isLater || before.shares.some((node) => reaches(before, node) && !reaches(after, node));
}
