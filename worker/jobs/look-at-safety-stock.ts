import { wakeForSafetyStock } from '../../application/stock/wake-for-safety-stock';
import type { JobHandler } from './job';

/** A rule of safety stock counts from now on: what it sets free goes to those who wait. */
export const lookAtSafetyStock: JobHandler<'look-at-safety-stock'> = async ({ scope }, { db }) => {
  await db.transaction((tx) => wakeForSafetyStock(tx, scope, new Date().toISOString()));
};
