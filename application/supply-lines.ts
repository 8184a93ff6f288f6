import type { Tx } from '../db/connection';
import type { SourcingCase } from '../domain/allocation/sourcing-case';
import type { SupplySource } from './sourcing-facts';
import type { LimitedSource } from './supplier-stock';

/** By line number: suppliers' nodes that have refused the line. */
export type Refusals = ReadonlyMap<number, readonly string[]>;

/** Read only where a supplier could be asked, and of an order that may have asked one. */
export async function readRefusals(
  tx: Tx,
  orderId: string | null,
  supply: readonly SupplySource[],
): Promise<Refusals> {
  if (orderId === null || supply.length === 0) return new Map();
  const rows = (await tx('supplier_order_line as s')
    .join('supplier_order as p', 'p.id', 's.supplier_order_id')
    .join('order_line as l', 'l.id', 's.order_line_id')
    .where({ 'p.order_id': orderId, 's.refused': true })
    .distinct('l.line_number', 'p.node_id')) as { line_number: number; node_id: string }[];
  return new Map(
    [...Map.groupBy(rows, (row) => row.line_number)].map(([line, ofLine]) => [
      line,
      ofLine.map((row) => row.node_id),
    ]),
  );
}

/**
 * What suppliers ship stands beside the stock: a supplier has as many as the order asks for, or what is left of what it
 * said that it has, in whole units of its own and no fewer than it sells. Nothing of it is the company's stock.
 */
export function withSupply(
  order: SourcingCase,
  supply: readonly LimitedSource[],
  refused: Refusals,
): SourcingCase {
  if (supply.length === 0) return order;
  const isDropShip = order.orderType === 'drop-ship';
  const byItem = Map.groupBy(supply, (source) => source.itemId);
  const lines = order.lines.map((line) => {
    const sources = byItem.get(line.itemId) ?? [];
    // What no supplier has is the company's own to ship, also where a buyer calls its order a drop ship.
    if (sources.length === 0) return line;
    const [first] = sources;
    const refusedBy = refused.get(line.lineNumber) ?? [];
    // A drop ship that every supplier has refused comes from the company's own nodes, where its rule allows them.
    const isLeftToThem = isDropShip && sources.some(({ nodeId }) => !refusedBy.includes(nodeId));
    return {
      ...line,
      itemClass: line.itemClass ?? first?.itemClass ?? null,
      weightGrams: line.weightGrams === 0 ? (first?.weightGrams ?? 0) : line.weightGrams,
      supply: {
        only: isLeftToThem || sources.some(({ sourcing }) => sourcing === 'always'),
        sources,
        refusedBy,
      },
    };
  });
  const wanted = new Map<string, number>();
  for (const { itemId, quantity } of order.lines) wanted.set(itemId, (wanted.get(itemId) ?? 0) + quantity);
  const offered = supply.flatMap(({ itemId, nodeId, unitFactor, minimum, left }) => {
    const asked = wanted.get(itemId) ?? 0;
    const units = Math.floor(Math.min(asked, left ?? asked) / unitFactor);
    return units < minimum ? [] : [{ itemId, nodeId, available: units * unitFactor }];
  });
  return { ...order, lines, availability: [...order.availability, ...offered] };
}
