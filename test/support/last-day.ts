import { keepCancelAfter } from '../../application/order/close-order';
import type { Tx } from '../../db/connection';

/** The order's last day passes: what is open of it is cancelled. */
export async function passLastDay(tx: Tx, orderId: string, now: string): Promise<void> {
  await tx('orders').where({ id: orderId }).update({ cancel_after: now });
  await keepCancelAfter(tx, orderId, now);
}
