import { setTimeout as pause } from 'node:timers/promises';
import { Logger, parseCronItems, type Runner, run, type TaskList } from 'graphile-worker';
import type { JobName } from '../db/jobs';
import { JobLocks } from './job-locks';
import { handlers, sweeps } from './jobs';
import type { JobHandler, JobTools } from './jobs/job';
import type { Log } from './log';

const CONCURRENT_JOBS = 8;
/** Jobs are fetched and finished several at a time: of an order's ten jobs each cost a search and a deletion. */
const FETCHED_AT_ONCE = CONCURRENT_JOBS;
const FINISHED_TOGETHER_MS = 50;
const FREE_LOST_JOBS_MS = 10_000;

type WorkerTools = JobTools & { readonly log: Log };

/** Runs jobs and sweeps until it is stopped; where the database goes away it comes back with it. */
export async function runJobs(databaseUrl: string, tools: WorkerTools, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await runOnce(databaseUrl, tools, stop);
    } catch (error) {
      if (stop.aborted) return;
      tools.log.warn({ error: String(error) }, 'jobs cannot be run; trying again');
      await pause(1000, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

async function runOnce(databaseUrl: string, tools: WorkerTools, stop: AbortSignal): Promise<void> {
  let runner: Runner | null = null;
  const shutDown = () => void runner?.stop().catch(() => undefined);
  const locks = await JobLocks.open(databaseUrl, shutDown);
  const freeing = setInterval(() => void freeLostJobs(locks, tools.log), FREE_LOST_JOBS_MS);
  try {
    runner = await run({
      connectionString: databaseUrl,
      concurrency: CONCURRENT_JOBS,
      maxPoolSize: CONCURRENT_JOBS + 2,
      // Jobs are announced by a notice; this is for those whose notice was lost.
      pollInterval: 1000,
      noHandleSignals: true,
      preset: {
        worker: {
          localQueue: { size: FETCHED_AT_ONCE },
          completeJobBatchDelay: FINISHED_TOGETHER_MS,
        },
      },
      taskList: taskList(tools),
      parsedCronItems: parseCronItems(
        sweeps.map(({ name, match }) => ({ task: name, match, options: { maxAttempts: 1 } })),
      ),
      events: locks.events,
      logger: loggerOver(tools.log),
    });
    await freeLostJobs(locks, tools.log);
    for (const { name, atStart } of sweeps) {
      if (atStart) await runner.addJob(name, {}, { jobKey: `${name}/at-start`, maxAttempts: 3 });
    }
    stop.addEventListener('abort', shutDown, { once: true });
    if (stop.aborted) shutDown();
    await runner.promise;
  } finally {
    clearInterval(freeing);
    stop.removeEventListener('abort', shutDown);
    await locks.close();
  }
}

async function freeLostJobs(locks: JobLocks, log: Log): Promise<void> {
  try {
    const lost = await locks.freeLostJobs();
    if (lost.length > 0) log.warn({ holders: lost }, 'jobs of a process that is gone are free again');
  } catch (error) {
    log.warn({ error: String(error) }, 'lost jobs could not be looked for');
  }
}

function taskList(tools: JobTools): TaskList {
  const jobs = Object.entries(handlers).map(([name, handler]) => [
    name,
    // The table pairs each name with the handler of its own payload; only this loop does not see it.
    (payload: unknown) => (handler as JobHandler<JobName>)(payload as never, tools),
  ]);
  return {
    ...Object.fromEntries(jobs),
    ...Object.fromEntries(sweeps.map(({ name, run: sweep }) => [name, () => sweep(tools)])),
  };
}

function loggerOver(log: Log): Logger {
  return new Logger((scope) => (level, message, meta) => {
    const to = level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug';
    log[to]({ ...scope, ...(meta?.['error'] instanceof Error && { err: meta['error'] }) }, message);
  });
}
