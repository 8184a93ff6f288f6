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
  return new ArrivalReader().read(db, { arrival_id: arrivalId, byte_offset: offset, byte_length: length });
}

export interface ArchivedRange {
  readonly arrival_id: string;
  readonly byte_offset: number;
  readonly byte_length: number;
}

export interface ChunkPlace {
  readonly arrivalId: string;
  readonly ordinal: number;
}

/**
 * Reads ranges of arrivals one after the other. The chunk read last stays expanded: a chunk holds hundreds of small
 * interchanges, and each of them would else expand it again.
 */
export class ArrivalReader {
  private held: (ChunkPlace & { readonly raw: Buffer }) | null = null;

  /** Need not be read from the database again. */
  get heldChunk(): ChunkPlace | null {
    return this.held;
  }

  /** @param stored the compressed chunk that holds all of the range, where the caller has it already */
  async read(db: Db, range: ArchivedRange, stored: Buffer | null = null): Promise<Buffer> {
    const { arrival_id: arrivalId, byte_offset: offset, byte_length: length } = range;
    if (length === 0) return Buffer.alloc(0);
    const first = Math.floor(offset / CHUNK_BYTES);
    const last = Math.floor((offset + length - 1) / CHUNK_BYTES);
    const from = offset - first * CHUNK_BYTES;
    const heldFirst = this.held?.arrivalId === arrivalId && this.held.ordinal === first;
    const parts = heldFirst && this.held ? [this.held.raw] : [];
    if (stored && !heldFirst) parts.push(await expand(stored));
    const missing = first + parts.length;
    if (missing <= last) parts.push(...(await expandChunks(db, arrivalId, missing, last)));
    const end = parts[last - first];
    if (end) this.held = { arrivalId, ordinal: last, raw: end };
    return (parts.length === 1 && end ? end : Buffer.concat(parts)).subarray(from, from + length);
  }
}

async function expandChunks(db: Db, arrivalId: string, first: number, last: number): Promise<Buffer[]> {
  const rows: { content: Buffer }[] = await db('arrival_chunk')
    .where({ arrival_id: arrivalId })
    .whereBetween('ordinal', [first, last])
    .orderBy('ordinal')
    .select('content');
  return Promise.all(rows.map((row) => expand(row.content)));
}

/** Read at once where an arrival is gone through from its start to its end. */
const CHUNKS_AT_ONCE = 4;

/** A whole arrival as it came, a few chunks in memory at a time. */
export async function* arrivalChunks(db: Db, arrivalId: string): AsyncGenerator<Buffer> {
  for (let next = 0; ; next += CHUNKS_AT_ONCE) {
    const chunks = await expandChunks(db, arrivalId, next, next + CHUNKS_AT_ONCE - 1);
    yield* chunks;
    if (chunks.length < CHUNKS_AT_ONCE) return;
  }
}

/** What began to arrive and never ended was never answered with 202: it goes after a day. */
export async function sweepUnfinishedArrivals(db: Db, olderThan: string): Promise<number> {
  return db('arrival').where({ status: 'receiving' }).where('received_at', '<', olderThan).delete();
}
