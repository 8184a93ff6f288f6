import { createLogger } from '../../api/logging';
import { type ApiServer, keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;
const logged: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await seedCompany(database.db);
  api = await startApi(database.db, {
    logger: createLogger('trace', { write: (line: string) => void logged.push(line) }),
  });
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const logIn = (key: string, headers: Record<string, string> = { 'x-hub-portal': '1' }) =>
  fetch(`${api.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ key }),
  });
const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

describe('a key', () => {
  it.each([
    ['none at all', undefined],
    ['one that nobody has', 'key-of-nobody'],
    ['one that was revoked', keys.revoked],
    ['one that has expired', keys.expired],
  ])('%s is answered 401 with how to do it right', async (_what, key) => {
    const { status, headers, body } = await api.get('/api/v1/orders', key);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('Bearer');
    expect(body).toMatchObject({
      type: '/problems/unauthorised',
      status: 401,
      requestId: expect.any(String),
    });
  });

  it('in another scheme is no key', async () => {
    expect(
      (await api.get('/api/v1/orders', undefined, { authorization: `Basic ${btoa(`x:${keys.clerk}`)}` }))
        .status,
    ).toBe(401);
  });

  it('without the scope is answered 403 and told which one is missing', async () => {
    const { status, body } = await api.get('/api/v1/orders', keys.stockOnly);
    expect(status).toBe(403);
    expect(body.detail).toContain('orders:read');
    expect((await api.get('/api/v1/inventory', keys.stockOnly)).status).toBe(200);
  });

  it('that is revoked stops working within seconds', async () => {
    await database.db('api_key').where({ name: keys.umbrella }).update({ revoked_at: new Date() });
    const fresh = await startApi(database.db);
    expect((await fresh.get('/api/v1/orders', keys.umbrella)).status).toBe(401);
    await fresh.close();
  });

  it('guessed over and over is slowed down', async () => {
    const guarded = await startApi(database.db, {
      limits: { callsPerMinute: 1000, failedLoginsPerMinute: 3 },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await guarded.get('/api/v1/orders', `guess-${i}`)).status);
    await guarded.close();
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  it('that is good is not slowed down by many calls at the same moment from one address', async () => {
    const guarded = await startApi(database.db, {
      limits: { callsPerMinute: 1000, failedLoginsPerMinute: 3 },
    });
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => guarded.get('/api/v1/orders', keys.clerk)),
    );
    await guarded.close();
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  });

  it('that calls too often is told how long to wait', async () => {
    const slow = await startApi(database.db, { limits: { callsPerMinute: 2, failedLoginsPerMinute: 1000 } });
    await slow.get('/api/v1/orders', keys.clerk);
    await slow.get('/api/v1/orders', keys.clerk);
    const { status, headers, body } = await slow.get('/api/v1/orders', keys.clerk);
    expect([status, body.type]).toEqual([429, '/problems/too-many']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await slow.get('/api/v1/orders', keys.finance)).status).toBe(200);
    await slow.close();
  });
});

describe("the portal's session", () => {
  it('keeps the key out of the browser: an opaque cookie that scripts and other sites cannot use', async () => {
    const response = await logIn(keys.finance);
    expect(response.status).toBe(201);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^hub_session=[\w-]{43};/);
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(attribute);
    expect(cookie).not.toContain(keys.finance);
    expect(await response.json()).toMatchObject({ person: 'fiona', roles: ['finance'] });
    const stored = await database.db('portal_session').select('token_hash');
    expect(stored.some((row) => cookie.includes(row.token_hash))).toBe(false);
  });

  it('reads with the cookie alone, and writes only with the header that no other site can send', async () => {
    const cookie = cookieOf(await logIn(keys.initech));
    expect((await api.get('/api/v1/orders', undefined, { cookie })).status).toBe(200);
    expect((await api.post('/api/v1/orders', orderOf(1), undefined, { cookie })).status).toBe(403);
    const placed = await api.post('/api/v1/orders', orderOf(1), undefined, { cookie, 'x-hub-portal': '1' });
    expect([placed.status, placed.body.channel]).toEqual([201, 'portal']);
  });

  it('ends at once when logging out, also for a copy of the cookie', async () => {
    const cookie = cookieOf(await logIn(keys.clerk));
    expect((await api.get('/api/v1/session', undefined, { cookie })).body.person).toBe('clara');
    const out = await fetch(`${api.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie, 'x-hub-portal': '1' },
    });
    expect(out.status).toBe(204);
    expect((await api.get('/api/v1/session', undefined, { cookie })).status).toBe(401);
    expect((await api.get('/api/v1/orders', undefined, { cookie })).status).toBe(401);
  });

  it('is not opened with a wrong key, nor by a form of another site', async () => {
    expect((await logIn('wrong')).status).toBe(401);
    expect((await logIn(keys.finance, {})).status).toBe(403);
  });
});

