import type { Db } from '../../db/connection';
import type { OrderRow } from '../order/order-record';

/**
 * Whose wish a hold is about: who ordered, who asked for the change that waits for it, and who has made the order larger
 * since. None of them approves it: a person who has somebody else's order grow would else spend without anybody.
 */
export async function whoAsked(
  db: Db,
  order: Pick<OrderRow, 'id' | 'placed_by'>,
  changeId: string | null,
): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: { person: string }[] }>(
    `select distinct requested_by as person from order_change where order_id = ? and (id = ? or (status in ('applied', 'partly-applied')
       and (assessment #>> '{after,totalMinor}')::bigint > (assessment #>> '{before,totalMinor}')::bigint))`,
    [order.id, changeId],
  );
  return [...(order.placed_by === null ? [] : [order.placed_by]), ...rows.map(({ person }) => person)];
}
