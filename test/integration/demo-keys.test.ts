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
  const count = async () => (await database.db('price').count('* as n').first()) as { n: number };
  const before = await count();
  await seedDemo(database.db);
  expect(await count()).toEqual(before);
});
