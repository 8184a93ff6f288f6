import { reconcileRecord } from '../../application/stock/reconcile-record';
import { seedCompany } from '../../bench/orders/company';
import { seedDeciders } from '../../bench/race/company';
import { ContenderProcesses, contendersOf } from '../../bench/race/contenders';
import { races } from '../../bench/race/races';
import { seededChance } from '../../bench/seeded-chance';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Each race of the benchmark a few times; `npm run bench -- race` runs them fifty times, over processes that are killed. */
const ROUNDS = 4;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 8 });
  await seedCompany(database.db);
  await seedDeciders(database.db);
});
afterAll(() => database.drop());

test.each(races.map((race) => [race.name, race] as const))(
  '%s: one outcome, and the ledgers are equal',
  async (_, race) => {
    const contenders = contendersOf(database.db);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { faults } = await race.run(database.db, contenders, new Date().toISOString());
      expect(faults).toEqual([]);
    }
    expect(await reconcileRecord(database.db)).toEqual([]);
  },
);

/** The moment at which one is killed is drawn: the seed is told with what went wrong. */
const seed = Number(process.env['RACE_SEED'] ?? Math.floor(Math.random() * 1e9));

test(`each race once between processes of which one is killed and does its work again (RACE_SEED=${seed})`, async () => {
  const killed = new ContenderProcesses(seededChance(seed), { DATABASE_URL: database.url });
  try {
    for (const race of races) {
      const { faults } = await race.run(database.db, killed, new Date().toISOString());
      expect({ race: race.name, faults }).toEqual({ race: race.name, faults: [] });
    }
  } finally {
    await killed.stop();
  }
  expect(await reconcileRecord(database.db)).toEqual([]);
}, 180_000);
