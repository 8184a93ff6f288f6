import { applyOrderChange } from '../../application/change/apply-order-change';
import type { ApiServer } from '../support/api-ground';
import { keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Temporal is away in this file: the record decides what the workflow would have decided. */
let database: TestDatabase;
let api: ApiServer;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedCompany(database.db);
  api = await startApi(database.db);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const place = async () => (await api.post('/api/v1/orders', orderOf(10), keys.initech)).body;
const decided = (changeId: string) =>
  database.db.transaction((tx) => applyOrderChange(tx, changeId, new Date().toISOString()));

test('a buyer sees what a change makes of the order before asking for it, and not what the account owes', async () => {
  const order = await place();
  const path = `/api/v1/orders/${order.id}/changes/preview`;
  const body = { lines: [{ lineNumber: 1, quantity: '4' }] };
  const mine = await api.post(path, body, keys.initech);
  expect(mine.status).toBe(200);
  expect(mine.body.assessment).toMatchObject({
    before: { lines: [{ lineNumber: 1, quantity: '10' }], total: order.total, credit: null },
    after: { lines: [{ lineNumber: 1, quantity: '4' }] },
    holds: [],
    recalls: [],
  });
  const staff = await api.post(path, body, keys.clerk);
  expect(staff.body.assessment.after.credit).toMatchObject({ limit: { amount: '5000.00' } });
  expect((await api.post(path, body, keys.umbrella)).status).toBe(404);
  const again = await api.get(`/api/v1/orders/${order.id}`, keys.initech);
  expect(again.body).toMatchObject({ total: order.total, version: order.version });
});

test('of two changes that were shown against the same order one is recorded, and one against an older order is not', async () => {
  const order = await place();
  const path = `/api/v1/orders/${order.id}/changes`;
  const body = { lines: [{ lineNumber: 1, quantity: '4' }] };
  const seen = (await api.post(`${path}/preview`, body, keys.initech)).body;
  expect(seen.orderVersion).toBe(order.version);
  const ask = (quantity: string) =>
    api.post(path, { lines: [{ lineNumber: 1, quantity }] }, keys.initech, {
      'if-match': `"${seen.orderVersion}"`,
    });
  const answers = await Promise.all([ask('4'), ask('5'), ask('6')]);
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([202, 412, 412]);
  expect(answers.find(({ status }) => status === 412)?.body).toMatchObject({
    title: 'It was changed meanwhile',
    detail: expect.stringContaining(`version ${order.version + 1}`),
  });
  expect((await api.get(path, keys.initech)).body.items).toHaveLength(1);
  // The same of a cancellation, by the entity tag of what was read.
  const cancel = (match: string) =>
    api.post(`/api/v1/orders/${order.id}/cancel`, { reason: 'not wanted' }, keys.initech, {
      'if-match': match,
    });
  expect((await cancel(`"${order.version}"`)).status).toBe(412);
  expect((await cancel('"something else"')).status).toBe(412);
  expect((await cancel(`"${order.version + 1}"`)).status).toBe(202);
});

test('a change is recorded while the engine is away, decided later, and listed with what came of it', async () => {
  const order = await place();
  const path = `/api/v1/orders/${order.id}/changes`;
  const asked = await api.post(
    path,
    { lines: [{ lineNumber: 1, quantity: '4' }], deliverBy: '2099-01-31' },
    keys.initech,
  );
  expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } });
  expect(await decided(asked.body.changeId)).toMatchObject({ kind: 'applied' });
  const { body } = await api.get(path, keys.initech);
  expect(body.items).toMatchObject([
    {
      id: asked.body.changeId,
      status: 'applied',
      text: 'Done as asked',
      assessment: { after: { deliverBy: '2099-01-31' } },
    },
  ]);
});

test('what the seller’s people asked for on a buyer’s order is theirs to take back', async () => {
  const order = await place();
  const path = `/api/v1/orders/${order.id}/changes`;
  const asked = await api.post(path, { lines: [{ lineNumber: 1, unitPrice: '0.01' }] }, keys.operations);
  expect(await decided(asked.body.changeId)).toMatchObject({ kind: 'held' });
  const withdraw = (key: string) => api.post(`${path}/${asked.body.changeId}/withdraw`, undefined, key);
  expect((await withdraw(keys.initech)).status).toBe(403);
  expect((await withdraw(keys.operations)).status).toBe(200);
});

test('a change that waits can be taken back by its buyer, once', async () => {
  const order = await place();
  const path = `/api/v1/orders/${order.id}/changes`;
  const asked = await api.post(path, { lines: [{ lineNumber: 1, unitPrice: '0.01' }] }, keys.initech);
  expect(await decided(asked.body.changeId)).toMatchObject({ kind: 'held' });
  const withdraw = (key: string) => api.post(`${path}/${asked.body.changeId}/withdraw`, undefined, key);
  expect((await withdraw(keys.umbrella)).status).toBe(404);
  expect(await withdraw(keys.initech)).toMatchObject({ status: 200, body: { status: 'withdrawn' } });
  expect(await withdraw(keys.initech)).toMatchObject({ status: 409 });
});

test('what may be changed now is readable, with the rule that says so', async () => {
  const order = await place();
  const { status, body } = await api.get(`/api/v1/orders/${order.id}/allowed-changes`, keys.initech);
  expect(status).toBe(200);
  expect(body.header).toContainEqual({ type: 'cancel', verdict: 'allow', rule: 'modification default' });
  expect(body.lines).toMatchObject([{ lineNumber: 1, level: 'line', status: 'placed' }]);
});

test('a change that names nothing, or a line that is not there, is a clear error', async () => {
  const order = await place();
  const path = `/api/v1/orders/${order.id}/changes`;
  expect(await api.post(path, {}, keys.initech)).toMatchObject({ status: 400 });
  expect(await api.post(path, { lines: [{ lineNumber: 7, quantity: '1' }] }, keys.initech)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/lines/0/lineNumber', detail: 'the order has no line 7' }] },
  });
});
