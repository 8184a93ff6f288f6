import { createHash } from 'node:crypto';
import { ruleKinds } from '../../application/rules/rule-kinds';
import { readAuthorities, readHoldTypes } from '../../application/rules/rules';
import { type ApiServer, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;

beforeAll(async () => {
  database = await createTestDatabase();
  const keys = [
    { name: 'olga', scopes: ['rules:read', 'rules:write'], person: 'olga', roles: ['operations'] },
    { name: 'rita', scopes: ['rules:read'], person: 'rita' },
    { name: 'machine', scopes: ['rules:read', 'rules:write'] },
  ];
  const hash = (name: string) => createHash('sha256').update(name).digest('hex');
  await database.db('api_key').insert(keys.map((key) => ({ ...key, secret_hash: hash(key.name) })));
  api = await startApi(database.db);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const save = (kind: string, body: unknown, key = 'olga') => api.post(`/api/v1/rules/${kind}`, body, key);
const finance = { holdTypes: ['credit'], maximumMinor: 5_000_000, secondPersonAboveMinor: 1_000_000 };

test('every kind of rule tells what its data looks like, and its example could be saved', async () => {
  const { status, body } = await api.get('/api/v1/rules', 'rita');
  expect(status).toBe(200);
  const kinds = (body as { items: { kind: string }[] }).items;
  expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['hold-type', 'authority']));
  for (const one of ruleKinds)
    expect([one.kind, one.body.safeParse(one.example).error]).toEqual([one.kind, undefined]);
});

test('a rule is saved in versions; the newest that has begun decides, and a withdrawn one is gone', async () => {
  const first = { scope: 'finance', body: finance, note: 'as agreed in May', basedOn: 0 };
  expect(await save('authority', first)).toMatchObject({ status: 201, body: { version: 1 } });
  const nextYear = '2099-01-01T00:00:00Z';
  const later = { scope: 'finance', body: { ...finance, maximumMinor: 9 }, validFrom: nextYear, basedOn: 1 };
  expect(await save('authority', later)).toMatchObject({ status: 201, body: { version: 2 } });
  expect(await readAuthorities(database.db)).toEqual([{ role: 'finance', version: 1, ...finance }]);
  expect((await api.get('/api/v1/rules/authority/versions?scope=finance', 'rita')).body).toMatchObject({
    items: [
      { version: 2, inForce: false, validFrom: '2099-01-01T00:00:00.000Z' },
      { version: 1, inForce: true, savedBy: 'olga', note: 'as agreed in May' },
    ],
  });
  expect(await save('authority', { scope: 'finance', body: null, basedOn: 2 })).toMatchObject({
    status: 201,
    body: { version: 3 },
  });
  expect(await readAuthorities(database.db)).toEqual([]);
});

test('what a rule says must be of its kind: each mistake is named where it stands', async () => {
  const wrong = { scope: 'credit', body: { blocks: ['payment'], dueInSeconds: -1 } };
  expect(await save('hold-type', wrong)).toMatchObject({
    status: 400,
    body: {
      type: '/problems/invalid-rule',
      errors: [{ pointer: '/body/blocks/0' }, { pointer: '/body/dueInSeconds' }],
    },
  });
  expect((await api.post('/api/v1/rules/hold-type/checks', wrong, 'rita')).body).toMatchObject({
    valid: false,
    problems: [{ pointer: '/blocks/0' }, { pointer: '/dueInSeconds' }],
  });
  expect((await readHoldTypes(database.db)).get('credit')?.blocks).toEqual(['answer', 'release']);
  const past = { scope: 'credit', body: {}, validFrom: '2020-01-01T00:00:00Z' };
  expect((await save('hold-type', past)).status).toBe(400);
  expect((await save('hold-type', { scope: 'nobody', body: null })).status).toBe(400);
  expect((await save('nonsense', { scope: 'x', body: {} })).status).toBe(404);
});

test('nobody sets the limits of authority of a role of their own', async () => {
  expect(await save('authority', { scope: 'operations', body: finance })).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('somebody else') as string },
  });
});

test('nor which prices it may set, or which holds it resolves without a limit', async () => {
  const price = { scope: 'operations', body: { maximumPercent: '50' } };
  expect((await save('price-override', price)).status).toBe(403);
  const own = { scope: 'credit', body: { resolvedBy: ['finance', 'operations'] } };
  expect(await save('hold-type', own)).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('credit') as string },
  });
  expect((await save('hold-type', { scope: 'credit', body: { resolvedBy: ['finance'] } })).status).toBe(201);
  // Where it is named already, the rest of the type may be edited.
  const manual = { scope: 'manual', body: { resolvedBy: ['operations', 'sales'], dueInSeconds: 60 } };
  expect((await save('hold-type', manual)).status).toBe(201);
});

test('nor gives itself back the holds that a type names others for, by naming nobody or by withdrawing the rule', async () => {
  const body = JSON.stringify(finance);
  await database.db('rule').insert({ kind: 'authority', scope: 'operations', version: 1, body });
  expect((await save('hold-type', { scope: 'credit', body: { resolvedBy: ['finance'] } })).status).toBe(201);
  for (const wider of [{ resolvedBy: null }, { dueInSeconds: 60 }, null])
    expect((await save('hold-type', { scope: 'credit', body: wider })).status).toBe(403);
  const others = { scope: 'credit', body: { resolvedBy: ['finance'], dueInSeconds: 60 } };
  expect((await save('hold-type', others)).status).toBe(201);
});

test('an order beyond its buyer’s own limits is never let through because nobody of the company decided', async () => {
  const rule = { scope: 'buyer-approval', body: { onExpiry: 'release' } };
  expect(await save('hold-type', rule)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('approvers') as string },
  });
});

test('rules are saved by persons who may, and by one of two who looked at the same version', async () => {
  const rule = { scope: 'sales', body: finance, basedOn: 0 };
  expect((await save('authority', rule, 'rita')).status).toBe(403);
  expect((await save('authority', rule, 'machine')).status).toBe(403);
  const both = await Promise.all([save('authority', rule), save('authority', rule)]);
  expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 412]);
});
