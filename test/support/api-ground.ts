import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../api/app';
import type { ApiDependencies } from '../../api/dependencies';
import { createLogger } from '../../api/logging';
import type { Db } from '../../db/connection';
import { migrationNames } from '../../db/migrations';
import { createEdiRouter } from '../../gateway/transport/https/edi-router';
import { OrderEngine } from '../../workflows/client';
import { notAsDescribed } from './as-described';

/** A small company with two customers, to be asked over HTTP. Amounts are cents. */
export const callbackSecret = Buffer.from('a secret of tests, 32 bytes long').toString('base64');

export const keys = {
  clerk: 'key-of-a-clerk',
  finance: 'key-of-finance',
  manager: 'key-of-the-finance-manager',
  operations: 'key-of-operations',
  system: 'key-of-a-system',
  initech: 'key-of-initech',
  umbrella: 'key-of-umbrella',
  partner: 'key-of-the-partner-acme',
  stockOnly: 'key-for-stock-only',
  revoked: 'key-that-was-revoked',
  expired: 'key-that-has-expired',
} as const;

const reads = ['orders:read', 'inventory:read', 'documents:read'];
const staff = [...reads, 'orders:write', 'holds:read', 'partners:read', 'exceptions:read', 'credit:read'];

interface KeySeed {
  readonly secret: string;
  readonly scopes: readonly string[];
  readonly person?: string;
  readonly roles?: readonly string[];
  readonly customer_id?: string;
  readonly partner_id?: string;
  readonly isa_ids?: readonly string[];
  readonly revoked_at?: string;
  readonly expires_at?: string;
}

const keySeeds: readonly KeySeed[] = [
  { secret: keys.clerk, scopes: staff, person: 'clara', roles: ['customer-service'] },
  { secret: keys.finance, scopes: [...staff, 'holds:decide'], person: 'fiona', roles: ['finance'] },
  {
    secret: keys.manager,
    scopes: [...staff, 'holds:decide'],
    person: 'frank',
    roles: ['finance', 'finance-manager'],
  },
  {
    secret: keys.operations,
    scopes: [...staff, 'exceptions:write', 'holds:decide'],
    person: 'olga',
    roles: ['operations'],
  },
  { secret: keys.system, scopes: [...staff, 'holds:decide', 'exceptions:write'] },
  {
    secret: keys.initech,
    scopes: [...reads, 'orders:write'],
    person: 'ivan',
    roles: ['buyer'],
    customer_id: 'INITECH',
  },
  {
    secret: keys.umbrella,
    scopes: [...reads, 'orders:write'],
    person: 'uma',
    roles: ['buyer'],
    customer_id: 'UMBRELLA',
  },
  {
    secret: keys.partner,
    scopes: [...reads, 'orders:write', 'partners:read', 'edi:send'],
    partner_id: 'ACME',
    isa_ids: ['ZZ:ACME'],
  },
  { secret: keys.stockOnly, scopes: ['inventory:read'] },
  { secret: keys.revoked, scopes: staff, revoked_at: '2026-01-01T00:00:00Z' },
  { secret: keys.expired, scopes: staff, expires_at: '2026-01-01T00:00:00Z' },
];

const address = {
  lines: ['1 Main Street'],
  city: 'Springfield',
  region: 'IL',
  postalCode: '62701',
  country: 'US',
};

async function seedCustomers(db: Db): Promise<void> {
  await db('selling_entity').insert({
    id: 'HUBCO',
    name: 'Hub Company',
    currency: 'USD',
    time_zone: 'America/Chicago',
    gs1_prefix: '0614141',
    address,
  });
  await db('number_series').insert(
    ['invoice', 'shipment', 'sscc'].map((kind) => ({
      entity_id: 'HUBCO',
      kind,
      prefix: kind === 'sscc' ? '' : kind.slice(0, 3).toUpperCase(),
    })),
  );
  await db('price_list').insert({ id: 'STANDARD', name: 'Standard', currency: 'USD' });
  for (const id of ['INITECH', 'UMBRELLA', 'ACME']) {
    const account = `CA-${id}`;
    await db('credit_account').insert({
      id: account,
      entity_id: 'HUBCO',
      name: id,
      currency: 'USD',
      limit_minor: 500_000,
    });
    await db('receivables_snapshot').insert({
      credit_account_id: account,
      as_of: new Date().toISOString(),
      currency: 'USD',
      open_items: JSON.stringify([{ invoiceNumber: `OLD-${id}`, openMinor: 50_000 }]),
    });
    await db('customer').insert({
      id,
      name: `${id.charAt(0)}${id.slice(1).toLowerCase()} Inc.`,
      entity_id: 'HUBCO',
      credit_account_id: account,
      price_list_id: 'STANDARD',
      currency: 'USD',
      time_zone: 'America/Chicago',
      terms: JSON.stringify({ netDays: 30 }),
      policy: JSON.stringify({ backorder: id !== 'UMBRELLA' }),
    });
    await db('ship_to').insert({
      customer_id: id,
      qualifier: '92',
      code: 'DC1',
      name: `${id} DC 1`,
      address,
    });
  }
}

