#!/usr/bin/env node
/** `npx hub VERB` (or `npm run hub -- VERB`): the command line, built when it is stale. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { dataFolder, root } from './setup/places.mjs';
import { failScript, SetupError } from './setup/progress.mjs';
import { runInForeground } from './setup/run-command.mjs';

await underNode24(import.meta.url);

/** Where the hub of this data directory answers; what the environment says goes before it. */
function addressesOfRunningHub() {
  try {
    const known = JSON.parse(readFileSync(join(dataFolder(), 'addresses.json'), 'utf8'));
    return Object.fromEntries(Object.entries(known).filter(([name]) => !process.env[name]));
  } catch {
    return {};
  }
}

/** Files of any size stream by; the engine need not hoard what it has finished with. */
const littleMemory = ['--max-semi-space-size=2', '--heap-growing-percent=20'];

async function main() {
  await ensureDependencies();
  await ensureBuild({ portal: false });
  const program = join(root, 'dist/cli/main.js');
  if (!existsSync(program)) throw new SetupError('This build has no command line (dist/cli/main.js).');
  const code = await runInForeground(
    process.execPath,
    [...littleMemory, '--enable-source-maps', program, ...process.argv.slice(2)],
    {
      // npm runs scripts in the project's root; file names were typed where the user stands.
      cwd: process.env.npm_lifecycle_event === 'hub' ? process.env.INIT_CWD : undefined,
      env: { ...process.env, ...addressesOfRunningHub() },
    },
  );
  process.exit(code);
}

main().catch(failScript);
