import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Db } from '../../db/connection';

const root = join(__dirname, '../..');

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits for what `look` finds; `undefined`, `null` and `false` mean not yet. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  what: string,
  withinMs = 30_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await pause(50);
  }
}

export function isAlive(pid: number): boolean {
  try {
    // A killed process that nobody has waited for yet is still listed, as a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    if (process.platform === 'linux') return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * The whole hub as `npm start -- --no-demo` runs it, in a data directory of the test's own: for tests that
 * kill its processes. PostgreSQL, Temporal and the simulators are its own too.
 */
export class RunningHub {
  readonly dataDir: string;
  readonly port: number;
  #process: ChildProcess | null = null;
  #said = '';

  private constructor(dataDir: string, port: number) {
    this.dataDir = dataDir;
    this.port = port;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<RunningHub> {
    const hub = new RunningHub(mkdtempSync(join(tmpdir(), 'order-hub-running-')), await freePort());
    try {
      await hub.startAgain(env);
    } catch (error) {
      await hub.remove();
      throw error;
    }
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the supervisor printed since it was started last. */
  get said(): string {
    return this.#said;
  }

  get supervisorPid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the supervisor (once more) on the same data and waits until the hub is ready. */
  async startAgain(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const child = this.spawnSupervisor(env);
    this.#process = child;
    this.#said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => (this.#said += String(chunk)));
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`the hub did not start:\n${this.#said}`);
        return this.#said.includes('The hub is up');
      },
      'the start of the hub',
      120_000,
    );
  }

  /** A supervisor that is not waited for. */
  spawnSupervisor(env: Readonly<Record<string, string>> = {}): ChildProcess {
    // The servers of the test run are for other tests; this hub brings its own.
    const {
      DATABASE_URL: _database,
      TEMPORAL_ADDRESS: _temporal,
      npm_lifecycle_event: _npm,
      ...rest
    } = process.env;
    const own = {
      HUB_DATA_DIR: this.dataDir,
      HUB_PORT: String(this.port),
      HUB_TOLERATE_TYPE_ERRORS: '1',
      NODE_ENV: 'development',
      NODE_OPTIONS: '',
    };
    return spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--no-demo'], {
      cwd: root,
      env: { ...rest, ...own, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** `Worker`, `API`, `Temporal`, `PostgreSQL`, `ERP`, `Warehouse`, `Carriers`, `Trading partner`. */
  processes(): readonly RunningProcess[] {
    return JSON.parse(readFileSync(join(this.dataDir, 'processes.json'), 'utf8')) as RunningProcess[];
  }

  /** Kills one process (-9) and says which pid it had; null where it is just being started again. The supervisor brings it back. */
  kill(name: string): number | null {
    const found = this.processes().find((one) => one.name === name);
    try {
      if (!found) return null;
      process.kill(found.pid, 'SIGKILL');
      return found.pid;
    } catch {
      return null;
    }
  }

  /** Waits until `name` runs with another pid than `oldPid`, and the API is ready again. */
  async isBack(name: string, oldPid: number | null): Promise<void> {
    await eventually(
      () => this.processes().some((one) => one.name === name && one.pid !== oldPid && isAlive(one.pid)),
      `the return of ${name}`,
    );
    await eventually(() => this.isReady(), 'readiness');
  }

  async isReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
  }

  /** Addresses of its own servers, as scripts/hub.mjs takes them: DATABASE_URL, TEMPORAL_ADDRESS, HUB_PORT, HUB_URL. */
  addresses(): Readonly<Record<string, string>> {
    return JSON.parse(readFileSync(join(this.dataDir, 'addresses.json'), 'utf8')) as Record<string, string>;
  }

  /** A connection to its database; to be destroyed by who asked for it. */
  connectDatabase(): Db {
    const { DATABASE_URL } = this.addresses();
    if (!DATABASE_URL) throw new Error('the hub has no database yet');
    return connect(DATABASE_URL, { poolMax: 2, applicationName: 'order-hub-test' });
  }

  /** A simulator's own account of what was asked of it. */
  async account(system: 'warehouse' | 'erp' | 'carrier'): Promise<Record<string, unknown>> {
    const ports = JSON.parse(readFileSync(join(this.dataDir, 'ports.json'), 'utf8')) as Record<
      string,
      number
    >;
    const response = await fetch(`http://127.0.0.1:${ports[`simulator-${system}`]}/admin/state`);
    return (await response.json()) as Record<string, unknown>;
  }

  /** Asks the supervisor to stop everything and waits for it. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    return ended;
  }

  /** Stops it and removes its data. For afterAll. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
