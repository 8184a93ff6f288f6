import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { codeOf, projectFiles, root } from './source-files';

const files = projectFiles();
const sources = files.filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file));

/** Data that happens to be written as code may be long. */
const tables = [
  /^edi\/dictionary\//,
  /^edi\/guides\//,
  /^edi\/show\/names\//,
  /^simulators\/demo-day\//,
  /^test\/fixtures\//,
  /^db\/migrations\//,
  /^test\//,
];

interface LockEntry {
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function isLocked(packages: Readonly<Record<string, LockEntry>>, from: string, name: string): boolean {
  const folders = from === '' ? [] : from.split('/node_modules/');
  for (let depth = folders.length; depth >= 0; depth--) {
    const above = folders.slice(0, depth).join('/node_modules/');
    if (packages[`${above === '' ? '' : `${above}/`}node_modules/${name}`]) return true;
  }
  return false;
}

test('every optional dependency has its entry in the lock file (else newer npm refuses it: scripts/complete-lock.mjs)', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const missing = Object.entries(lock.packages).flatMap(([from, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter((name) => !isLocked(lock.packages, from, name)),
  );
  expect(missing).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
});

test('no file is larger than a megabyte', () => {
  expect(files.filter((file) => statSync(join(root, file)).size > 1024 * 1024)).toEqual([]);
});

test('files keep to about 400 lines, data tables apart', () => {
  const long = sources
    .filter((file) => !tables.some((table) => table.test(file)))
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 450)
    .map(({ file, lines }) => `${file}: ${lines} lines`);
  expect(long).toEqual([]);
});

test('names are kebab-case, and none of them says utils, helpers or manager', () => {
  // React components are named as what they export.
  const wrong = sources.filter(
    (file) =>
      !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d|seed))?\.(ts|tsx|mjs|cjs)$/.test(basename(file)) ||
      /(^|[-/])(utils?|helpers?|managers?)([-./]|$)/.test(file),
  );
  expect(wrong.filter((file) => !file.startsWith('portal/'))).toEqual([]);
});

test('the set-up scripts import nothing from npm at their top: they run before anything is installed', () => {
  const guilty = sources
    .filter((file) => file.startsWith('scripts/'))
    .filter((file) => /^import[^'"]*['"](?!node:|\.)/m.test(codeOf(file)));
  expect(guilty).toEqual([]);
});
