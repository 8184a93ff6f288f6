#!/usr/bin/env node
/**
 * `npm run dev`: an empty hub that is built again and restarted when a source file changes. Type
 * errors are counted, not fatal; `npm run check` shows them.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { dataFolder, root } from './setup/places.mjs';
import { failScript, say } from './setup/progress.mjs';

await underNode24(import.meta.url);
process.env.HUB_TOLERATE_TYPE_ERRORS = '1';

const QUIET_MS = 300;
const args = process.argv.slice(2);

function startHub() {
  const hub = spawn(
    process.execPath,
    [join(root, 'scripts/start.mjs'), ...(args.length > 0 ? args : ['--no-demo'])],
    { cwd: root, stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => signal === 'SIGTERM' && hub.kill(signal));
  hub.on('exit', (code) => process.exit(code ?? 1));
}

/** The supervisor brings back what ends by itself; so ending the hub's own processes restarts them. */
function restartProcesses() {
  const file = join(dataFolder(), 'processes.json');
  if (!existsSync(file)) return;
  for (const { name, pid } of JSON.parse(readFileSync(file, 'utf8'))) {
    if (name === 'Worker' || name === 'API') process.kill(pid, 'SIGTERM');
  }
}

async function rebuild() {
  try {
    await ensureBuild();
    restartProcesses();
  } catch (error) {
    say(error.message);
  }
}

async function main() {
  await ensureDependencies();
  startHub();
  const { include: rooms } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));
  let timer;
  for (const room of [...rooms, 'portal'].filter((name) => existsSync(join(root, name)))) {
    watch(join(root, room), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(rebuild, QUIET_MS);
    });
  }
}

main().catch(failScript);
