import { SetupError } from '../setup/progress.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { ensureTemporal } from '../setup/temporal-program.mjs';
import { ChildProcess, dyingWithParent } from './child-process.mjs';
import { portIsFree } from './ports.mjs';

const READY_WITHIN_MS = 60_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * What server 1.29 does only when asked (config/temporal-dynamic.yaml says the same to compose): priorities and fairness
 * per partner; and activities that are handed to the worker with the answer to the workflow task that asked for them,
 * where it has room for them, instead of by way of the task queue: a sixth fewer statements an order at its database.
 */
export const DYNAMIC_CONFIG = {
  'matching.enableFairness': true,
  'system.enableActivityEagerExecution': true,
};

/**
 * With a write-ahead log SQLite waits for the disk only at checkpoints: four to five times as many
 * workflow starts a second as with its defaults, and still nothing is lost when a process is killed.
 * A power failure may take the last moments; orders are then told again from their record.
 */
const SQLITE = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'];

/** Asked through the program itself: an open port alone does not say that namespaces are served. */
async function answers(program, address, namespace) {
  const args = ['operator', 'namespace', 'describe', '--address', address, '--namespace', namespace];
  const { code } = await runCommand(program, [...args, '--command-timeout', '3s'], { timeoutMs: 5000 });
  return code === 0;
}

async function waitUntilReady(child, program, address, namespace) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.ended) return false;
    if (await answers(program, address, namespace)) return !child.ended;
    await pause(100);
  }
  await child.stop(2000);
  return false;
}

/**
 * Starts Temporal's development server: `{ child, address, uiUrl }`. With `databaseFile` its history
 * survives a restart (an SQLite file: fine for one machine, slow for a benchmark), without it lives
 * in memory. `searchAttributes` are `Name=Type`.
 */
export async function startTemporal({
  ports,
  logFile,
  databaseFile,
  namespace = 'default',
  searchAttributes = [],
  ui = true,
}) {
  const program = await ensureTemporal();
  for (let attempt = 1; ; attempt++) {
    const port = await ports.get('temporal');
    const uiPort = ui ? await ports.get('temporal-ui') : null;
    const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, '--log-level', 'warn'];
    args.push(...(ui ? ['--ui-port', `${uiPort}`] : ['--headless']));
    if (namespace !== 'default') args.push('--namespace', namespace);
    if (databaseFile) args.push('--db-filename', databaseFile, ...SQLITE);
    for (const [key, value] of Object.entries(DYNAMIC_CONFIG))
      args.push('--dynamic-config-value', `${key}=${value}`);
    for (const attribute of searchAttributes) args.push('--search-attribute', attribute);
    // KILL when the supervisor is gone: a slow farewell would still hold the database file when the
    // next start opens it, and SQLite loses nothing by it.
    const child = new ChildProcess({ name: 'Temporal', ...dyingWithParent(program, args, 'KILL'), logFile });
    const address = `127.0.0.1:${port}`;
    if (await waitUntilReady(child, program, address, namespace)) {
      return { child, address, uiUrl: ui ? `http://127.0.0.1:${uiPort}` : null };
    }
    if (attempt === 4) throw new SetupError(`Temporal does not start. Its last words:\n${child.lastWords()}`);
    if (!(await portIsFree(port))) await ports.renew('temporal');
    if (ui && !(await portIsFree(uiPort))) await ports.renew('temporal-ui');
    await pause(300 * attempt);
  }
}
