import { type ApiServer, keys, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 8 });
  await seedCompany(database.db);
  api = await startApi(database.db);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

let drawn = 0;
const post = (path: string, body: unknown, key: string) => {
  drawn += 1;
  return api.post(path, body, key);
};
const order = (quantity: string, more: object, key: string = keys.initech) =>
  post(
    '/api/v1/orders',
    {
      purchaseOrderNumber: `STOCK-${drawn}`,
      lines: [{ item: 'GADGET', quantity }],
      shipTo: { id: 'DC1' },
      ...more,
    },
    key,
  );
const cart = (cartId: string, quantity: number, key: string = keys.initech, more: object = {}) =>
  post('/api/v1/carts', { cartId, lines: [{ item: 'GADGET', quantity }], ...more }, key);
const day = (inDays: number) => new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10);

test('a buyer reserves a basket, sees it, orders it once; nobody else’s key sees it', async () => {
  expect(await cart('b1', 6)).toMatchObject({ status: 409, body: { type: '/problems/stock-short' } });
  expect(await cart('b1', 4)).toMatchObject({
    status: 201,
    body: { cartId: 'b1', status: 'active', lines: [{ item: 'GADGET', reserved: 4 }], missing: [] },
  });
  expect(await api.get('/api/v1/carts/b1', keys.umbrella)).toMatchObject({ status: 404 });
  expect(await order('2', {}, keys.umbrella)).toMatchObject({ status: 409 });
  expect(await order('4', { cartId: 'b1' })).toMatchObject({ status: 201, body: { state: 'placed' } });
  expect(await order('4', { cartId: 'b1' })).toMatchObject({ status: 422 });
  expect((await api.get('/api/v1/carts/b1', keys.initech)).body).toMatchObject({
    status: 'converted',
    lines: [],
  });
  expect(await cart('b1', 1)).toMatchObject({ status: 409, body: { type: '/problems/cart-ordered' } });
  expect(await cart('b2', 1)).toMatchObject({ status: 201 });
  expect(await post('/api/v1/carts/b2/release', {}, keys.initech)).toMatchObject({
    status: 200,
    body: { status: 'released', lines: [] },
  });
  expect(await cart('b3', 1, keys.initech, { customerId: 'UMBRELLA' })).toMatchObject({ status: 403 });
  expect(await cart('b3', 1, keys.clerk)).toMatchObject({ status: 400 });
  expect(await cart('b3', 1, keys.clerk, { customerId: 'INITECH', minutes: 999 })).toMatchObject({
    status: 400,
  });
  const unknown = { cartId: 'b4', lines: [{ item: 'NOTHING', quantity: 1 }] };
  expect(await post('/api/v1/carts', unknown, keys.initech)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/lines/0' }] },
  });
  expect(await cart('b5', 1, keys.initech, { shipTo: { id: 'DC7' } })).toMatchObject({
    status: 422,
    body: { type: '/problems/unknown-ship-to' },
  });
  expect(await cart('b5', 1, keys.initech, { shipTo: { id: 'DC1' } })).toMatchObject({ status: 201 });
  expect(await post('/api/v1/carts/b5/release', {}, keys.initech)).toMatchObject({ status: 200 });
});

test('stock is kept for a customer by the seller’s own people; it is that customer’s alone', async () => {
  const body = {
    customerId: 'UMBRELLA',
    item: 'WIDGET',
    node: 'DAL',
    quantity: 25,
    reason: 'promotion in May',
  };
  expect(await post('/api/v1/stock-reserves', body, keys.umbrella)).toMatchObject({ status: 403 });
  expect(await post('/api/v1/stock-reserves', { ...body, quantity: 31 }, keys.operations)).toMatchObject({
    status: 409,
    body: { type: '/problems/stock-short' },
  });
  expect(await post('/api/v1/stock-reserves', { ...body, channel: 'api' }, keys.operations)).toMatchObject({
    status: 400,
  });
  const kept = await post('/api/v1/stock-reserves', { ...body, until: day(30) }, keys.operations);
  expect(kept).toMatchObject({ status: 201, body: { kept: 25, left: 25, by: 'olga' } });
  const total = async (key: string) =>
    (await api.get('/api/v1/availability?items=WIDGET', key)).body.items[0].dates[0].available;
  expect(await total(keys.umbrella)).toBe(1030);
  expect(await total(keys.initech)).toBe(1005);
  expect((await api.get('/api/v1/stock-reserves', keys.operations)).body.items).toHaveLength(1);
  expect((await api.get('/api/v1/stock-reserves', keys.umbrella)).status).toBe(403);
  const ended = await post(`/api/v1/stock-reserves/${kept.body.id}/end`, {}, keys.operations);
  expect(ended).toMatchObject({ status: 200, body: { left: 0 } });
  expect(await total(keys.initech)).toBe(1030);
});

