#!/usr/bin/env node
/**
 * `npm run bench -- NAME [--json] [...]`: runs dist/bench/NAME.js with the servers that it needs,
 * started for it and stopped after it. Without a name it lists the benchmarks. The program finds in its
 * environment DATABASE_URL (an empty database), TEST_DATABASE_URL (to make others), TEMPORAL_ADDRESS,
 * POSTGRES_PID and TEMPORAL_PID (to count their CPU time) and HUB_DATA_DIR (a folder of its own).
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { root } from './setup/places.mjs';
import { failScript, SetupError, step } from './setup/progress.mjs';
import { runInForeground } from './setup/run-command.mjs';
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

async function main() {
  const [name, ...args] = process.argv.slice(2);
  await ensureDependencies();
  await ensureBuild({ portal: name === 'portal' });
  if (!name || !available().includes(name)) {
    const list = available().join(', ') || 'none in this build';
    throw new SetupError(`${name ? `There is no benchmark "${name}". ` : ''}Benchmarks: ${list}.`);
  }
  const needs = NEEDS[name];
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
    const nodeArgs = ['--enable-source-maps', '--expose-gc', join(root, 'dist/bench', `${name}.js`)];
    return await runInForeground(process.execPath, [...nodeArgs, ...args], { cwd: root, env });
  } finally {
    await servers.stop();
  }
}

main().then((code) => process.exit(code), failScript);
