import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, say } from '../setup/progress.mjs';
import { ChildProcess } from './child-process.mjs';

const RESTART_PAUSES_MS = [0, 500, 1000, 2000, 5000];
const CALM_AFTER_MS = 30_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Keeps processes up, in tiers. A process that ends by itself is started again (after longer and
 * longer pauses while it keeps ending); stopping goes tier by tier from the highest down, so that
 * whatever is in work can still reach what it needs.
 */
export class Supervisor {
  #dataFolder;
  #running = new Map();
  #failures = new Map();
  #stopping = false;
  #giveUp;
  /** Rejects when a process cannot be kept up. */
  failed = new Promise((_, reject) => {
    this.#giveUp = reject;
  });

  constructor(dataFolder) {
    this.#dataFolder = dataFolder;
    this.failed.catch(() => {});
  }

  /**
   * Starts one process and keeps it up. `spec` is `{ name, tier, start, ready? }`: `start()` returns
   * a ChildProcess (or a promise of one), `ready(child)` resolves when it serves. A process that ends
   * before it was ever ready is an error; later it is brought back.
   */
  async start(spec) {
    const child = await spec.start();
    if (this.#stopping) {
      await child.stop();
      return;
    }
    this.#running.set(spec.name, { spec, child, since: Date.now() });
    this.#writeList();
    if (spec.ready) await this.#untilReady(spec, child);
    void child.exited.then((how) => this.#bringBack(spec, child, how));
  }

  async #untilReady(spec, child) {
    const outcome = await Promise.race([
      spec.ready(child).then(() => 'ready'),
      child.exited.then(() => 'ended'),
    ]);
    if (outcome === 'ended' && !child.stopping) {
      throw new SetupError(
        `${spec.name} ended while it started. Its last words:\n${child.lastWords(25)}\n(all of them: ${child.logFile})`,
      );
    }
  }

  async #bringBack(spec, child, { code, signal }) {
    if (this.#stopping || child.stopping) return;
    if (Date.now() - this.#running.get(spec.name).since > CALM_AFTER_MS) this.#failures.delete(spec.name);
    say(`! ${spec.name} ended ${signal ? `by ${signal}` : `with code ${code}`}; starting it again`);
    for (;;) {
      const failures = this.#failures.get(spec.name) ?? 0;
      this.#failures.set(spec.name, failures + 1);
      await pause(RESTART_PAUSES_MS[failures] ?? 0);
      if (this.#stopping) return;
      try {
        if (failures >= RESTART_PAUSES_MS.length) {
          throw new SetupError(`${spec.name} ends again and again. Its last words:\n${child.lastWords(25)}`);
        }
        await this.start(spec);
        say(`  ${spec.name} is back`);
        return;
      } catch (error) {
        if (failures >= RESTART_PAUSES_MS.length) {
          this.#giveUp(error);
          return;
        }
      }
    }
  }

  /** Ends the processes of `tier` and above; as they were not told to stay down, they come back. */
  restartFrom(tier) {
    for (const { spec, child } of this.#running.values()) {
      if (spec.tier >= tier && !child.ended) process.kill(child.pid, 'SIGTERM');
    }
  }

  /** Who runs, for people and for tests that kill one of them. */
  #writeList() {
    const list = [...this.#running.values()].map(({ spec, child }) => ({
      name: spec.name,
      pid: child.pid,
      log: child.logFile,
    }));
    const file = join(this.#dataFolder, 'processes.json');
    writeFileSync(`${file}.new`, `${JSON.stringify(list, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }

  async stop() {
    this.#stopping = true;
    const tiers = [...new Set([...this.#running.values()].map(({ spec }) => spec.tier))].sort(
      (a, b) => b - a,
    );
    for (const tier of tiers) {
      const members = [...this.#running.values()].filter(({ spec }) => spec.tier === tier);
      await Promise.all(members.map(({ child }) => child.stop()));
    }
    this.#running.clear();
    this.#writeList();
  }
}

/** A Node program of the hub (built to dist/) as the supervisor's spec. `env` is asked at each start. */
export function nodeProgram({ name, tier, main, args, env, logFolder, ready }) {
  const logFile = join(logFolder, `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.log`);
  return { name, tier, ready, start: () => new ChildProcess({ name, main, args, env: env(), logFile }) };
}
