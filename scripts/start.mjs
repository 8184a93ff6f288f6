#!/usr/bin/env node
/**
 * `npm start`: the whole hub on this machine, from nothing. See docs/operations/running.md.
 *   --no-demo  an empty hub     --once  play the demo day in a data directory of its own and end
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { tryLock } from './setup/pid-lock.mjs';
import { dataFolder as usualDataFolder } from './setup/places.mjs';
import { elapsedSeconds, failScript, SetupError, say, step } from './setup/progress.mjs';
import { HubOnThisMachine } from './supervise/hub-on-this-machine.mjs';
import { freePort, isBlockedPort, portIsFree } from './supervise/ports.mjs';
import { removeDatabase } from './supervise/postgres.mjs';

await underNode24(import.meta.url);

const once = process.argv.includes('--once');
const withDemo = once || !process.argv.includes('--no-demo');

/** Resolves with the signal's name. Signals reach us twice (from the terminal and from npm): once is enough. */
const asked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(signal));
});

/** When npm, which started us, is gone (killed), nobody could stop us any more from its terminal. */
function orphaned() {
  if (!process.env.npm_lifecycle_event) return new Promise(() => {});
  const parent = process.ppid;
  return new Promise((resolve) => {
    setInterval(() => process.ppid !== parent && resolve('orphaned'), 1000).unref();
  });
}

function takeDataFolder() {
  const folder = once ? mkdtempSync(join(tmpdir(), 'order-hub-once-')) : usualDataFolder();
  mkdirSync(folder, { recursive: true });
  const lock = tryLock(join(folder, 'hub.lock'), { port: process.env.HUB_PORT || 4080 });
  if (lock.taken) return { folder, lock };
  throw new SetupError(
    `The hub runs already with this data directory: process ${lock.holder.pid}, http://localhost:${lock.holder.port}\n` +
      `Stop it with Ctrl-C there, or set HUB_DATA_DIR and HUB_PORT to run a second one.`,
  );
}

async function choosePort() {
  const wanted = process.env.HUB_PORT ? Number(process.env.HUB_PORT) : once ? 0 : 4080;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535)
    throw new SetupError(
      `HUB_PORT=${process.env.HUB_PORT} is not a port. Choose one: HUB_PORT=4081 npm start`,
    );
  if (wanted === 0) return freePort();
  if (isBlockedPort(wanted)) {
    throw new SetupError(
      `Port ${wanted} is one that browsers and fetch refuse to call: the hub would run and nobody could reach it. ` +
        `Choose another port: HUB_PORT=4081 npm start`,
    );
  }
  // The API listens on every address, so a program on only one of them is in the way too.
  if ((await portIsFree(wanted)) && (await portIsFree(wanted, null))) return wanted;
  throw new SetupError(
    `Port ${wanted} is in use by another program. Free it, or choose another port: HUB_PORT=${wanted + 1} npm start`,
  );
}

async function run(hub) {
  await step('starting PostgreSQL and Temporal', () => hub.startServers());
  await step('bringing the database up to date', () => hub.migrate({ withDemo }));
  await step('starting the hub', () => hub.startProcesses());
  say(`\nThe hub is up (${elapsedSeconds()} s).`);
  if (!withDemo) return 0;
  say('Playing the demo day: a trading partner sends purchase orders and checks every answer.\n');
  return hub.playDemoDay({ once });
}

async function main() {
  // What would stop us anyway is said before the long steps.
  const { folder, lock } = takeDataFolder();
  const hubPort = await choosePort();
  await ensureDependencies();
  // A test run has one build for all that it starts.
  if (process.env.HUB_BUILT !== '1') await ensureBuild();
  const hub = new HubOnThisMachine({ dataFolder: folder, hubPort });
  let code = 1;
  try {
    const stopped = Promise.race([asked, orphaned()]);
    const outcome = await Promise.race([run(hub), stopped, hub.failed]);
    if (typeof outcome === 'number') code = outcome;
    if (typeof outcome === 'number' && !once) {
      say(hub.describe({ withDemo }));
      await Promise.race([stopped, hub.failed]);
      code = 0;
    }
  } finally {
    if (!once) say('\nStopping ...');
    await hub.stop();
    lock.release();
    if (once && code === 0) {
      removeDatabase(folder);
      rmSync(folder, { recursive: true, force: true });
    } else if (once) say(`What happened is kept in ${folder} (logs/).`);
  }
  return code;
}

main().then((code) => process.exit(code), failScript);
