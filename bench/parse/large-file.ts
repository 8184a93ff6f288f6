import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, writeSync } from 'node:fs';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { readArrival } from '../../edi/x12/arrival';
import { placesIn } from '../../edi/x12/arrival-stream';

const gigabyte = 1024 ** 3;

/** A file of a gigabyte: one interchange again and again, for memory does not ask whether numbers repeat. */
export function writeLargeFile(path: string, interchange: Buffer): void {
  const file = openSync(path, 'w');
  for (let written = 0; written < gigabyte; written += interchange.length) writeSync(file, interchange);
  closeSync(file);
}

/**
 * Takes a file apart as it streams by and judges each interchange by itself, as the intake does.
 * @returns the most memory this process ever had, in MB
 */
export async function judgeLargeFile(path: string): Promise<number> {
  const file = openSync(path, 'r');
  let interchanges = 0;
  for await (const place of placesIn(createReadStream(path), () => createHash('sha256'))) {
    const bytes = Buffer.alloc(place.length);
    readSync(file, bytes, 0, place.length, place.offset);
    for (const interchange of readArrival(bytes).interchanges) {
      const { groups } = judgeInterchange(interchange, null, nothingSeen, { keepsDocuments: false });
      if (groups.some((group) => group.ack !== 'A')) throw new Error('a clean file was not accepted');
      interchanges += 1;
    }
  }
  closeSync(file);
  if (interchanges === 0) throw new Error('no interchange was found');
  return process.resourceUsage().maxRSS / 1024;
}
