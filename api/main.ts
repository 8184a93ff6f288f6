import '../config/own-source-maps';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { type Config, ConfigurationError, channelSecrets, loadConfig } from '../config';
import { connect, type Db } from '../db/connection';
import { migrationNames } from '../db/migrations';
import { hasWorkingDemoKey } from '../db/repositories/api-keys';
import { createEdiRouter } from '../gateway/transport/https/edi-router';
import { OrderEngine } from '../workflows/client';
import { createApp } from './app';
import type { ApiDependencies } from './dependencies';
import { createLogger } from './logging';

type As2 = typeof import('../gateway/transport/as2/as2-router');
// Loaded with the first message: a hub whose partners come another way does without some 10 MB.
const as2Door = () => require('../gateway/transport/as2/as2-router') as As2;

function loadedWhenUsed(make: () => RequestHandler): RequestHandler {
  let made: RequestHandler | undefined;
  return (request, response, next) => {
    made ??= make();
    return made(request, response, next);
  };
}

/** One clock for the process; everything below takes the instant as an argument. */
const now = () => new Date().toISOString();

/** dist/portal lies beside the compiled api (dist/api), and below dist where the sources run themselves. */
const portalFolder = __dirname.includes(`${join('dist', 'api')}`)
  ? join(__dirname, '../portal')
  : join(__dirname, '../dist/portal');

function dependenciesOf(config: Config, db: Db, engine: OrderEngine): ApiDependencies {
  return {
    db,
    engine,
    logger: createLogger(config.logLevel),
    migrations: migrationNames,
    publicUrl: config.http.publicUrl,
    metricsKey: config.http.metricsKey,
    callbackSecrets: {
      erp: config.erp.callbackSecret,
      warehouse: config.warehouse.callbackSecret,
      carrier: config.carrier.callbackSecret,
    },
    ediRouter: createEdiRouter({ db, now }),
    as2Router: loadedWhenUsed(() =>
      as2Door().createAs2Router({ db, now, hubAs2Id: config.as2Id, secret: channelSecrets() }),
    ),
    portalFolder,
    limits: { callsPerMinute: 60_000, failedLoginsPerMinute: 60 },
    now,
  };
}

/** Everybody knows the demo's keys; a hub that takes real orders must not know them. */
async function refuseDemoKeys(db: Db): Promise<void> {
  if (!(await hasWorkingDemoKey(db))) return;
  throw new ConfigurationError([
    "DATABASE_URL: this database holds the demo's published keys. Use another database, or revoke them: update api_key set revoked_at = now() where demo",
  ]);
}

async function main(): Promise<void> {
  const config = loadConfig();
  const db = connect(config.database.url, {
    poolMax: config.database.poolMax,
    applicationName: 'order-hub-api',
  });
  if (config.production) await refuseDemoKeys(db);
  const engine = new OrderEngine(config.temporal, db);
  const deps = dependenciesOf(config, db, engine);
  const server = createServer(createApp(deps));
  // Longer than a load balancer keeps its connections, so that it never sends into one that just closed.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.http.port, resolve);
  });
  deps.logger.info({ port: config.http.port }, 'the API answers');

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // What is being answered is finished; idle connections do not keep the process.
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), config.timings.shutdownGraceMs).unref();
    server.close(() => {
      Promise.all([engine.close(), db.destroy()]).then(
        () => process.exit(0),
        (error: unknown) => {
          deps.logger.error({ err: error }, 'the API did not stop cleanly');
          process.exit(1);
        },
      );
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  // Started by npm start: when that process is gone, so are we.
  if (process.send) process.on('disconnect', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigurationError ? error.message : error);
  process.exit(1);
});
