import { setTimeout as pause } from 'node:timers/promises';
import { addJob } from '../../db/jobs';
import type { JobTools } from '../../worker/jobs/job';
import { createLog } from '../../worker/log';
import { runJobs } from '../../worker/run-jobs';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';

describeWith('postgres', 'a job that a killed worker had', () => {
  let database: TestDatabase;
  const stop = new AbortController();
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    stop.abort();
    await database.drop();
  });

  test('is done by the next worker at once', async () => {
    const orderId = '019a0000-0000-7000-8000-000000000000';
    await addJob(database.db, 'signal-order', { orderId }, { key: orderId });
    await database.db.raw(
      `update graphile_worker._private_jobs set locked_by = 'worker-that-is-gone', locked_at = now(), attempts = 1`,
    );
    const signalled: string[] = [];
    const engine = {
      signalOrder: async (id: string) => {
        signalled.push(id);
        return 'running';
      },
    };
    const log = createLog('silent');
    const tools = { db: database.db, engine, outside: {}, timings: {}, log } as unknown as JobTools & {
      log: typeof log;
    };
    const running = runJobs(database.url, tools, stop.signal);
    for (let waited = 0; signalled.length === 0 && waited < 8000; waited += 50) await pause(50);
    expect(signalled).toEqual([orderId]);
    stop.abort();
    await running;
  });
});
