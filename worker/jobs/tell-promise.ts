import { tellMovedPromise } from '../../application/backorder/tell-moved-promise';
import type { JobHandler } from './job';
import { signalOrder } from './signal-order';

/** What is expected has changed: an order that may be planned is promised anew by its workflow, any other one here. */
export const tellPromise: JobHandler<'tell-promise'> = async (payload, tools) => {
  const now = new Date().toISOString();
  await tools.db.transaction((tx) => tellMovedPromise(tx, payload.orderId, now));
  await signalOrder(payload, tools);
};
