import { createHash } from 'node:crypto';
import { type ApiServer, startApi } from '../support/api-ground';
import { GatewayDoor } from '../support/gateway-door';
import { setUpPartner } from '../support/trading-partner';

let door: GatewayDoor;
let api: ApiServer;

beforeAll(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
  const scopes = ['partners:read', 'partners:write'];
  const keys = [
    { name: 'irene', scopes, person: 'irene', roles: ['integrator'] },
    { name: 'reader', scopes: ['partners:read'], person: 'rita' },
    { name: 'machine', scopes },
    { name: 'acme', scopes, partner_id: 'ACME' },
  ];
  const hash = (name: string) => createHash('sha256').update(name).digest('hex');
  await door.db('api_key').insert(keys.map((key) => ({ ...key, secret_hash: hash(key.name) })));
  api = await startApi(door.db);
});
afterAll(async () => {
  await api.close();
  await door.database.drop();
});

const guide = (rules: readonly unknown[], name = 'acme-850') => ({
  name,
  set: '850',
  version: '004010',
  rules,
});
const save = (body: unknown, key = 'irene') => api.post('/api/v1/guides', body, key);

it('a guide is saved in versions, each with its days, and shown as it was saved', async () => {
  const first = guide([{ at: 'REF[DP]', use: 'required' }]);
  expect(await save({ guide: first, effectiveFrom: '2026-01-01' })).toMatchObject({
    status: 201,
    body: {
      name: 'acme-850',
      version: 1,
      effectiveFrom: '2026-01-01',
      effectiveUntil: null,
      savedBy: 'irene',
    },
  });
  // The same again is the same version.
  expect(await save({ guide: first, effectiveFrom: '2026-01-01' })).toMatchObject({
    status: 200,
    body: { version: 1 },
  });
  const second = guide([{ at: 'REF[DP]', use: 'required', maximum: 1 }]);
  expect(
    await save({ guide: second, effectiveFrom: '2027-01-01', effectiveUntil: '2027-12-31' }),
  ).toMatchObject({
    status: 201,
    body: { version: 2, effectiveUntil: '2027-12-31' },
  });
  const shown = await api.get('/api/v1/guides/acme-850?version=1', 'irene');
  expect(shown).toMatchObject({
    status: 200,
    body: { version: 1, body: first, versions: [{ version: 2 }, { version: 1 }] },
  });
  expect((await api.get('/api/v1/guides/acme-850', 'reader')).body).toMatchObject({
    version: 2,
    body: second,
  });
  expect((await api.get('/api/v1/guides', 'reader')).body).toMatchObject({
    items: [{ version: 2 }],
    next: null,
  });
  expect((await api.get('/api/v1/guides/acme-999', 'irene')).status).toBe(404);
});

it('one that does not only narrow the standard is refused, every rule by name', async () => {
  const wrong = guide([
    { at: 'BEG', elements: { '3': { maximumLength: 40 } } },
    { at: 'HL[S]', use: 'required' },
  ]);
  const problems = [
    'BEG: BEG03 has at most 22 characters in the standard, the guide says 40',
    'HL[S]: the 850 has no HL in 004010',
  ];
  expect(await save({ guide: wrong })).toMatchObject({
    status: 400,
    body: { type: '/problems/invalid-guide', errors: problems.reverse().map((detail) => ({ detail })) },
  });
  const checked = await api.post('/api/v1/guides/checks', { guide: wrong }, 'reader');
  expect(checked).toMatchObject({
    status: 200,
    body: { valid: false, problems: [{ where: 'HL[S]' }, { where: 'BEG' }] },
  });
  expect(await door.db('guide').where({ name: 'acme-850' }).max('version').first()).toEqual({ max: 2 });
});

it('only people of the seller who may change partners save one; a partner sees none', async () => {
  const body = { guide: guide([], 'acme-other') };
  expect((await save(body, 'reader')).status).toBe(403);
  expect((await save(body, 'machine')).status).toBe(403);
  expect((await save(body, 'acme')).status).toBe(403);
  expect((await api.get('/api/v1/guides', 'acme')).status).toBe(403);
});

it('a set of an agreement is made to go by a guide of that set', async () => {
  const to = { agreementId: 'ACME-P', direction: 'in', set: '850', guide: 'acme-850' };
  expect((await api.post('/api/v1/guides/assignments', to, 'irene')).status).toBe(204);
  expect(
    await door.db('document_agreement').where({ direction: 'in', set_id: '850' }).pluck('guide'),
  ).toEqual(['acme-850']);
  const other = await api.post('/api/v1/guides/assignments', { ...to, set: '860' }, 'irene');
  expect(other).toMatchObject({ status: 400, body: { type: '/problems/invalid-guide' } });
  expect(
    (await api.post('/api/v1/guides/assignments', { ...to, agreementId: 'NOBODY' }, 'irene')).status,
  ).toBe(404);
});
