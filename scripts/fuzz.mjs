#!/usr/bin/env node
/**
 * `npm run fuzz [-- PATTERN]`: the property tests (test files that use fast-check) with FUZZ_TIMES (120 unless set) as
 * many cases as `npm test` gives them. `-- hostile` alone is more than 200000 mutated files, in some twenty minutes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { root } from './setup/places.mjs';
import { failScript, SetupError, say } from './setup/progress.mjs';
import { runInForeground } from './setup/run-command.mjs';

await underNode24(import.meta.url);

function propertyTests(pattern) {
  const folder = join(root, 'test');
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts') && name.includes(pattern))
    .map((name) => join(folder, name))
    .filter((file) => readFileSync(file, 'utf8').includes("from 'fast-check'"));
}

async function main() {
  await ensureDependencies();
  const [pattern = '', ...others] = process.argv.slice(2);
  const files = propertyTests(pattern);
  if (files.length === 0)
    throw new SetupError(`There are no property tests${pattern ? ` called ${pattern}` : ''}.`);
  const env = { ...process.env, FUZZ_TIMES: process.env.FUZZ_TIMES || '120' };
  say(`${env.FUZZ_TIMES} times the usual cases in ${files.length} files; a failure prints its seed.`);
  const jest = [
    join(root, 'node_modules/jest/bin/jest.js'),
    '--runTestsByPath',
    ...files,
    '--testTimeout',
    '7200000',
  ];
  const before = ['--setupFilesAfterEnv', join(root, 'test/support/fuzz-runs.ts')];
  process.exit(await runInForeground(process.execPath, [...jest, ...before, ...others], { cwd: root, env }));
}

main().catch(failScript);
