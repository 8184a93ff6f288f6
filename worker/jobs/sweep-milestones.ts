import { watchMilestones } from '../../application/monitoring/watch-milestones';
import type { Sweep } from './job';

/** Monitoring rules against the record: what is late gets its owner, what no longer is closes. */
export const sweepMilestones: Sweep = async ({ db, log }) => {
  const { found, closed } = await watchMilestones(db, new Date().toISOString());
  if (found > 0 || closed > 0) log.info({ found, closed }, 'milestones were looked after');
};
