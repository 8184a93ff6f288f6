import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { warnOfEndingKeys } from '../../application/store/warn-of-ending-keys';
import { addStoreKeyCommands } from '../../cli/store-key-commands';
import { type ApiServer, startApi } from '../support/api-ground';
import { StoreStand } from '../support/store-stand';

let stand: StoreStand;
let api: ApiServer;
beforeAll(async () => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 100 } } });
  const administrator = { person: 'olga', scopes: ['partners:write', 'stores:work', 'orders:read'] };
  const keys = [
    { name: 'olga', ...administrator },
    { name: 'omar', ...administrator, person: 'omar' },
    { name: 'job', scopes: ['partners:write'] },
    { name: 'clara', person: 'clara', scopes: ['stores:work', 'orders:read'] },
    { name: 'bo', person: 'bo', scopes: ['partners:write'], customer_id: 'ACME' },
  ];
  const hash = (name: string) => createHash('sha256').update(name).digest('hex');
  await stand.db('api_key').insert(keys.map((key) => ({ ...key, secret_hash: hash(key.name) })));
  api = await startApi(stand.db);
});
afterAll(async () => {
  await api.close();
  await stand.close();
});

const ann = { node: 'STORE-A', person: 'ann', name: 'Ann, Main Street' };
const give = (body: object = ann, key = 'olga') => api.post('/api/v1/store-keys', body, key);
const revoke = (id: string, key = 'olga') =>
  api.post(`/api/v1/store-keys/${id}/revocations`, { reason: 'Ann has left' }, key);
/** Another process, which remembers no key. */
async function asked(key: string, path = '/api/v1/store-tasks'): Promise<number> {
  const other = await startApi(stand.db);
  const { status } = await other.get(path, key);
  await other.close();
  return status;
}

test('an administrator gives a key that works one store, sees it once, and revokes it', async () => {
  const given = await give();
  expect(given).toMatchObject({
    status: 201,
    body: { node: { id: 'STORE-A' }, person: 'ann', works: true, givenBy: 'olga', revokedAt: null },
  });
  const { key, id } = given.body;
  expect(key).toMatch(/^hub_[\w-]{43}$/);
  const kept = await stand.db('api_key').where({ id }).first();
  expect(kept).toMatchObject({ scopes: ['stores:work'], node_id: 'STORE-A', customer_id: null, roles: [] });
  expect(JSON.stringify(kept)).not.toContain(key);
  const listed = await api.get('/api/v1/store-keys?node=STORE-A', 'olga');
  expect(listed.body.items).toMatchObject([{ id, name: 'Ann, Main Street' }]);
  expect(JSON.stringify(listed.body)).not.toContain(key);

  expect(await asked(key)).toBe(200);
  expect(await asked(key, '/api/v1/store-tasks?node=STORE-B')).toBe(404);
  expect(await asked(key, '/api/v1/orders')).toBe(403);
  expect(await asked(key, '/api/v1/store-keys')).toBe(403);

  expect(await revoke(id)).toMatchObject({
    status: 200,
    body: { works: false, revokedBy: 'olga', reason: 'Ann has left' },
  });
  expect(await asked(key)).toBe(401);
  expect((await api.get('/api/v1/store-keys', 'olga')).body.items).toEqual([]);
  expect((await api.get('/api/v1/store-keys?works=false', 'olga')).body.items).toMatchObject([{ id }]);
});

