import { resolveHold } from '../../application/hold/resolve-hold';
import { type ApiServer, keys, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { giveBuyer } from '../support/give-buyer';

let database: TestDatabase;
let api: ApiServer;
beforeAll(async () => {
  database = await createTestDatabase();
  await seedCompany(database.db);
  await giveBuyer(database.db, 'key-of-ida', {
    person: 'ida',
    customerId: 'INITECH',
    roles: ['buyer', 'buyer-admin'],
  });
  api = await startApi(database.db);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

let orders = 0;
const order = (quantity: string, key: string, more: object = {}) =>
  api.post(
    '/api/v1/orders',
    { purchaseOrderNumber: `H${++orders}`, lines: [{ item: 'WIDGET', quantity, unit: 'EA' }], ...more },
    key,
  );

describe('a hold put on by a person', () => {
  test('holds the order, says who and why, and is refused to buyers and to a second one of its kind', async () => {
    const { body: placed } = await order('1', keys.initech);
    const path = `/api/v1/orders/${placed.id}/holds`;
    expect((await api.post(path, { reason: 'nosy' }, keys.initech)).status).toBe(403);
    expect((await api.post(path, { reason: 'x' }, keys.finance)).status).toBe(400);
    const { status, body } = await api.post(path, { reason: 'the customer rang' }, keys.finance);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      type: 'manual',
      appliedBy: 'fiona',
      decidable: true,
      order: { state: 'held' },
    });
    expect((await api.post(path, { reason: 'once more' }, keys.finance)).status).toBe(409);
    expect((await api.post(path, { reason: 'a line', lineNumber: 9 }, keys.finance)).body.detail).toContain(
      'no open line 9',
    );
  });
});

describe('what a buyer is told of holds', () => {
  const told = async (id: string) => [
    (await api.get(`/api/v1/orders/${id}`, keys.initech)).body,
    (await api.get(`/api/v1/orders/${id}/timeline`, keys.initech)).body,
    (await api.get('/api/v1/orders', keys.initech)).body,
  ];

  test('that somebody looks at its order, not why, nor who, nor what was noted', async () => {
    const { body: placed } = await order('1', keys.initech);
    const path = `/api/v1/orders/${placed.id}/holds`;
    const { body: hold } = await api.post(path, { reason: 'smells of fraud' }, keys.finance);
    const seen = await told(placed.id);
    expect(seen[0].holds).toMatchObject([
      { type: 'review', reasonText: 'The seller looks at the order before it goes on', role: 'seller' },
    ]);
    expect(seen[2].items[0]).toMatchObject({ id: placed.id, openHolds: ['review'] });
    const release = {
      action: 'release',
      person: 'fiona',
      roles: ['finance'],
      reason: 'the score was wrong',
    } as const;
    await database.db.transaction((tx) =>
      resolveHold(tx, { holdId: hold.id, ...release }, new Date().toISOString()),
    );
    const after = await told(placed.id);
    expect(after[1].items.map((one: { text: string }) => one.text)).toContain('The review hold has ended');
    for (const text of [...seen, ...after].map((one) => JSON.stringify(one)))
      expect(text).not.toMatch(/fraud|score|fiona|manual/);
    // The seller's own people read all of it.
    const own = JSON.stringify((await api.get(`/api/v1/orders/${placed.id}/timeline`, keys.finance)).body);
    expect(own).toMatch(/smells of fraud/);
    expect(own).toMatch(/the score was wrong/);
  });
});

test('holds are read and decided by the seller’s people, whatever scopes a buyer was given by mistake', async () => {
  await giveBuyer(database.db, 'key-of-max', { person: 'max', customerId: 'INITECH', roles: ['finance'] });
  await database
    .db('api_key')
    .where({ person: 'max' })
    .update({ scopes: ['orders:read', 'orders:write', 'holds:read', 'holds:decide'] });
  const { body: placed } = await order('1', 'key-of-max');
  const { body: hold } = await api.post(
    `/api/v1/orders/${placed.id}/holds`,
    { reason: 'wait' },
    keys.finance,
  );
  const release = { action: 'release', reason: 'it is mine' };
  const answers = [
    await api.get('/api/v1/holds', 'key-of-max'),
    await api.get(`/api/v1/holds/${hold.id}`, 'key-of-max'),
    await api.post(`/api/v1/holds/${hold.id}/decisions`, release, 'key-of-max'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  expect(answers[2]?.body.detail).toContain('/buyer-approvals');
});

describe('simulated authority', () => {
  const ask = (body: object, key: string = keys.finance) =>
    api.post('/api/v1/authority-simulations', body, key);
  const outcomes = (body: { people: { person: string; outcome: string }[] }) =>
    Object.fromEntries(body.people.map(({ person, outcome }) => [person, outcome]));
  const credit = { holdType: 'credit', currency: 'USD' };

  test('says who could decide an amount, who with a second person, and why the others could not', async () => {
    expect(outcomes((await ask({ ...credit, totalMinor: 100 })).body)).toEqual({
      fiona: 'alone',
      frank: 'alone',
      olga: 'not',
    });
    expect(outcomes((await ask({ ...credit, totalMinor: 6_000_000 })).body)).toMatchObject({
      fiona: 'with-a-second-person',
    });
    const { body } = await ask({ ...credit, totalMinor: 20_000_000 });
    const fiona = body.people.find((one: { person: string }) => one.person === 'fiona');
    expect(fiona).toMatchObject({ outcome: 'not', code: 'over-authority', rule: 'finance v1' });
    expect(fiona.why).toContain('above what your role "finance" may approve');
  });

  test('asks drafts in the place of what is in force, and keeps nothing', async () => {
    const grants = [{ holdTypes: ['credit'], maximumMinor: null, secondPersonAboveMinor: null }];
    const draft = [
      { role: 'operations', grants },
      { role: 'finance', grants: [] },
    ];
    expect(outcomes((await ask({ ...credit, totalMinor: 100, draft })).body)).toEqual({
      fiona: 'not',
      frank: 'alone',
      olga: 'alone',
    });
    expect(outcomes((await ask({ ...credit, totalMinor: 100 })).body)).toMatchObject({ olga: 'not' });
  });

  test('is not for buyers, and says what is missing', async () => {
    expect((await ask({ ...credit, totalMinor: 1 }, keys.initech)).status).toBe(403);
    expect((await ask({ holdType: 'credit' })).status).toBe(400);
    expect((await ask({ ...credit, holdType: 'nonsense', totalMinor: 1 })).body.detail).toContain('nonsense');
  });
});

describe('a substitute', () => {
  test('is arranged, listed for the own company only, and ended by who is stood in for', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const made = await api.post(
      '/api/v1/substitutions',
      { substitute: 'olga', until, reason: 'holidays' },
      keys.finance,
    );
    expect(made.status).toBe(201);
    const simulated = await api.post(
      '/api/v1/authority-simulations',
      { holdType: 'credit', currency: 'USD', totalMinor: 1 },
      keys.finance,
    );
    expect(simulated.body.people.find((one: { person: string }) => one.person === 'olga')).toMatchObject({
      outcome: 'alone',
      inNameOf: 'fiona',
    });
    expect((await api.get('/api/v1/substitutions', keys.initech)).body.items).toEqual([]);
    const back = await api.post(
      '/api/v1/substitutions',
      { substitute: 'fiona', until, reason: 'in turn' },
      keys.operations,
    );
    expect(back).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('olga to fiona to olga') as string },
    });
    const end = `/api/v1/substitutions/${made.body.id}/end`;
    expect((await api.post(end, {}, keys.initech)).status).toBe(404);
    expect((await api.post(end, {}, keys.finance)).status).toBe(204);
    expect((await api.get('/api/v1/substitutions', keys.finance)).body.items).toEqual([]);
    // Who arranges substitutes for others takes nobody's authority for themselves.
    const own = { person: 'fiona', substitute: 'olga', until, reason: 'she is away' };
    expect((await api.post('/api/v1/substitutions', own, keys.operations)).status).toBe(403);
  });
});

