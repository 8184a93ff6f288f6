#!/usr/bin/env node
/**
 * `npm run bench -- NAME [--json] [...]`: runs dist/bench/NAME.js with the servers that it needs,
 * started for it and stopped after it. Without a name it lists the benchmarks. The program finds in its
 * environment DATABASE_URL (an empty database), TEST_DATABASE_URL (to make others), TEMPORAL_ADDRESS,
 * POSTGRES_PID and TEMPORAL_PID (to count their CPU time) and HUB_DATA_DIR (a folder of its own).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { listenForEnd } from './setup/listen-for-end.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { root } from './setup/places.mjs';
import { failScript, SetupError, step } from './setup/progress.mjs';
import { ServerPair } from './supervise/server-pair.mjs';

await underNode24(import.meta.url);

/** Every benchmark and the servers that it needs (Temporal runs over PostgreSQL, as in production). */
const NEEDS = {
  parse: { postgres: false, temporal: false },
  intake: { postgres: true, temporal: false },
  orders: { postgres: true, temporal: true },
  portal: { postgres: true, temporal: false },
  race: { postgres: true, temporal: false },
  sourcing: { postgres: false, temporal: false },
  scale: { postgres: true, temporal: false },
  faults: { postgres: true, temporal: true },
};

function available() {
  return Object.keys(NEEDS).filter((name) => existsSync(join(root, 'dist/bench', `${name}.js`)));
}

const GRACE_MS = 10_000;

/**
 * Runs the benchmark on our terminal and resolves with its exit code. It has a group of its own: what it started ends
 * with it, also when only this process was told to end, and nothing of it loses its server before.
 */
async function runToEnd(args, env, ending) {
  const endWithParent = join(root, 'scripts/supervise/end-with-parent.cjs');
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '--expose-gc', '--require', endWithParent, ...args],
    { cwd: root, env, detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const signalGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // nobody is left in it
    }
  };
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
  ending.addEventListener('abort', () => {
    signalGroup('SIGTERM');
    setTimeout(signalGroup, GRACE_MS, 'SIGKILL').unref();
  });
  const code = await exited;
  signalGroup('SIGKILL');
  return code;
}

async function main() {
  const [name, ...args] = process.argv.slice(2);
  await ensureDependencies();
  // A test run has one build for all that it starts.
  if (process.env.HUB_BUILT !== '1') await ensureBuild({ portal: name === 'portal' });
  if (!name || !available().includes(name)) {
    const list = available().join(', ') || 'none in this build';
    throw new SetupError(`${name ? `There is no benchmark "${name}". ` : ''}Benchmarks: ${list}.`);
  }
  const needs = NEEDS[name];
  const ending = listenForEnd();
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-bench-'));
  // Durable settings: what is measured is what a company would run.
  const servers = new ServerPair({
    folder,
    disposable: true,
    settings: ['shared_buffers=256MB', 'max_wal_size=4GB'],
  });
  try {
    const { postgres, temporal } = needs.postgres
      ? await step('starting servers', () =>
          servers.start({ temporal: needs.temporal ? 'over-postgres' : 'none' }),
        )
      : {};
    const env = {
      ...process.env,
      HUB_DATA_DIR: folder,
      ...(postgres && {
        DATABASE_URL: postgres.url,
        TEST_DATABASE_URL: postgres.maintenanceUrl,
        POSTGRES_PID: String(postgres.child.pid),
      }),
      ...(temporal && { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_PID: String(temporal.child.pid) }),
    };
    if (!ending.aborted) {
      const program = join(root, 'dist/bench', `${name}.js`);
      const code = await runToEnd([program, ...args], env, ending);
      if (!ending.aborted) return code;
    }
    return ending.reason;
  } catch (error) {
    // What was starting may have heard the signal too, and failed.
    if (ending.aborted) return ending.reason;
    throw error;
  } finally {
    await servers.stop();
  }
}

main().then((code) => process.exit(code), failScript);
