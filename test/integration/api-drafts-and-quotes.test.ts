import { expireUnplaced } from '../../application/order/unplaced-order';
import { type ApiServer, keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { saveRuleNow } from '../support/credit';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;
let clock: string;

beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 12 });
  await seedCompany(database.db);
  api = await startApi(database.db, { now: () => clock });
});
beforeEach(() => {
  clock = new Date().toISOString();
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const daysLater = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const draft = async (body: unknown = orderOf(3), key: string = keys.initech) =>
  (await api.post('/api/v1/drafts', body, key)).body;
const quote = async (body: unknown = orderOf(3), key: string = keys.initech) =>
  (await api.post('/api/v1/quotes', body, key)).body;
const reserved = async () =>
  Number((await database.db('stock').sum('reserved as n').first<{ n: string }>())?.n);
const ordersOf = async (po: string) => database.db('orders').where({ po_number: po });
async function sampleCosts(price: unknown) {
  await saveRuleNow(database.db, 'sample', '*', { price });
  return { withdraw: () => database.db('rule').where({ kind: 'sample' }).delete() };
}
const setPrice = (price: string) =>
  database.db('price').where({ item_id: 'WIDGET' }).update({ unit_price: price });

describe('a draft', () => {
  it('is priced when it is looked at, may be unfinished, and takes no stock and no credit', async () => {
    const before = await reserved();
    const empty = await draft({});
    expect(empty).toMatchObject({ type: 'draft', state: 'open', lines: [], canConvert: false });
    const one = await draft(
      orderOf(3, {
        lines: [
          { item: 'WIDGET', quantity: '3' },
          { item: 'NO-SUCH', quantity: '1' },
        ],
      }),
    );
    expect(one).toMatchObject({
      total: { amount: '30.00' },
      lines: [
        { itemId: 'WIDGET', unitPrice: '10', rejection: null },
        { item: 'NO-SUCH', itemId: null, rejection: expect.stringContaining('not known') },
      ],
    });
    await setPrice('12.00');
    const looked = await api.get(`/api/v1/drafts/${one.id}`, keys.initech);
    expect(looked.body.total.amount).toBe('36.00');
    await setPrice('10.00');
    expect(await reserved()).toBe(before);
    const refused = await api.post(`/api/v1/drafts/${one.id}/conversions`, {}, keys.initech);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer: '/lines/1' }]);
  });

  test('one of a sample shows what samples cost, one of a release what its blanket order agreed', async () => {
    const { withdraw } = await sampleCosts({ percentOfPrice: '25' });
    const sample = await draft(orderOf(4, { type: 'sample' }));
    expect(sample).toMatchObject({
      total: { amount: '10.00' },
      lines: [{ unitPrice: '2.5', explanation: 'a sample costs 25 percent' }],
    });
    await withdraw();
    const frame = orderOf(100, { type: 'blanket', purchaseOrderNumber: 'FRAME-1' });
    const { status } = await api.post('/api/v1/orders', frame, keys.initech);
    expect(status).toBe(201);
    await setPrice('12.00');
    const more = { type: 'release', purchaseOrderNumber: 'FRAME-1', releaseNumber: '1' };
    const release = await draft(orderOf(3, more));
    expect(release).toMatchObject({
      total: { amount: '30.00' },
      lines: [{ unitPrice: '10', explanation: 'the price of the blanket order' }],
    });
    await setPrice('10.00');
  });

  test('its lines are replaced by themselves: the rest of it, and what was said of a line that stays, is kept', async () => {
    const { body: one } = await api.post(
      '/api/v1/drafts',
      {
        purchaseOrderNumber: 'LINES-1',
        deliverBy: '2027-05-01',
        notes: ['ring the bell'],
        shipTo: { id: 'DC1' },
        lines: [
          { item: 'WIDGET', quantity: '2', references: [{ qualifier: 'DP', value: '7' }] },
          { item: 'NO-SUCH', quantity: '1' },
        ],
      },
      keys.initech,
    );
    const path = `/api/v1/drafts/${one.id}/lines`;
    const lines = [
      { item: 'GADGET', quantity: '3' },
      { item: 'WIDGET', quantity: '5' },
    ];
    const changed = await api.post(path, { lines }, keys.initech);
    expect(changed).toMatchObject({
      status: 200,
      body: {
        purchaseOrderNumber: 'LINES-1',
        deliverBy: '2027-05-01',
        notes: ['ring the bell'],
        lines: [
          { itemId: 'GADGET', quantity: '3', rejection: null },
          { itemId: 'WIDGET', quantity: '5' },
        ],
      },
    });
    const { request } = await database.db('unplaced_order').where({ id: one.id }).first('request');
    expect(request.lines[1]).toMatchObject({ references: [{ qualifier: 'DP', value: '7' }] });
    const late = await api.post(path, { lines }, keys.initech, { 'if-match': `"${one.version}"` });
    expect(late.status).toBe(412);
    expect((await api.post(path, { lines }, keys.umbrella)).status).toBe(404);
  });

  it('is edited until it is an order; an edit of what somebody else has edited is told so', async () => {
    const one = await draft();
    const path = `/api/v1/drafts/${one.id}/revisions`;
    const more = { ...orderOf(5), purchaseOrderNumber: 'DRAFT-EDIT' };
    const edited = await api.post(path, more, keys.initech, { 'if-match': '"1"' });
    expect(edited.body).toMatchObject({ version: 2, total: { amount: '50.00' } });
    const late = await api.post(path, more, keys.initech, { 'if-match': '"1"' });
    expect(late.status).toBe(412);
    const order = await api.post(`/api/v1/drafts/${one.id}/conversions`, {}, keys.initech);
    expect(order.body).toMatchObject({
      state: 'placed',
      purchaseOrderNumber: 'DRAFT-EDIT',
      total: { amount: '50.00' },
    });
    expect((await api.post(path, more, keys.initech)).status).toBe(409);
    const { history, orderNumber } = (await api.get(`/api/v1/drafts/${one.id}`, keys.initech)).body;
    expect(history.map((event: { kind: string }) => event.kind)).toEqual(['created', 'revised', 'converted']);
    expect(orderNumber).toBe(order.body.orderNumber);
  });

  it('needs a purchase order number by the time it becomes an order', async () => {
    const one = await draft({ lines: [{ item: 'WIDGET', quantity: 1 }] });
    const path = `/api/v1/drafts/${one.id}/conversions`;
    expect((await api.post(path, {}, keys.initech)).body.type).toContain('no-purchase-order-number');
    const order = await api.post(path, { purchaseOrderNumber: 'LATE-NUMBER' }, keys.initech);
    expect(order.body.purchaseOrderNumber).toBe('LATE-NUMBER');
  });

  it('converted twice at the same time is one order, and the second is told which', async () => {
    for (let round = 0; round < 5; round++) {
      const purchaseOrderNumber = `DRAFT-RACE-${round}`;
      const one = await draft(orderOf(1, { purchaseOrderNumber }));
      const path = `/api/v1/drafts/${one.id}/conversions`;
      const answers = await Promise.all([1, 2, 3, 4].map(() => api.post(path, {}, keys.initech)));
      expect(answers.map(({ status }) => String(status)).sort()).toEqual(['201', '409', '409', '409']);
      const orders = await ordersOf(purchaseOrderNumber);
      expect(orders).toHaveLength(1);
      for (const { headers } of answers)
        expect(headers.get('location')).toBe(`/api/v1/orders/${orders[0].id}`);
    }
  });

  it('that cannot be placed stays a draft: nothing is ordered, and it can be corrected', async () => {
    const lines = [{ item: 'GADGET', quantity: 400 }];
    const one = await draft({ ...orderOf(1), customerId: 'UMBRELLA', lines }, keys.clerk);
    const path = `/api/v1/drafts/${one.id}/conversions`;
    const short = await api.post(path, {}, keys.umbrella);
    expect([short.status, short.body.type]).toEqual([409, expect.stringContaining('stock-short')]);
    const after = (await api.get(`/api/v1/drafts/${one.id}`, keys.umbrella)).body;
    expect([after.state, after.orderId]).toEqual(['open', null]);
  });

  it('past its time nothing comes of it, swept or not; the sweep says so once', async () => {
    const one = await draft();
    clock = daysLater(31);
    const path = `/api/v1/drafts/${one.id}/conversions`;
    const refused = await api.post(path, {}, keys.initech);
    expect([refused.status, refused.body.type]).toEqual([409, expect.stringContaining('expired')]);
    expect((await api.get(`/api/v1/drafts/${one.id}`, keys.initech)).body.state).toBe('expired');
    const sweep = () => database.db.transaction((tx) => expireUnplaced(tx, clock));
    expect(await sweep()).toBeGreaterThan(0);
    expect(await sweep()).toBe(0);
    const { history } = (await api.get(`/api/v1/drafts/${one.id}`, keys.initech)).body;
    expect(history.at(-1)).toMatchObject({ kind: 'expired', actor: 'hub' });
    expect((await api.post(path, {}, keys.initech)).status).toBe(409);
  });

  it('expiring while it is converted is either an order or expired, never both', async () => {
    for (let round = 0; round < 5; round++) {
      const purchaseOrderNumber = `EXPIRY-RACE-${round}`;
      const one = await draft(orderOf(1, { purchaseOrderNumber }));
      const [converted] = await Promise.all([
        api.post(`/api/v1/drafts/${one.id}/conversions`, {}, keys.initech),
        database.db.transaction((tx) => expireUnplaced(tx, daysLater(31))),
      ]);
      const row = await database.db('unplaced_order').where({ id: one.id }).first();
      expect(row.state).toBe(converted.status === 201 ? 'converted' : 'expired');
      expect(await ordersOf(purchaseOrderNumber)).toHaveLength(converted.status === 201 ? 1 : 0);
    }
  });

  it('is ordered by whoever converts it, whose limits count, not by whoever began it', async () => {
    const one = await draft(orderOf(1, { purchaseOrderNumber: 'BY-CLERK' }));
    await api.post(`/api/v1/drafts/${one.id}/conversions`, {}, keys.clerk);
    const [byClerk] = await ordersOf('BY-CLERK');
    expect([byClerk.request.placedBy, byClerk.request.buyer]).toEqual(['clara', undefined]);
    const begun = await draft(
      { ...orderOf(1), purchaseOrderNumber: 'BY-IVAN', customerId: 'INITECH' },
      keys.clerk,
    );
    await api.post(`/api/v1/drafts/${begun.id}/conversions`, {}, keys.initech);
    const [byIvan] = await ordersOf('BY-IVAN');
    expect(byIvan.request.buyer).toEqual({ person: 'ivan' });
  });

  it("is its buyer's and the seller's, nobody else's", async () => {
    const one = await draft();
    const path = `/api/v1/drafts/${one.id}`;
    expect((await api.get(path, keys.umbrella)).status).toBe(404);
    expect((await api.post(`${path}/conversions`, {}, keys.umbrella)).status).toBe(404);
    expect((await api.post(`${path}/withdrawals`, undefined, keys.partner)).status).toBe(404);
    const listed = await api.get('/api/v1/drafts', keys.umbrella);
    expect(listed.body.items.some((item: { id: string }) => item.id === one.id)).toBe(false);
    expect((await api.get(path, keys.clerk)).status).toBe(200);
  });
});

