import { makeWorkerUtils } from 'graphile-worker';
import type { Knex } from 'knex';
import { connect } from './connection';
import { type Migration, migrations } from './migrations';

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({ up: migration.up, down: async () => undefined }),
};

/** Brings a database to the current schema, the job queue's included. Safe to run from several processes at once. */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const db = connect(databaseUrl, { poolMax: 2, applicationName: 'order-hub-migrate' });
  const [, applied] = await db.migrate
    .latest({ migrationSource: source, tableName: 'migration' })
    .finally(() => db.destroy());
  const utils = await makeWorkerUtils({ connectionString: databaseUrl });
  await utils.migrate();
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
