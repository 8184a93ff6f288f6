import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { connect, type Db } from '../../db/connection';
import { withDatabase } from './database-url';

/** A migrated, otherwise empty database of this test's own. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Db;
  /** Ends the pool and drops the database. For afterAll. */
  readonly drop: () => Promise<void>;
}

async function maintain(statement: string): Promise<void> {
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Clones the template database. One a test file is usual; it costs milliseconds.
 *
 * ```ts
 * let database: TestDatabase;
 * beforeAll(async () => { database = await createTestDatabase(); });
 * afterAll(() => database.drop());
 * ```
 */
export async function createTestDatabase(options: { readonly poolMax?: number } = {}): Promise<TestDatabase> {
  const maintenanceUrl = process.env['TEST_DATABASE_URL'];
  const template = process.env['TEST_TEMPLATE_DB'];
  if (!maintenanceUrl || !template) {
    throw new Error(
      'This test needs PostgreSQL: run it with `npm test`, or start `node scripts/services.mjs` and load .hub-dev/env.',
    );
  }
  const name = `test_${process.pid}_${randomBytes(5).toString('hex')}`;
  // Connected to another database than the template: an open connection to a template blocks its cloning.
  await maintain(`create database ${name} template ${template} strategy file_copy`);
  const url = withDatabase(maintenanceUrl, name);
  const db = connect(url, { poolMax: options.poolMax ?? 10, applicationName: 'order-hub-test' });
  return {
    url,
    db,
    drop: async () => {
      await db.destroy();
      // Forced: a process that the test killed may have left its connection behind.
      await maintain(`drop database if exists ${name} with (force)`);
    },
  };
}
