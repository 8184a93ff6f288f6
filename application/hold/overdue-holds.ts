import type { Db } from '../../db/connection';

/**
 * Closes what was said of holds that are open no longer, however they ended.
 * @param orderId of one order; absent: of all
 */
export async function clearOverdueHolds(db: Db, now: string, orderId?: string): Promise<void> {
  await db.raw(
    `update exception e set status = 'resolved', resolved_at = ?, resolved_by = 'hub', resolution = 'The hold is ' || h.status
     from hold h where e.kind = 'hold-overdue' and e.status = 'open' and h.id = cast(split_part(e.subject_key, '/', 1) as uuid)
       and h.status <> 'open' ${orderId === undefined ? '' : 'and e.order_id = ?'}`,
    orderId === undefined ? [now] : [now, orderId],
  );
}
