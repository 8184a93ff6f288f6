import { createHash } from 'node:crypto';
import knex, { type Knex } from 'knex';

interface Statement {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  options?: Readonly<Record<string, unknown>>;
}
/** One of the driver's, in pipeline mode. */
interface Connection {
  query(text: string, done: (error: Error | null) => void): unknown;
  readonly connection: { readonly stream: Socket };
  /** knex gives no such connection out again. */
  __knex__disposed?: unknown;
}
interface Socket {
  readonly writableCorked: number;
  cork(): void;
  uncork(): void;
}
interface PostgresClient {
  positionBindings(sql: string): string;
  _query(connection: Connection, statement: Statement): Promise<unknown>;
}
type PostgresClientClass = new (config: Knex.Config) => PostgresClient;

/** A text is worth preparing once it comes again; batches of changing length never do. */
const PREPARED_FROM = 3;
const LONGEST = 20_000;
const MOST = 1_000;

/**
 * Begins a statement whose best plan depends on its values (a search that finds one row or a million): it is planned
 * each time.
 */
export const PLANNED_EACH_TIME = '/* planned each time */ ';

/**
 * Begins a write of a transaction whose answer nobody needs: it goes out together with the transaction's next statement,
 * which fails with it. Locks are held one round trip less.
 */
export const SENT_WITH_NEXT = '/* sent with the next */ ';

const uses = new Map<string, { count: number; readonly hash: string }>();
let generation = 0;
const positions = new Map<string, string>();

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

/** As knex's transactions spell them. */
const BEGIN = 'BEGIN;';
const COMMIT = 'COMMIT;';
const ROLLBACK = 'ROLLBACK';

/** Their transaction has begun for the hub and not yet at the server. */
const begun = new WeakSet<Connection>();

const inTransaction = new WeakSet<Connection>();

/** What waits for its transaction's next statement. */
const unsent = new WeakMap<Connection, Statement[]>();

/**
 * knex's PostgreSQL client, preparing what it sends more than once (parsing and planning are half of what a short query
 * costs the server) and sending BEGIN in one write with the transaction's first statement. Statements that are given to
 * a transaction at once go out together too, and the server runs them one after the other, each seeing what the one
 * before did and waited for. Its connections must be in the driver's pipeline mode.
 */
export class PreparingClient extends Postgres {
  /** `?` become `$1`, `$2`: once a text. The same string each time is also found faster among the names below. */
  override positionBindings(sql: string): string {
    let positioned = positions.get(sql);
    if (positioned === undefined) {
      positioned = super.positionBindings(sql);
      if (sql.length > LONGEST) return positioned;
      if (positions.size >= MOST) positions.clear();
      positions.set(sql, positioned);
    }
    return positioned;
  }

  override async _query(connection: Connection, statement: Statement): Promise<unknown> {
    if (statement.sql.startsWith(SENT_WITH_NEXT) && inTransaction.has(connection)) {
      unsent.set(connection, [...(unsent.get(connection) ?? []), statement]);
      return withoutServer(statement, 'UNSENT');
    }
    const waiting = unsent.get(connection);
    if (!waiting) return this.sendOrBegin(connection, statement);
    unsent.delete(connection);
    // What is rolled back need not be sent: a savepoint would have sent what came before it.
    if (statement.sql.startsWith(ROLLBACK)) return this.sendOrBegin(connection, statement);
    const sent = await Promise.allSettled([
      ...waiting.map((one) => this.sendOrBegin(connection, one)),
      this.sendOrBegin(connection, statement),
    ]);
    // After the first failure the server refuses the others, and makes a rollback of a commit.
    for (const one of sent) if (one.status === 'rejected') throw one.reason;
    return statement;
  }

  protected async sendOrBegin(connection: Connection, statement: Statement): Promise<unknown> {
    if (statement.sql === BEGIN) {
      begun.add(connection);
      return withoutServer(statement, 'BEGIN');
    }
    const isFirst = begun.delete(connection);
    if (isFirst) inTransaction.add(connection);
    if (statement.sql === COMMIT || statement.sql === ROLLBACK) inTransaction.delete(connection);
    if (isFirst && (statement.sql === COMMIT || statement.sql === ROLLBACK))
      return withoutServer(statement, ROLLBACK);
    writeTogether(connection.connection.stream);
    if (statement.sql === ROLLBACK) return this.rollBack(connection, statement);
    if (!isFirst) return this.sendPrepared(connection, statement);
    const [began, answer] = await Promise.allSettled([
      begin(connection),
      this.sendPrepared(connection, statement),
    ]);
    if (began.status === 'rejected') throw began.reason;
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  }

  /** A server that is gone has rolled back: what the caller hears is why, not that. */
  protected async rollBack(connection: Connection, statement: Statement): Promise<unknown> {
    try {
      return await super._query(connection, statement);
    } catch (error) {
      connection.__knex__disposed = error;
      return withoutServer(statement, ROLLBACK);
    }
  }

  /** Sends before it returns; not a #method, since knex makes a transaction's client without the constructor. */
  protected async sendPrepared(connection: Connection, statement: Statement): Promise<unknown> {
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

/** What is written to the socket before the next tick goes in one piece. */
function writeTogether(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

const withoutServer = (statement: Statement, command: string) =>
  Object.assign(statement, { response: { command, rowCount: null, rows: [] } });

/** A server that refuses to begin is going away; the connection is not used again, whatever became of the statement. */
const begin = (connection: Connection) =>
  new Promise<void>((resolve, reject) => {
    connection.query('begin', (error) => {
      if (error) connection.__knex__disposed = error;
      if (error) reject(error);
      else resolve();
    });
  });
