import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../db/migrate';
import { withDatabase } from './database-url';

const migrationsFolder = join(__dirname, '../../db/migrations');

/** A template belongs to one state of the migrations, so an unfinished run or an older branch leaves nothing wrong behind. */
function templateName(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(migrationsFolder).sort())
    hash.update(readFileSync(join(migrationsFolder, name)));
  return `hub_template_${hash.digest('hex').slice(0, 12)}`;
}

/**
 * Jest's globalSetup: migrates the template database once for all test files, which clone it (8 ms each).
 * Without TEST_DATABASE_URL nothing happens: tests that need no database then run alone.
 */
export default async function prepareTemplate(): Promise<void> {
  const maintenanceUrl = process.env['TEST_DATABASE_URL'];
  if (!maintenanceUrl) return;
  const name = templateName();
  const client = new Client({ connectionString: maintenanceUrl });
  await client.connect();
  try {
    // Two runs against the same server must not both make it.
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) {
      const staging = `${name}_new`;
      await client.query(`drop database if exists ${staging}`);
      await client.query(`create database ${staging}`);
      await migrate(withDatabase(maintenanceUrl, staging));
      await client.query(`alter database ${staging} rename to ${name}`);
    }
  } finally {
    await client.end();
  }
  process.env['TEST_TEMPLATE_DB'] = name;
}
