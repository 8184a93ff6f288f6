import { createHash } from 'node:crypto';
import knex, { type Knex } from 'knex';

interface Statement {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  options?: Readonly<Record<string, unknown>>;
}
interface PostgresClient {
  _query(connection: unknown, statement: Statement): Promise<unknown>;
}
type PostgresClientClass = new (config: Knex.Config) => PostgresClient;

/** A text is worth preparing once it comes again; batches of changing length never do. */
const PREPARED_FROM = 3;
const LONGEST = 6_000;
const MOST = 1_000;

/**
 * Begins a statement whose best plan depends on its values (a search that finds one row or a million): it is planned
 * each time.
 */
export const PLANNED_EACH_TIME = '/* planned each time */ ';

const uses = new Map<string, { count: number; readonly hash: string }>();
let generation = 0;

function nameOf({ sql, bindings }: Statement): string | undefined {
  // Without values it may be several statements at once, which cannot be prepared.
  if (!bindings || bindings.length === 0 || sql.length > LONGEST) return undefined;
  if (sql.startsWith(PLANNED_EACH_TIME)) return undefined;
  let use = uses.get(sql);
  if (!use) {
    if (uses.size >= MOST) forgetRareOnes();
    if (uses.size >= MOST) return undefined;
    use = { count: 0, hash: createHash('sha1').update(sql).digest('base64url') };
    uses.set(sql, use);
  }
  use.count++;
  return use.count >= PREPARED_FROM ? `${generation}-${use.hash}` : undefined;
}

function forgetRareOnes(): void {
  for (const [sql, use] of uses) if (use.count < PREPARED_FROM) uses.delete(sql);
}

/** A migration changed what `select *` gives: every name is made anew, so that only one statement fails of it. */
const isOutdatedPlan = (error: unknown) => (error as { code?: unknown }).code === '0A000';

// knex does not export its PostgreSQL client; an idle instance tells its class.
const Postgres = (knex({ client: 'pg' }) as unknown as { client: { constructor: PostgresClientClass } })
  .client.constructor;

/**
 * knex's PostgreSQL client, preparing what it sends more than once: parsing and planning are half of what a short
 * query costs the server.
 */
export class PreparingClient extends Postgres {
  override async _query(connection: unknown, statement: Statement): Promise<unknown> {
    const name = nameOf(statement);
    if (name !== undefined) statement.options = { ...statement.options, name };
    try {
      return await super._query(connection, statement);
    } catch (error) {
      if (name !== undefined && isOutdatedPlan(error)) generation++;
      throw error;
    }
  }
}