describe('a buyer’s company', () => {
  test('sets limits and budgets by its administrator, and sees only its own', async () => {
    const person = { person: 'ivan', limitMinor: 1_000, costCentre: 'LAB' };
    expect((await api.post('/api/v1/buyer-settings/people', person, keys.initech)).status).toBe(403);
    expect(
      (await api.post('/api/v1/buyer-settings/people', { ...person, person: 'uma' }, 'key-of-ida')).status,
    ).toBe(409);
    expect((await api.post('/api/v1/buyer-settings/people', person, 'key-of-ida')).status).toBe(200);
    const approver = { person: 'ida', limitMinor: null, mayApprove: true, approvesUpToMinor: null };
    await api.post('/api/v1/buyer-settings/people', approver, 'key-of-ida');
    const budget = { costCentre: 'LAB', from: '2020-01-01', to: '2099-12-31', amountMinor: 5_000 };
    const { body } = await api.post('/api/v1/buyer-settings/budgets', budget, 'key-of-ida');
    expect(body.budgets).toMatchObject([{ costCentre: 'LAB', left: { amountMinor: 5_000 } }]);
    expect((await order('1', keys.initech)).body.state).toBe('placed');
    const { body: waiting } = await order('2', keys.initech);
    expect(waiting.state).toBe('held');
    const settings = (await api.get('/api/v1/buyer-settings', keys.initech)).body;
    expect(settings).toMatchObject({ mayEdit: false, budgets: [{ spent: { amountMinor: 1_000 } }] });
    const seen = (await api.get('/api/v1/buyer-approvals', 'key-of-ida')).body.items;
    expect(seen).toMatchObject([{ orderId: waiting.id, orderedBy: 'ivan', decidable: true }]);
    expect((await api.get('/api/v1/buyer-approvals', keys.initech)).body.items).toMatchObject([
      { decidable: false, whyNot: expect.any(String) as string },
    ]);
    expect((await api.get('/api/v1/buyer-approvals', keys.umbrella)).body.items).toEqual([]);
    expect((await api.get('/api/v1/buyer-settings?customerId=INITECH', keys.umbrella)).status).toBe(404);
    const decision = `/api/v1/buyer-approvals/${seen[0].holdId}/decisions`;
    expect((await api.post(decision, { action: 'release', reason: 'go on' }, keys.umbrella)).status).toBe(
      404,
    );
    expect((await api.post(decision, { action: 'release', reason: 'go on' }, 'key-of-ida')).status).toBe(503);
  });
});
