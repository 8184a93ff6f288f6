import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf, descendantsOf } from '../support/descendants';
import { eventually, isAlive } from '../support/running-hub';

const root = join(__dirname, '../..');

/** A benchmark in a group of its own, as a terminal runs it. */
class Benchmark {
  readonly folder = mkdtempSync(join(tmpdir(), 'order-hub-stopped-'));
  readonly #process: ChildProcess;
  readonly #exit: Promise<number | null>;
  #said = '';

  constructor(name: string) {
    const { npm_lifecycle_event: _npm, ...rest } = process.env;
    this.#process = spawn(process.execPath, [join(root, 'scripts/bench.mjs'), name], {
      cwd: root,
      detached: true,
      env: { ...rest, TMPDIR: this.folder, NODE_OPTIONS: '', HUB_TOLERATE_TYPE_ERRORS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk) => (this.#said += String(chunk)));
    this.#exit = new Promise((resolve) => this.#process.once('exit', resolve));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Once it runs with its server and its own processes: all that it has started. */
  running(): Promise<readonly number[]> {
    return eventually(
      () => {
        if (this.#process.exitCode !== null) throw new Error(`it ended:\n${this.#said}`);
        const pids = descendantsOf(this.pid);
        const commands = pids.map(commandOf);
        const has = (word: string) => commands.some((command) => command.includes(word));
        return has('race.js') && has('api/main.js') && has('postgres') ? pids : null;
      },
      'the race',
      120_000,
    );
  }

  ended(): Promise<number | null> {
    return this.#exit;
  }

  async remove(): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill('SIGTERM');
    await this.#exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Who started whom is read from /proc.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a benchmark that is stopped leaves no process and no data behind', () => {
  let benchmark: Benchmark;
  afterEach(() => benchmark?.remove(), 60_000);

  test.each([
    ['Ctrl-C in its terminal', 'SIGINT', 'its group', 130],
    ['an interrupt sent to it alone', 'SIGINT', 'it alone', 130],
    ['a kill', 'SIGTERM', 'it alone', 143],
    ['a terminal that is closed', 'SIGHUP', 'its group', 129],
  ] as const)(
    'by %s',
    async (_how, signal, whom, exitCode) => {
      benchmark = new Benchmark('race');
      const started = await benchmark.running();
      process.kill(whom === 'its group' ? -benchmark.pid : benchmark.pid, signal);
      expect(await benchmark.ended()).toBe(exitCode);
      expect(started.filter(isAlive).map(commandOf)).toEqual([]);
      expect(readdirSync(benchmark.folder)).toEqual([]);
    },
    180_000,
  );
});
