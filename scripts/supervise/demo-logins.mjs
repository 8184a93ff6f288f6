import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/places.mjs';

function read(name) {
  const file = join(root, 'dist/simulators/demo-day/data', name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** The key of whoever may do most in the demo: what `npx hub` uses on this machine when it is given none. */
export function demoOperatorKey() {
  const people = read('people.json')?.people ?? [];
  return [...people].sort((a, b) => b.scopes.length - a.scopes.length)[0]?.key;
}

/** The demo's people and trading partners with their keys, as lines for the terminal; empty without demo data. */
export function demoLogins() {
  const people = (read('people.json')?.people ?? []).map(({ name, key }) => [name, key]);
  const partners = (read('partners.json') ?? []).map(({ name, apiKey }) => [`${name} (EDI)`, apiKey]);
  if (people.length === 0) return [];
  const all = [...people, ...partners];
  const width = Math.max(...all.map(([name]) => name.length));
  return [
    '  Demo logins (the key is what you sign in with):',
    ...all.map(([name, key]) => `    ${name.padEnd(width)}  ${key}`),
  ];
}
