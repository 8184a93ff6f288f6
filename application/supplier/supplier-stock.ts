import type { Tx } from '../../db/connection';
import { ASKED_SINCE } from '../../db/repositories/asked-of-suppliers';
import type { Availability } from '../../domain/allocation/allocate';
import type { Usage } from '../../domain/order/order-request';
import type { SupplySource } from '../sourcing/sourcing-facts';

/** A supplier's item with what is left of what it said that it has; null: it has not said. */
export type LimitedSource = SupplySource & { readonly left: number | null };

/** What of suppliers' reports is left, beyond what they were asked for since. */
export async function withinReports(
  tx: Tx,
  supply: readonly SupplySource[],
  usage: Usage,
): Promise<readonly LimitedSource[]> {
  if (supply.length === 0) return [];
  const { rows } = await tx.raw<{ rows: { itemId: string; nodeId: string; left: number }[] }>(
    `select s.item_id as "itemId", s.node_id as "nodeId", (s.quantity - ${ASKED_SINCE})::bigint as left
     from supplier_stock s where s.item_id = any(:itemIds) and s.usage = :usage`,
    { itemIds: [...new Set(supply.map(({ itemId }) => itemId))] as never, usage },
  );
  return supply.map((source) => {
    const said = rows.find((row) => row.itemId === source.itemId && row.nodeId === source.nodeId);
    return { ...source, left: said === undefined ? null : Math.max(0, Number(said.left)) };
  });
}

/** More than anybody waits for: what a supplier has of which it has never said how many it has. */
export const NO_LIMIT = 1_000_000_000_000;

/** As stock beside the company's own: what others wait for is set aside from it, too. */
export const offered = (supply: readonly LimitedSource[]): readonly Availability[] =>
  supply.map(({ itemId, nodeId, left }) => ({ itemId, nodeId, available: left ?? NO_LIMIT }));
