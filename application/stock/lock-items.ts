import type { Tx } from '../../db/connection';
import type { Usage } from '../../domain/order/order-request';

/**
 * Locks what there is of items, by item and node, so that two orders never count on the same units: the company's stock
 * first, then what suppliers say they have.
 */
export async function lockItems(
  tx: Tx,
  table: 'stock' | 'supplier_stock',
  itemIds: readonly (string | null)[],
  usage: Usage,
): Promise<void> {
  await tx(table)
    .whereIn(
      'item_id',
      itemIds.filter((id) => id !== null),
    )
    .andWhere({ usage })
    .orderBy(['item_id', 'node_id'])
    .forUpdate()
    .select('item_id');
}