test('what is expected counts from its day; own people see each node and every figure, a buyer sees totals', async () => {
  const inbound = {
    number: 'PUR9',
    nodeId: 'DAL',
    source: 'Mill',
    expectedOn: day(7),
    lines: [{ itemId: 'WIDGET', quantity: 60 }],
  };
  expect(await post('/api/v1/inbound-stock', inbound, keys.initech)).toMatchObject({ status: 403 });
  expect(await post('/api/v1/inbound-stock', inbound, keys.operations)).toMatchObject({
    status: 200,
    body: { items: ['WIDGET'] },
  });
  // Said again it changes nothing.
  expect(await post('/api/v1/inbound-stock', inbound, keys.operations)).toMatchObject({
    body: { items: [] },
  });
  const staff = (await api.get('/api/v1/availability?items=WIDGET,NOTHING&node=DAL', keys.operations)).body;
  expect(staff.items[0]).toMatchObject({
    item: 'WIDGET',
    waiting: 0,
    dates: [{ available: 30 }, { date: day(7), available: 90 }],
    nodes: [
      {
        node: { id: 'DAL', name: 'Dallas' },
        onHand: 40,
        safety: 10,
        expected: [{ number: 'PUR9', quantity: 60, overdue: false }],
        dates: [
          { inbound: 0, available: 30 },
          { inbound: 60, available: 90 },
        ],
      },
    ],
  });
  expect(staff.items[1]).toMatchObject({ item: 'NOTHING', known: false });
  const buyer = (await api.get(`/api/v1/availability?items=WIDGET&date=${day(8)}`, keys.initech)).body;
  expect(buyer.items).toEqual([
    { item: 'WIDGET', known: true, dates: [{ date: day(8), available: 1090, inStock: true }] },
  ]);
  expect((await api.get('/api/v1/availability?items=WIDGET&node=DAL', keys.initech)).status).toBe(403);
  // It says for which ship-to that is; nobody is told of places that are not its own.
  expect(buyer.shipTo).toBe(null);
  const named = await api.get('/api/v1/availability?items=WIDGET&shipTo=DC1', keys.initech);
  expect(named.body).toMatchObject({ shipTo: { id: 'DC1', idQualifier: '92' }, items: [{ item: 'WIDGET' }] });
  expect(await api.get('/api/v1/availability?items=WIDGET&shipTo=DC7', keys.initech)).toMatchObject({
    status: 422,
    body: { type: '/problems/unknown-ship-to' },
  });
  await database
    .db('customer')
    .where({ id: 'INITECH' })
    .update({ policy: { availability: 'yes-or-no' } });
  const told = (await api.get('/api/v1/availability?items=WIDGET', keys.initech)).body;
  expect(told.items[0].dates[0]).toMatchObject({ available: null, inStock: true });
  const list = async (query: string, key: string) => (await api.get(`/api/v1/inventory${query}`, key)).body;
  expect((await list('?item=WIDGET', keys.initech)).items).toEqual([
    { item: expect.objectContaining({ id: 'WIDGET' }), available: null, inStock: true },
  ]);
  // Another buyer has quantities, over all places, and never how much is where or reserved.
  const [widget] = (await list('?search=WIDG', keys.umbrella)).items;
  expect(widget).toEqual({ item: expect.objectContaining({ id: 'WIDGET' }), available: 1030, inStock: true });
  expect((await api.get('/api/v1/inventory?node=DAL', keys.umbrella)).status).toBe(403);
  const first = await list('?limit=1', keys.umbrella);
  const second = await list(`?limit=1&after=${first.next}`, keys.umbrella);
  expect(second.items[0].item.id > first.items[0].item.id).toBe(true);
  expect((await api.get('/api/v1/availability', keys.initech)).status).toBe(400);
  const cancel = (number: string) =>
    post(`/api/v1/inbound-stock/${number}/cancel`, { nodeId: 'DAL' }, keys.operations);
  expect(await cancel('PUR9')).toMatchObject({ status: 200, body: { items: ['WIDGET'] } });
  expect(await cancel('NONE')).toMatchObject({ status: 404 });
});