describe('a quote', () => {
  it('is answered with prices that hold for the order, whatever the lists say by then', async () => {
    const before = await reserved();
    const one = await quote(orderOf(4, { purchaseOrderNumber: 'QUOTED' }));
    expect(one).toMatchObject({ type: 'quote', state: 'answered', total: { amount: '40.00' } });
    expect(await reserved()).toBe(before);
    await setPrice('99.00');
    const order = await api.post(`/api/v1/quotes/${one.id}/conversions`, {}, keys.initech);
    await setPrice('10.00');
    expect(order.body).toMatchObject({
      state: 'placed',
      total: { amount: '40.00' },
      lines: [
        { unitPrice: '10', priceDecision: { stands: 'quote', why: `the price of quote ${one.number}` } },
      ],
    });
  });

  it('costs what its order then costs: what is off for who orders is not off for who was quoted a price', async () => {
    await saveRuleNow(database.db, 'promotion', 'TEN', {
      name: 'Ten percent',
      validFrom: '2026-01-01',
      benefit: { kind: 'percent', percent: '10', of: 'line' },
    });
    const one = await quote(orderOf(4, { purchaseOrderNumber: 'QUOTED-2' }));
    const order = await api.post(`/api/v1/quotes/${one.id}/conversions`, {}, keys.initech);
    const drafted = await draft(orderOf(4, { purchaseOrderNumber: 'DRAFTED-2' }));
    const ordered = await api.post(`/api/v1/drafts/${drafted.id}/conversions`, {}, keys.initech);
    await database.db('rule').where({ kind: 'promotion' }).delete();
    expect([one.total.amount, order.body.total.amount]).toEqual(['40.00', '40.00']);
    expect([drafted.total.amount, ordered.body.total.amount]).toEqual(['36.00', '36.00']);
  });

  it('without a price waits for a person, who may also quote below the list; a buyer cannot answer it', async () => {
    await database
      .db('item')
      .insert({ id: 'SPECIAL', description: 'Made to order', base_unit: 'EA' })
      .onConflict()
      .ignore();
    const lines = [
      { item: 'SPECIAL', quantity: 2 },
      { item: 'WIDGET', quantity: 10 },
    ];
    const one = await quote(orderOf(1, { lines, purchaseOrderNumber: 'BY-PERSON' }));
    expect(one.state).toBe('requested');
    const conversions = `/api/v1/quotes/${one.id}/conversions`;
    expect((await api.post(conversions, {}, keys.initech)).body.type).toContain('not-answered');
    const path = `/api/v1/quotes/${one.id}/answers`;
    const prices = [{ lineNumber: 1, unitPrice: '77.50' }];
    expect((await api.post(path, { prices }, keys.initech)).status).toBe(403);
    expect((await api.post(path, { prices: [] }, keys.clerk)).body.type).toContain('not-priced');
    const waiting = () => database.db('exception').where({ kind: 'quote-to-answer', status: 'open' });
    expect(await waiting()).toHaveLength(1);
    // Below the list it is a price that a person sets, within what the rules let that person set.
    const answer = () =>
      api.post(path, { prices: [...prices, { lineNumber: 2, unitPrice: '8.00' }] }, keys.clerk);
    expect(await answer()).toMatchObject({ status: 403, body: { errors: [{ pointer: '/lines/1' }] } });
    await saveRuleNow(database.db, 'price-override', 'customer-service', { maximumPercent: '25' });
    await saveRuleNow(database.db, 'margin-floor', '*', { minimumPercent: '10' });
    const cost = { entity_id: 'HUBCO', currency: 'USD', unit_cost: '70' };
    await database.db('item_cost').insert({ ...cost, item_id: 'SPECIAL' });
    expect(await answer()).toMatchObject({
      status: 403,
      body: { errors: [{ pointer: '/lines/0', detail: expect.stringContaining('margin floor') as string }] },
    });
    await database.db('item_cost').where({ item_id: 'SPECIAL' }).update({ unit_cost: '60' });
    const answered = await answer();
    expect(answered.body).toMatchObject({ state: 'answered', total: { amount: '235.00' } });
    expect(await waiting()).toHaveLength(0);
    const order = await api.post(conversions, {}, keys.initech);
    expect(order.body).toMatchObject({ total: { amount: '235.00' } });
    expect(order.body.holds).toEqual([]);
  });

  it('names what cannot be ordered, and expires: its prices hold no longer', async () => {
    const unfit = await api.post(
      '/api/v1/quotes',
      orderOf(1, { lines: [{ item: 'NO-SUCH', quantity: 1 }] }),
      keys.initech,
    );
    expect([unfit.status, unfit.body.errors[0].pointer]).toEqual([422, '/lines/0']);
    const one = await quote();
    clock = daysLater(31);
    const late = await api.post(`/api/v1/quotes/${one.id}/conversions`, {}, keys.initech);
    expect(late.body.type).toContain('expired');
  });

  it('converted twice at once is one order at the quoted prices', async () => {
    const one = await quote(orderOf(2, { purchaseOrderNumber: 'QUOTE-RACE' }));
    const path = `/api/v1/quotes/${one.id}/conversions`;
    const answers = await Promise.all([1, 2, 3].map(() => api.post(path, {}, keys.initech)));
    expect(answers.map(({ status }) => String(status)).sort()).toEqual(['201', '409', '409']);
    expect(await ordersOf('QUOTE-RACE')).toHaveLength(1);
  });
});
