#!/usr/bin/env node
/** `npm run check`: format, lint, types and walls; all of them, then one answer. `-- --write` formats. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { root } from './setup/places.mjs';
import { elapsedSeconds, failScript, say } from './setup/progress.mjs';
import { runCommand } from './setup/run-command.mjs';

await underNode24(import.meta.url);

const write = process.argv.includes('--write') ? ['--write'] : [];
const inModules = (path) => join(root, 'node_modules', path);

function checks() {
  const portal = existsSync(join(root, 'portal/tsconfig.json'));
  const tsc = inModules('typescript/bin/tsc');
  return [
    {
      name: 'format',
      args: [inModules('@biomejs/biome/bin/biome'), 'check', '--max-diagnostics=50', ...write],
    },
    { name: 'lint', args: [inModules('oxlint/bin/oxlint'), '--type-aware', '--quiet'] },
    { name: 'types', args: [tsc, '--noEmit', '-p', 'tsconfig.json'] },
    ...(portal
      ? [{ name: 'types of the portal', args: [tsc, '--noEmit', '-p', 'portal/tsconfig.json'] }]
      : []),
    { name: 'walls', args: [inModules('jest/bin/jest.js'), '--silent', 'test/architecture'] },
  ];
}

async function main() {
  await ensureDependencies();
  const failed = [];
  // One after the other: each uses every core by itself.
  for (const { name, args } of checks()) {
    const { code, output } = await runCommand(process.execPath, args, { cwd: root });
    say(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name}`);
    if (code === 0) continue;
    failed.push(name);
    process.stdout.write(`${output}\n`);
  }
  say(failed.length === 0 ? `All checks passed (${elapsedSeconds()} s).` : `Failed: ${failed.join(', ')}.`);
  process.exit(failed.length === 0 ? 0 : 1);
}

main().catch(failScript);
