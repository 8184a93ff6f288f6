import knex, { type Knex } from 'knex';
import { types } from 'pg';
import { PreparingClient } from './prepared-statements';

/** A connection pool or a transaction: what every repository and use case takes first. */
export type Db = Knex;
export type Tx = Knex.Transaction;

// Amounts and counts are bigint in the database and safe integers in the domain; anything larger is a fault, not a rounding.
types.setTypeParser(types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`the database holds ${text}, beyond what can be held exactly`);
  return value;
});
// Calendar dates stay text: a Date would move them into the zone of this process.
types.setTypeParser(types.builtins.DATE, (text) => text);
// Instants are ISO 8601 in UTC everywhere in the hub.
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

export function connect(
  databaseUrl: string,
  options: { readonly poolMax?: number; readonly applicationName?: string } = {},
): Db {
  const connection = {
    connectionString: databaseUrl,
    application_name: options.applicationName ?? 'order-hub',
    // A statement that hangs must not hold its locks for ever.
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 120_000,
    // BEGIN goes out together with what follows it. Known to the driver, not to knex's types.
    pipeline: true,
  };
  return knex({
    client: PreparingClient as unknown as typeof Knex.Client,
    connection,
    pool: { min: 0, max: options.poolMax ?? 10 },
  });
}
