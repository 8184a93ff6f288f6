import { judgeReceived } from '../../gateway/intake/judge-received';
import type { JobHandler } from './job';

/** What arrived is judged, answered and taken in. */
export const judgeInterchange: JobHandler<'judge-interchange'> = async ({ interchangeId }, { db }) => {
  await judgeReceived(db, interchangeId, () => new Date().toISOString());
};
