import { applyOrderChange } from '../../application/change/apply-order-change';
import { type ApiServer, keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await seedCompany(db);
  await db('api_key')
    .where({ name: keys.clerk })
    .update({
      scopes: db.raw(`scopes || array['prices:read', 'prices:write', 'prices:override']`),
      roles: ['sales'],
    });
  await db('api_key')
    .whereIn('name', [keys.initech, keys.system])
    .update({ scopes: db.raw(`scopes || array['prices:read', 'prices:override']`) });
  const rule = (kind: string, scope: string, body: object) => ({
    kind,
    scope,
    version: 1,
    valid_from: '2026-01-01',
    body: JSON.stringify(body),
  });
  await db('rule').insert([
    rule('price-override', 'sales', { maximumPercent: '10' }),
    rule('margin-floor', '*', { minimumPercent: '5' }),
    rule('promotion', 'TEN', {
      name: 'Ten percent on gadgets',
      validFrom: '2026-01-01',
      currency: 'USD',
      items: ['GADGET'],
      benefit: { kind: 'percent', percent: '10' },
      maximumMinor: 1000,
    }),
    rule('promotion', 'RETAIL', {
      name: 'Retail',
      validFrom: '2026-01-01',
      customerGroups: ['RETAIL'],
      benefit: { kind: 'percent', percent: '50' },
    }),
  ]);
  // Decides a change as the order's workflow would: the workflow's own part has tests of its own.
  const engine = {
    isThere: async () => true,
    resolveHold: () => Promise.reject(new Error('not asked for here')),
    applyChange: async (_orderId: string, changeId: string) => ({
      kind: 'decided' as const,
      outcome: await db.transaction((tx) => applyOrderChange(tx, changeId, new Date().toISOString())),
    }),
  };
  api = await startApi(db, { engine: engine as never });
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const row = (more: object) => ({
  priceListId: 'STANDARD',
  itemId: 'WIDGET',
  unit: 'EA',
  validFrom: '2026-02-01',
  ...more,
});

test('a price that is saved again is the next version, and the one before stays readable', async () => {
  const first = await api.post(
    '/api/v1/prices',
    { prices: [row({ unitPrice: '9.5', minimumQuantity: '100' })] },
    keys.clerk,
  );
  expect(first.body).toEqual({ dryRun: false, added: 1, replaced: 0, withdrawn: 0, unchanged: 0 });
  const again = { prices: [row({ unitPrice: '9.25', minimumQuantity: '100' })] };
  expect((await api.post('/api/v1/prices', again, keys.clerk)).body).toMatchObject({ added: 0, replaced: 1 });
  expect((await api.post('/api/v1/prices', again, keys.clerk)).body).toMatchObject({ unchanged: 1 });
  const now = await api.get('/api/v1/prices?item=WIDGET&priceList=STANDARD', keys.clerk);
  expect(now.body.items.map((p: { unitPrice: string; version: number }) => [p.unitPrice, p.version])).toEqual(
    [
      ['9.25', 2],
      ['10', 1],
    ],
  );
  const all = await api.get('/api/v1/prices?item=WIDGET&history=true', keys.clerk);
  expect(all.body.items).toHaveLength(3);
});

test('a dry run says what would come of it and saves nothing; one row that is wrong keeps all from being saved', async () => {
  const dry = await api.post(
    '/api/v1/prices',
    { dryRun: true, prices: [row({ unitPrice: '1' })] },
    keys.clerk,
  );
  expect(dry.body).toMatchObject({ dryRun: true, added: 1 });
  const wrong = await api.post(
    '/api/v1/prices',
    {
      prices: [
        row({ unitPrice: '1' }),
        row({ unitPrice: '2' }),
        row({ itemId: 'NOTHING', unitPrice: '1' }),
        row({ unit: 'CA', unitPrice: '1' }),
        row({ priceListId: null, customerId: 'INITECH', contractId: 'C-9', unitPrice: '1' }),
        row({ validTo: '2026-01-01', unitPrice: '1', tierPeriod: 'year' }),
      ],
    },
    keys.clerk,
  );
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors.map((e: { pointer: string; code: string }) => [e.pointer, e.code])).toEqual([
    ['/prices/1', 'twice'],
    ['/prices/2', 'unknown-item'],
    ['/prices/3', 'unknown-unit'],
    ['/prices/4', 'unknown-contract'],
    ['/prices/5', 'dates'],
    ['/prices/5', 'tier'],
  ]);
  const { body } = await api.get('/api/v1/prices?item=WIDGET', keys.clerk);
  expect(body.items.some((p: { unitPrice: string }) => p.unitPrice === '1')).toBe(false);
});

test('two who save one price at the same moment make two versions of it', async () => {
  const save = (unitPrice: string) =>
    api.post('/api/v1/prices', { prices: [row({ unitPrice, minimumQuantity: '500' })] }, keys.clerk);
  const outcomes = await Promise.all(['8', '7', '6', '5'].map(save));
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const versions = await database
    .db('price')
    .where({ minimum_quantity: 500 })
    .orderBy('version')
    .pluck('version');
  expect(versions).toEqual([1, 2, 3, 4]);
  await database.db('price').where({ minimum_quantity: 500 }).delete();
});

test('prices, contracts and costs are the seller’s: a buyer sees none of them', async () => {
  for (const path of ['/api/v1/prices', '/api/v1/price-contracts', '/api/v1/promotions'])
    expect((await api.get(path, keys.initech)).status).toBe(403);
  expect((await api.get('/api/v1/prices', keys.umbrella)).status).toBe(403);
});

