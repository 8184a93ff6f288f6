import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { InterchangeToJudge } from '../../edi/judge/judge-interchange';
import { readArrival } from '../../edi/x12/arrival';
import { type InterchangePlace, placesIn, WrappedArrival } from '../../edi/x12/arrival-stream';
import type { ByteSource } from '../../edi/x12/byte-source';
import { ByteSpool } from './byte-spool';

/** Read at once of what streams by. */
const chunkBytes = 256 * 1024;
/** Lines of a fixed width can only be joined in memory. */
const mostWrappedBytes = 256 * 1024 * 1024;

/** An interchange of a file, and the hash of its bytes from ISA to IEA. */
export interface FoundInterchange {
  readonly interchange: InterchangeToJudge;
  readonly hash: Uint8Array;
}

/** What cannot be read at all, in words for the person who asked. */
export class UnreadableInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableInput';
  }
}

/**
 * The interchanges of a file, one after the other; `-` is what comes in by standard input. No more of the file is
 * held than the judge is looking at, however large it is.
 * @throws UnreadableInput before the first one
 */
export async function* interchangesOf(path: string): AsyncGenerator<FoundInterchange> {
  const input = await open(path);
  try {
    let found = 0;
    const judged = input.reader();
    for await (const place of placesIn(chunksOf(input.reader()), () => createHash('sha256'))) {
      found += 1;
      yield placed(judged, place);
    }
    if (found === 0) throw new UnreadableInput(reasonOf(input.reader()));
  } catch (error) {
    if (!(error instanceof WrappedArrival)) throw error;
    yield* unwrapped(input.reader());
  } finally {
    input.close();
  }
}

interface Input {
  /** Every reader has memory of its own. */
  reader(): ByteSource;
  close(): void;
}

async function open(path: string): Promise<Input> {
  if (path === '-') return spooled(process.stdin);
  try {
    const file = openSync(path, 'r');
    const stat = fstatSync(file);
    if (stat.isFile()) return { reader: () => new FileReader(file, stat.size), close: () => closeSync(file) };
    if (stat.isDirectory()) {
      closeSync(file);
      throw new UnreadableInput('this is a folder');
    }
    return spoolFile(file);
  } catch (error) {
    if (error instanceof UnreadableInput) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UnreadableInput(unreadable[code ?? ''] ?? `it cannot be read (${code ?? String(error)})`);
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'you may not read it',
  ENAMETOOLONG: 'its name is too long',
  EISDIR: 'this is a folder',
};

class FileReader implements ByteSource {
  readonly length: number;
  private readonly file: number;
  private memory: Buffer = Buffer.alloc(0);

  constructor(file: number, length: number) {
    this.file = file;
    this.length = length;
  }

  read(from: number, to: number): Buffer {
    const length = Math.max(0, Math.min(to, this.length) - from);
    if (length > this.memory.length) this.memory = Buffer.allocUnsafe(length);
    const bytes = this.memory.subarray(0, length);
    for (let at = 0; at < length; ) {
      const read = readSync(this.file, bytes, at, length - at, from + at);
      if (read === 0) throw new UnreadableInput('it became shorter while it was read');
      at += read;
    }
    return bytes;
  }
}

/** Pipes cannot be read twice: what comes out of them is put aside. */
async function spooled(chunks: AsyncIterable<Uint8Array | string>): Promise<Input> {
  const spool = new ByteSpool();
  for await (const chunk of chunks) spool.add(chunk);
  return { reader: () => spool, close: () => spool.close() };
}

function spoolFile(file: number): Input {
  const spool = new ByteSpool();
  const chunk = Buffer.alloc(chunkBytes);
  for (;;) {
    const read = readSync(file, chunk, 0, chunk.length, null);
    if (read === 0) break;
    spool.add(chunk.subarray(0, read));
  }
  closeSync(file);
  return { reader: () => spool, close: () => spool.close() };
}

async function* chunksOf(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.read(at, at + chunkBytes);
}

function placed(file: ByteSource, place: InterchangePlace): FoundInterchange {
  const { offset, length, header, complete, deviations, encoding } = place;
  const bytes: ByteSource = {
    length,
    read: (from, to) => file.read(offset + from, offset + Math.min(to, length)),
  };
  return {
    interchange: { bytes, header, complete, deviations, encoding, fileOffset: (at) => offset + at },
    hash: place.hash,
  };
}

function* unwrapped(file: ByteSource): Generator<FoundInterchange> {
  if (file.length > mostWrappedBytes)
    throw new UnreadableInput(
      'its lines are wrapped at a fixed width and it is larger than 256 MB: unwrap it first',
    );
  for (const interchange of readArrival(file.read(0, file.length)).interchanges)
    yield { interchange, hash: createHash('sha256').update(interchange.bytes).digest() };
}

function reasonOf(file: ByteSource): string {
  const head = readArrival(file.read(0, chunkBytes)).error;
  return file.length <= chunkBytes && head !== null ? head : 'no ISA segment: this is not an X12 interchange';
}
