import type { Tx } from '../../db/connection';
import { cumulativeShareMinor } from '../../domain/shared/money';
import type { OrderRow } from '../order/order-record';

/**
 * What of an order waits for credit on lines of its own, charges and tax in their share: worked out from the holds that
 * are open, so that it is right whatever closed one of them.
 */
export async function settleCreditPending(
  tx: Tx,
  order: Pick<OrderRow, 'id' | 'total_minor' | 'subtotal_minor'>,
): Promise<number> {
  const { rows } = await tx.raw<{ rows: { minor: number }[] }>(
    `select coalesce(sum(l.amount_minor), 0)::bigint as minor from order_line l
     where l.order_id = ? and l.rejection_code is null and exists (
       select from hold h where h.order_id = l.order_id and h.type = 'credit' and h.status = 'open' and h.change_id is null
         and h.line_number = coalesce(l.split_from, l.line_number))`,
    [order.id],
  );
  const waiting = rows[0]?.minor ?? 0;
  const pendingMinor =
    waiting === 0 ? 0 : Math.max(0, cumulativeShareMinor(order.total_minor, waiting, order.subtotal_minor));
  await tx('orders').where({ id: order.id }).update({ credit_pending_minor: pendingMinor });
  return pendingMinor;
}

/** The order with it; nothing is asked where nothing waited. */
export async function withCreditPending(tx: Tx, order: OrderRow): Promise<OrderRow> {
  if (order.credit_pending_minor === 0) return order;
  return { ...order, credit_pending_minor: await settleCreditPending(tx, order) };
}
