import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/places.mjs';
import { answeringAt } from './readiness.mjs';
import { nodeProgram } from './supervisor.mjs';

export const TIERS = { postgres: 1, temporal: 2, worker: 3, outside: 4, api: 4 };

/** The systems of the outside: what each is called in the hub's environment and by the simulators' program. */
const SIMULATORS = [
  { name: 'ERP', key: 'ERP', system: 'erp' },
  { name: 'Warehouse', key: 'WMS', system: 'warehouse' },
  { name: 'Carriers', key: 'CARRIER', system: 'carrier' },
  { name: 'Trading partner', key: 'PARTNER', system: 'partner' },
];
const SIMULATOR_PROGRAM = 'simulators/main.js';

const built = (program) => join(root, 'dist', program);
export const isBuilt = (program) => existsSync(built(program));

/** Keys and secrets between the hub and its simulators, drawn once for a data directory. */
function sharedSecrets(dataFolder) {
  const file = join(dataFolder, 'secrets.json');
  if (!existsSync(file)) {
    const secrets = { HUB_SESSION_SECRET: randomBytes(32).toString('base64url') };
    for (const { key } of SIMULATORS) {
      secrets[`${key}_API_KEY`] = randomBytes(24).toString('base64url');
      // The form that Standard Webhooks prescribes.
      secrets[`${key}_CALLBACK_SECRET`] = `whsec_${randomBytes(32).toString('base64')}`;
    }
    writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * The environment that every process of the hub gets, and the table of processes over it.
 * `addresses` is `{ databaseUrl, temporalAddress }`, asked anew at every start of a process.
 */
export async function hubProcesses({ dataFolder, ports, hubPort, addresses }) {
  const simulators = [];
  const simulatorUrls = {};
  for (const simulator of isBuilt(SIMULATOR_PROGRAM) ? SIMULATORS : []) {
    const { key } = simulator;
    // A system that the environment names is a real one: nothing stands in for it.
    if (process.env[`${key}_URL`]) continue;
    const port = await ports.get(`simulator-${simulator.system}`);
    simulatorUrls[`${key}_URL`] = `http://127.0.0.1:${port}`;
    simulators.push({ ...simulator, port });
  }
  const hubUrl = `http://127.0.0.1:${hubPort}`;
  const fixed = { ...sharedSecrets(dataFolder), ...simulatorUrls };
  const env = () => ({
    HUB_DEMO: '1',
    ...fixed,
    // What the user's environment says goes before what is chosen here.
    ...Object.fromEntries(
      Object.keys(fixed).flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    HUB_PORT: String(hubPort),
    HUB_URL: hubUrl,
    HUB_DATA_DIR: dataFolder,
    DATABASE_URL: addresses.databaseUrl,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
  });
  const logFolder = join(dataFolder, 'logs');
  const processes = simulators.map(({ name, key, system, port }) =>
    nodeProgram({
      name,
      tier: TIERS.outside,
      main: built(SIMULATOR_PROGRAM),
      args: [system],
      env: () => ({ ...env(), [`${key}_PORT`]: String(port), SIM_DATA_DIR: join(dataFolder, 'simulators') }),
      logFolder,
      ready: (child) => child.saysReady,
    }),
  );
  if (isBuilt('worker/main.js')) {
    processes.push(
      nodeProgram({ name: 'Worker', tier: TIERS.worker, main: built('worker/main.js'), env, logFolder }),
    );
  }
  if (isBuilt('api/main.js')) {
    const ready = () => answeringAt(`${hubUrl}/readyz`);
    processes.push(
      nodeProgram({ name: 'API', tier: TIERS.api, main: built('api/main.js'), env, logFolder, ready }),
    );
  }
  return { env, hubUrl, processes };
}
