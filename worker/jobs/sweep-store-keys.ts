import { warnOfEndingKeys } from '../../application/store/warn-of-ending-keys';
import type { Sweep } from './job';

/** Keys of stores' people that end soon become somebody's. */
export const sweepStoreKeys: Sweep = async ({ db, log }) => {
  const told = await db.transaction((tx) => warnOfEndingKeys(tx, new Date().toISOString()));
  if (told > 0) log.info({ told }, 'keys of stores end soon');
};
