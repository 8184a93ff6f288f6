import { createHash } from 'node:crypto';
import type { Db } from '../../db/connection';
import { type ArrivalRow, CHUNK_BYTES, insertArrival, insertChunk } from '../../db/repositories/arrivals';

/** Larger than the channel allows; nothing of it is kept. HTTP answers 413. */
export class ArrivalTooLarge extends Error {
  readonly limitBytes: number;
  constructor(limitBytes: number) {
    super(`the arrival is larger than ${limitBytes} bytes`);
    this.name = 'ArrivalTooLarge';
    this.limitBytes = limitBytes;
  }
}

/** Up to this size an arrival is held in memory, taken apart at once and stored in one transaction. */
export const AT_ONCE_BYTES = 4 * 1024 * 1024;

export type Taken =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** Its chunks are stored under an unfinished arrival row; `head` is its first chunk. */
  | { readonly kind: 'streamed'; readonly size: number; readonly sha256: Buffer; readonly head: Buffer };

/**
 * Takes bytes as they come. What outgrows `AT_ONCE_BYTES` goes to the archive chunk by chunk while it arrives, each in
 * a transaction of its own, so that neither memory nor a transaction grows with the sender's patience.
 */
export async function takeBytes(
  db: Db,
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  unfinished: ArrivalRow,
  limitBytes: number,
): Promise<Taken> {
  const spool = new Spool(db, unfinished);
  for await (const part of stream) {
    if (spool.size + part.byteLength > limitBytes) {
      await spool.discard();
      throw new ArrivalTooLarge(limitBytes);
    }
    await spool.add(part);
  }
  return spool.end();
}

class Spool {
  size = 0;
  private readonly db: Db;
  private readonly unfinished: ArrivalRow;
  private readonly hash = createHash('sha256');
  private parts: Uint8Array[] = [];
  private held = 0;
  private ordinal = 0;
  private head: Buffer | null = null;

  constructor(db: Db, unfinished: ArrivalRow) {
    this.db = db;
    this.unfinished = unfinished;
  }

  async add(part: Uint8Array): Promise<void> {
    this.parts.push(part);
    this.size += part.byteLength;
    this.held += part.byteLength;
    if (this.head === null && this.size > AT_ONCE_BYTES) {
      await insertArrival(this.db, this.unfinished);
      this.head = Buffer.concat(this.parts).subarray(0, CHUNK_BYTES);
    }
    if (this.head !== null && this.held >= CHUNK_BYTES) await this.flush(false);
  }

  async end(): Promise<Taken> {
    if (this.head === null) return { kind: 'whole', bytes: Buffer.concat(this.parts) };
    await this.flush(true);
    return { kind: 'streamed', size: this.size, sha256: this.hash.digest(), head: this.head };
  }

  async discard(): Promise<void> {
    if (this.head !== null) await this.db('arrival').where({ id: this.unfinished.id }).delete();
  }

  private async flush(last: boolean): Promise<void> {
    const bytes = Buffer.concat(this.parts);
    let at = 0;
    for (; at + CHUNK_BYTES <= bytes.byteLength || (last && at < bytes.byteLength); at += CHUNK_BYTES) {
      const chunk = bytes.subarray(at, at + CHUNK_BYTES);
      this.hash.update(chunk);
      await insertChunk(this.db, this.unfinished.id, this.ordinal, chunk);
      this.ordinal += 1;
    }
    const rest = bytes.subarray(Math.min(at, bytes.byteLength));
    this.parts = rest.byteLength > 0 ? [rest] : [];
    this.held = rest.byteLength;
  }
}
