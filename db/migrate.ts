import { makeWorkerUtils } from 'graphile-worker';
import type { Knex } from 'knex';
import { connect } from './connection';
import { type Migration, migrations } from './migrations';

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({ up: migration.up, down: async () => undefined }),
};

/**
 * Some seven statements of an order add jobs, and the library's function had its four statements planned anew each time, which cost
 * more than running them: a plan for the one job at hand always looks cheaper than one for any number. One plan a
 * connection serves as well, if it looks jobs up by their index however few there are when it is made. Replaced functions
 * forget it, so it is said again after each migration of the library.
 */
const PLAN_ADDING_JOBS_ONCE = `
  do $$ begin
    perform pg_advisory_xact_lock(hashtextextended('order-hub/plan-adding-jobs', 0));
    if exists (select from pg_proc where proconfig is null
        and oid = 'graphile_worker.add_jobs(graphile_worker.job_spec[], boolean)'::regprocedure) then
      alter function graphile_worker.add_jobs(graphile_worker.job_spec[], boolean)
        set plan_cache_mode to force_generic_plan set enable_seqscan to off set enable_hashjoin to off set enable_mergejoin to off;
    end if;
  end $$`;

/** Brings a database to the current schema, the job queue's included. Safe to run from several processes at once. */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const db = connect(databaseUrl, { poolMax: 2, applicationName: 'order-hub-migrate' });
  const [, applied] = await db.migrate
    .latest({ migrationSource: source, tableName: 'migration' })
    .finally(() => db.destroy());
  const utils = await makeWorkerUtils({ connectionString: databaseUrl });
  await utils.migrate();
  await utils.withPgClient((client) => client.query(PLAN_ADDING_JOBS_ONCE));
  await utils.release();
  return applied as string[];
}

if (require.main === module) {
  const url = process.env['DATABASE_URL'];
  if (!url) {
    console.error('DATABASE_URL is not set: say which database to migrate.');
    process.exit(2);
  }
  migrate(url).then(
    (applied) =>
      console.log(applied.length > 0 ? `Migrated: ${applied.join(', ')}` : 'The database is up to date.'),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
