#!/usr/bin/env node
/**
 * For working on the hub: PostgreSQL and Temporal alone, kept up until Ctrl-C. Their addresses are
 * printed and written to .hub-dev/env (`set -a; . .hub-dev/env`). Data in .hub-dev/ is disposable.
 * A second start in the same folder prints the addresses of the one that runs.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { listenForEnd } from './setup/listen-for-end.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { tryLock } from './setup/pid-lock.mjs';
import { root } from './setup/places.mjs';
import { elapsedSeconds, failScript, say } from './setup/progress.mjs';
import { ServerPair } from './supervise/server-pair.mjs';

await underNode24(import.meta.url);

const folder = resolve(root, process.env.HUB_DEV_DIR || '.hub-dev');
const envFile = join(folder, 'env');

async function main() {
  await ensureDependencies();
  mkdirSync(folder, { recursive: true });
  const lock = tryLock(join(folder, 'lock'));
  if (!lock.taken) {
    say(`The services run already (process ${lock.holder.pid}):`);
    if (existsSync(envFile)) process.stdout.write(readFileSync(envFile, 'utf8'));
    return;
  }
  const ending = listenForEnd();
  const servers = new ServerPair({ folder, disposable: false });
  try {
    await keepUp(servers, ending);
  } catch (error) {
    // What was starting may have heard the signal too, and failed.
    if (!ending.aborted) throw error;
  } finally {
    rmSync(envFile, { force: true });
    await servers.stop();
    lock.release();
  }
}

/** Until we are asked to end, or one of them ends by itself. */
async function keepUp(servers, ending) {
  const { postgres, temporal } = await servers.start({ ui: true });
  if (ending.aborted) return;
  const lines = [
    `DATABASE_URL=${postgres.url}`,
    `TEST_DATABASE_URL=${postgres.maintenanceUrl}`,
    `TEMPORAL_ADDRESS=${temporal.address}`,
    `TEMPORAL_UI=${temporal.uiUrl}`,
  ];
  writeFileSync(envFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  process.stdout.write(`${lines.join('\n')}\n`);
  say(`Up in ${elapsedSeconds()} s; written to ${envFile}. Ctrl-C stops them.`);
  await new Promise((done) => {
    ending.addEventListener('abort', done);
    for (const { child } of [postgres, temporal]) {
      child.exited.then(() => {
        if (!child.stopping && !ending.aborted) say(`${child.name} ended by itself:\n${child.lastWords()}`);
        done();
      });
    }
  });
}

main().then(() => process.exit(0), failScript);
