import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second whatever its own clock runs at. */
const TICK_MS = 10;

interface ProcessTimes {
  readonly parent: number;
  readonly cpuMs: number;
}

function timesOf(pid: number): ProcessTimes | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name may hold blanks and brackets; the fields begin behind the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Own user and system time, and that of children which have ended (PostgreSQL's connections).
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
  } catch {
    return null;
  }
}

/** CPU time in ms that each of these processes has used so far, its descendants included. */
export function cpuMsOf(pids: readonly number[]): readonly number[] {
  const all = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(Number(name)) : null;
    if (times) all.set(Number(name), times);
  }
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of all) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const sum = (pid: number): number =>
    (all.get(pid)?.cpuMs ?? 0) + (children.get(pid) ?? []).reduce((total, child) => total + sum(child), 0);
  return pids.map(sum);
}

function rssMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** The largest sum of what these processes hold in memory, looked at twice a second until it is stopped. */
export function watchMemory(pids: readonly number[]): { readonly stop: () => number } {
  let highestMb = 0;
  const look = () => {
    try {
      highestMb = Math.max(
        highestMb,
        pids.reduce((sum, pid) => sum + rssMb(pid), 0),
      );
    } catch {
      // A process that ends while it is looked at is the caller's to notice.
    }
  };
  const timer = setInterval(look, 500);
  return {
    stop: () => {
      look();
      clearInterval(timer);
      return highestMb;
    },
  };
}
