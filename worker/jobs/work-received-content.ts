import { addJob } from '../../db/jobs';
import { addSeconds } from '../../domain/shared/dates';
import { workReceivedContent as work } from '../../gateway/intake/work-received-content';
import type { JobHandler } from './job';

/** What a partner sent besides orders, in the order it came. */
export const workReceivedContent: JobHandler<'work-received-content'> = async ({ partnerId }, { db }) => {
  const clock = () => new Date().toISOString();
  if ((await work(db, partnerId, clock)) === 'done') return;
  await addJob(
    db,
    'work-received-content',
    { partnerId },
    { key: `again/${partnerId}`, runAt: addSeconds(clock(), 1) },
  );
};
