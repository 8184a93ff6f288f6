import type { Tx } from '../../db/connection';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** BEGIN goes out together with the first statement of a transaction: what that must not change. */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 2 });
  await database.db.raw('create table counted (n int primary key)');
});
afterAll(() => database.drop());
beforeEach(() => database.db('counted').delete());

const counted = () => database.db('counted').orderBy('n').pluck('n') as Promise<number[]>;
const add = (tx: Tx, n: number) => tx('counted').insert({ n });
const transaction = (work: (tx: Tx) => Promise<unknown>) => database.db.transaction(work);

it('its only statement is undone when the transaction fails afterwards', async () => {
  await expect(
    transaction(async (tx) => {
      await add(tx, 1);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await counted()).toEqual([]);
});

it('it is one from its first statement on, and nobody sees it before it ends', async () => {
  await transaction(async (tx) => {
    const first = await tx.raw('select pg_current_xact_id()::text as id');
    const second = await tx.raw('select pg_current_xact_id()::text as id');
    expect(second.rows).toEqual(first.rows);
    await add(tx, 1);
    expect(await counted()).toEqual([]);
  });
  expect(await counted()).toEqual([1]);
});

it('a first statement that fails takes nothing with it, and the connection goes on', async () => {
  await database.db('counted').insert({ n: 1 });
  for (let round = 0; round < 5; round++)
    await expect(transaction((tx) => add(tx, 1))).rejects.toThrow('duplicate key');
  await transaction((tx) => add(tx, 2));
  expect(await counted()).toEqual([1, 2]);
});

it('statements that were given at once are all in it', async () => {
  await expect(
    transaction((tx) => Promise.all([add(tx, 1), add(tx, 2), add(tx, 2), add(tx, 3)])),
  ).rejects.toThrow(/duplicate key|aborted/);
  expect(await counted()).toEqual([]);
  await transaction((tx) => Promise.all([add(tx, 1), add(tx, 2), add(tx, 3)]));
  expect(await counted()).toEqual([1, 2, 3]);
});

it('statements that were given at once run in their order, each seeing what the one before waited for', async () => {
  await database.db('counted').insert({ n: 1 });
  const holder = await database.db.transaction();
  await holder('counted').where({ n: 1 }).forUpdate();
  const waiting = transaction((tx) =>
    Promise.all([
      tx('counted').where({ n: 1 }).forNoKeyUpdate().pluck('n'),
      tx('counted').orderBy('n').pluck('n'),
    ]),
  );
  const other = holder('counted').insert({ n: 2 });
  await other;
  await holder.commit();
  expect(await waiting).toEqual([[1], [1, 2]]);
});

it('one without statements leaves its connection as it was', async () => {
  for (let round = 0; round < 4; round++) {
    await transaction(async () => undefined);
    await expect(transaction(() => Promise.reject(new Error('nothing')))).rejects.toThrow('nothing');
  }
  await database.db('counted').insert({ n: 1 });
  const { rows } = await database.db.raw(
    `select count(*) filter (where state like 'idle in transaction%') as open from pg_stat_activity where datname = current_database()`,
  );
  expect(rows).toEqual([{ open: 0 }]);
  expect(await counted()).toEqual([1]);
});

it('a part that fails is undone alone, also when it is the first', async () => {
  await transaction(async (tx) => {
    const part = tx.transaction(async (inner) => {
      await add(inner, 1);
      throw new Error('only this');
    });
    await expect(part).rejects.toThrow('only this');
    await add(tx, 2);
  });
  expect(await counted()).toEqual([2]);
});

it('it reads one state of the record where it asks for that', async () => {
  await database.db.transaction(
    async (tx) => {
      expect(await tx('counted').pluck('n')).toEqual([]);
      await database.db('counted').insert({ n: 1 });
      expect(await tx('counted').pluck('n')).toEqual([]);
    },
    { isolationLevel: 'repeatable read' },
  );
  expect(await counted()).toEqual([1]);
});

it('a connection that the server has ended fails its transaction, and the next one has another', async () => {
  await expect(
    transaction(async (tx) => {
      const { rows } = await tx.raw('select pg_backend_pid() as pid');
      await database.db.raw('select pg_terminate_backend(?)', [rows[0].pid]);
      await add(tx, 1);
    }),
  ).rejects.toThrow(/connection/);
  await transaction((tx) => add(tx, 2));
  expect(await counted()).toEqual([2]);
});
