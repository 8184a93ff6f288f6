import type { Tx } from '../db/connection';
import type { Usage } from '../domain/order/order-request';
import type { SupplySource } from './sourcing-facts';

/** A supplier's item with what is left of what it said that it has; null: it has not said. */
export type LimitedSource = SupplySource & { readonly left: number | null };

/**
 * What of a supplier's report is left: less what it was ordered since, and what is reserved there and not ordered yet.
 * What was ordered before the report the supplier has counted itself.
 */
export async function withinReports(
  tx: Tx,
  supply: readonly SupplySource[],
  usage: Usage,
): Promise<readonly LimitedSource[]> {
  if (supply.length === 0) return [];
  const { rows } = await tx.raw<{ rows: { itemId: string; nodeId: string; left: number }[] }>(
    `select s.item_id as "itemId", s.node_id as "nodeId", (s.quantity
       - coalesce((select sum(l.ordered - l.cancelled) from supplier_order p join supplier_order_line l on l.supplier_order_id = p.id
           where p.node_id = s.node_id and p.ordered_at > s.reported_at and p.usage = s.usage and l.item_id = s.item_id), 0)
       - coalesce((select sum(r.quantity) from reservation r
           where r.item_id = s.item_id and r.node_id = s.node_id and r.usage = s.usage and r.status = 'active'
             and not exists (select from supplier_order_line l where l.shipment_id = r.shipment_id and l.order_line_id = r.order_line_id)), 0))::bigint as left
     from supplier_stock s where s.item_id = any(:itemIds) and s.usage = :usage`,
    { itemIds: [...new Set(supply.map(({ itemId }) => itemId))] as never, usage },
  );
  return supply.map((source) => {
    const said = rows.find((row) => row.itemId === source.itemId && row.nodeId === source.nodeId);
    return { ...source, left: said === undefined ? null : Math.max(0, Number(said.left)) };
  });
}

/**
 * The same for somebody who comes behind others: what those wait for beyond the company's own stock is left to them, as
 * far as no supplier of the item has as many as are wanted.
 */
export function behindOthers(
  supply: readonly LimitedSource[],
  owed: ReadonlyMap<string, number>,
): readonly LimitedSource[] {
  const open = new Map(owed);
  for (const { itemId, left } of supply) if (left === null) open.set(itemId, 0);
  return supply.map((source) => {
    const aside = Math.min(source.left ?? 0, open.get(source.itemId) ?? 0);
    open.set(source.itemId, (open.get(source.itemId) ?? 0) - aside);
    return source.left === null ? source : { ...source, left: source.left - aside };
  });
}
