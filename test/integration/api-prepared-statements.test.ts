import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 1 });
});
afterAll(() => database.drop());

const prepared = async () => {
  const { rows } = await database.db.raw('select statement from pg_prepared_statements');
  return rows.map((row: { statement: string }) => row.statement);
};

it('a query that comes again is prepared, one that comes once is not', async () => {
  for (let i = 0; i < 5; i++)
    await database
      .db('node')
      .where({ id: `N${i}` })
      .first('id', 'name');
  await database.db('node').where({ id: 'N', active: true }).first('rank');
  const statements = await prepared();
  expect(statements.filter((text: string) => text.includes('"id", "name"'))).toHaveLength(1);
  expect(statements.some((text: string) => text.includes('"rank"'))).toBe(false);
});

it('a migration under a running process costs one query, not all that follow', async () => {
  const read = () => database.db('price_list').where({ id: 'X' }).select('*');
  for (let i = 0; i < 6; i++) await read();
  await database.db.raw('alter table price_list add column note text');
  await expect(read()).rejects.toThrow('cached plan');
  expect(await read()).toEqual([]);
});

it('several statements at once are still possible', async () => {
  for (let i = 0; i < 6; i++) await database.db.raw('select 1; select 2');
});
