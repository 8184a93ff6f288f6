import type { JobHandler } from './job';

/** Something about the order was written by someone else than its workflow, which is told to look. */
export const signalOrder: JobHandler<'signal-order'> = async ({ orderId }, { engine }) => {
  await engine.signalOrder(orderId);
};
