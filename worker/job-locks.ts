import { EventEmitter } from 'node:events';
import type { WorkerEvents } from 'graphile-worker';
import { Client } from 'pg';

/** Our own corner of advisory locks. */
const lockOf = (holder: string) => ['order-hub/jobs', holder];
const LOCK = 'hashtext($1), hashtext($2)';

/**
 * Says which holders of jobs are alive, by advisory locks that end with the connection: graphile-worker by itself
 * gives a job of a killed process to another one only after four hours.
 */
export class JobLocks {
  readonly events: WorkerEvents = new EventEmitter();
  readonly #client: Client;
  #vouching: Promise<unknown> = Promise.resolve();

  private constructor(client: Client) {
    this.#client = client;
    this.events.on('pool:create', ({ workerPool }) => this.#vouchFor(workerPool.id));
    this.events.on('worker:create', ({ worker }) => this.#vouchFor(worker.workerId));
  }

  /** @param lost called when nothing can be vouched for any more: the runner has to start anew */
  static async open(databaseUrl: string, lost: () => void): Promise<JobLocks> {
    const client = new Client({
      connectionString: databaseUrl,
      application_name: 'order-hub-job-locks',
      keepAlive: true,
    });
    client.on('error', lost);
    client.once('end', lost);
    await client.connect();
    return new JobLocks(client);
  }

  #vouchFor(holder: string): void {
    this.#vouching = this.#vouching
      .then(() => this.#client.query(`select pg_advisory_lock(${LOCK})`, lockOf(holder)))
      // The connection is gone, which `lost` has been told.
      .catch(() => undefined);
  }

  /** Frees the jobs of holders that are gone. A job that is run twice does no harm. */
  async freeLostJobs(): Promise<readonly string[]> {
    await this.#vouching;
    const { rows } = await this.#client.query<{ locked_by: string }>(
      'select distinct locked_by from graphile_worker.jobs where locked_by is not null',
    );
    const lost: string[] = [];
    for (const { locked_by } of rows) if (!(await this.#isAlive(locked_by))) lost.push(locked_by);
    if (lost.length > 0) await this.#client.query('select graphile_worker.force_unlock_workers($1)', [lost]);
    return lost;
  }

  async #isAlive(holder: string): Promise<boolean> {
    const { rows } = await this.#client.query<{ held: boolean }>(
      `select exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
         and classid = hashtext($1)::oid and objid = hashtext($2)::oid
         and database = (select oid from pg_database where datname = current_database())) as held`,
      lockOf(holder),
    );
    return rows[0]?.held ?? false;
  }

  async close(): Promise<void> {
    this.#client.removeAllListeners('end');
    await this.#client.end().catch(() => undefined);
  }
}
