import { run } from 'graphile-worker';
import { connect } from '../../db/connection';
import { handlers } from '../../worker/jobs';
import type { JobTools } from '../../worker/jobs/job';

/** The worker's own handlers for what arrives and for its answers; orders are placed later, by nobody here. */
async function main(): Promise<void> {
  const databaseUrl = process.env['DATABASE_URL'] ?? '';
  const db = connect(databaseUrl, { poolMax: 10, applicationName: 'order-hub-judges' });
  // These two work with the record alone.
  const tools = { db } as JobTools;
  const runner = await run({
    connectionString: databaseUrl,
    concurrency: 8,
    maxPoolSize: 10,
    noHandleSignals: true,
    taskList: {
      'judge-interchange': (payload) => handlers['judge-interchange']?.(payload as never, tools),
      'render-documents': (payload) => handlers['render-documents']?.(payload as never, tools),
    },
  });
  process.once('SIGTERM', () => void runner.stop());
  process.send?.('ready');
  await runner.promise;
  await db.destroy();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