test('a session that was opened with a revoked key ends', async () => {
  const { key, id } = (await give()).body;
  const logIn = await fetch(`${api.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-portal': '1' },
    body: JSON.stringify({ key }),
  });
  expect(logIn.status).toBe(201);
  const cookie = (logIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  await revoke(id);
  const other = await startApi(stand.db);
  expect((await fetch(`${other.url}/api/v1/store-tasks`, { headers: { cookie } })).status).toBe(401);
  await other.close();
});

test('a key ends after a year or as many days as are said, and with it what was opened with it', async () => {
  const days = ({ givenAt, expiresAt }: { givenAt: string; expiresAt: string }) =>
    (Date.parse(expiresAt) - Date.parse(givenAt)) / 86_400_000;
  expect(days((await give()).body)).toBe(365);
  const { body } = await give({ ...ann, validDays: 30 });
  expect(days(body)).toBe(30);
  for (const validDays of [0, 731, 1.5]) expect((await give({ ...ann, validDays })).status).toBe(400);
  const logIn = await fetch(`${api.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-portal': '1' },
    body: JSON.stringify({ key: body.key }),
  });
  expect(await logIn.json()).toMatchObject({ keyExpiresAt: body.expiresAt });
  const cookie = (logIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  await stand.db('api_key').where({ id: body.id }).update({ expires_at: new Date().toISOString() });
  expect(await asked(body.key)).toBe(401);
  const other = await startApi(stand.db);
  expect((await fetch(`${other.url}/api/v1/store-tasks`, { headers: { cookie } })).status).toBe(401);
  await other.close();
});

test('two weeks before a key ends operations is told, once, until its person has a longer one', async () => {
  const { id, expiresAt } = (await give({ ...ann, person: 'eve', name: 'Eve', validDays: 30 })).body;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const warn = (days: number) => stand.db.transaction((tx) => warnOfEndingKeys(tx, inDays(days)));
  const told = () =>
    stand
      .db('exception')
      .where({ kind: 'store-key-ends', subject_key: id })
      .first('status', 'text', 'due_at');
  await warn(15);
  expect(await told()).toBeUndefined();
  await Promise.all([warn(17), warn(17), warn(17)]);
  expect(await told()).toEqual({
    status: 'open',
    due_at: expiresAt,
    text: `The key of Eve (STORE-A) ends on ${expiresAt.slice(0, 10)}: give eve a new one on the page Store keys, or let it end`,
  });
  expect(await stand.db('exception').where({ kind: 'store-key-ends', subject_key: id })).toMatchObject([
    { occurrences: 1 },
  ]);
  await give({ ...ann, person: 'eve', name: 'Eve', node: 'STORE-B' });
  await warn(18);
  expect(await told()).toMatchObject({ status: 'open' });
  await give({ ...ann, person: 'eve', name: 'Eve' });
  expect(await warn(18)).toBe(0);
  expect(await told()).toMatchObject({ status: 'resolved' });
});

test('of two who revoke a key at the same time one did it, and the other is told who', async () => {
  const { id } = (await give()).body;
  const answers = await Promise.all([revoke(id), revoke(id, 'omar')]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const winner = answers.find(({ status }) => status === 200)?.body.revokedBy;
  expect(answers.find(({ status }) => status === 409)?.body.detail).toBe(
    `${winner} has revoked this key already.`,
  );
});

test('only people of the company who may set partners up give and revoke keys, and only keys of stores', async () => {
  const { id } = (await give()).body;
  for (const key of ['job', 'clara', 'bo']) {
    expect((await give(ann, key)).status).toBe(403);
    expect((await revoke(id, key)).status).toBe(403);
  }
  for (const key of ['clara', 'bo']) expect((await api.get('/api/v1/store-keys', key)).status).toBe(403);
  const own = await stand.db('api_key').where({ name: 'clara' }).first('id');
  expect((await revoke(own.id)).status).toBe(404);
  expect((await stand.db('api_key').where({ name: 'clara' }).first('revoked_at')).revoked_at).toBeNull();
});

test('a node that is no store, and a name that is none, are said so', async () => {
  expect(await give({ ...ann, node: 'CENTRAL' })).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('CENTRAL is no open store'), errors: [{ pointer: '/node' }] },
  });
  expect(await give({ ...ann, person: 'Ann Smith' })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/person' }] },
  });
  // More than the store's work is not to be had.
  expect((await give({ ...ann, scopes: ['orders:read'] })).status).toBe(400);
});

test('hub store-key gives, lists and revokes', async () => {
  process.env['HUB_URL'] = api.url;
  process.env['HUB_API_KEY'] = 'olga';
  const said: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const hub = async (...words: string[]) => {
    said.length = 0;
    const program = new Command('hub').exitOverride();
    addStoreKeyCommands(program);
    await program.parseAsync(['store-key', ...words], { from: 'user' });
    return said.join('\n');
  };
  const key = await hub('give', 'STORE-B', 'ben', '--name', 'Ben, Oak Street', '--days', '90');
  expect(await asked(key)).toBe(200);
  const [one] = JSON.parse(await hub('list', '--node', 'STORE-B', '--json'));
  expect(await hub('list', '--node', 'STORE-B')).toContain('Ben, Oak Street');
  expect(Date.parse(one.expiresAt) - Date.parse(one.givenAt)).toBe(90 * 86_400_000);
  expect(await hub('revoke', one.id, '--reason', 'lost')).toBe('The key Ben, Oak Street is revoked.');
  expect(await hub('list', '--node', 'STORE-B')).not.toContain('Ben, Oak Street');
  expect(await hub('list', '--ended', '--node', 'STORE-B')).toMatch(/revoked .* by olga: lost/);
  expect(await asked(key)).toBe(401);
  jest.restoreAllMocks();
  delete process.env['HUB_URL'];
  delete process.env['HUB_API_KEY'];
});
