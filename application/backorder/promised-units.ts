import type { Tx } from '../../db/connection';
import { nodesOfLine, supplyOfLine } from '../../domain/allocation/allowed-nodes';
import type { PromisedUnits } from '../../domain/allocation/set-aside';
import { readSourcingFacts, type SourcingFacts } from '../sourcing/sourcing-facts';
import type { UnitsAhead } from '../stock/stock-standing';
import type { QueueEntry, WaitingLine } from './backorder-queue';

/** The nodes that the rules in force let a line that waits come from; null: any. */
export function nodesOfWaiting(
  line: WaitingLine | null,
  { itemId, itemClass }: { readonly itemId: string; readonly itemClass: string | null },
  { nodes, network, live, supply }: SourcingFacts,
): readonly string[] | null {
  if (line === null) return null;
  const { pickupAt, declined, refusedBy, soldAs, ...of } = line;
  const sources = supply.filter((source) => source.itemId === itemId);
  const supplies = new Set(sources.map(({ nodeId }) => nodeId));
  const able = nodes.filter(
    ({ nodeId, active, isSupplier }) => active && (isSupplier !== true || supplies.has(nodeId)),
  );
  const subject = { ...of, item: soldAs ?? itemId, itemClass: itemClass ?? sources[0]?.itemClass ?? null };
  const ties = { pickupAt, declined, supply: supplyOfLine(sources, of.orderType, refusedBy) };
  const allowed = nodesOfLine(live?.rules ?? [], network, able, subject, ties);
  return allowed.length === able.length ? null : allowed;
}

/** What others wait for, each from the nodes that the rules in force let it come from. */
export const promisedOf = (
  ahead: readonly UnitsAhead[],
  items: ReadonlyMap<string, { readonly itemClass: string | null }>,
  facts: SourcingFacts,
): readonly PromisedUnits[] =>
  ahead.map(({ itemId, quantity, line }) => {
    const itemClass = items.get(itemId)?.itemClass ?? null;
    return { itemId, quantity, nodes: nodesOfWaiting(line, { itemId, itemClass }, facts) };
  });

/** One line of an item's queue with the nodes that it may come from; null: any. */
export interface PlacedEntry extends QueueEntry {
  readonly nodes: readonly string[] | null;
}

/** The lines of queues with the nodes that each may come from. Where nothing restricts any of them, it costs no statement. */
export async function placeQueue(tx: Tx, queue: readonly QueueEntry[]): Promise<readonly PlacedEntry[]> {
  if (queue.every(({ line }) => line === null)) return queue.map((entry) => ({ ...entry, nodes: null }));
  const facts = await readSourcingFacts(tx, [...new Set(queue.map(({ itemId }) => itemId))]);
  return queue.map((entry) => ({ ...entry, nodes: nodesOfWaiting(entry.line, entry, facts) }));
}
