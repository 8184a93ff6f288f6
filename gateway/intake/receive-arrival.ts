import { createHash } from 'node:crypto';
import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { newRecordId } from '../../db/record-ids';
import { type ArrivalRow, completeArrival, insertArrival } from '../../db/repositories/arrivals';
import { type InboundInterchange, insertReceived } from '../../db/repositories/interchanges';
import { insertChunks, takeBytes } from './archive';
import { splitArrival, unsplitRow } from './split-arrival';

/** By which door bytes came, and whose interchanges may come by it. */
export interface ArrivalSource {
  readonly kind: 'https' | 'as2' | 'sftp' | 'cli';
  /** The key, AS2 id or account. */
  readonly key: string | null;
  readonly partnerId: string | null;
  /** 'ZZ:ACME', 'ACME' or '*'; null where the door is trusted (an operator's). */
  readonly allowedIsaIds: readonly string[] | null;
}

export interface ReceivedInterchange {
  readonly id: string;
  readonly controlNumber: string;
}

export interface ReceivedArrival {
  readonly arrivalId: string;
  readonly interchanges: readonly ReceivedInterchange[];
}

/** The door may not carry what this sender sends. Nothing was kept; HTTP answers 403. */
export class SenderNotAllowed extends Error {
  readonly sender: string;
  constructor(sender: string) {
    super(`this key may not send for ${sender}`);
    this.name = 'SenderNotAllowed';
    this.sender = sender;
  }
}

export function mayCarry(allowed: readonly string[] | null, qualifier: string, id: string): boolean {
  return allowed === null || allowed.some((one) => one === '*' || one === id || one === `${qualifier}:${id}`);
}

/**
 * Archives what arrived, with a row for each interchange and the jobs that judge them, in one transaction. When this
 * returns, the bytes are the hub's responsibility and the sender may be told so; nothing has been judged yet.
 * @throws ArrivalTooLarge, SenderNotAllowed
 */
export async function receiveArrival(
  db: Db,
  content: Buffer | AsyncIterable<Uint8Array>,
  source: ArrivalSource,
  options: { readonly now: string; readonly limitBytes: number },
): Promise<ReceivedArrival> {
  const unfinished: ArrivalRow = {
    id: newRecordId(),
    source: source.kind,
    source_key: source.key,
    partner_id: source.partnerId,
    allowed_isa_ids: source.allowedIsaIds,
    status: 'receiving',
    size: 0,
    sha256: null,
    received_at: options.now,
  };
  const stream = Buffer.isBuffer(content) ? [content] : content;
  const taken = await takeBytes(db, stream, unfinished, options.limitBytes);
  const rows =
    taken.kind === 'whole'
      ? splitArrival(taken.bytes, unfinished.id)
      : [unsplitRow(taken.head, taken.size, taken.sha256, unfinished.id)];
  const foreign = rows.find(
    (row) => row.sender_id !== '' && !mayCarry(source.allowedIsaIds, row.sender_qualifier, row.sender_id),
  );
  if (foreign) {
    await db('arrival').where({ id: unfinished.id }).delete();
    throw new SenderNotAllowed(`${foreign.sender_qualifier}:${foreign.sender_id}`);
  }
  await db.transaction(async (tx) => {
    if (taken.kind === 'whole') {
      const sha256 = createHash('sha256').update(taken.bytes).digest();
      await insertArrival(tx, { ...unfinished, status: 'complete', size: taken.bytes.byteLength, sha256 });
      await insertChunks(tx, unfinished.id, taken.bytes);
    } else {
      await completeArrival(tx, unfinished.id, taken.size, taken.sha256);
    }
    await insertReceived(tx, rows, options.now);
    await addJudgeJobs(tx, rows);
  });
  return {
    arrivalId: unfinished.id,
    interchanges: rows.map((row) => ({ id: row.id, controlNumber: row.control_number })),
  };
}

/** One job for each pair of ends: it works everything between them in the order of arrival, up to the row it names. */
export async function addJudgeJobs(
  tx: Tx,
  rows: readonly Pick<
    InboundInterchange,
    'id' | 'sender_qualifier' | 'sender_id' | 'receiver_qualifier' | 'receiver_id'
  >[],
): Promise<void> {
  const last = new Map(
    rows.map((row) => [
      [row.sender_qualifier, row.sender_id, row.receiver_qualifier, row.receiver_id].join('\u0001'),
      row.id,
    ]),
  );
  for (const interchangeId of last.values()) {
    await addJob(tx, 'judge-interchange', { interchangeId }, { key: interchangeId });
  }
}
