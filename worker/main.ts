import '../config/own-source-maps';
import { join } from 'node:path';
import { Runtime } from '@temporalio/worker';
import { createActivities } from '../activities';
import { createNotices } from '../adapters/notices/client';
import { ConfigurationError, channelSecrets, loadConfig } from '../config';
import { connect } from '../db/connection';
import { OrderEngine } from '../workflows/client';
import { createLog, temporalRuntime } from './log';
import { createOutside } from './outside';
import { runJobs } from './run-jobs';
import { serveOrders } from './serve-orders';
import { withoutPromiseStacks } from './workflow-threads';

/** The process that runs workflows, activities and jobs; any number of them may run. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLog(config.logLevel);
  const stop = stopWanted();
  withoutPromiseStacks();
  Runtime.install(temporalRuntime(log));

  const db = connect(config.database.url, {
    poolMax: config.database.poolMax,
    applicationName: 'order-hub-worker',
  });
  const engine = new OrderEngine(config.temporal, db);
  const outside = createOutside(config, db);
  const secret = channelSecrets();
  const notices = createNotices({
    mail: config.mail,
    publicUrl: config.http.publicUrl,
    timeoutMs: config.timings.outsideCallTimeoutMs,
    production: config.production,
    secret,
  });
  const { buildId, callLimits } = config;
  const activities = createActivities(
    db,
    outside,
    callLimits.map(({ counterparty }) => counterparty),
  );
  const bundlePath = join(__dirname, '../workflow-bundle.js');
  const { shutdownGraceMs } = config.timings;

  stop.addEventListener('abort', () => endAnyway(shutdownGraceMs + 5_000));
  await Promise.all([
    serveOrders({
      place: config.temporal,
      bundlePath,
      activities,
      shutdownGraceMs,
      buildId,
      callLimits,
      log,
      stop,
    }),
    runJobs(
      config.database.url,
      {
        db,
        engine,
        outside,
        notices,
        as2: { hubAs2Id: config.as2Id, secret },
        timings: config.timings,
        log,
      },
      stop,
    ),
  ]);
  notices.close();
  await engine.close();
  await db.destroy();
  await Runtime.instance().shutdown();
  log.info('stopped');
}

/** Asked to end by a signal, or by the end of the process that supervises this one. */
function stopWanted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  process.once('disconnect', () => stop.abort());
  return stop.signal;
}

/** What hangs must not keep a stopped process alive: everything it did is safe to be done again. */
function endAnyway(afterMs: number): void {
  setTimeout(() => process.exit(1), afterMs).unref();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof ConfigurationError ? error.message : error);
    process.exit(1);
  },
);
