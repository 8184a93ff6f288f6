#!/usr/bin/env node
/**
 * `npm test [-- JEST ARGUMENTS]`: everything set up, servers started once, jest, and at the end the
 * plain line `N passed, N failed, N skipped`. With HUB_FORBID_SKIPS=1 (continuous integration) a
 * skip of something that this machine could have had is a failure.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { listenForEnd } from './setup/listen-for-end.mjs';
import { underNode24 } from './setup/node-24.mjs';
import { root } from './setup/places.mjs';
import { elapsedSeconds, failScript, say, step } from './setup/progress.mjs';
import { runInForeground } from './setup/run-command.mjs';
import { ensureSshd } from './setup/sshd.mjs';
import { ensureTimeSkippingServer } from './setup/time-skipping-server.mjs';
import { ServerPair } from './supervise/server-pair.mjs';

await underNode24(import.meta.url);

const jestArguments = process.argv.slice(2);

/** Whether tests in a folder of test/ are there and not left out by the arguments. */
function mayRun(kind) {
  const path = join(root, 'test', kind);
  if (!existsSync(path) || !readdirSync(path, { recursive: true }).some((name) => name.endsWith('.test.ts')))
    return false;
  const named = jestArguments.filter((argument) => !argument.startsWith('-'));
  return (
    named.length === 0 || named.some((pattern) => `test/${kind}/`.includes(pattern) || pattern.includes(kind))
  );
}

function runJest(env) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  return runInForeground(process.execPath, [jest, ...jestArguments], { cwd: root, env });
}

function report(countsFile, missing) {
  if (!existsSync(countsFile)) {
    say('\nJest ended without counting its tests.');
    return { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  }
  const counts = JSON.parse(readFileSync(countsFile, 'utf8'));
  const reasons = new Set(
    counts.skippedNames.flatMap((name) => name.match(/\[needs ([^\]]+)\]/)?.slice(1) ?? []),
  );
  for (const need of reasons) say(`Skipped for want of ${need}: ${missing[need]?.why ?? 'not found'}`);
  return counts;
}

/** Skips that this machine could have run, by name. */
function avoidableSkips(skippedNames, missing) {
  return skippedNames.filter((name) => {
    const need = name.match(/\[needs ([^\]]+)\]/)?.[1];
    return !need || missing[need]?.couldHave !== false;
  });
}

/** @returns the line that ends a run, and the exit code */
async function runTests(servers, folder, ending) {
  const given = { databaseUrl: process.env.DATABASE_URL, temporalAddress: process.env.TEMPORAL_ADDRESS };
  const none = { path: null, why: 'not looked for: no such test was asked for', couldHave: false };
  const [{ postgres, temporal }, chromium, timeSkipping, sshd] = await Promise.all([
    step('starting PostgreSQL and Temporal', () => servers.start({ given })),
    mayRun('e2e') ? ensureChromium() : none,
    mayRun('workflow') ? ensureTimeSkippingServer() : none,
    mayRun('integration') ? ensureSshd() : none,
  ]);
  if (ending.aborted) return { code: ending.reason };
  say(`Set up in ${elapsedSeconds()} s.`);
  const countsFile = join(folder, 'counts.json');
  const exitCode = await runJest({
    ...process.env,
    NODE_ENV: 'test',
    HUB_BUILT: '1',
    TEST_DATABASE_URL: postgres.maintenanceUrl,
    TEMPORAL_ADDRESS: temporal.address,
    HUB_TEST_COUNTS: countsFile,
    // graphile-worker is an ES module, which Jest can only require with this.
    NODE_OPTIONS:
      `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
    ...(chromium.path ? { CHROMIUM_PATH: chromium.path } : {}),
    ...(sshd.path ? { SSHD_PATH: sshd.path } : {}),
    ...(timeSkipping.path ? { TIME_SKIPPING_SERVER: timeSkipping.path } : {}),
  });
  const missing = { chromium, sshd, 'time-skipping-server': timeSkipping };
  const { passed, failed, skipped, skippedNames } = report(countsFile, missing);
  const avoidable = process.env.HUB_FORBID_SKIPS === '1' ? avoidableSkips(skippedNames, missing) : [];
  for (const name of avoidable) say(`Skipped, though this machine could have run it: ${name}`);
  const isWrong = failed > 0 || exitCode !== 0 || avoidable.length > 0;
  return {
    code: ending.aborted ? ending.reason : isWrong ? 1 : 0,
    line: `${passed} passed, ${failed} failed, ${skipped} skipped`,
  };
}

async function main() {
  await ensureDependencies();
  await ensureBuild({ tolerateTypeErrors: true, portal: mayRun('e2e') });
  // While jest runs it ends by itself; whatever comes after the first signal, all is cleaned up.
  const ending = listenForEnd();
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-test-'));
  const servers = new ServerPair({ folder, disposable: true });
  let outcome;
  try {
    outcome = await runTests(servers, folder, ending);
  } catch (error) {
    if (!ending.aborted) throw error;
    outcome = { code: ending.reason };
  } finally {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (outcome.line !== undefined) process.stdout.write(`\n${outcome.line}\n`);
  return outcome.code;
}

main().then((code) => process.exit(code), failScript);
