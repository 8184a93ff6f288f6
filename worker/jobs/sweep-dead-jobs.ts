import { raiseException } from '../../application/record/raise-exception';
import { addSeconds } from '../../domain/shared/dates';
import type { Sweep } from './job';

interface DeadJob {
  readonly key: string | null;
  readonly id: string;
  readonly task_identifier: string;
  readonly last_error: string | null;
  readonly attempts: number;
}

/** A job that has used up its tries is never tried again by itself: somebody has to know. */
export const sweepDeadJobs: Sweep = async ({ db }) => {
  const { rows } = await db.raw<{ rows: DeadJob[] }>(
    `select id::text, key, task_identifier, last_error, attempts from graphile_worker.jobs
     where attempts >= max_attempts and locked_at is null order by id limit 200`,
  );
  const now = new Date().toISOString();
  for (const job of rows) {
    const [firstLine = ''] = (job.last_error ?? '').split('\n');
    await raiseException(db, {
      kind: 'dead-job',
      subjectKey: job.key ?? `${job.task_identifier}/${job.id}`,
      text: `The job ${job.task_identifier} was given up after ${job.attempts} tries: ${firstLine.slice(0, 300)}`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      data: { jobId: job.id },
    });
  }
};
