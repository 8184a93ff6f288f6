import { createHash } from 'node:crypto';
import { trySourcing } from '../../application/sourcing/try-sourcing';
import { type ApiServer, keys, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedCompany(database.db);
  await database.db('api_key').insert({
    name: 'rules',
    scopes: ['rules:read', 'rules:write', 'orders:read', 'orders:write'],
    person: 'olga',
    roles: ['operations'],
    secret_hash: createHash('sha256').update('rules').digest('hex'),
  });
  api = await startApi(database.db);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const rules = [
  { name: 'illinois', when: { country: 'US', state: 'IL' }, sequence: [['DAL'], ['CHI']] },
  { name: 'widgets', when: { item: 'WIDGET' }, exclude: ['DAL'] },
];
const save = (scope: string, set: unknown) =>
  api.post(
    '/api/v1/rules/sourcing',
    { scope, body: { rules: set }, note: 'for a test', basedOn: 0 },
    'rules',
  );
const order = (more: object = {}) =>
  api.post(
    '/api/v1/orders',
    {
      customerId: 'INITECH',
      purchaseOrderNumber: `PO-${Math.random().toString().slice(2, 12)}`,
      lines: [{ item: 'WIDGET', quantity: '5' }],
      ...more,
    },
    keys.clerk,
  );

test('rules for the same are refused in words, and the API tells which rule would apply', async () => {
  const twice = await save('live', [rules[0], { ...rules[0], name: 'again' }]);
  expect(twice.status).toBeGreaterThanOrEqual(400);
  expect(JSON.stringify(twice.body)).toContain('are for exactly the same');
  expect((await save('live', rules)).status).toBe(201);
  const asked = await api.get('/api/v1/sourcing/rule?item=WIDGET&country=US&state=IL', 'rules');
  expect(asked.body).toMatchObject({
    ofLine: 'widgets',
    ofOrder: 'illinois',
    matching: [{ name: 'widgets' }, { name: 'illinois' }, { name: 'default' }],
  });
});

test('the seller sees where an order ships from and why; a buyer does not see the costs behind it', async () => {
  const placed = await order({ shipping: { singleNode: true }, shipNoLater: '2099-01-01' });
  expect(placed.status).toBe(201);
  const { body } = await api.get(`/api/v1/orders/${placed.body.id}/sourcing`, 'rules');
  expect(body.items[0]).toMatchObject({ rule: 'sourcing/illinois' });
  expect(body.items[0].summary.constraints).toEqual({ 'single-node': 'the order' });
  expect(body.items[0].considered).toContainEqual(
    expect.objectContaining({ nodeId: 'DAL', taken: false, reason: 'rule "widgets" excludes it' }),
  );
  expect((await api.get(`/api/v1/orders/${placed.body.id}/sourcing`, keys.initech)).status).toBe(403);
});

test('what a rule forbids is refused with the reason, in words and as a code', async () => {
  const closed = { name: 'gadgets', when: { item: 'GADGET' }, kinds: ['store'] };
  expect(
    (
      await api.post(
        '/api/v1/rules/sourcing',
        { scope: 'live', body: { rules: [...rules, closed] }, note: 'for a test' },
        'rules',
      )
    ).status,
  ).toBe(201);
  const policyOf = () => database.db('customer').where({ id: 'INITECH' });
  const { policy } = (await policyOf().first('policy')) as { policy: object };
  await policyOf().update({ policy: JSON.stringify({ ...policy, infeasibleSourcing: 'reject' }) });
  const refused = await order({ lines: [{ item: 'GADGET', quantity: '1' }] });
  expect(refused).toMatchObject({
    status: 409,
    body: {
      type: '/problems/stock-short',
      detail: expect.stringContaining('cannot be supplied as they are asked for'),
      errors: [
        {
          pointer: '/lines/0/quantity',
          code: 'no-eligible-node',
          detail: '1 base unit of GADGET is missing: the sourcing rule lets it come from no node that has it',
        },
      ],
    },
  });
  await policyOf().update({ policy: JSON.stringify(policy) });
});

test('a set on trial is compared and promoted over the API; a node is closed', async () => {
  expect((await save('shadow', [rules[0]])).status).toBe(201);
  expect((await order()).status).toBe(201);
  expect((await api.get('/api/v1/sourcing/trial', 'rules')).body).toMatchObject({
    version: 1,
    untried: 1,
    orders: 0,
  });
  await trySourcing(database.db, new Date().toISOString());
  const { body } = await api.get('/api/v1/sourcing/trial', 'rules');
  expect(body).toMatchObject({
    orders: 1,
    untried: 0,
    differ: 1,
    live: { shipments: 1 },
    shadow: { shipments: 1 },
  });
  expect(body.different).toMatchObject([{ live: { nodes: ['CHI'] }, shadow: { nodes: ['DAL'] } }]);
  const promoted = await api.post(
    '/api/v1/sourcing/trial/promotion',
    { version: 1, note: 'it is right' },
    'rules',
  );
  expect(promoted).toMatchObject({ status: 200, body: { version: 3 } });
  const closed = await api.post('/api/v1/nodes/CHI/state', { active: false, reason: 'flood' }, 'rules');
  expect(closed).toMatchObject({ status: 200, body: { active: false, ordersToSource: 2 } });
  expect(
    (await api.post('/api/v1/nodes/NONE/state', { active: false, reason: 'flood' }, 'rules')).status,
  ).toBe(404);
});

test('how many shipments an order may have is decided by the seller’s own people, with a reason', async () => {
  const placed = await order();
  const path = `/api/v1/orders/${placed.body.id}/maximum-shipments`;
  const body = { maximumShipments: 3, reason: 'the buyer agrees' };
  expect((await api.post(path, body, keys.initech)).status).toBe(403);
  expect((await api.post(path, { ...body, maximumShipments: 0 }, 'rules')).status).toBe(400);
  expect(await api.post(path, body, 'rules')).toMatchObject({ status: 200, body: { maximumShipments: 3 } });
  expect(await database.db('order_event').where({ kind: 'shipments-allowed' }).pluck('text')).toEqual([
    'olga lets it have 3 shipments: the buyer agrees',
  ]);
});
