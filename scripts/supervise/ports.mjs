import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from '../setup/places.mjs';

/** The configuration refuses them too (config/environment.ts). */
const blocked = JSON.parse(readFileSync(join(root, 'config/blocked-ports.json'), 'utf8'));

/** Browsers and fetch refuse to call such a port, whoever listens there (WHATWG fetch standard, "port blocking"). */
export const isBlockedPort = (port) => blocked.includes(port);

function tryPort(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, ...(host ? { host } : {}), exclusive: true }, () => {
      const { port: bound } = server.address();
      server.close(() => resolve(bound));
    });
  });
}

/** `host` null: every address of this machine. */
export async function portIsFree(port, host = '127.0.0.1') {
  return (await tryPort(port, host)) !== null;
}

/** A port that can be called: where the system's own range starts low, it may give a blocked one. */
export async function freePort() {
  for (;;) {
    const port = await tryPort(0, '127.0.0.1');
    if (!isBlockedPort(port)) return port;
  }
}

/** A free port below the system's own range. Temporal keeps its members' ports in a `smallint`: up to 32767. */
export async function freeLowPort() {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    if (await portIsFree(port)) return port;
  }
}

/**
 * Ports of one data directory, remembered by name so that bookmarks and open terminals survive a
 * restart; a remembered port that somebody else took meanwhile is replaced.
 */
export class RememberedPorts {
  #file;
  #ports;

  constructor(folder) {
    this.#file = join(folder, 'ports.json');
    try {
      this.#ports = JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch {
      this.#ports = {};
    }
  }

  async get(name) {
    const known = this.#ports[name];
    if (known && (await portIsFree(known))) return known;
    return this.renew(name);
  }

  async renew(name) {
    const port = await freePort();
    this.#ports = { ...this.#ports, [name]: port };
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(this.#ports, null, 2)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
    return port;
  }
}