test('a contract is saved with its prices, and tells what was ordered at them', async () => {
  const contract = {
    id: 'C-1',
    customerId: 'UMBRELLA',
    name: 'Frame',
    currency: 'USD',
    validFrom: '2026-01-01',
    commitmentQuantity: 1000,
  };
  expect((await api.post('/api/v1/price-contracts', contract, keys.clerk)).body).toMatchObject({
    version: 1,
  });
  expect(
    (await api.post('/api/v1/price-contracts', { ...contract, customerId: 'INITECH' }, keys.clerk)).status,
  ).toBe(409);
  await api.post(
    '/api/v1/prices',
    { prices: [row({ priceListId: null, customerId: 'UMBRELLA', contractId: 'C-1', unitPrice: '7' })] },
    keys.clerk,
  );
  const placed = await api.post('/api/v1/orders', orderOf(30), keys.umbrella);
  expect(placed.body.lines[0]).toMatchObject({ unitPrice: '7' });
  const { body } = await api.get('/api/v1/price-contracts?customer=UMBRELLA', keys.clerk);
  expect(body.items).toMatchObject([{ id: 'C-1', orderedQuantity: 30, commitmentQuantity: 1000, prices: 1 }]);
});

test('a quote is what the order then costs; the seller sees why, the buyer the price alone', async () => {
  const lines = [
    { item: 'WIDGET', quantity: '120' },
    { item: 'GADGET', quantity: '4' },
  ];
  const own = await api.post('/api/v1/price-quotes', { customerId: 'INITECH', lines }, keys.clerk);
  expect(own.status).toBe(200);
  expect(own.body.total.amountMinor).toBe(120 * 925 + 900);
  expect(own.body.promotions).toMatchObject([
    { lineNumber: 2, amount: { amountMinor: 100 }, text: '10 percent off' },
  ]);
  expect(own.body.refusedPromotions).toEqual([
    { promotionId: 'RETAIL', lineNumber: null, reason: 'is for customers of RETAIL' },
  ]);
  expect(own.body.lines[0].priceDecision.resolution.candidates).toMatchObject([
    { unitPrice: '9.25', lost: null },
    { unitPrice: '10', lost: 'the tier from 100 EA is reached' },
  ]);
  const theirs = await api.post('/api/v1/price-quotes', { lines }, keys.initech);
  expect(theirs.body.total).toEqual(own.body.total);
  expect(theirs.body.refusedPromotions).toEqual([]);
  expect(Object.keys(theirs.body.lines[0].priceDecision).sort()).toEqual(['explanation', 'stands', 'why']);
  expect(await database.db('promotion_use')).toEqual([]);
  const placed = await api.post('/api/v1/orders', { purchaseOrderNumber: 'Q-1', lines }, keys.initech);
  expect(placed.body.total).toEqual(own.body.total);
  expect(JSON.stringify(placed.body.lines)).not.toContain('candidates');
  const used = await api.get('/api/v1/promotions', keys.clerk);
  expect(used.body.items.find((p: { id: string }) => p.id === 'TEN')).toMatchObject({
    given: [{ amountMinor: 100 }],
    orders: 1,
    maximum: { amountMinor: 1000 },
  });
  const other = await api.post('/api/v1/price-quotes', { customerId: 'UMBRELLA', lines }, keys.initech);
  expect(other.status).toBe(400);
});

test('a person sets a price within the limits; a system and a buyer do not, and the cost shows nowhere', async () => {
  await api.post(
    '/api/v1/item-costs',
    {
      costs: [
        { itemId: 'WIDGET', entityId: 'HUBCO', currency: 'USD', validFrom: '2026-01-01', unitCost: '8.8765' },
      ],
    },
    keys.clerk,
  );
  const placed = await api.post('/api/v1/orders', orderOf(10), keys.initech);
  const path = `/api/v1/orders/${placed.body.id}/lines/1/price`;
  const body = (unitPrice: string) => ({ unitPrice, reason: 'goodwill', note: 'late last time' });
  expect((await api.post(path, body('9.50'), keys.system)).body.type).toContain('person-needed');
  expect((await api.post(path, body('9.50'), keys.initech)).status).toBe(403);
  expect((await api.post(path, body('9.50'), keys.finance)).status).toBe(403);
  const below = await api.post(path, body('9.20'), keys.clerk);
  expect([below.status, below.body.type]).toEqual([403, expect.stringContaining('below-floor')]);
  const far = await api.post(path, body('8.00'), keys.clerk);
  expect([far.status, far.body.type]).toEqual([403, expect.stringContaining('over-authority')]);
  expect(await database.db('order_change').where({ order_id: placed.body.id })).toEqual([]);
  const set = await api.post(path, body('9.50'), keys.clerk);
  expect(set.body).toMatchObject({ status: 'set' });
  const order = await api.get(`/api/v1/orders/${placed.body.id}`, keys.clerk);
  expect(order.body.total.amountMinor).toBe(9500);
  expect(order.body.lines[0].priceDecision.override).toMatchObject({ person: 'clara', reason: 'goodwill' });
  const buyers = await api.get(`/api/v1/orders/${placed.body.id}`, keys.initech);
  expect(buyers.body.lines[0].priceDecision).toEqual({
    stands: 'override',
    explanation: 'The price was set by the seller',
  });
  const timeline = await api.get(`/api/v1/orders/${placed.body.id}/timeline`, keys.clerk);
  for (const seen of [below, far, set, order, buyers, timeline])
    expect(JSON.stringify(seen.body)).not.toContain('8.8765');
});