async function seedGoods(db: Db): Promise<void> {
  await db('node').insert([
    { id: 'CHI', name: 'Chicago', address, time_zone: 'America/Chicago', counterparty: 'wms', rank: 1 },
    { id: 'DAL', name: 'Dallas', address, time_zone: 'America/Chicago', counterparty: 'wms', rank: 2 },
  ]);
  for (const [id, price, onHand] of [
    ['WIDGET', '10.00', 1000],
    ['GADGET', '2.5', 5],
  ] as const) {
    await db('item').insert({
      id,
      description: `A fine ${id.toLowerCase()}`,
      base_unit: 'EA',
      weight_grams: 100,
      units_per_carton: 12,
    });
    await db('price').insert({ price_list_id: 'STANDARD', item_id: id, unit: 'EA', unit_price: price });
    await db('stock').insert({ item_id: id, node_id: 'CHI', usage: 'P', on_hand: onHand });
  }
  await db('stock').insert({ item_id: 'WIDGET', node_id: 'DAL', usage: 'P', on_hand: 40, safety: 10 });
}

/** Limits of approval as a company would have them: finance to 100,000.00, its manager without a limit. */
const authorities = [
  { role: 'finance', holdTypes: ['credit'], maximumMinor: 10_000_000, secondPersonAboveMinor: 5_000_000 },
  { role: 'finance-manager', holdTypes: ['credit'], maximumMinor: null, secondPersonAboveMinor: null },
];

export async function seedCompany(db: Db): Promise<void> {
  await seedCustomers(db);
  await seedGoods(db);
  await db('rule').insert(
    authorities.map((body) => ({
      kind: 'authority',
      scope: body.role,
      version: 1,
      body: JSON.stringify({ ...body, role: undefined }),
    })),
  );
  await db('partner').insert({ id: 'ACME', name: 'Acme Stores', customer_id: 'ACME' });
  for (const { secret, ...key } of keySeeds) {
    await db('api_key').insert({
      name: secret,
      secret_hash: createHash('sha256').update(secret).digest('hex'),
      ...key,
    });
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body
  readonly body: any;
}

export interface ApiServer {
  readonly url: string;
  readonly get: (path: string, key?: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** A fresh Idempotency-Key is sent unless the headers say otherwise; an empty one leaves it out. */
  readonly post: (
    path: string,
    body: unknown,
    key?: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

let keysMade = 0;
export const freshKey = () => `test-${process.pid}-${++keysMade}`;

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  const body = json ? JSON.parse(text) : text;
  const wrong = notAsDescribed(init.method ?? 'GET', new URL(url).pathname, {
    status: response.status,
    body,
    json,
  });
  if (wrong !== undefined) throw new Error(wrong);
  return { status: response.status, headers: response.headers, body };
}

/** The API over real HTTP, with Temporal where the environment says it is, or nowhere. */
export async function startApi(
  db: Db,
  given: Partial<ApiDependencies> & { readonly temporalAddress?: string } = {},
): Promise<ApiServer> {
  const { temporalAddress = 'localhost:1', ...overrides } = given;
  const now = () => new Date().toISOString();
  const engine = new OrderEngine(
    { address: temporalAddress, namespace: 'default', apiKey: null, tls: null },
    db,
  );
  const deps: ApiDependencies = {
    db,
    engine,
    now,
    logger: createLogger('silent'),
    migrations: migrationNames,
    publicUrl: 'http://localhost',
    portalFolder: null,
    metricsKey: null,
    callbackSecrets: { erp: callbackSecret, warehouse: callbackSecret, carrier: callbackSecret },
    ediRouter: createEdiRouter({ db, now }),
    as2Router: null,
    limits: { callsPerMinute: 100_000, failedLoginsPerMinute: 10_000 },
    ...overrides,
  };
  const server: Server = createServer(createApp(deps));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = (key: string | undefined): Record<string, string> =>
    key === undefined ? {} : { authorization: `Bearer ${key}` };
  return {
    url,
    get: (path, key, headers = {}) => ask(url + path, { headers: { ...auth(key), ...headers } }),
    post: (path, body, key, headers = {}) => {
      const all = new Headers({
        'content-type': 'application/json',
        'idempotency-key': freshKey(),
        ...auth(key),
        ...headers,
      });
      if (all.get('idempotency-key') === '') all.delete('idempotency-key');
      return ask(url + path, {
        method: 'POST',
        headers: all,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
    },
  };
}

let ordersMade = 0;
/** A plain order: so many widgets at 10.00. */
export const orderOf = (quantity: number | string, more: Readonly<Record<string, unknown>> = {}) => ({
  purchaseOrderNumber: `PO-${process.pid}-${++ordersMade}`,
  lines: [{ item: 'WIDGET', quantity }],
  ...more,
});
