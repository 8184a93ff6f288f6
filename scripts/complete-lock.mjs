#!/usr/bin/env node
/**
 * `node scripts/complete-lock.mjs`: to be run after every change of package-lock.json. Some
 * registries lack the binaries of other platforms, so npm writes a lock without them, and newer
 * npm then refuses it (`npm ci`: "Missing ... from lock file"). This adds an entry for every
 * optional dependency that has none; on the platform that it names npm fetches it, elsewhere not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stampDependencies } from './setup/dependencies.mjs';
import { root } from './setup/places.mjs';
import { say } from './setup/progress.mjs';

const SYSTEMS = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  fsevents: 'darwin',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
};
const PROCESSORS = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};
const LIBRARIES = { gnu: 'glibc', gnueabihf: 'glibc', glibc: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** What a binary package's name says about the machine it is for: `@scope/tool-linux-arm64-musl`. */
export function platformOf(name) {
  const words = name.split(/[/@._-]/);
  const pick = (table) => words.map((word) => table[word]).find(Boolean);
  const [os, cpu, libc] = [pick(SYSTEMS), pick(PROCESSORS), pick(LIBRARIES)];
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(libc && os === 'linux' ? { libc: [libc] } : {}),
  };
}

/** Where npm would find `name` from the package at `path`: its own node_modules, then each one above. */
function isLocked(packages, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (!at) return false;
  }
}

/** `[{ from, name, range, dev }]`: optional dependencies that the lock does not hold. */
export function missingOptionals(lock) {
  const missing = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isLocked(lock.packages, path, name))
        missing.push({ from: path, name, range, dev: entry.dev === true });
    }
  }
  return missing;
}

function complete() {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingOptionals(lock);
  for (const { name, range, dev } of missing) {
    const version = range.replace(/^[^\d]*/, '').split(/[ |]/)[0];
    const entry = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
    lock.packages[`node_modules/${name}`] ??= entry;
  }
  const ordered = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(ordered);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  stampDependencies();
  say(`package-lock.json: ${missing.length} entries added.`);
}

if (process.argv[1] === import.meta.filename) complete();
