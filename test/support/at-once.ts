import type { Db } from '../../db/connection';

/**
 * Starts all of them while somebody else has every level of stock locked, and lets go only when each waits (for stock, or
 * for one that does) or has ended: so they want their first units at the same instant, and meet on every run.
 */
export async function atOnce<Outcome>(
  db: Db,
  jobs: readonly (() => Promise<Outcome>)[],
): Promise<readonly Outcome[]> {
  let ended = 0;
  const running = await db.transaction(async (gate) => {
    await gate('stock').orderBy(['item_id', 'node_id', 'usage']).forUpdate().select('item_id');
    const started = jobs.map((job) => job().finally(() => (ended += 1)));
    // What goes wrong is told when all have been waited for.
    const settled = Promise.allSettled(started);
    for (let tries = 0; tries < 400 && (await waiting(db)) + ended < jobs.length; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return { settled };
  });
  const outcomes = await running.settled;
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

async function waiting(db: Db): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows[0]?.count ?? 0;
}
