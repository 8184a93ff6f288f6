#!/usr/bin/env node
/**
 * `npm run fuzz [-- FILE PATTERN]`: the property tests (test files called `*fuzz*`) with many more
 * runs than `npm test` gives them: FUZZ_RUNS, 20000 unless set.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { root } from './setup/places.mjs';
import { failScript } from './setup/progress.mjs';

await underNode24(import.meta.url);

async function main() {
  await ensureDependencies();
  const args = [
    join(root, 'node_modules/jest/bin/jest.js'),
    '--testPathPatterns',
    'fuzz',
    '--testTimeout',
    '600000',
    ...process.argv.slice(2),
  ];
  const env = { ...process.env, FUZZ_RUNS: process.env.FUZZ_RUNS || '20000' };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  child.on('exit', (code) => process.exit(code ?? 1));
}

main().catch(failScript);
