import { randomBytes } from 'node:crypto';

/**
 * A UUID version 7 (RFC 9562 section 5.7) made before the row is written, so that a parent and its children can be
 * inserted in batches without asking the database for the parent's id first. Ascending in time like the database's own.
 */
export function newRecordId(): string {
  return idOf(randomBytes(16), Date.now());
}

/** The least id that can be made at that instant: a bound for everything made before or since. */
export function firstIdAt(epochMs: number): string {
  return idOf(Buffer.alloc(16), Math.max(0, Math.min(epochMs, 2 ** 48 - 1)));
}

function idOf(bytes: Buffer, epochMs: number): string {
  bytes.writeUIntBE(epochMs, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
