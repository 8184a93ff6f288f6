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
    .update({ scopes: db.raw(`array_append(scopes, 'rules:read')`) });
  const lists = await db('price').whereNotNull('price_list_id').first('price_list_id');
  await db('item').insert(
    ['SET', 'DRILL', 'BIT', 'BIT-2', 'OLD'].map((id) => ({ id, description: `A ${id}`, base_unit: 'EA' })),
  );
  await db('price').insert(
    ['SET', 'DRILL', 'BIT', 'BIT-2', 'OLD'].map((id) => ({
      price_list_id: lists.price_list_id,
      item_id: id,
      unit: 'EA',
      unit_price: '5',
    })),
  );
  const { id: node } = await db('node').orderBy('rank').first('id');
  await db('stock').insert([
    { item_id: 'DRILL', node_id: node, on_hand: 7 },
    { item_id: 'BIT', node_id: node, on_hand: 25 },
    { item_id: 'BIT-2', node_id: node, on_hand: 100 },
  ]);
  const rule = (kind: string, scope: string, body: object) => ({
    kind,
    scope,
    version: 1,
    valid_from: '2026-01-01',
    body: JSON.stringify(body),
  });
  await db('rule').insert([
    rule('bundle', 'SET', {
      components: [
        { item: 'DRILL', quantity: 1 },
        { item: 'BIT', quantity: 10 },
      ],
    }),
    rule('substitution', 'BIT', { by: [{ item: 'BIT-2', price: 'ordered' }] }),
    rule('supersession', 'OLD', { by: 'BIT-2', from: '2026-01-01' }),
    rule('supply-agreement', 'customer/INITECH', {
      bundles: { of: 'all' },
      substitution: { of: { items: ['BIT'], classes: [] } },
    }),
  ]);
  api = await startApi(db);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const quote = (lines: readonly { item: string; quantity: string }[], key: string, more: object = {}) =>
  api.post('/api/v1/supply-quotes', { lines, ...more }, key);

test('a buyer asks what would come: a bundle in whole ones, what stands in for what is short, the successor to order', async () => {
  const { status, body } = await quote(
    [
      { item: 'SET', quantity: '3' },
      { item: 'BIT', quantity: '9' },
      { item: 'OLD', quantity: '1' },
    ],
    keys.initech,
  );
  expect(status).toBe(200);
  const { lines } = body as { lines: Record<string, unknown>[] };
  // Bits for two sets, the other make of them for the third, and the five that are left for the second line.
  const component = { kind: 'component', of: 'SET', rule: null };
  expect(lines).toMatchObject([
    {
      lineNumber: 1,
      available: '3',
      inStock: true,
      supplied: [
        { itemId: 'DRILL', quantity: 2, available: 2, supply: component },
        { itemId: 'BIT', quantity: 20, available: 20, supply: component },
        { itemId: 'DRILL', quantity: 1, available: 1, supply: component },
        { itemId: 'BIT-2', quantity: 10, available: 10, supply: component },
      ],
    },
    {
      lineNumber: 2,
      available: '9',
      inStock: true,
      supplied: [
        { itemId: 'BIT', quantity: 5, supply: null },
        { itemId: 'BIT-2', quantity: 4, supply: { text: 'instead of BIT, which is short' } },
      ],
    },
    { lineNumber: 3, supplied: [], concerns: ['item OLD is superseded by BIT-2: order that number'] },
  ]);
  expect(await database.db('orders')).toEqual([]);
});

test('a buyer who has agreed to nothing is supplied with what was ordered', async () => {
  const { body } = await quote([{ item: 'BIT', quantity: '30' }], keys.umbrella);
  expect(body).toMatchObject({
    agreement: null,
    lines: [{ inStock: false, supplied: [{ itemId: 'BIT', quantity: 30, supply: null }] }],
  });
});

test("the seller's own people see by which agreement and rule; nobody asks for another buyer", async () => {
  const { body } = await quote([{ item: 'SET', quantity: '1' }], keys.clerk, { customerId: 'INITECH' });
  expect(body).toMatchObject({
    agreement: 'customer/INITECH 1',
    lines: [{ supplied: [{ supply: { rule: 'bundle/SET 1' } }, {}] }],
  });
  const other = await quote([{ item: 'SET', quantity: '1' }], keys.umbrella, { customerId: 'INITECH' });
  expect(other.status).toBeGreaterThanOrEqual(400);
});

test('a bundle is available to its buyer as often as its components make one', async () => {
  const { body } = await api.get('/api/v1/availability?items=SET', keys.initech);
  const { items } = body as { items: { dates: { inStock: boolean; available: number | null }[] }[] };
  expect(items[0]?.dates[0]).toMatchObject({ inStock: true, available: 2 });
});

test('an order shows what its lines are supplied with', async () => {
  const placed = await api.post(
    '/api/v1/orders',
    orderOf(2, { lines: [{ item: 'SET', quantity: '2' }] }),
    keys.initech,
  );
  expect(placed.status).toBe(201);
  const { body } = await api.get(`/api/v1/orders/${(placed.body as { id: string }).id}`, keys.initech);
  expect((body as { lines: unknown[] }).lines).toMatchObject([
    { itemId: 'DRILL', partOf: null, supply: { text: 'component of bundle SET, 1 for each' } },
    { itemId: 'BIT', partOf: 1, supply: { text: 'component of bundle SET, 10 for each' } },
  ]);
});

test('a relation of items is saved only where it makes sense', async () => {
  const check = async (kind: string, scope: string, body: unknown) => {
    const { body: answer } = await api.post(`/api/v1/rules/${kind}/checks`, { scope, body }, keys.clerk);
    return (answer as { problems: { text: string }[] }).problems.map(({ text }) => text);
  };
  expect(await check('bundle', 'KIT', { components: [{ item: 'SET', quantity: 1 }] })).toEqual([
    'KIT has the bundle SET among its components: a bundle is made of items that lie on a shelf',
    'There is no item KIT',
  ]);
  expect(await check('supersession', 'BIT-2', { by: 'OLD', from: '2026-05-01' })).toEqual([
    'OLD -> BIT-2 -> OLD is a circle',
  ]);
  expect(await check('substitution', 'DRILL', { by: [{ item: 'DRILL' }] })).toEqual([
    'DRILL cannot stand in for itself',
  ]);
});
