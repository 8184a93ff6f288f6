#!/usr/bin/env node
/**
 * `node scripts/compose-env.mjs [--demo] > .env`: the settings that docker-compose.yml asks for, with
 * every password and secret drawn fresh. `--demo` allows the demo's data and logins.
 */
import { randomBytes } from 'node:crypto';

const demo = process.argv.includes('--demo');
const random = (bytes) => randomBytes(bytes).toString('base64url');

const lines = [
  `HUB_NODE_ENV=${demo ? 'development' : 'production'}`,
  `HUB_DEMO=${demo ? 1 : 0}`,
  'HUB_PUBLIC_URL=http://localhost:4080',
  `HUB_SESSION_SECRET=${random(32)}`,
  `POSTGRES_PASSWORD=${random(24)}`,
  // Replace the addresses and keys of the simulators by those of your own systems.
  ...['ERP', 'WMS', 'CARRIER'].flatMap((system) => [
    `${system}_API_KEY=${random(24)}`,
    `${system}_CALLBACK_SECRET=whsec_${randomBytes(32).toString('base64')}`,
  ]),
];
process.stdout.write(`${lines.join('\n')}\n`);
