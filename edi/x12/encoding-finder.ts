import { isAscii, isUtf8 } from 'node:buffer';
import type { Encoding } from './byte-source';

/** Finds out what bytes are while they stream by; a character may be cut between two pieces. */
export class EncodingFinder {
  private encoding: Encoding = 'ascii';
  private cut: Buffer = Buffer.alloc(0);

  add(piece: Uint8Array): void {
    if (this.encoding === 'latin1' || (this.cut.length === 0 && isAscii(piece))) return;
    this.encoding = 'utf-8';
    const bytes = Buffer.concat([this.cut, piece]);
    const end = wholeCharacters(bytes);
    this.cut = bytes.subarray(end);
    if (!isUtf8(bytes.subarray(0, end))) this.encoding = 'latin1';
  }

  found(): Encoding {
    return this.cut.length > 0 && this.encoding === 'utf-8' ? 'latin1' : this.encoding;
  }
}

/** Up to where the bytes end in a whole character: a lead byte of UTF-8 says how many follow it. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
