import { clearOverdueHolds } from '../../application/hold/overdue-holds';
import { escalateHold, expireHold } from '../../application/hold/time-out-hold';
import { addJob } from '../../db/jobs';
import type { Sweep } from './job';

/** An order's workflow keeps its deadlines by itself; what is later than this it has not. */
const LATE_SECONDS = 120;
const BATCH = 200;

/**
 * Holds whose deadline no workflow has kept: Temporal is away, or the order never got one. The record keeps them, by the
 * same use cases, which do nothing where it was done; a job tells the workflow once it is there. What was said of a hold
 * that a payment, a change or the order's end has closed meanwhile is closed with it.
 */
export const sweepHoldDeadlines: Sweep = async ({ db, log }) => {
  await clearOverdueHolds(db, new Date().toISOString());
  const { rows } = await db.raw<{ rows: { id: string; order_id: string; expired: boolean }[] }>(
    `select id, order_id, coalesce(expires_at < now() - make_interval(secs => :late), false) as expired from hold
     where status = 'open' and least(escalate_at, expires_at) < now() - make_interval(secs => :late)
     order by least(escalate_at, expires_at) limit :batch`,
    { late: LATE_SECONDS, batch: BATCH } as never,
  );
  for (const { id, order_id: orderId, expired } of rows) {
    const now = new Date().toISOString();
    await db.transaction(async (tx) => {
      await (expired ? expireHold(tx, id, now) : escalateHold(tx, id, now));
      // Temporal may be what is away: to call it here would hold up every other hold for as long as it does not answer.
      await addJob(tx, 'signal-order', { orderId }, { key: orderId });
    });
    log.warn({ orderId, holdId: id }, 'a deadline of a hold was kept by the record: no workflow has');
  }
};
