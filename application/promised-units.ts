import { nodesOfLine } from '../domain/allocation/allowed-nodes';
import type { PromisedUnits } from '../domain/allocation/set-aside';
import type { SourcingFacts } from './sourcing-facts';
import type { UnitsAhead } from './stock-standing';

/** What others wait for, each from the nodes that the rules in force let it come from. */
export function promisedOf(
  ahead: readonly UnitsAhead[],
  items: ReadonlyMap<string, { readonly itemClass: string | null }>,
  { nodes, network, live }: SourcingFacts,
): readonly PromisedUnits[] {
  const active = nodes.filter((node) => node.active);
  return ahead.map(({ itemId, quantity, line }) => {
    if (line === null) return { itemId, quantity, nodes: null };
    const { pickupAt, declined, soldAs, ...of } = line;
    const subject = { ...of, item: soldAs ?? itemId, itemClass: items.get(itemId)?.itemClass ?? null };
    const allowed = nodesOfLine(live?.rules ?? [], network, active, subject, { pickupAt, declined });
    return { itemId, quantity, nodes: allowed.length === active.length ? null : allowed };
  });
}
