import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './pid-lock.mjs';
import { cacheFolder } from './places.mjs';
import { say, step } from './progress.mjs';
import { findOnPath, runCommand, tail } from './run-command.mjs';

const VERSION = '1.31.0';
const MAIN_CLASS = 'io.temporal.testserver.TestServer';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>order.hub</groupId><artifactId>time-skipping-server</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${VERSION}</version>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
`;

/** Fetches the jars beside their place, adds the script that starts them, and moves all there at once. */
async function fetchWithMaven(maven, java, target) {
  const staging = `${target}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    writeFileSync(join(staging, 'pom.xml'), pom);
    const goal = [
      '-q',
      '-B',
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      '-DoutputDirectory=lib',
    ];
    const fetched = await runCommand(maven, goal, { cwd: staging, timeoutMs: 300_000 });
    if (fetched.code !== 0) return `Maven failed: ${tail(fetched.output, 2)}`;
    const script = join(staging, 'time-skipping-server');
    // The SDK starts it with a port (and more that it understands itself).
    writeFileSync(
      script,
      `#!/bin/sh\nexec "${java}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/lib/*" ${MAIN_CLASS} "$@"\n`,
    );
    chmodSync(script, 0o755);
    renameSync(staging, target);
    return null;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * Temporal's test server that skips over waiting time, for tests of long timers: `{ path }`, or
 * `{ path: null, why, couldHave }`. It needs Java, and Maven once.
 */
export async function ensureTimeSkippingServer() {
  if (process.env.TIME_SKIPPING_SERVER) return { path: process.env.TIME_SKIPPING_SERVER };
  const java = findOnPath('java');
  if (!java) return { path: null, why: 'needs Java (and Maven once)', couldHave: false };
  const target = join(cacheFolder(), `time-skipping-server-${VERSION}`);
  const path = join(target, 'time-skipping-server');
  if (existsSync(path)) return { path };
  const maven = findOnPath('mvn');
  if (!maven) return { path: null, why: 'needs Maven once, to fetch it', couldHave: false };
  const trouble = await withLock(
    `${target}.lock`,
    async () =>
      existsSync(path)
        ? null
        : step("fetching Temporal's time-skipping test server (Maven)", () =>
            fetchWithMaven(maven, java, target),
          ),
    ({ pid }) => say(`- waiting for process ${pid}, which is fetching the time-skipping server ...`),
  );
  return trouble ? { path: null, why: trouble, couldHave: true } : { path };
}
