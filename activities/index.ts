import type { Db } from '../db/connection';
import type { OutsideActivities } from '../workflows/contracts/outside-activities';
import type { RecordActivities } from '../workflows/contracts/record-activities';
import { createOutsideActivities, type Outside } from './outside';
import { createRecordActivities } from './record';

export type { Outside } from './outside';

/**
 * Everything that an order's workflow may ask for.
 * @param ownQueues counterparties whose calls have a task queue of their own
 */
export function createActivities(
  db: Db,
  outside: Outside,
  ownQueues: readonly string[] = [],
): RecordActivities & OutsideActivities {
  return { ...createRecordActivities(db, ownQueues), ...createOutsideActivities(db, outside, ownQueues) };
}
