import { createHash } from 'node:crypto';
import type { Db, Tx } from '../../db/connection';
import {
  type ArrivalRow,
  arrivalById,
  arrivalChunks,
  readArrivalBytes,
} from '../../db/repositories/arrivals';
import { addReceived, type InboundInterchange } from '../../db/repositories/interchanges';
import { WriteTogether } from '../../db/repositories/write-together';
import { placesIn, WrappedArrival } from '../../edi/x12/arrival-stream';
import { addJudgeJobs, lastBetweenEnds } from './receive-arrival';
import { placedRow, splitArrival, wholeRow } from './split-arrival';

/** Rows written at once; neither a statement nor the memory grows with the number of interchanges. */
const BATCH = 500;
/** What has to be held in memory to be taken apart (wrapped lines) may be as large as what comes over HTTP. */
const HELD_BYTES = 50 * 1024 * 1024;

/**
 * An arrival that was too large to be taken apart before its answer stands as one row: here it gets its range, and
 * the other interchanges of the arrival rows and jobs of their own. It streams by, however large it is. Nothing to do
 * for any other.
 */
export async function splitLargeArrival(db: Db, interchangeId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await tx('interchange')
      .where({ id: interchangeId, status: 'splitting' })
      .forUpdate()
      .first('id', 'arrival_id', 'created_at', 'sequence');
    if (!row) return;
    const arrival = await arrivalById(tx, row.arrival_id);
    if (!arrival) throw new Error(`arrival ${row.arrival_id} is gone`);
    const last = new Map<string, string>();
    let first = true;
    let batch: InboundInterchange[] = [];
    const write = async () => {
      const writes = new WriteTogether();
      addReceived(writes, batch, row.created_at);
      await writes.run(tx);
      batch = [];
    };
    for await (const one of rowsOf(tx, arrival)) {
      if (first) await becomeFirst(tx, row.id, one);
      else {
        batch.push({ ...one, arrived_as: row.sequence });
        lastBetweenEnds(last, one);
      }
      first = false;
      if (batch.length >= BATCH) await write();
    }
    await write();
    const writes = new WriteTogether();
    addJudgeJobs(writes, last);
    await writes.run(tx);
  });
}

const sha256 = () => createHash('sha256');

async function* rowsOf(tx: Tx, arrival: ArrivalRow): AsyncGenerator<InboundInterchange> {
  let ordinal = 0;
  try {
    for await (const place of placesIn(arrivalChunks(tx, arrival.id), sha256)) {
      yield placedRow(place, ordinal, arrival.id);
      ordinal += 1;
    }
  } catch (error) {
    if (!(error instanceof WrappedArrival)) throw error;
    if (arrival.size <= HELD_BYTES) {
      yield* splitArrival(await readArrivalBytes(tx, arrival.id, 0, arrival.size), arrival.id);
      return;
    }
  }
  // No interchange in it, or none that can be found: the judge says so, and somebody sees it.
  if (ordinal === 0) yield wholeRow({ ...arrival, sha256: arrival.sha256 ?? Buffer.alloc(0) });
}

async function becomeFirst(tx: Tx, id: string, row: InboundInterchange): Promise<void> {
  const { id: _, arrival_id: __, deviations, sha256, ...columns } = row;
  await tx('interchange')
    .where({ id })
    .update({ ...columns, sha256: Buffer.from(sha256), deviations: JSON.stringify(deviations) });
}
