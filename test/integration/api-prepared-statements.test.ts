import { SENT_WITH_NEXT } from '../../db/prepared-statements';
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

describe('a write that goes out with the next statement', () => {
  const write = (id: string) => [
    `${SENT_WITH_NEXT}insert into price_list (id, name, currency) values (?, ?, 'USD')`,
    [id, id],
  ];
  const rows = (id: string) => database.db('price_list').where({ id });

  it('is there for that statement, and with the commit where it is the last', async () => {
    await database.db.transaction(async (tx) => {
      await tx.raw('select 1');
      await tx.raw(...(write('NEXT-1') as [string, string[]]));
      expect(await tx('price_list').where({ id: 'NEXT-1' })).toHaveLength(1);
      await tx.raw(...(write('NEXT-2') as [string, string[]]));
    });
    expect(await rows('NEXT-1')).toHaveLength(1);
    expect(await rows('NEXT-2')).toHaveLength(1);
  });

  it('fails the commit that it goes out with, and nothing of the transaction stays', async () => {
    const failing = database.db.transaction(async (tx) => {
      await tx('price_list').insert({ id: 'NEXT-3', name: 'NEXT-3', currency: 'USD' });
      await tx.raw(...(write('NEXT-1') as [string, string[]]));
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await rows('NEXT-3')).toHaveLength(0);
    expect(await rows('NEXT-1')).toHaveLength(1);
  });

  it('fails the statement that it goes out with', async () => {
    const failing = database.db.transaction(async (tx) => {
      await tx.raw('select 1');
      await tx.raw(...(write('NEXT-1') as [string, string[]]));
      await tx('price_list').where({ id: 'NEXT-1' });
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
  });

  it('is given up with its transaction, or with its savepoint alone', async () => {
    const givenUp = database.db.transaction(async (tx) => {
      await tx.raw('select 1');
      await tx.raw(...(write('NEXT-4') as [string, string[]]));
      throw new Error('given up');
    });
    await expect(givenUp).rejects.toThrow('given up');
    await database.db.transaction(async (tx) => {
      await tx.raw('select 1');
      await tx.raw(...(write('NEXT-5') as [string, string[]]));
      const inner = tx.transaction(async (savepoint) => {
        await savepoint.raw(...(write('NEXT-6') as [string, string[]]));
        throw new Error('given up');
      });
      await expect(inner).rejects.toThrow('given up');
    });
    expect(await rows('NEXT-4')).toHaveLength(0);
    expect(await rows('NEXT-5')).toHaveLength(1);
    expect(await rows('NEXT-6')).toHaveLength(0);
  });

  it('is sent at once where there is no transaction', async () => {
    await database.db.raw(...(write('NEXT-7') as [string, string[]]));
    expect(await rows('NEXT-7')).toHaveLength(1);
  });
});
