import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { withLock } from './pid-lock.mjs';
import { root } from './places.mjs';
import { SetupError, say, step } from './progress.mjs';
import { runCommand, tail } from './run-command.mjs';

const dist = join(root, 'dist');
const stampPath = join(dist, '.stamp');

/** The rooms that run, as tsconfig.build.json lists them; tests are not built. */
function rooms() {
  return JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')).include;
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hashOf(files, base = root) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    if (existsSync(file)) hash.update(`${relative(base, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const configuration = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) =>
  join(root, name),
);

function serverStamp() {
  return hashOf([...configuration, ...rooms().flatMap((room) => filesBelow(join(root, room)))]);
}

function portalStamp() {
  const sources = filesBelow(join(root, 'portal')).filter(
    (file) => !file.startsWith(join(root, 'portal/dist')),
  );
  return hashOf([configuration[0], ...sources]);
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampPath, 'utf8'));
  } catch {
    return {};
  }
}

/** Everything in a room that is not TypeScript (JSON, SQL, EDI samples) goes along: code finds it beside itself. */
function copyData(target) {
  for (const room of rooms()) {
    for (const file of filesBelow(join(root, room))) {
      if (['.ts', '.tsx', '.md'].includes(extname(file))) continue;
      const copy = join(target, relative(root, file));
      mkdirSync(dirname(copy), { recursive: true });
      cpSync(file, copy);
    }
  }
}

async function compile(target, tolerateTypeErrors) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', target, '--noEmit', 'false'];
  const { code, output } = await runCommand(process.execPath, args, { cwd: root });
  if (code === 0) return;
  if (!tolerateTypeErrors) throw new SetupError(`The TypeScript build failed:\n${tail(output, 30)}`);
  const count = output.split('\n').filter((line) => line.includes('error TS')).length;
  say(`  (built with ${count} type errors; \`npm run check\` shows them)`);
}

/** What can be in the bundle, as compiled: workflow code and what its wall lets it import. */
function bundleStamp(target) {
  return hashOf(
    [configuration[0], ...['workflows', 'domain'].flatMap((room) => filesBelow(join(target, room)))],
    target,
  );
}

/**
 * Workflow code is bundled once here, not by every worker at its start; and not again (3 s) when
 * only other rooms changed. Returns the bundle's stamp.
 */
async function bundleWorkflows(target, builtBefore) {
  const bundler = join(target, 'worker/bundle-workflows.js');
  if (!existsSync(bundler)) return null;
  const stamp = bundleStamp(target);
  const [known, fresh] = [join(dist, 'workflow-bundle.js'), join(target, 'workflow-bundle.js')];
  if (stamp === builtBefore && existsSync(known)) {
    cpSync(known, fresh);
    return stamp;
  }
  const { code, output } = await runCommand(process.execPath, [bundler, fresh], { cwd: root });
  if (code !== 0) throw new SetupError(`The workflow bundle could not be built:\n${tail(output, 30)}`);
  return stamp;
}

async function buildPortal(target) {
  if (!existsSync(join(root, 'portal/index.html'))) return;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'portal', '--outDir', target, '--emptyOutDir', '--logLevel', 'warn'];
  const { code, output } = await runCommand(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (code !== 0) throw new SetupError(`The portal's build failed:\n${tail(output, 30)}`);
}

/** Swaps a finished folder in; what ran from the old one has its code in memory already. */
function swapIn(fresh, target) {
  const old = `${target}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}

async function buildWhatIsStale({ tolerateTypeErrors, portal }) {
  const stamps = readStamps();
  const wanted = { server: serverStamp(), portal: portalStamp() };
  const fresh = join(root, '.dist-next');
  let { bundle } = stamps;
  if (stamps.server !== wanted.server) {
    await step('building the hub', async () => {
      rmSync(fresh, { recursive: true, force: true });
      await compile(fresh, tolerateTypeErrors);
      copyData(fresh);
      bundle = await bundleWorkflows(fresh, stamps.bundle);
      if (existsSync(join(dist, 'portal')))
        cpSync(join(dist, 'portal'), join(fresh, 'portal'), { recursive: true });
      swapIn(fresh, dist);
    });
    writeFileSync(stampPath, JSON.stringify({ ...stamps, server: wanted.server, bundle }));
  }
  if (portal && stamps.portal !== wanted.portal) {
    const portalFresh = join(root, '.dist-portal-next');
    await step('building the portal', () => buildPortal(portalFresh));
    if (existsSync(portalFresh)) swapIn(portalFresh, join(dist, 'portal'));
    writeFileSync(stampPath, JSON.stringify({ ...wanted, bundle }));
  }
}

/**
 * Builds dist/ (and dist/portal) when the sources are not those it was built from, by content.
 * Type errors stop a build unless they are tolerated: tests and development run without types.
 */
export async function ensureBuild({
  tolerateTypeErrors = process.env.HUB_TOLERATE_TYPE_ERRORS === '1',
  portal = true,
} = {}) {
  await withLock(
    join(root, '.order-hub-build.lock'),
    () => buildWhatIsStale({ tolerateTypeErrors, portal }),
    ({ pid }) => say(`- waiting for the build that process ${pid} runs here ...`),
  );
}
