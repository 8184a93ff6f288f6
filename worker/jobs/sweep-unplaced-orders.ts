import { expireUnplaced } from '../../application/order/unplaced-order';
import type { Sweep } from './job';

/** Drafts and quotes whose last moment has passed are told so. */
export const sweepUnplacedOrders: Sweep = async ({ db, log }) => {
  const expired = await db.transaction((tx) => expireUnplaced(tx, new Date().toISOString()));
  if (expired > 0) log.info({ expired }, 'drafts and quotes have expired');
};
