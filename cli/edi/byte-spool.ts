import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../../edi/x12/byte-source';
import { HubCommandError } from '../hub-api';

/** So much is kept in memory before a file is opened. */
const heldBytes = 1024 * 1024;
let spools = 0;

/** Bytes that are put aside until they are needed: the first megabyte in memory, more of them in a file without a name. */
export class ByteSpool implements ByteSource {
  private readonly held = Buffer.allocUnsafe(heldBytes);
  private heldLength = 0;
  /** bytes in the file; those in memory come after them */
  private written = 0;
  private file: number | null = null;

  get length(): number {
    return this.written + this.heldLength;
  }

  add(bytes: Uint8Array | string): void {
    const all = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
    for (let at = 0; at < all.length; ) {
      if (this.heldLength === this.held.length) this.writeOut();
      const part = all.subarray(at, at + this.held.length - this.heldLength);
      this.held.set(part, this.heldLength);
      this.heldLength += part.length;
      at += part.length;
    }
  }

  read(from: number, to: number): Buffer {
    const end = Math.min(to, this.length);
    const bytes = Buffer.alloc(Math.max(0, end - from));
    const inFile = Math.min(bytes.length, Math.max(0, this.written - from));
    for (let at = 0; at < inFile; )
      at += readSync(this.file as number, bytes, at, inFile - at, from + at) || inFile;
    if (inFile < bytes.length)
      this.held.copy(bytes, inFile, from + inFile - this.written, end - this.written);
    return bytes;
  }

  /** Forgets what was added since the spool was this long. */
  cutBackTo(length: number): void {
    if (length >= this.written) {
      this.heldLength = length - this.written;
      return;
    }
    this.heldLength = 0;
    this.written = length;
    ftruncateSync(this.file as number, length);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
    this.written = 0;
    this.heldLength = 0;
  }

  private writeOut(): void {
    this.file ??= openNameless();
    for (let at = 0; at < this.heldLength; )
      at += writeSync(this.file, this.held, at, this.heldLength - at, this.written + at);
    this.written += this.heldLength;
    this.heldLength = 0;
  }
}

/** Whatever becomes of this process, nothing of its data stays behind. */
function openNameless(): number {
  spools += 1;
  const path = join(tmpdir(), `order-hub-${process.pid}-${spools}.spool`);
  try {
    const file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return file;
  } catch (error) {
    throw new HubCommandError(
      `What is found has to be put aside in ${tmpdir()}, and that cannot be written to (${String((error as NodeJS.ErrnoException).code)}): set TMPDIR to another folder.`,
    );
  }
}
