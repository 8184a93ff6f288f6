import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { segmentLines } from '../../edi/show/show-text';
import { shownSegments } from '../../edi/show/shown-segments';
import { type ArrivedInterchange, readArrival } from '../../edi/x12/arrival';
import { placesIn, WrappedArrival } from '../../edi/x12/arrival-stream';
import { paint } from '../paint';
import { ArrivalNumbers } from './arrival-numbers';
import { checkedInterchange } from './check-result';
import { printInterchange } from './print-check';
import { readEdiFile } from './read-file';

/** More than a person reads on a page; the rest is there with --all. */
const USUALLY_SHOWN = 3_000;

/** `hub edi show`: a file for people, one interchange in memory at a time. */
export async function showFile(file: string, options: { readonly all?: boolean }): Promise<0 | 2> {
  // A reader that stops (less, head) has seen what it wanted.
  process.stdout.on('error', () => process.exit(0));
  const numbers = new ArrivalNumbers();
  let left = options.all === true ? Number.POSITIVE_INFINITY : USUALLY_SHOWN;
  try {
    for await (const interchange of interchangesOf(file)) {
      left = await showInterchange(interchange, numbers, left);
      if (left > 0) continue;
      console.log(
        paint.yellow(
          `\nOnly the first ${USUALLY_SHOWN} segments are shown: --all shows the rest, hub edi check says what is wrong in it.`,
        ),
      );
      return 0;
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    console.error(`${file}: ${error.message}`);
    return 2;
  }
}

class Unreadable extends Error {}

async function* interchangesOf(file: string): AsyncGenerator<ArrivedInterchange> {
  const handle = await open(file).catch(() => null);
  let found = 0;
  try {
    if (handle === null || !(await handle.stat()).isFile()) {
      yield* wholeFile(file);
      return;
    }
    for await (const place of placesIn(createReadStream(file), () => createHash('sha256'))) {
      const [interchange] = readArrival(await range(handle, place.offset, place.length)).interchanges;
      if (!interchange) continue;
      found += 1;
      yield { ...interchange, deviations: [...new Set([...place.deviations, ...interchange.deviations])] };
    }
  } catch (error) {
    if (!(error instanceof WrappedArrival)) throw error;
    yield* wholeFile(file);
    return;
  } finally {
    await handle?.close();
  }
  // What holds no interchange is told in the words of the reader.
  if (found === 0) yield* wholeFile(file);
}

/** Wrapped lines can only be joined from the start of the file. */
async function* wholeFile(file: string): AsyncGenerator<ArrivedInterchange> {
  const read = await readEdiFile(file);
  if ('error' in read) throw new Unreadable(read.error);
  const arrival = readArrival(read.bytes);
  if (arrival.error !== null) throw new Unreadable(arrival.error);
  yield* arrival.interchanges;
}

async function range(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(bytes, at, length - at, from + at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

/** @returns how many segments may still be shown */
async function showInterchange(
  interchange: ArrivedInterchange,
  numbers: ArrivalNumbers,
  most: number,
): Promise<number> {
  const judgement = judgeInterchange(interchange, null, numbers);
  numbers.record(judgement);
  for (const { code, text } of judgement.deviations) console.log(paint.yellow(`! ${code}: ${text}`));
  let left = most;
  if (judgement.separators === null) console.log(paint.red('! the separators cannot be read'));
  else
    for (const segment of shownSegments(interchange.bytes, judgement.separators, 0, judgement)) {
      if (left <= 0) break;
      left -= 1;
      await print(segmentLines(segment, paint));
    }
  console.log(paint.bold('\nWhat the hub answers'));
  printInterchange(checkedInterchange(judgement, () => []));
  console.log('');
  return left;
}

/** Waits for a pipe that is slower than we are, so that a large file does not pile up in memory. */
async function print(lines: readonly string[]): Promise<void> {
  if (process.stdout.write(`${lines.join('\n')}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
