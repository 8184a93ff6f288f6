import { eventually, isAlive, RunningHub } from '../support/running-hub';

let hub: RunningHub;

beforeAll(async () => {
  hub = await RunningHub.start();
}, 180_000);
afterAll(() => hub?.remove(), 30_000);

test('starting the hub while it runs says so, and leaves the running one alone', async () => {
  const second = hub.spawnSupervisor();
  let said = '';
  second.stderr?.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => second.once('close', resolve));
  expect(said).toContain(
    `The hub runs already with this data directory: process ${hub.supervisorPid}, http://localhost:${hub.port}`,
  );
  expect(code).toBe(1);
  expect(await hub.isReady()).toBe(true);
});

test.each([
  ['that another program holds', null, 'is in use by another program'],
  ['that no browser would ever call', '6000', 'is one that browsers and fetch refuse to call'],
  ['that is none', 'eighty', 'is not a port'],
])('a port %s is said clearly, and which to choose', async (_which, given, says) => {
  const port = given ?? String(hub.port);
  const second = hub.spawnSupervisor({ HUB_DATA_DIR: `${hub.dataDir}/second`, HUB_PORT: port });
  let said = '';
  second.stderr?.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => second.once('close', resolve));
  expect(said).toContain(`${port} ${says}`);
  expect(said).toMatch(/HUB_PORT=\d+ npm start/);
  expect(code).toBe(1);
});

test.each(['Temporal', 'PostgreSQL', 'Worker', 'API'])('%s comes back after a kill -9', async (name) => {
  const oldPid = hub.kill(name);
  await hub.isBack(name, oldPid);
});

test('when the supervisor is killed nothing stays behind, and the next start comes up in under 15 s', async () => {
  const before = hub.processes();
  process.kill(hub.supervisorPid, 'SIGKILL');
  await eventually(() => before.every(({ pid }) => !isAlive(pid)), 'the end of all its processes', 10_000);
  const beganMs = Date.now();
  await hub.startAgain();
  expect(Date.now() - beganMs).toBeLessThan(15_000);
  expect(await hub.isReady()).toBe(true);
}, 60_000);

test('a stop ends every process, PostgreSQL last', async () => {
  const before = hub.processes();
  expect(await hub.stop()).toBe(0);
  expect(before.filter(({ pid }) => isAlive(pid))).toEqual([]);
  expect(hub.processes()).toEqual([]);
});
