import { randomUUID } from 'node:crypto';
import { placeOrder } from '../../application/order/place-order';
import { EngineAway, OrderEngine } from '../../workflows/client';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeWith } from '../support/needs';
import { orderRequest, seed } from './seed';

/** Nothing listens on port 1. */
const nowhere = { address: '127.0.0.1:1', namespace: 'default', apiKey: null, tls: null };

describeWith('postgres', 'while Temporal is away', () => {
  let database: TestDatabase;
  let engine: OrderEngine;
  beforeAll(async () => {
    database = await createTestDatabase();
    await seed(database.db);
    engine = new OrderEngine(nowhere, database.db);
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  test('an order is placed all the same, and its workflow asked for', async () => {
    const placed = await database.db.transaction((tx) =>
      placeOrder(tx, orderRequest(1), new Date().toISOString()),
    );
    expect(placed).toMatchObject({ kind: 'placed', state: 'placed' });
    const jobs = await database.db.raw('select task_identifier from graphile_worker.jobs');
    expect(jobs.rows).toEqual([{ task_identifier: 'start-order-workflow' }]);
  });

  test('a command says so soon, with when to try again', async () => {
    const placed = await database.db.transaction((tx) =>
      placeOrder(tx, orderRequest(1), new Date().toISOString()),
    );
    const orderId = placed.kind === 'placed' ? placed.orderId : '';
    const decision = { holdId: randomUUID(), action: 'release', person: 'p', roles: [], reason: '' } as const;
    const startedAt = Date.now();
    const error = await engine.resolveHold(orderId, decision).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineAway);
    expect(error).toMatchObject({ slug: 'engine-away', status: 503, retryAfterSeconds: 5 });
    expect(Date.now() - startedAt).toBeLessThan(4_000);
    expect(await engine.isThere()).toBe(false);
  });

  test('a process that closes it can end as soon as its calls have', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;
    const before = timers();
    const closing = new OrderEngine(nowhere, database.db);
    const asked = closing.isThere();
    await closing.close();
    expect(await asked).toBe(false);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
