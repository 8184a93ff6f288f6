import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largeOrder, purchaseOrders } from './parse/documents';
import { largeFileMegabytes } from './parse/large-file';
import { type Measured, readers } from './parse/readers';
import { atLeast, below, plain, type Row, report } from './report';

/**
 * How fast X12 is read: each reader in a process of its own, so that the peaks of memory are its
 * own, three times, the median told. Readers that others wrote stand beside ours in the same run.
 */
const rounds = 3;
const targets: Readonly<Record<string, number>> = { segments: 100, validated: 25, mapped: 15 };

function measure(reader: string, file: string): Measured {
  const child = spawnSync(process.execPath, [__filename, '--reader', reader, file], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${reader}: ${child.stderr.slice(-500)}`);
  return JSON.parse(child.stdout.trim().split('\n').at(-1) as string) as Measured;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] as number;
}

function rowsOf(reader: string, file: string): Row[] {
  const measured = Array.from({ length: rounds }, () => measure(reader, file));
  const speed = median(measured.map(({ megabytesPerSecond }) => megabytesPerSecond));
  const target = targets[reader];
  return [
    target === undefined ? plain(reader, speed, 'MB/s') : atLeast(reader, speed, 'MB/s', target),
    plain(`${reader}-rss`, median(measured.map(({ peakMegabytes }) => peakMegabytes)), 'MB'),
  ];
}

async function runReader(name: string, file: string): Promise<void> {
  const reader = readers[name];
  if (reader === undefined) throw new Error(`there is no reader ${name}`);
  console.log(JSON.stringify(await reader(readFileSync(file), file)));
}

async function main(args: readonly string[]): Promise<void> {
  const at = args.indexOf('--reader');
  if (at >= 0) return runReader(args[at + 1] as string, args[at + 2] as string);
  console.log(
    `About five minutes: ${Object.keys(readers).length} readers, ${rounds} rounds each, and a file of 1 GB.`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-parse-'));
  try {
    const many = join(folder, 'orders.edi');
    const longOrder = join(folder, 'long-order.edi');
    writeFileSync(many, purchaseOrders(10_000, 10));
    writeFileSync(longOrder, largeOrder(10_000));
    const rows = Object.keys(readers)
      .filter((reader) => reader !== 'large')
      .flatMap((reader) => rowsOf(reader, many));
    const milliseconds = median(
      Array.from({ length: rounds }, () => measure('large', longOrder).milliseconds),
    );
    rows.push(below('10000-line-order', milliseconds, 'ms', 1000));
    rows.push(below('large-file-rss', largeFileMegabytes(join(folder, 'gigabyte.edi'), many), 'MB', 150));
    report('parse', rows, args);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
