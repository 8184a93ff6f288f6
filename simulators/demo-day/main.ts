import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { checkBooks } from './books';
import { ask, carriersOf, type Places, placesOf, until } from './places';
import { type Outcome, Play } from './play';
import { readScenarios, type Scenario } from './scenario';
import { documentsOf, tableOf } from './table';

/**
 * Plays the demo day against a running hub and running simulators, and prints what came of it. Ends with 0 only when
 * every document, order and book entry is what was written down before. `main.ts NAME...` plays some scenarios;
 * `--rough` plays them while the systems of the outside fail, lose answers and report everything twice and in disorder;
 * with `--forgetful` they ignore idempotency keys as well (the hub must know: ERP_IDEMPOTENCY=lookup and its kin).
 */
async function main(wanted: readonly string[], faults: object | null): Promise<number> {
  const places = placesOf(process.env);
  const all = readScenarios();
  const scenarios = wanted.length > 0 ? all.filter((one) => wanted.includes(one.id)) : all;
  if (scenarios.length === 0) throw new Error(`choose from ${all.map((one) => one.id).join(', ')}`);
  await everythingAnswers(places);
  // A machine may have much else to do, and calls that fail are tried again after longer and longer pauses.
  const play = new Play(places, faults ? 400_000 : 120_000);
  const started = Date.now();
  if (faults) await makeRough(places, faults);
  const outcomes = await playAll(play, scenarios, playName()).finally(() => faults && makeSmooth(places));
  // Whatever comes too much comes soon: the same questions again.
  await pause(1500);
  const final = await Promise.all(outcomes.map((outcome) => lookAgain(play, outcome)));
  const books = await checkBooks(places, final);
  report(final, books, (Date.now() - started) / 1000);
  return final.every((one) => one.differences.length === 0) && books.length === 0 ? 0 : 1;
}

const roughness = {
  errorRate: 0.15,
  errorStatus: 503,
  loseAnswerRate: 0.1,
  duplicateCallbacks: 2,
  shuffleCallbacks: true,
};

async function makeRough(places: Places, faults: object): Promise<void> {
  for (const url of faultSwitches(places)) await ask(url, z.unknown(), { body: faults });
}

async function makeSmooth(places: Places): Promise<void> {
  for (const url of faultSwitches(places)) await ask(url, z.unknown(), { method: 'DELETE' });
}

/** Each carrier has switches of its own. */
function faultSwitches(places: Places): readonly string[] {
  return [places.erp, places.warehouse, ...carriersOf(places)].map((url) => `${url}/admin/faults`);
}

async function everythingAnswers(places: Places): Promise<void> {
  const health = { ...places, hub: `${places.hub}/livez` };
  await Promise.all(
    Object.entries(health).map(([name, url]) => {
      const address = name === 'hub' ? url : `${url}/admin/health`;
      const answers = () =>
        ask(address, z.unknown()).then(
          () => true,
          () => undefined,
        );
      return until(`${name} at ${url} answers`, answers, 30_000);
    }),
  );
}

/** Fresh purchase order numbers on every play: the time in base 36, then the scenario. */
function playName(): string {
  return Math.floor(Date.now() / 1000)
    .toString(36)
    .toUpperCase();
}

async function playAll(
  play: Play,
  scenarios: readonly Scenario[],
  name: string,
): Promise<readonly Outcome[]> {
  const one = async (scenario: Scenario) => {
    const number = String(readScenarios().findIndex(({ id }) => id === scenario.id) + 1).padStart(2, '0');
    const outcome = await play.play(scenario, `PO${name}${number}`);
    const mark = outcome.differences.length === 0 ? 'ok' : 'NO';
    console.log(`  ${mark}  ${scenario.title} (${outcome.seconds.toFixed(1)} s)`);
    return outcome;
  };
  const together = await Promise.all(scenarios.filter((scenario) => !scenario.alone).map(one));
  const alone: Outcome[] = [];
  for (const scenario of scenarios.filter((each) => each.alone)) alone.push(await one(scenario));
  return [...together, ...alone];
}

async function lookAgain(play: Play, outcome: Outcome): Promise<Outcome> {
  if (outcome.differences.length > 0) return outcome;
  const { scenario, purchaseOrder } = outcome;
  const differences = await play.differences(scenario, purchaseOrder);
  return { ...outcome, ...(await play.look(scenario, purchaseOrder)), differences };
}

function report(outcomes: readonly Outcome[], books: readonly string[], seconds: number): void {
  console.log(`\n${tableOf(outcomes)}\n\n${documentsOf(outcomes)}\n`);
  for (const { scenario, differences } of outcomes.filter((one) => one.differences.length > 0)) {
    console.log(`${scenario.title}:`);
    for (const difference of differences) console.log(`  ${difference}`);
  }
  if (books.length > 0)
    console.log(`The books of the outside:\n${books.map((one) => `  ${one}`).join('\n')}`);
  const right = outcomes.filter((one) => one.differences.length === 0).length;
  console.log(`${right} of ${outcomes.length} scenarios came about as expected (${seconds.toFixed(1)} s).`);
}

const given = process.argv.slice(2);
const names = given.filter((argument) => !argument.startsWith('--'));
const forgetful = given.includes('--forgetful');
const rough = forgetful || given.includes('--rough');
main(names, rough ? { ...roughness, ignoreIdempotencyKeys: forgetful } : null).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
