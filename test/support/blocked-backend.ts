import type { Db } from '../../db/connection';

/**
 * Kills the connection that waits for a lock with a statement like `pattern`: what a crash in the middle of a
 * transaction looks like to the database. Waits until there is one.
 * @param db not the transaction that holds the lock: it would look at one snapshot of the activity for ever
 */
export async function killBlocked(db: Db, pattern: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where wait_event_type = 'Lock' and query ilike ? and datname = current_database()`,
      [pattern],
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no connection waits with ${pattern}`);
}