describe('what is served besides', () => {
  it('says that it lives, and that it is ready but degraded while Temporal is away', async () => {
    expect((await api.get('/livez')).status).toBe(200);
    const { status, body } = await api.get('/readyz');
    expect([status, body]).toEqual([200, { status: 'degraded', database: 'up', temporal: 'down' }]);
  });

  it('is not ready without its migrations', async () => {
    const behind = await startApi(database.db, { migrations: ['0001-core', '9999-not-yet'] });
    const { status, body } = await behind.get('/readyz');
    await behind.close();
    expect([status, body.database]).toEqual([503, 'not-migrated']);
  });

  it('describes itself as OpenAPI 3.1, every route with its scopes and problems', async () => {
    const { body } = await api.get('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/orders',
        '/api/v1/orders/{orderId}/timeline',
        '/api/v1/holds/{holdId}/decisions',
      ]),
    );
    const create = body.paths['/api/v1/orders'].post;
    expect(create.parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
      ]),
    );
    expect(Object.keys(create.responses)).toEqual([
      '201',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '429',
    ]);
    const cancel = body.paths['/api/v1/orders/{orderId}/cancel'].post;
    expect(cancel.parameters).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'If-Match', in: 'header', required: false })]),
    );
    expect(create.responses['201'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/Order',
    });
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1],
    );
    for (const name of references) expect(body.components.schemas).toHaveProperty(String(name));
  });

  it('has a reference page that needs nothing from elsewhere', async () => {
    const { status, body, headers } = await api.get('/docs');
    expect(status).toBe(200);
    expect(body).toContain('/api/v1/orders/{orderId}/timeline');
    expect(body).not.toMatch(/<script|src="http|@import/);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('counts and times calls by route for Prometheus', async () => {
    await api.get('/api/v1/orders?limit=1', keys.clerk);
    const { body } = await api.get('/metrics');
    expect(body).toMatch(
      /hub_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/orders",status="200"\} \d+/,
    );
  });

  it('measurements are for a private network, or for whoever has their key', async () => {
    const from = (address: string) => api.get('/metrics', undefined, { 'x-forwarded-for': address });
    expect((await from('10.1.2.3')).status).toBe(200);
    expect((await from('203.0.113.9')).status).toBe(403);
    const keyed = await startApi(database.db, { metricsKey: 'the-key-of-prometheus' });
    expect((await keyed.get('/metrics')).status).toBe(401);
    expect((await keyed.get('/metrics', keys.clerk)).status).toBe(401);
    expect((await keyed.get('/metrics', 'the-key-of-prometheus')).status).toBe(200);
    await keyed.close();
  });

  it('takes raw X12 at /edi with a key of a partner, and refuses other keys', async () => {
    expect(
      (await api.post('/edi', 'ISA', keys.stockOnly, { 'content-type': 'application/edi-x12' })).status,
    ).toBe(403);
    expect((await api.post('/edi', 'ISA', undefined, { 'content-type': 'application/edi-x12' })).status).toBe(
      401,
    );
  });

  it.each([
    ['/documents/123', 'document'],
    ['/drafts/123', 'draft'],
    ['/credit-cases/123', 'hold'],
  ])('%s: what has no such id is called by its name', async (path, what) => {
    const { status, body } = await api.get(`/api/v1${path}`, keys.operations);
    expect([status, body.detail]).toEqual([404, `There is no such ${what}, or it is not yours to see.`]);
  });

  it('answers 404 as a problem where nothing is', async () => {
    const { status, body } = await api.get('/api/v1/nothing', keys.clerk);
    expect([status, body.type, body.instance]).toEqual([404, '/problems/not-found', '/api/v1/nothing']);
  });
});

it('no secret was written to the log', async () => {
  createLogger('info', { write: (line: string) => void logged.push(line) }).info(
    { config: { apiKey: keys.finance } },
    'x',
  );
  const all = logged.join('\n');
  expect(logged.length).toBeGreaterThan(20);
  for (const secret of Object.values(keys)) expect(all).not.toContain(secret);
  expect(all).not.toContain('hub_session=');
});
