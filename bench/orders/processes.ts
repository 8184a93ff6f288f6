import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const above = join(__dirname, '../..');
/** The built programs: where this file is built itself, or run by jest from its source. */
const dist = basename(above) === 'dist' ? above : join(above, 'dist');
const READY_WITHIN_MS = 60_000;

/** A program of the hub as it runs everywhere else: its own process, its log in a file. */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #messages = new Set<unknown>();

  constructor(
    name: string,
    main: string,
    options: { args?: string[]; env?: NodeJS.ProcessEnv; nodeArgs?: string[] } = {},
  ) {
    this.name = name;
    const logs = join(
      process.env['HUB_DATA_DIR'] ?? join(tmpdir(), `order-hub-programs-${process.pid}`),
      'logs',
    );
    mkdirSync(logs, { recursive: true });
    this.#logFile = join(logs, `${name}.log`);
    const log = openSync(this.#logFile, 'a');
    this.#child = spawn(
      process.execPath,
      [
        '--max-semi-space-size=8',
        '--heap-growing-percent=30',
        ...(options.nodeArgs ?? []),
        join(dist, main),
        ...(options.args ?? []),
      ],
      { env: { ...process.env, MALLOC_ARENA_MAX: '2', ...options.env }, stdio: ['ignore', log, log, 'ipc'] },
    );
    closeSync(log);
    this.#child.on('message', (message) => this.#messages.add(message));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} did not start`);
    return this.#child.pid;
  }

  get log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await holds())) {
      if (this.#child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${this.name} is not ${what}. Its last words:\n${this.log.slice(-2000)}`);
      await pause(50);
    }
  }

  /** A child of ours says `ready` when it serves. */
  async ready(): Promise<void> {
    await this.until('ready', () => this.#messages.has('ready'));
  }

  send(message: object): void {
    this.#child.send(message);
  }

  /** The next message of this kind. */
  async answer<T>(kind: string): Promise<T> {
    for (;;) {
      const [message] = (await once(this.#child, 'message')) as [{ kind?: string } & T];
      if (message.kind === kind) return message;
    }
  }

  /** As a power cut does it: nothing is finished. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    await exited;
    clearTimeout(force);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

export interface RunningHub {
  readonly url: string;
  readonly api: Program;
  readonly worker: Program;
  readonly outside: Program;
  readonly erpUrl: string;
  readonly warehouseUrl: string;
  readonly stop: () => Promise<void>;
}

/**
 * The API and one worker, each with the project's defaults, and the simulated ERP, warehouse and carriers without any
 * delay in one process beside them.
 */
export async function startHub(): Promise<RunningHub> {
  const [hub, erp, wms, carrier] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const url = `http://127.0.0.1:${hub}`;
  const secret = (name: string) =>
    `whsec_${Buffer.from(`${name} of the benchmark, 32 bytes`).toString('base64')}`;
  const env = {
    HUB_PORT: String(hub),
    HUB_URL: url,
    ERP_PORT: String(erp),
    ERP_URL: `http://127.0.0.1:${erp}`,
    ERP_API_KEY: 'erp-key',
    ERP_CALLBACK_SECRET: secret('erp'),
    WMS_PORT: String(wms),
    WMS_URL: `http://127.0.0.1:${wms}`,
    WMS_API_KEY: 'wms-key',
    WMS_CALLBACK_SECRET: secret('wms'),
    CARRIER_PORT: String(carrier),
    CARRIER_URL: `http://127.0.0.1:${carrier}`,
    CARRIER_API_KEY: 'carrier-key',
    CARRIER_CALLBACK_SECRET: secret('carrier'),
    WMS_PICK_MS: '0',
    WMS_SHIP_MS: '0',
    // No news of packages on their way: they come after the invoice and are not part of the order's life.
    CARRIER_TRACKING_MS: '0',
  };
  const profile = process.env['BENCH_CPU_PROFILE'];
  const nodeArgs = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const outside = new Program('outside', 'simulators/main.js', {
    args: ['erp', 'warehouse', 'carrier'],
    env,
  });
  const worker = new Program('worker', 'worker/main.js', { env, nodeArgs });
  const api = new Program('api', 'api/main.js', { env, nodeArgs });
  const stop = async () => {
    await Promise.all([api.stop(), outside.stop()]);
    await worker.stop();
  };
  try {
    await outside.ready();
    await worker.until('serving', () => worker.log.includes('serving orders'));
    await api.until('answering', () => answers(`${url}/readyz`));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, api, worker, outside, erpUrl: env.ERP_URL, warehouseUrl: env.WMS_URL, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
