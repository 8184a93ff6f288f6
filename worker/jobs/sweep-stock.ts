import { wakeOverduePromises } from '../../application/stock/expect-stock';
import { expireKeeps } from '../../application/stock/keep-stock';
import { expireCart } from '../../application/stock/reserve-cart';
import type { Sweep } from './job';

/**
 * Carts and reserves whose time is over have not been counted since; here they go to those who wait. Promised days that
 * have passed are promised anew.
 */
export const sweepStock: Sweep = async ({ db }) => {
  const now = () => new Date().toISOString();
  while (await db.transaction((tx) => expireCart(tx, now())));
  while ((await db.transaction((tx) => expireKeeps(tx, now()))) > 0);
  await db.transaction((tx) => wakeOverduePromises(tx, now()));
};
