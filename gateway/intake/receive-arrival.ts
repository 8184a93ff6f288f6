import { createHash } from 'node:crypto';
import type { Db } from '../../db/connection';
import { newRecordId } from '../../db/record-ids';
import { type ArrivalRow, addArrival, addCompletedArrival } from '../../db/repositories/arrivals';
import { addReceived, type Ends } from '../../db/repositories/interchanges';
import { WriteTogether } from '../../db/repositories/write-together';
import { takeBytes } from './archive';
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
 * Archives what arrived, with a row for each interchange and the jobs that judge them, all or nothing. When this
 * returns, the bytes are the hub's responsibility and the sender may be told so; nothing has been judged yet.
 * @throws ArrivalTooLarge, SenderNotAllowed
 */
export async function receiveArrival(
  db: Db,
  content: Buffer | AsyncIterable<Uint8Array>,
  source: ArrivalSource,
  options: {
    readonly now: string;
    readonly limitBytes: number;
    /** What a door keeps of it, written in the same statement. */
    readonly alongside?: (
      writes: WriteTogether,
      arrival: { readonly arrivalId: string; readonly sha256: Uint8Array },
    ) => void;
  },
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
  const writes = new WriteTogether();
  const sha256 = taken.kind === 'whole' ? createHash('sha256').update(taken.bytes).digest() : taken.sha256;
  if (taken.kind === 'whole') {
    await addArrival(
      writes,
      { ...unfinished, status: 'complete', size: taken.bytes.byteLength, sha256 },
      taken.bytes,
    );
  } else {
    addCompletedArrival(writes, unfinished.id, taken.size, sha256);
  }
  addReceived(writes, rows, options.now);
  options.alongside?.(writes, { arrivalId: unfinished.id, sha256 });
  const last = new Map<string, string>();
  for (const row of rows) lastBetweenEnds(last, row);
  addJudgeJobs(writes, last);
  await writes.run(db);
  return {
    arrivalId: unfinished.id,
    interchanges: rows.map((row) => ({ id: row.id, controlNumber: row.control_number })),
  };
}

/** Remembers the last row between each two ends. */
export function lastBetweenEnds(last: Map<string, string>, row: Ends & { readonly id: string }): void {
  const { sender_qualifier, sender_id, receiver_qualifier, receiver_id } = row;
  last.set([sender_qualifier, sender_id, receiver_qualifier, receiver_id].join('\u0001'), row.id);
}

/** One job for each pair of ends: it works everything between them in the order of arrival, up to the row it names. */
export function addJudgeJobs(writes: WriteTogether, last: ReadonlyMap<string, string>): void {
  writes.job(
    'judge-interchange',
    [...last.values()].map((interchangeId) => ({ payload: { interchangeId }, key: interchangeId })),
  );
}
