import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root; every command runs from here. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function firstWritable(candidates) {
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // read-only home, for example: the next candidate
    }
  }
  return candidates[candidates.length - 1];
}

let cached;

/** What the set-up fetched or built, shared by all clones of one user. */
export function cacheFolder() {
  if (process.env.HUB_CACHE_DIR) {
    const chosen = resolve(process.env.HUB_CACHE_DIR);
    mkdirSync(chosen, { recursive: true });
    return chosen;
  }
  cached ??= firstWritable([
    ...(process.env.XDG_CACHE_HOME ? [join(process.env.XDG_CACHE_HOME, 'order-hub')] : []),
    join(homedir(), '.cache', 'order-hub'),
    join(tmpdir(), `order-hub-${userInfo().uid}`),
  ]);
  return cached;
}

/** What one installation keeps: its database, its Temporal history, logs and ports. */
export function dataFolder(env = process.env) {
  return resolve(root, env.HUB_DATA_DIR || '.hub');
}

/** npm wants a cache of its own; where the home folder cannot be written it gets one of ours. */
export function npmEnvironment(env = process.env) {
  try {
    accessSync(homedir(), constants.W_OK);
    return env;
  } catch {
    return { ...env, npm_config_cache: join(cacheFolder(), 'npm') };
  }
}
