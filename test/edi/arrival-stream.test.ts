import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readArrival } from '../../edi/x12/arrival';
import { type InterchangePlace, placesIn, WrappedArrival } from '../../edi/x12/arrival-stream';
import { group, interchange, purchaseOrder } from '../support/trading-partner';

const sha256 = () => createHash('sha256');
const fixtures = join(__dirname, '../fixtures');

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return /\.(edi|x12|txt|850|dat)$/i.test(name) ? [path] : [];
  });
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function places(bytes: Buffer, size: number): Promise<readonly InterchangePlace[] | 'wrapped'> {
  try {
    const found: InterchangePlace[] = [];
    for await (const place of placesIn(inPieces(bytes, size), sha256)) found.push(place);
    return found;
  } catch (error) {
    if (error instanceof WrappedArrival) return 'wrapped';
    throw error;
  }
}

function expected(bytes: Buffer): readonly InterchangePlace[] | 'wrapped' {
  const { interchanges } = readArrival(bytes);
  if (interchanges.some(({ deviations }) => deviations.includes('wrapped'))) return 'wrapped';
  return interchanges.map((one) => ({
    offset: one.offset,
    length: one.bytes.byteLength,
    hash: sha256().update(one.bytes).digest(),
    encoding: isAscii(one.bytes) ? 'ascii' : isUtf8(one.bytes) ? 'utf-8' : 'latin1',
    header: one.header,
    complete: one.complete,
    deviations: one.deviations,
  }));
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const order = (number: number) =>
  interchange({ controlNumber: number, groups: [group('PO', number, [purchaseOrder(`PO${number}`)])] });

describe('a file that streams by is taken apart as one that is held whole', () => {
  test('every sample file', async () => {
    const files = filesBelow(fixtures);
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const size of [100, 65_536]) {
        expect({ file, size, found: await places(bytes, size) }).toEqual({
          file,
          size,
          found: expected(bytes),
        });
      }
    }
  });

  const mark = '\xef\xbb\xbf';
  const other = order(2).replaceAll('*', '|').replaceAll('~', '\n');
  test.each([
    ['nothing', ''],
    ['no EDI at all', '<?xml version="1.0"?><order/>'],
    ['lines of one length that are no EDI', 'one line\n'.repeat(300_000)],
    ['UTF-16', `\xff\xfe${order(1)}`],
    ['a byte-order mark and blanks before ISA', `${mark}\r\n  ${order(1)}`],
    ['other data before, between and behind', `HELLO ISA${order(1)}garbage${order(2)}the end`],
    ['separators of their own', `${order(1)}\r\n${other}`],
    ['an interchange without its trailer', `${order(1).replace(/IEA.*$/s, '')}${order(2)}`],
    ['a last terminator that is lost', `${order(1)}${order(2).replace(/~\s*$/, '')}`],
    ['the texts ISA and IEA inside elements', order(1).replace('PO1', 'ISA*IEA*ISA')],
    ['lines wrapped at 80 columns', (order(1) + order(2)).replace(/.{80}/gs, '$&\r\n')],
    ['blank lines longer than what is held', `${order(1)}${'\r\n'.repeat(300_000)}${order(2)}`],
    [
      'an element longer than what is held',
      `${order(1).replace('PO1', 'IEA ISA '.repeat(100_000))}${order(2)}`,
    ],
    ['a trailer behind blanks', order(1).replace('IEA', `${' \n'.repeat(20_000)}IEA`)],
    ['many interchanges', Array.from({ length: 2000 }, (_, at) => order(at + 1)).join('\n')],
  ])(
    '%s',
    async (_, text) => {
      const bytes = latin1(text);
      for (const size of [4999, 262_144]) {
        expect(await places(bytes, size)).toEqual(expected(bytes));
      }
    },
    60_000,
  );
});

test('a file of 100 MB is gone through without being held', async () => {
  const piece = latin1(Array.from({ length: 400 }, (_, at) => order(at + 1)).join('\n'));
  const rounds = Math.ceil((100 * 1024 * 1024) / piece.length);
  let most = 0;
  async function* rounded() {
    for (let round = 0; round < rounds; round += 1) {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      yield Buffer.from(piece);
    }
  }
  const before = process.memoryUsage().arrayBuffers;
  let found = 0;
  for await (const _ of placesIn(rounded(), sha256)) found += 1;
  expect(found).toBe(rounds * 400);
  expect(most - before).toBeLessThan(150 * 1024 * 1024);
}, 60_000);
