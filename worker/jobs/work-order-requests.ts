import { workOrderRequests as work } from '../../gateway/intake/work-order-requests';
import type { JobHandler } from './job';

/** What a partner asked for about one purchase order, in the order it came. While the engine is away an 860 stays queued. */
export const workOrderRequests: JobHandler<'work-order-requests'> = async (
  subject,
  { db, engine, timings },
) => {
  const applyChange = (orderId: string, changeId: string) => engine.applyChange(orderId, changeId);
  await work(
    {
      db,
      clock: () => new Date().toISOString(),
      applyChange,
      changeWaitsForOrderMs: timings.changeWaitsForOrderMs,
    },
    subject,
  );
};
