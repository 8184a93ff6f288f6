import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../setup/places.mjs';
import { succeeds, tail } from '../setup/run-command.mjs';

let pdeathsig;

/** Whether the kernel can be asked to signal a child when its parent dies. */
export function canDieWithParent() {
  pdeathsig ??= process.platform === 'linux' && succeeds('setpriv', ['--pdeathsig', 'TERM', 'true']);
  return pdeathsig;
}

let reaper;

function tellReaper(line) {
  reaper ??= spawn(process.execPath, [join(import.meta.dirname, 'reaper.mjs')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  reaper.unref();
  reaper.stdin.unref?.();
  reaper.stdin.write(`${line}\n`);
}

function signalTo(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Keeps a Node program at half the memory: short-lived rows and documents fill a small young generation as well as a
 * large one, the old one grows by a third before it is looked through (not to twice its size and more), and the threads
 * of the process share two of glibc's arenas instead of having one each. bench/results/orders.md has what each brings.
 * The images have the same (Dockerfile, docker-compose.yml), and the benchmarks (bench/orders/processes.ts).
 */
const LITTLE_MEMORY = {
  flags: ['--max-semi-space-size=8', '--heap-growing-percent=30'],
  env: { MALLOC_ARENA_MAX: '2' },
};

/**
 * One supervised process: in a group of its own (else Ctrl-C in the terminal would reach PostgreSQL
 * before the worker has drained), its output in a log file.
 */
export class ChildProcess {
  #child;
  #stopSignal;
  #stopping = false;

  /**
   * `{ name, program, args, env, logFile, stopSignal, uid, gid }`; for a Node program give `main`
   * (a file) instead of `program`.
   */
  constructor({
    name,
    main,
    program,
    args = [],
    env = {},
    cwd = root,
    logFile,
    stopSignal = 'SIGTERM',
    uid,
    gid,
  }) {
    this.name = name;
    this.logFile = logFile;
    this.#stopSignal = stopSignal;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    const nodeArgs = [
      ...LITTLE_MEMORY.flags,
      '--require',
      join(import.meta.dirname, 'end-with-parent.cjs'),
      main,
      ...args,
    ];
    this.#child = spawn(main ? process.execPath : program, main ? nodeArgs : args, {
      cwd,
      env: { ...process.env, ...(main && LITTLE_MEMORY.env), ...env },
      detached: true,
      stdio: main ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      ...(uid === undefined ? {} : { uid, gid }),
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve({ code: 127, signal: null, error }));
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    /** Resolves when a Node child sends the message `ready`. */
    this.saysReady = new Promise((resolve) => {
      this.#child.on('message', (message) => message === 'ready' && resolve());
    });
    this.ended = false;
    void this.exited.then(() => {
      this.ended = true;
    });
    // Node children watch the IPC channel; others have the kernel or the reaper watch for them.
    if (!main && this.pid && !canDieWithParent()) {
      tellReaper(`+${this.pid} ${stopSignal}`);
      void this.exited.then(() => tellReaper(`-${this.pid}`));
    }
  }

  get pid() {
    return this.#child.pid;
  }

  /** True from the moment when stop() was called: then an exit is nothing to worry about. */
  get stopping() {
    return this.#stopping;
  }

  /** Asks it to end, waits, and ends its whole group by force when it does not. */
  async stop(timeoutMs = 15_000) {
    this.#stopping = true;
    if (this.ended || !this.pid) return;
    signalTo(this.pid, this.#stopSignal);
    const timer = setTimeout(() => signalTo(-this.pid, 'SIGKILL'), timeoutMs);
    await this.exited;
    clearTimeout(timer);
  }

  /** The last lines it said, for an error message. */
  lastWords(lines = 12) {
    try {
      return tail(readFileSync(this.logFile, 'utf8'), lines);
    } catch {
      return '(no output)';
    }
  }
}

/** Puts `setpriv` before a program so that it gets `signal` when its parent dies. */
export function dyingWithParent(program, args, signal) {
  if (!canDieWithParent()) return { program, args };
  return { program: 'setpriv', args: ['--pdeathsig', signal, program, ...args] };
}
