/**
 * What a test may need that not every machine can have. The set-up passes the address of each thing
 * by environment; a test whose thing is missing is skipped, and its name says what was missing.
 */
const places = {
  chromium: 'CHROMIUM_PATH',
  sshd: 'SSHD_PATH',
  'time-skipping-server': 'TIME_SKIPPING_SERVER',
  temporal: 'TEMPORAL_ADDRESS',
  postgres: 'TEST_DATABASE_URL',
} as const;

export type Need = keyof typeof places;

/** Where the thing is: a path or an address. */
export function placeOf(need: Need): string {
  const place = process.env[places[need]];
  if (!place) throw new Error(`${need} is missing: ${places[need]} is not set`);
  return place;
}

/** `describeWith('chromium', 'the portal', () => { ... })`: skipped, and said so, where there is none. */
export function describeWith(need: Need, name: string, tests: () => void): void {
  if (process.env[places[need]]) describe(name, tests);
  else describe.skip(`${name} [needs ${need}]`, tests);
}
