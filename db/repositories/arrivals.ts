import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Db } from '../connection';
import { bytesToHex, type WriteTogether } from './write-together';

/** Raw bytes in one chunk of the archive; only the last of an arrival is shorter. */
export const CHUNK_BYTES = 256 * 1024;

const compress = promisify(gzip);
const expand = promisify(gunzip);

export interface ArrivalRow {
  readonly id: string;
  readonly source: string;
  readonly source_key: string | null;
  readonly partner_id: string | null;
  readonly allowed_isa_ids: readonly string[] | null;
  readonly status: 'receiving' | 'complete';
  readonly size: number;
  readonly sha256: Uint8Array | null;
  readonly received_at: string;
}

export async function insertArrival(db: Db, row: ArrivalRow): Promise<void> {
  await db('arrival').insert({
    ...row,
    allowed_isa_ids: row.allowed_isa_ids === null ? null : [...row.allowed_isa_ids],
    sha256: row.sha256 === null ? null : Buffer.from(row.sha256),
  });
}

/** A whole arrival and its chunks, written together with what follows from it. */
export async function addArrival(writes: WriteTogether, row: ArrivalRow, bytes: Buffer): Promise<void> {
  writes.insert(
    'arrival',
    [
      'id',
      'source',
      'source_key',
      'partner_id',
      'allowed_isa_ids',
      'status',
      'size',
      'sha256',
      'received_at',
    ],
    [{ ...row, sha256: row.sha256 === null ? null : bytesToHex(row.sha256) }],
  );
  for (let at = 0, ordinal = 0; at < bytes.byteLength; at += CHUNK_BYTES, ordinal += 1) {
    const raw = bytes.subarray(at, at + CHUNK_BYTES);
    writes.add('insert into arrival_chunk (arrival_id, ordinal, raw_size, content) values (?, ?, ?, ?)', [
      row.id,
      ordinal,
      raw.byteLength,
      await compress(raw, { level: 4 }),
    ]);
  }
}

/** Part of a chunk as it is stored. */
export async function readChunk(content: Buffer, offset: number, length: number): Promise<Buffer> {
  const from = offset % CHUNK_BYTES;
  return (await expand(content)).subarray(from, from + length);
}

export async function arrivalById(db: Db, id: string): Promise<ArrivalRow | undefined> {
  return db('arrival').where({ id }).first();
}

export function addCompletedArrival(
  writes: WriteTogether,
  id: string,
  size: number,
  sha256: Uint8Array,
): void {
  writes.add(
    `update arrival set status = 'complete', size = ?, sha256 = ? where id = ? and status = 'receiving'`,
    [size, Buffer.from(sha256), id],
  );
}

export async function insertChunk(
  db: Db,
  arrivalId: string,
  ordinal: number,
  raw: Uint8Array,
): Promise<void> {
  const content = await compress(raw, { level: 4 });
  await db('arrival_chunk').insert({ arrival_id: arrivalId, ordinal, raw_size: raw.byteLength, content });
}

/** Part of an arrival; only the chunks that it touches are read. */
export async function readArrivalBytes(
  db: Db,
  arrivalId: string,
  offset: number,
  length: number,
): Promise<Buffer> {
  if (length === 0) return Buffer.alloc(0);
  const first = Math.floor(offset / CHUNK_BYTES);
  const last = Math.floor((offset + length - 1) / CHUNK_BYTES);
  const rows: { content: Buffer }[] = await db('arrival_chunk')
    .where({ arrival_id: arrivalId })
    .whereBetween('ordinal', [first, last])
    .orderBy('ordinal')
    .select('content');
  const parts = await Promise.all(rows.map((row) => expand(row.content)));
  const from = offset - first * CHUNK_BYTES;
  return Buffer.concat(parts).subarray(from, from + length);
}

/** What began to arrive and never ended was never answered with 202: it goes after a day. */
export async function sweepUnfinishedArrivals(db: Db, olderThan: string): Promise<number> {
  return db('arrival').where({ status: 'receiving' }).where('received_at', '<', olderThan).delete();
}
