import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './pid-lock.mjs';
import { npmEnvironment, root } from './places.mjs';
import { SetupError, say, step } from './progress.mjs';
import { runCommand, tail } from './run-command.mjs';

const stampPath = join(root, 'node_modules', '.order-hub-stamp');

function wantedStamp() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}`;
}

function installedStamp() {
  return existsSync(stampPath) ? readFileSync(stampPath, 'utf8').trim() : '';
}

/**
 * Installs what package-lock.json names when node_modules is not already that. The stamp is written
 * last, so a half-finished install is seen as none. Install scripts stay off: nothing here needs
 * one, newer npm blocks them anyway, and so it is the same everywhere.
 */
export async function ensureDependencies() {
  if (installedStamp() === wantedStamp()) return;
  await withLock(
    join(root, '.order-hub-install.lock'),
    async () => {
      if (installedStamp() === wantedStamp()) return;
      await step('installing dependencies (npm ci)', install);
    },
    ({ pid }) => say(`- waiting for the install that process ${pid} runs here ...`),
  );
}

/** Says that node_modules is what the lock names: after an install, or when the lock was completed by hand. */
export function stampDependencies() {
  if (existsSync(join(root, 'node_modules'))) writeFileSync(stampPath, `${wantedStamp()}\n`);
}

async function install() {
  rmSync(stampPath, { force: true });
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // NODE_ENV=production of the caller must not leave out what building and testing need.
  const { code, output } = await runCommand('npm', args, {
    cwd: root,
    env: { ...npmEnvironment(), NODE_ENV: '' },
  });
  if (code !== 0) {
    throw new SetupError(
      `npm ci failed:\n${tail(output, 25)}\nCheck the connection to your npm registry and run the command again.`,
    );
  }
  stampDependencies();
}
