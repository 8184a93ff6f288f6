import { readProgress } from '../application/order/read-progress';
import type { Db } from '../db/connection';
import { isDone, type OrderProgress } from '../domain/order/progress';

/**
 * The progress as it goes through an order's history, which keeps every one: shipments whose story has ended are left
 * out, so that an order of a hundred shipments does not write all of them down with each step of each.
 * @param ownQueues counterparties whose calls have a task queue of their own
 */
export async function progressForWorkflow(
  db: Db,
  orderId: string,
  ownQueues: readonly string[],
): Promise<OrderProgress> {
  const progress = await readProgress(db, orderId);
  return {
    ...progress,
    shipments: progress.shipments.filter((shipment) => !isDone(shipment)),
    ...(ownQueues.length > 0 && { ownQueues }),
  };
}
