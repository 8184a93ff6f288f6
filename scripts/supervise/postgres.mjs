import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresPrograms } from '../setup/postgres-programs.mjs';
import { SetupError } from '../setup/progress.mjs';
import { runCommand, tail } from '../setup/run-command.mjs';
import { ChildProcess, dyingWithParent } from './child-process.mjs';
import { portIsFree } from './ports.mjs';

const USER = 'hub';
const READY_WITHIN_MS = 60_000;
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

/** For data that is thrown away afterwards: what protects it from a power failure is left out. */
export const DISPOSABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Where the database lives: in the data directory, or, when PostgreSQL runs as another user that
 * cannot enter it, in a folder which that user can reach.
 */
function databaseFolder(dataFolder, { uid }) {
  if (uid === undefined) return join(dataFolder, 'postgres');
  const key = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  return join('/var/tmp', 'order-hub-postgres', `data-${key}`);
}

function passwordOf(dataFolder) {
  const file = join(dataFolder, 'postgres-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

function commandOf(programs, name, args) {
  const [program, ...rest] = [...programs.prefix, join(programs.bin, name), ...args];
  return { program, args: rest };
}

async function runAs(programs, name, args, input) {
  const { program, args: all } = commandOf(programs, name, args);
  // A uid of our own choosing goes through setpriv, so that one function runs every program.
  const dropped =
    programs.uid === undefined
      ? { program, args: all }
      : {
          program: 'setpriv',
          args: [
            '--reuid',
            `${programs.uid}`,
            '--regid',
            `${programs.gid}`,
            '--clear-groups',
            program,
            ...all,
          ],
        };
  const env = { ...process.env, ...ENVIRONMENT };
  return runCommand(dropped.program, dropped.args, { cwd: '/', env, input });
}

/** Makes the cluster beside its place and renames it, so that it is either absent or whole. */
async function initialise(programs, folder, password) {
  const staging = `${folder}.new`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  const passwordFile = `${folder}.pw`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (programs.uid !== undefined) {
    for (const path of [staging, passwordFile]) chownSync(path, programs.uid, programs.gid);
  }
  try {
    const options = ['-D', staging, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    const made = await runAs(programs, 'initdb', [...options, '-E', 'UTF8', '--locale=C', '--no-sync']);
    if (made.code !== 0) throw new SetupError(`PostgreSQL's initdb failed:\n${tail(made.output)}`);
    const created = await runAs(
      programs,
      'postgres',
      ['--single', '-D', staging, 'postgres'],
      'create database hub;\n',
    );
    if (created.code !== 0)
      throw new SetupError(`The database could not be created:\n${tail(created.output)}`);
    renameSync(staging, folder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * Ready as PostgreSQL itself writes it: the first line of postmaster.pid is our child's pid and the
 * eighth says so. An answering port would not do: it may belong to an older server.
 */
function isReady(folder, pid) {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function launch(programs, folder, port, { settings, logFile }) {
  const options = ['-D', folder, '-p', `${port}`, '-h', '127.0.0.1', '-k', ''];
  for (const setting of ['max_connections=200', 'timezone=UTC', ...settings]) options.push('-c', setting);
  // SIGINT is PostgreSQL's fast shutdown. setpriv stands inside the namespace: entering one would
  // clear the death signal again.
  const dying = dyingWithParent(join(programs.bin, 'postgres'), options, 'INT');
  const [program, ...args] = [...programs.prefix, dying.program, ...dying.args];
  const { uid, gid } = programs;
  return new ChildProcess({
    name: 'PostgreSQL',
    program,
    args,
    env: ENVIRONMENT,
    cwd: '/',
    logFile,
    stopSignal: 'SIGINT',
    uid,
    gid,
  });
}

async function waitUntilReady(child, folder) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (isReady(folder, child.pid)) return true;
    if (child.ended) return false;
    await pause(20);
  }
  await child.stop(2000);
  return false;
}

/** Removes the database of a data directory, wherever it lives. */
export function removeDatabase(dataFolder) {
  rmSync(databaseFolder(dataFolder, postgresPrograms()), { recursive: true, force: true });
}

/**
 * Starts PostgreSQL on the data below `dataFolder`, making it first where there is none:
 * `{ child, url }`. `ports` are the directory's RememberedPorts; `settings` are `name=value`.
 */
export async function startPostgres({ dataFolder, ports, logFile, settings = [] }) {
  const programs = postgresPrograms();
  const password = passwordOf(dataFolder);
  const folder = databaseFolder(dataFolder, programs);
  mkdirSync(join(folder, '..'), { recursive: true });
  if (!existsSync(folder)) await initialise(programs, folder, password);
  for (let attempt = 1; ; attempt++) {
    const port = await ports.get('postgres');
    const child = launch(programs, folder, port, { settings, logFile });
    if (await waitUntilReady(child, folder)) {
      return { child, url: `postgres://${USER}:${password}@127.0.0.1:${port}/hub` };
    }
    // After a kill -9 the old server's last backends may hold its shared memory for a moment.
    if (attempt === 6)
      throw new SetupError(`PostgreSQL does not start. Its last words:\n${child.lastWords()}`);
    if (!(await portIsFree(port))) await ports.renew('postgres');
    await pause(500 * attempt);
  }
}
