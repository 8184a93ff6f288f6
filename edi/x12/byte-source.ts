/** Bytes of which only a part need lie in memory. */
export interface ByteSource {
  readonly length: number;
  /** The bytes from `from` up to `to`, or up to the end where that comes first; until the next call they stay what they are. */
  read(from: number, to: number): Uint8Array;
}

/** Bytes that lie in memory as a whole, or are read as they are needed. */
export type SomeBytes = Uint8Array | ByteSource;

export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What bytes are, as far as their values above 0x7F tell. */
export type Encoding = 'ascii' | 'utf-8' | 'latin1';
