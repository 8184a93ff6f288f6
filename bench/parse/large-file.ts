import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const gigabyte = 1024 ** 3;
/** As scripts/hub.mjs starts the command line. */
const nodeArgs = ['--max-semi-space-size=2', '--heap-growing-percent=20'];

/** A gigabyte that is one interchange: the orders again and again, as a group each time, every one under its own number. */
export function writeLargeFile(path: string, orders: string): void {
  const text = readFileSync(orders, 'latin1');
  const isa = text.slice(0, text.indexOf('GS*'));
  const gs = text.slice(isa.length, text.indexOf('ST*'));
  const sets = text.slice(isa.length + gs.length, text.lastIndexOf('GE*')).split(/(?<=~)(?=ST\*)/);
  const file = openSync(path, 'w');
  let written = writeSync(file, isa);
  let groups = 0;
  let count = 0;
  while (written < gigabyte) {
    groups += 1;
    const piece = sets.map((set) => {
      count += 1;
      return renumbered(set, String(count).padStart(9, '0'));
    });
    const head = gs.replace(/\*1\*X\*/, `*${groups}*X*`);
    written += writeSync(file, `${head}${piece.join('')}GE*${sets.length}*${groups}~`);
  }
  writeSync(file, `IEA*${groups}*000000001~`);
  closeSync(file);
}

function renumbered(set: string, number: string): string {
  return set.replace(/^ST\*850\*\d+/, `ST*850*${number}`).replace(/(SE\*\d+\*)\d+/, `$1${number}`);
}

/**
 * What `hub edi check --json` and `hub edi ack` need for it.
 * @returns the most memory that either process ever had, in MB
 */
export function largeFileMegabytes(path: string, orders: string): number {
  writeLargeFile(path, orders);
  const peaks = ['check', 'ack'].map((verb) =>
    peakOf(verb === 'check' ? [verb, '--json', path] : [verb, path]),
  );
  return Math.max(...peaks);
}

function peakOf(args: readonly string[]): number {
  // The program tells its peak as its last word.
  const tells = "process.on('exit', () => console.error(process.resourceUsage().maxRSS))";
  const program = join(__dirname, '../../cli/main.js');
  const child = spawnSync(
    process.execPath,
    [...nodeArgs, '--import', `data:text/javascript,${encodeURIComponent(tells)}`, program, 'edi', ...args],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  if (child.status !== 0)
    throw new Error(`the file of 1 GB: exit ${child.status}: ${child.stderr.slice(-500)}`);
  return Number(child.stderr.trim().split('\n').at(-1)) / 1024;
}
