import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';

/** Full path of a program on PATH, or null. */
export function findOnPath(program, env = process.env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!folder) continue;
    const candidate = join(folder, process.platform === 'win32' ? `${program}.exe` : program);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // not here; look in the next folder
    }
  }
  return null;
}

/**
 * Runs a program to its end and returns `{ code, output }` with stdout and stderr together.
 * `onLine` sees each line as it comes; `timeoutMs` ends the program.
 */
export function runCommand(program, args, { cwd, env, onLine, timeoutMs, input } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let rest = '';
    const take = (chunk) => {
      output += chunk;
      if (!onLine) return;
      rest += chunk;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    const timer = timeoutMs && setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: `${output}${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128, output: signal ? `${output}\n(ended by ${signal})` : output });
    });
  });
}

/**
 * Runs a program in our place, on our terminal, and resolves with its exit code. Ctrl-C reaches it from
 * the terminal; the signals that come only to this process are passed on.
 */
export function runInForeground(program, args, { cwd, env } = {}) {
  const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: 'inherit' });
  const ignore = () => {};
  const passOn = (signal) => child.kill(signal);
  process.on('SIGINT', ignore);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      for (const name of ['SIGTERM', 'SIGHUP']) process.off(name, passOn);
      resolve(code ?? 128 + (system.signals[signal] ?? 0));
    });
  });
}

/** Whether a short probe command ends with 0. */
export function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

const LONGEST_LINE = 400;

/** The last lines of a program's output, for an error message. */
export function tail(output, lines = 15) {
  const cut = (line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} ...` : line);
  return output.trimEnd().split('\n').slice(-lines).map(cut).join('\n');
}
