import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './pid-lock.mjs';
import { cacheFolder } from './places.mjs';
import { SetupError, say, step } from './progress.mjs';
import { findOnPath, runCommand, succeeds, tail } from './run-command.mjs';

const CLI_VERSION = '1.5.1';
const SERVER_VERSION = '1.29.1';
const CONNECT_SECONDS = 8;

function cachedProgram() {
  return join(cacheFolder(), `temporal-${CLI_VERSION}`, 'temporal');
}

/** Puts a finished file in its place in one move, so that a cached program is always whole. */
function publish(file, target) {
  chmodSync(file, 0o755);
  mkdirSync(join(target, '..'), { recursive: true });
  renameSync(file, target);
}

/** The official archive; says quickly when there is no way to it. */
async function download(target) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${CLI_VERSION}?platform=${platform}&arch=${arch}`;
  const staging = `${target}.download.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    const archive = join(staging, 'archive.tar.gz');
    // A process of its own, because Node takes the proxy settings of the environment only at start.
    const fetched = await runCommand(
      process.execPath,
      [join(import.meta.dirname, 'download-file.mjs'), url, archive],
      {
        env: { ...process.env, NODE_USE_ENV_PROXY: '1', CONNECT_SECONDS: String(CONNECT_SECONDS) },
      },
    );
    if (fetched.code !== 0) return tail(fetched.output, 1);
    const unpacked = await runCommand('tar', ['-xzf', archive, '-C', staging]);
    if (unpacked.code !== 0) return tail(unpacked.output, 2);
    const program = join(staging, 'temporal');
    if (!existsSync(program) || !succeeds(program, ['--version']))
      return 'the downloaded program does not run here';
    publish(program, target);
    return null;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Builds Go commands into a staging folder and publishes them as `targets[i]`. */
async function buildWithGo(builds) {
  const go = findOnPath('go');
  if (!go) return 'no `go` program on PATH';
  const staging = join(cacheFolder(), `go-build.${process.pid}`);
  mkdirSync(staging, { recursive: true });
  try {
    for (const { module, name, target } of builds) {
      // The user's own Go caches are used; GOTOOLCHAIN=auto lets an older Go fetch the one it needs.
      const env = { ...process.env, GOBIN: staging, GOTOOLCHAIN: 'auto', GOFLAGS: '', CGO_ENABLED: '0' };
      const built = await step(`building ${module} with Go (about 3 minutes the first time)`, () =>
        runCommand(go, ['install', '-ldflags=-s -w', module], { env }),
      );
      if (built.code !== 0) return `go install ${module} failed:\n${tail(built.output, 5)}`;
      publish(join(staging, name), target);
    }
    return null;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * The `temporal` program with its development server: on PATH, cached, downloaded or built, in this
 * order. (`TEMPORAL_ADDRESS` comes before all of it; then nobody asks here.)
 */
export async function ensureTemporal() {
  const installed = findOnPath('temporal');
  if (installed && succeeds(installed, ['server', 'start-dev', '--help'])) return installed;
  const target = cachedProgram();
  if (existsSync(target)) return target;
  return withLock(
    `${join(cacheFolder(), 'temporal')}.lock`,
    async () => {
      if (existsSync(target)) return target;
      const downloadTrouble = await step('downloading Temporal', () => download(target));
      if (!downloadTrouble) return target;
      say(`- Temporal could not be downloaded (${downloadTrouble}); trying to build it with Go`);
      const buildTrouble = await buildWithGo([
        { module: `github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION}`, name: 'temporal', target },
      ]);
      if (!buildTrouble) return target;
      throw new SetupError(
        `Temporal is needed and could not be had:\n` +
          `  on PATH:  no \`temporal\` program\n  download: ${downloadTrouble}\n  build:    ${buildTrouble}\n` +
          `Do one of: install the Temporal CLI (https://docs.temporal.io/cli), install Go 1.21 or newer,\n` +
          `or set TEMPORAL_ADDRESS to a Temporal server that runs already.`,
      );
    },
    ({ pid }) => say(`- waiting for process ${pid}, which is getting Temporal ...`),
  );
}

/**
 * Temporal's server proper and its schema tool, for running it over PostgreSQL (benchmarks and
 * fault tests). Only Go builds them: there is no small official archive.
 */
export async function ensureTemporalServerPrograms() {
  const folder = join(cacheFolder(), `temporal-server-${SERVER_VERSION}`);
  const programs = { server: join(folder, 'server'), sql: join(folder, 'sql') };
  const missing = [
    {
      module: `go.temporal.io/server/cmd/server@v${SERVER_VERSION}`,
      name: 'server',
      target: programs.server,
    },
    { module: `go.temporal.io/server/cmd/tools/sql@v${SERVER_VERSION}`, name: 'sql', target: programs.sql },
  ].filter(({ target }) => !existsSync(target));
  if (missing.length === 0) return programs;
  await withLock(
    `${join(cacheFolder(), 'temporal-server')}.lock`,
    async () => {
      const trouble = await buildWithGo(missing.filter(({ target }) => !existsSync(target)));
      if (trouble)
        throw new SetupError(`Temporal's server over PostgreSQL has to be built with Go: ${trouble}`);
    },
    ({ pid }) => say(`- waiting for process ${pid}, which is building Temporal's server ...`),
  );
  return programs;
}
