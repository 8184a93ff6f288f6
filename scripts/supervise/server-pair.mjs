import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTemporal } from '../setup/temporal-program.mjs';
import { RememberedPorts } from './ports.mjs';
import { DISPOSABLE, removeDatabase, startPostgres } from './postgres.mjs';
import { startTemporal } from './temporal.mjs';
import { startTemporalServer } from './temporal-server.mjs';

/**
 * PostgreSQL and Temporal for tests, benchmarks and development, in one folder. `disposable`: stop()
 * removes the folder. `settings` are PostgreSQL's; left out, the data need not survive a power failure.
 */
export class ServerPair {
  #folder;
  #disposable;
  #settings;
  #running = [];

  constructor({ folder, disposable, settings = DISPOSABLE }) {
    this.#folder = folder;
    this.#disposable = disposable;
    this.#settings = settings;
  }

  /**
   * Starts both: `{ postgres: { url, maintenanceUrl, child }, temporal: { address, uiUrl, child } }`.
   * `temporal` is `in-memory` (the development server), `over-postgres` (the server proper) or `none`.
   * What `given` names (`{ databaseUrl, temporalAddress }`) is used as it is and not started.
   */
  async start({ ui = false, temporal = 'in-memory', given = {} } = {}) {
    mkdirSync(this.#folder, { recursive: true });
    const ports = new RememberedPorts(this.#folder);
    const log = (name) => join(this.#folder, 'logs', `${name}.log`);
    const { databaseUrl, temporalAddress } = given;
    const results = await Promise.allSettled([
      databaseUrl
        ? { url: databaseUrl, maintenanceUrl: databaseUrl }
        : this.#keep(
            startPostgres({
              dataFolder: this.#folder,
              ports,
              logFile: log('postgres'),
              settings: this.#settings,
            }),
          ),
      temporalAddress
        ? { address: temporalAddress, uiUrl: null }
        : temporal === 'in-memory' && this.#keep(startTemporal({ ports, logFile: log('temporal'), ui })),
    ]);
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    const [postgres, engine] = results.map(({ value }) => value);
    return {
      postgres: { maintenanceUrl: postgres.url.replace(/\/hub$/, '/postgres'), ...postgres },
      temporal: temporal === 'over-postgres' ? await this.#serverProper(postgres.url) : engine || null,
    };
  }

  async #serverProper(databaseUrl) {
    const temporal = await ensureTemporal();
    return this.#keep(startTemporalServer({ folder: this.#folder, databaseUrl, temporal }));
  }

  /** Remembered as soon as it runs, so that stop() ends it even when its neighbour failed to start. */
  async #keep(starting) {
    const server = await starting;
    this.#running.push(server.child);
    return server;
  }

  /** The last started first: Temporal may live in PostgreSQL. */
  async stop() {
    for (const child of this.#running.splice(0).reverse()) await child.stop(10_000);
    if (this.#disposable) {
      removeDatabase(this.#folder);
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }
}
