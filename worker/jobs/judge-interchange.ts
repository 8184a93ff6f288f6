import { addJob } from '../../db/jobs';
import { addSeconds } from '../../domain/shared/dates';
import { judgeReceived } from '../../gateway/intake/judge-received';
import type { JobHandler } from './job';

/** What arrived is judged, answered and taken in. */
export const judgeInterchange: JobHandler<'judge-interchange'> = async ({ interchangeId }, { db }) => {
  const clock = () => new Date().toISOString();
  if ((await judgeReceived(db, interchangeId, clock)) === 'done') return;
  await addJob(
    db,
    'judge-interchange',
    { interchangeId },
    { key: interchangeId, runAt: addSeconds(clock(), 1) },
  );
};
