import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type Db } from '../../db/connection';

const root = join(__dirname, '../..');

export type Victim = 'Worker' | 'API' | 'Temporal' | 'PostgreSQL';

interface ListedProcess {
  readonly name: string;
  readonly pid: number;
}

/** `npm start -- --no-demo` in a data directory of its own: every process real, durable and supervised. */
export class RunningHub {
  readonly folder = mkdtempSync(join(tmpdir(), 'order-hub-faults-'));
  readonly #process: ChildProcess;
  readonly url: string;
  #said = '';

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`;
    const env: NodeJS.ProcessEnv = { ...process.env, HUB_DATA_DIR: this.folder, HUB_PORT: String(port) };
    // Its own servers, to be killed; not those of the other tests.
    for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'NODE_OPTIONS', 'NODE_ENV']) delete env[name];
    this.#process = spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--no-demo'], {
      env,
      cwd: root,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString('utf8');
      });
    }
  }

  static async start(): Promise<RunningHub> {
    const hub = new RunningHub(await freePort());
    const deadline = Date.now() + 90_000;
    while (!hub.#said.includes('The hub is up')) {
      if (hub.#process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the hub did not start:\n${hub.#said}`);
      }
      await pause(100);
    }
    return hub;
  }

  /** What the supervisor has said, for the report of a failure. */
  get said(): string {
    return this.#said;
  }

  connect(): Db {
    const { DATABASE_URL } = JSON.parse(readFileSync(join(this.folder, 'addresses.json'), 'utf8')) as {
      DATABASE_URL: string;
    };
    return connect(DATABASE_URL, { poolMax: 2, applicationName: 'order-hub-test' });
  }

  /** A key of the partner's, as it would call the API. */
  async makeKey(db: Db): Promise<string> {
    const secret = randomBytes(24).toString('base64url');
    await db('api_key').insert({
      name: 'fault test',
      secret_hash: createHash('sha256').update(secret).digest('hex'),
      scopes: ['orders:write', 'orders:read', 'edi:send'],
      isa_ids: ['ZZ:ACME'],
      partner_id: 'acme',
      customer_id: 'ACME',
    });
    return secret;
  }

  /** Kills one process the hard way; false where it is just being started again. */
  kill(victim: Victim): boolean {
    const file = join(this.folder, 'processes.json');
    const list = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []) as ListedProcess[];
    const found = list.find(({ name }) => name === victim);
    try {
      return found !== undefined && process.kill(found.pid, 'SIGKILL');
    } catch {
      return false;
    }
  }

  /** A simulator's own account of what was asked of it. */
  async account(system: 'warehouse' | 'erp' | 'carrier'): Promise<Record<string, unknown>> {
    const ports = JSON.parse(readFileSync(join(this.folder, 'ports.json'), 'utf8')) as Record<string, number>;
    const response = await fetch(`http://127.0.0.1:${ports[`simulator-${system}`]}/admin/state`);
    return (await response.json()) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
