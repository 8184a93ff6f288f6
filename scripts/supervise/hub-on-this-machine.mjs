import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/places.mjs';
import { SetupError, say } from '../setup/progress.mjs';
import { runCommand, tail } from '../setup/run-command.mjs';
import { demoLogins, demoOperatorKey } from './demo-logins.mjs';
import { hubProcesses, isBuilt, TIERS } from './hub-processes.mjs';
import { RememberedPorts } from './ports.mjs';
import { startPostgres } from './postgres.mjs';
import { Supervisor } from './supervisor.mjs';
import { startTemporal } from './temporal.mjs';

/** The hub with everything it needs, as processes of this machine over one data directory. */
export class HubOnThisMachine {
  #dataFolder;
  #hubPort;
  #ports;
  #supervisor;
  #addresses = { databaseUrl: process.env.DATABASE_URL, temporalAddress: process.env.TEMPORAL_ADDRESS };
  /** @type {string | null} */
  #uiUrl = null;
  #hub = null;
  #playing = null;
  #stopping = false;

  constructor({ dataFolder, hubPort }) {
    this.#dataFolder = dataFolder;
    this.#hubPort = hubPort;
    this.#ports = new RememberedPorts(dataFolder);
    this.#supervisor = new Supervisor(dataFolder);
  }

  /** Rejects when a process cannot be kept up. */
  get failed() {
    return this.#supervisor.failed;
  }

  #log(name) {
    return join(this.#dataFolder, 'logs', `${name}.log`);
  }

  /** PostgreSQL and Temporal, both at once, where the environment names none. */
  async startServers() {
    const ownPostgres = !process.env.DATABASE_URL;
    const ownTemporal = !process.env.TEMPORAL_ADDRESS;
    const postgres = async () => {
      const { child, url } = await startPostgres({
        dataFolder: this.#dataFolder,
        ports: this.#ports,
        logFile: this.#log('postgres'),
      });
      this.#moveTo({ databaseUrl: url });
      return child;
    };
    const temporal = async () => {
      const { child, address, uiUrl } = await startTemporal({
        ports: this.#ports,
        logFile: this.#log('temporal'),
        databaseFile: join(this.#dataFolder, 'temporal.db'),
        namespace: process.env.TEMPORAL_NAMESPACE || 'default',
      });
      this.#uiUrl = uiUrl;
      this.#moveTo({ temporalAddress: address });
      return child;
    };
    await Promise.all([
      ownPostgres && this.#supervisor.start({ name: 'PostgreSQL', tier: TIERS.postgres, start: postgres }),
      ownTemporal && this.#supervisor.start({ name: 'Temporal', tier: TIERS.temporal, start: temporal }),
    ]);
  }

  /** A server that came back on another port: who was told the old one has to be started again. */
  #moveTo(address) {
    const moved = Object.entries(address).some(
      ([name, value]) => this.#addresses[name] && this.#addresses[name] !== value,
    );
    Object.assign(this.#addresses, address);
    if (moved) this.#supervisor.restartFrom(TIERS.worker);
  }

  async #runToEnd(program, args = []) {
    const env = { ...process.env, ...this.#hub.env() };
    const { code, output } = await runCommand(process.execPath, [join(root, 'dist', program), ...args], {
      cwd: root,
      env,
    });
    if (code !== 0) throw new SetupError(`${program} ${args.join(' ')} failed:\n${tail(output, 25)}`);
  }

  async migrate({ withDemo }) {
    this.#hub = await hubProcesses({
      dataFolder: this.#dataFolder,
      ports: this.#ports,
      hubPort: this.#hubPort,
      addresses: this.#addresses,
    });
    this.#rememberAddresses(withDemo);
    await this.#runToEnd('db/migrate.js');
    if (withDemo && isBuilt('cli/main.js')) await this.#runToEnd('cli/main.js', ['db', 'seed', 'demo']);
  }

  /** For the command line (scripts/hub.mjs), which asks the hub of the same data directory. */
  #rememberAddresses(withDemo) {
    const { DATABASE_URL, TEMPORAL_ADDRESS, HUB_PORT, HUB_URL } = this.#hub.env();
    const HUB_API_KEY = withDemo ? demoOperatorKey() : undefined;
    const known = { DATABASE_URL, TEMPORAL_ADDRESS, HUB_PORT, HUB_URL, HUB_API_KEY };
    writeFileSync(join(this.#dataFolder, 'addresses.json'), `${JSON.stringify(known, null, 2)}\n`, {
      mode: 0o600,
    });
  }

  async startProcesses() {
    await Promise.all(this.#hub.processes.map((spec) => this.#supervisor.start(spec)));
  }

  /** Plays the day with its table on our stdout; resolves with its exit code. */
  async playDemoDay({ once }) {
    if (!isBuilt('simulators/demo-day/main.js')) {
      say('(There is no demo day in this build.)');
      return once ? 1 : 0;
    }
    // It ends with us, like every other Node child.
    const preload = ['--require', join(import.meta.dirname, 'end-with-parent.cjs')];
    const args = [...preload, join(root, 'dist/simulators/demo-day/main.js'), ...(once ? ['--once'] : [])];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...this.#hub.env() },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    this.#playing = child;
    const code = await new Promise((resolve) => {
      child.on('error', () => resolve(1));
      child.on('exit', (exitCode) => resolve(exitCode ?? 1));
    });
    this.#playing = null;
    if (code !== 0 && !this.#stopping)
      say('\nThe demo day did not come out as expected; the table above says where.');
    return code;
  }

  describe({ withDemo }) {
    const url = `http://localhost:${this.#hubPort}`;
    const lines = [
      '',
      `  Portal          ${url}/`,
      `  API reference   ${url}/docs`,
      `  EDI             POST ${url}/edi (raw X12, Authorization: Bearer <partner key>)`,
      ...(this.#uiUrl ? [`  Workflows       ${this.#uiUrl}`] : []),
      `  Database        ${this.#addresses.databaseUrl}`,
      `  Logs            ${join(this.#dataFolder, 'logs')}`,
      ...(withDemo ? ['', ...demoLogins()] : []),
      '',
      'Ctrl-C stops everything.',
    ];
    return lines.join('\n');
  }

  async stop() {
    this.#stopping = true;
    this.#playing?.kill('SIGTERM');
    await this.#supervisor.stop();
  }
}
