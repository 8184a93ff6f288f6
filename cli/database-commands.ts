import type { Command } from 'commander';
import { connect } from '../db/connection';
import { migrate } from '../db/migrate';
import { seedDemo } from '../db/seed/demo';
import { HubCommandError } from './hub-api';

function databaseUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (!url)
    throw new HubCommandError(
      'Set DATABASE_URL to the database that is meant (a running hub on this machine is found by itself).',
    );
  return url;
}

/** `hub db ...`: the verbs that speak to the database itself, not to a running hub. */
export function addDatabaseCommands(program: Command): void {
  const db = program.command('db').description('the database behind the hub');
  db.command('migrate')
    .description('bring it to the current schema')
    .action(async () => {
      const applied = await migrate(databaseUrl());
      console.log(applied.length > 0 ? `Migrated: ${applied.join(', ')}` : 'The database is up to date.');
    });
  db.command('seed')
    .argument('<what>', 'demo')
    .description('load the demo company; what is there already stays as it is')
    .action(async (what: string) => {
      if (what !== 'demo') throw new HubCommandError(`There is no data called "${what}": only demo.`);
      const connection = connect(databaseUrl(), { poolMax: 2, applicationName: 'order-hub-seed' });
      try {
        await seedDemo(connection);
      } finally {
        await connection.destroy();
      }
      console.log('The demo company is loaded.');
    });
}
