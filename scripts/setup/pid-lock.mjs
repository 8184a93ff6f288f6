import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * When a process began, as the system tells it: a pid alone is not an identity, because pids are
 * given out again (and after a restart of the machine or container quickly).
 */
export function processStart(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process that nobody has waited for yet still has its entry.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
  } catch {
    if (process.platform === 'linux') return null;
    const told = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return told.status === 0 ? told.stdout.trim() : null;
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function holderOf(text) {
  try {
    const holder = JSON.parse(text);
    const start = processStart(holder.pid);
    return start !== null && start === holder.start ? holder : null;
  } catch {
    return null;
  }
}

/**
 * Takes the lock file, or tells who holds it: `{ taken: true, release }` or `{ taken: false, holder }`.
 * A lock whose process is gone is taken over. `note` is kept in the file for whoever asks.
 */
export function tryLock(path, note = {}) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, start: processStart(process.pid), ...note }));
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        linkSync(mine, path);
        return { taken: true, release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const text = read(path);
      if (text === null) continue;
      const holder = holderOf(text);
      if (holder) return { taken: false, holder };
      takeOver(path, text, `${mine}.stale`);
    }
    return { taken: false, holder: { pid: 0 } };
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves a stale lock away; if somebody else's fresh lock was caught instead, it goes back. */
function takeOver(path, staleText, aside) {
  try {
    renameSync(path, aside);
    if (read(aside) !== staleText) linkSync(aside, path);
  } catch {
    // another process was faster; the next attempt sees its lock
  }
  rmSync(aside, { force: true });
}

/** Runs `work` while holding the lock, waiting for a living holder. */
export async function withLock(path, work, onWait = () => {}) {
  let told = false;
  for (;;) {
    const lock = tryLock(path);
    if (lock.taken) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!told) onWait(lock.holder);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
