import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf, descendantsOf } from '../support/descendants';
import { eventually, isAlive, pause } from '../support/running-hub';

const root = join(__dirname, '../..');

// Who started whom is read from /proc.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('services that are stopped leave no process behind, however often they are told', () => {
  let folder: string;
  let services: ChildProcess;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'order-hub-services-'));
    const { npm_lifecycle_event: _npm, ...rest } = process.env;
    services = spawn(process.execPath, [join(root, 'scripts/services.mjs')], {
      cwd: root,
      detached: true,
      env: { ...rest, HUB_DEV_DIR: folder, NODE_OPTIONS: '' },
      stdio: 'ignore',
    });
  });
  afterEach(async () => {
    if (services.exitCode === null) services.kill('SIGTERM');
    while (services.exitCode === null && services.signalCode === null) await pause(100);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const ended = () =>
    new Promise<number | null>((resolve) => {
      if (services.exitCode === null) services.once('exit', resolve);
      else resolve(services.exitCode);
    });
  const tell = async (signals: readonly NodeJS.Signals[]) => {
    for (const signal of signals) {
      process.kill(services.pid ?? 0, signal);
      await pause(30);
    }
  };

  test.each([
    ['Ctrl-C', ['SIGINT']],
    ['Ctrl-C twice and a kill', ['SIGINT', 'SIGINT', 'SIGTERM']],
    ['a kill, a closed terminal and Ctrl-C', ['SIGTERM', 'SIGHUP', 'SIGINT']],
  ] as const)(
    'by %s',
    async (_how, signals) => {
      await eventually(() => (existsSync(join(folder, 'env')) ? true : null), 'the services', 120_000);
      const started = descendantsOf(services.pid ?? 0);
      expect(started.map(commandOf).some((command) => command.includes('postgres'))).toBe(true);
      const exit = ended();
      await tell(signals);
      expect(await exit).toBe(0);
      expect(started.filter(isAlive).map(commandOf)).toEqual([]);
      expect(existsSync(join(folder, 'env'))).toBe(false);
    },
    180_000,
  );
});
