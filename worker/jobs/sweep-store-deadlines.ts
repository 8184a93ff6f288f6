import { keepStoreTasks } from '../../application/store/keep-store-tasks';
import { wakeOrder } from '../../application/store/store-tasks';
import { addSeconds } from '../../domain/shared/dates';
import type { Sweep } from './job';

/** An order's workflow keeps its deadlines by itself; what is later than this it has not. */
const LATE_SECONDS = 120;
const BATCH = 200;

/**
 * Store tasks whose deadline no workflow has kept (the time to accept, a reminder, the end of a pickup window, what a
 * store has said): Temporal is away, or the order's workflow has missed it. The record keeps them, by the same use case,
 * which does nothing where it was done; a job tells the order's workflow once it is there. To call Temporal here would hold
 * up every other order for as long as it does not answer.
 */
export const sweepStoreDeadlines: Sweep = async ({ db, log }) => {
  const late = (await db('store_task')
    .where('next_at', '<', addSeconds(new Date().toISOString(), -LATE_SECONDS))
    .groupBy('order_id')
    .orderByRaw('min(next_at)')
    .limit(BATCH)
    .pluck('order_id')) as string[];
  for (const orderId of late) {
    try {
      await db.transaction(async (tx) => {
        await keepStoreTasks(tx, orderId, new Date().toISOString());
        await wakeOrder(tx, { order_id: orderId });
      });
    } catch (error) {
      // One order that cannot be kept is no reason to leave the others; it is tried again in a minute.
      log.error({ orderId, err: error }, 'a deadline of a store could not be kept by the record');
      continue;
    }
    log.warn({ orderId }, 'a deadline of a store was kept by the record: no workflow has');
  }
};
