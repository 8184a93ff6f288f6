import { recheckCredit as recheck } from '../../application/credit/recheck-credit';
import type { JobHandler } from './job';

/** A payment, a new limit, a dispute: the orders that wait for credit are looked at in the order of their queue. */
export const recheckCredit: JobHandler<'recheck-credit'> = async ({ creditAccountId }, { db }) => {
  await recheck(db, creditAccountId, new Date().toISOString());
};
