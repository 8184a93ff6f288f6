import type { Tx } from '../../db/connection';
import type { Availability } from '../../domain/allocation/allocate';
import { supplyOfLine } from '../../domain/allocation/allowed-nodes';
import { wholeUnits } from '../../domain/allocation/available-to-promise';
import type { SourcingCase } from '../../domain/allocation/sourcing-case';
import type { SupplySource } from '../sourcing/sourcing-facts';

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

/** How each line may be had from suppliers of its item. */
export function withSupply<Order extends Pick<SourcingCase, 'orderType' | 'lines'>>(
  order: Order,
  supply: readonly SupplySource[],
  refused: Refusals,
): Order {
  if (supply.length === 0) return order;
  const byItem = Map.groupBy(supply, (source) => source.itemId);
  const lines = order.lines.map((line) => {
    const sources = byItem.get(line.itemId) ?? [];
    const terms = supplyOfLine(sources, order.orderType, refused.get(line.lineNumber) ?? []);
    if (terms === undefined) return line;
    return {
      ...line,
      itemClass: line.itemClass ?? sources[0]?.itemClass ?? null,
      weightGrams: line.weightGrams === 0 ? (sources[0]?.weightGrams ?? 0) : line.weightGrams,
      supply: terms,
    };
  });
  return { ...order, lines };
}

/**
 * What suppliers ship stands beside the stock: a supplier has as many as the order asks for, or what is left of what it
 * said that it has, in whole units of its own and no fewer than it sells. Nothing of it is the company's stock.
 * @param left of the company's nodes and of suppliers, beyond what others wait for
 */
export function wantedOf(
  lines: SourcingCase['lines'],
  supply: readonly SupplySource[],
  left: readonly Availability[],
): readonly Availability[] {
  const wanted = new Map<string, number>();
  for (const { itemId, quantity } of lines) wanted.set(itemId, (wanted.get(itemId) ?? 0) + quantity);
  return left.flatMap((row) => {
    const source = supply.find(({ itemId, nodeId }) => itemId === row.itemId && nodeId === row.nodeId);
    if (source === undefined) return [row];
    const available = wholeUnits(Math.min(wanted.get(row.itemId) ?? 0, row.available), source);
    return available === 0 ? [] : [{ ...row, available }];
  });
}
