import { hasWorkingDemoKey } from '../../db/repositories/api-keys';
import { seedDemo } from '../../db/seed/demo';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('a production hub sees that the published keys of the demo work in its database, until they are revoked', async () => {
  expect(await hasWorkingDemoKey(database.db)).toBe(false);
  await seedDemo(database.db);
  expect(await hasWorkingDemoKey(database.db)).toBe(true);
  await database.db('api_key').where({ demo: true }).update({ revoked_at: database.db.fn.now() });
  expect(await hasWorkingDemoKey(database.db)).toBe(false);
});

test('demo data loaded twice is there once', async () => {
  const tables = ['price', 'api_key', 'rule', 'buyer_person', 'buyer_budget'];
  const count = () => Promise.all(tables.map((table) => database.db(table).count('* as n').first()));
  const before = await count();
  expect(before.every((row) => Number(row?.['n']) > 0)).toBe(true);
  await seedDemo(database.db);
  expect(await count()).toEqual(before);
});
