import { applyOrderChange } from '../../application/change/apply-order-change';
import { readProgress } from '../../application/order/read-progress';
import type { JobHandler } from './job';

/**
 * Something about the order was written by someone else than its workflow, which is told to look. Once that has ended
 * the record answers a change by itself.
 */
export const signalOrder: JobHandler<'signal-order'> = async ({ orderId }, { db, engine }) => {
  if ((await engine.signalOrder(orderId)) === 'running') return;
  const { pendingChanges } = await readProgress(db, orderId);
  for (const changeId of pendingChanges) {
    await db.transaction((tx) => applyOrderChange(tx, changeId, new Date().toISOString()));
  }
};
