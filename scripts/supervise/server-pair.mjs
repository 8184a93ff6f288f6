import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RememberedPorts } from './ports.mjs';
import { DISPOSABLE, removeDatabase, startPostgres } from './postgres.mjs';
import { startTemporal } from './temporal.mjs';

/**
 * PostgreSQL and Temporal's development server for tests, benchmarks and development, in one
 * folder. `disposable`: the data need not survive a power failure, and stop() removes it.
 */
export class ServerPair {
  #folder;
  #disposable;
  #running = [];

  constructor({ folder, disposable }) {
    this.#folder = folder;
    this.#disposable = disposable;
  }

  /** Starts both at once: `{ postgres: { url, maintenanceUrl, child }, temporal: { address, uiUrl, child } }`. */
  async start({ ui = false } = {}) {
    mkdirSync(this.#folder, { recursive: true });
    const ports = new RememberedPorts(this.#folder);
    const log = (name) => join(this.#folder, 'logs', `${name}.log`);
    const started = await Promise.allSettled([
      this.#keep(startTemporal({ ports, logFile: log('temporal'), ui })),
      this.#keep(
        startPostgres({ dataFolder: this.#folder, ports, logFile: log('postgres'), settings: DISPOSABLE }),
      ),
    ]);
    const failed = started.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    const [temporal, postgres] = started.map(({ value }) => value);
    return {
      temporal,
      postgres: { ...postgres, maintenanceUrl: postgres.url.replace(/\/hub$/, '/postgres') },
    };
  }

  /** Remembered as soon as it runs, so that stop() ends it even when its neighbour failed to start. */
  async #keep(starting) {
    const server = await starting;
    this.#running.push(server.child);
    return server;
  }

  async stop() {
    await Promise.all(this.#running.splice(0).map((child) => child.stop(10_000)));
    if (this.#disposable) {
      removeDatabase(this.#folder);
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }
}
