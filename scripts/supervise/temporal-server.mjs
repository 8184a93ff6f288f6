import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../setup/progress.mjs';
import { runCommand, tail } from '../setup/run-command.mjs';
import { ensureTemporalServerPrograms } from '../setup/temporal-program.mjs';
import { ChildProcess, dyingWithParent } from './child-process.mjs';
import { freeLowPort } from './ports.mjs';
import { DYNAMIC_CONFIG } from './temporal.mjs';

/** Keeps its statements prepared on each connection; `postgres12` has every one parsed and planned anew. */
const PLUGIN = 'postgres12_pgx';
/** Per cent by which Go's heap grows between collections: at its 100 one came every two seconds of a burst and cost 0.2 s. */
const GOGC = '400';
/** Half the cores: the database and the hub have the others. With one of two it takes some 7 % less CPU for the same orders. */
const GOMAXPROCS = String(Math.max(1, Math.floor(availableParallelism() / 2)));
const SERVICES = ['frontend', 'matching', 'history', 'worker'];
const READY_WITHIN_MS = 60_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes Temporal's two databases; the schemas come inside the tool. Repeating it brings them up to date. */
async function prepareDatabases(sql, { host, port, user, password }) {
  const connection = ['--plugin', PLUGIN, '--ep', host, '-p', port, '-u', user, '--pw', password];
  const run = async (database, args, mayFail = false) => {
    const { code, output } = await runCommand(sql, [...connection, '--db', database, ...args]);
    if (code !== 0 && !mayFail)
      throw new SetupError(`Temporal's schema (${database}) failed:\n${tail(output)}`);
  };
  for (const [database, schema] of [
    ['temporal', 'postgresql/v12/temporal'],
    ['temporal_visibility', 'postgresql/v12/visibility'],
  ]) {
    await run(database, ['create'], true);
    await run(database, ['setup-schema', '-v', '0.0'], true);
    await run(database, ['update-schema', '--schema-name', schema]);
  }
}

async function portsOfServices() {
  const ports = {};
  for (const name of SERVICES)
    ports[name] = { grpcPort: await freeLowPort(), membershipPort: await freeLowPort() };
  return ports;
}

/** JSON is YAML, so the configuration file needs no writer of its own. */
function configuration({ host, port, user, password, shards, ports, dynamicConfig, maxConns }) {
  const sql = (databaseName) => ({
    sql: {
      pluginName: PLUGIN,
      databaseName,
      connectAddr: `${host}:${port}`,
      connectProtocol: 'tcp',
      user,
      password,
      maxConns,
      maxIdleConns: maxConns,
    },
  });
  const services = Object.fromEntries(
    SERVICES.map((name) => [name, { rpc: { ...ports[name], bindOnLocalHost: true } }]),
  );
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      // Can never be changed for a database: few here, where one machine does all the work.
      numHistoryShards: shards,
      datastores: { default: sql('temporal'), visibility: sql('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services,
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports.frontend.grpcPort}`,
        },
      },
    },
    archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } },
    publicClient: { hostPort: `127.0.0.1:${ports.frontend.grpcPort}` },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  };
}

async function waitForNamespace(child, temporal, address) {
  const deadline = Date.now() + READY_WITHIN_MS;
  const at = ['--address', address, '--command-timeout', '3s'];
  while (Date.now() < deadline && !child.ended) {
    const known = await runCommand(temporal, ['operator', 'namespace', 'describe', '-n', 'default', ...at]);
    if (known.code === 0) return;
    await runCommand(temporal, [
      'operator',
      'namespace',
      'create',
      '-n',
      'default',
      '--retention',
      '72h',
      ...at,
    ]);
    await pause(150);
  }
  throw new SetupError(`Temporal's server does not start. Its last words:\n${child.lastWords()}`);
}

/**
 * Temporal's server proper over a PostgreSQL that runs already: `{ child, address }`. Several times
 * faster than the development server's SQLite and the same as in production, so benchmarks and
 * fault tests use it. `databaseUrl` is of a user who may create databases; `temporal` the command
 * line program. It logs to `folder`/logs.
 */
export async function startTemporalServer({ folder, databaseUrl, temporal, shards = 4, maxConns = 20 }) {
  const { server, sql } = await ensureTemporalServerPrograms();
  const { hostname, port, username, password } = new URL(databaseUrl);
  const database = {
    host: hostname,
    port: port || '5432',
    user: username,
    password: decodeURIComponent(password),
  };
  await prepareDatabases(sql, database);
  const configFolder = join(folder, 'temporal-config');
  mkdirSync(configFolder, { recursive: true });
  const dynamicConfig = join(configFolder, 'dynamic.yaml');
  const settings = Object.entries(DYNAMIC_CONFIG).map(([key, value]) => [key, [{ value }]]);
  writeFileSync(dynamicConfig, JSON.stringify(Object.fromEntries(settings)));
  const ports = await portsOfServices();
  const config = configuration({ ...database, shards, ports, dynamicConfig, maxConns });
  writeFileSync(join(configFolder, 'hub.yaml'), JSON.stringify(config, null, 2), { mode: 0o600 });
  const args = ['--root', '/', '--config', configFolder, '--env', 'hub', '--allow-no-auth', 'start'];
  const child = new ChildProcess({
    name: 'Temporal',
    ...dyingWithParent(server, args, 'KILL'),
    env: { GOGC, GOMAXPROCS },
    logFile: join(folder, 'logs/temporal.log'),
  });
  const address = `127.0.0.1:${ports.frontend.grpcPort}`;
  await waitForNamespace(child, temporal, address);
  return { child, address };
}
