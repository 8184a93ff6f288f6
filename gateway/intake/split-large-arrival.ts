import type { Db } from '../../db/connection';
import { arrivalById, readArrivalBytes } from '../../db/repositories/arrivals';
import { addReceived } from '../../db/repositories/interchanges';
import { WriteTogether } from '../../db/repositories/write-together';
import { addJudgeJobs } from './receive-arrival';
import { splitArrival } from './split-arrival';

/**
 * An arrival that was too large to be taken apart before its answer stands as one row: here it gets its range, and
 * the other interchanges of the arrival rows and jobs of their own. Nothing to do for any other.
 */
export async function splitLargeArrival(db: Db, interchangeId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await tx('interchange')
      .where({ id: interchangeId, status: 'splitting' })
      .forUpdate()
      .first('id', 'arrival_id', 'created_at');
    if (!row) return;
    const arrival = await arrivalById(tx, row.arrival_id);
    if (!arrival) throw new Error(`arrival ${row.arrival_id} is gone`);
    const [first, ...rest] = splitArrival(
      await readArrivalBytes(tx, arrival.id, 0, arrival.size),
      arrival.id,
    );
    if (!first) return;
    const { id: _, arrival_id: __, deviations, sha256, ...columns } = first;
    await tx('interchange')
      .where({ id: row.id })
      .update({ ...columns, sha256: Buffer.from(sha256), deviations: JSON.stringify(deviations) });
    const writes = new WriteTogether();
    addReceived(writes, rest, row.created_at);
    addJudgeJobs(writes, rest);
    await writes.run(tx);
  });
}
