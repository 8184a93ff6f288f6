import { sweepKeptReplies } from '../../worker/jobs/sweep-kept-replies';
import { type ApiServer, freshKey, keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let api: ApiServer;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedCompany(database.db);
  api = await startApi(database.db);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const place = (body: unknown, key: string = keys.initech, headers = {}) =>
  api.post('/api/v1/orders', body, key, headers);
const orderCount = async () => Number((await database.db('orders').count())[0]?.['count']);

describe('a buyer places an order', () => {
  it('as a blanket order, and finds what was called off it by its number and type', async () => {
    const days = { validFrom: '2020-01-01', validTo: '2099-12-31' };
    const { body: blanket } = await place(orderOf(10, { type: 'blanket', ...days }));
    expect(blanket).toMatchObject({ type: 'blanket', ...days });
    const { purchaseOrderNumber } = blanket;
    const release = { type: 'release', purchaseOrderNumber, releaseNumber: 'R1' };
    const { body: called } = await place(orderOf(4, release));
    expect(called).toMatchObject({ releaseNumber: 'R1', validFrom: null, validTo: null });
    const listed = async (type: string) =>
      (
        await api.get(`/api/v1/orders?purchaseOrderNumber=${purchaseOrderNumber}&type=${type}`, keys.initech)
      ).body.items.map(({ id }: { id: string }) => id);
    expect(await listed('release')).toEqual([called.id]);
    expect(await listed('blanket')).toEqual([blanket.id]);
  });

  it('and is told prices, reservations and totals at once, though Temporal is away', async () => {
    const { status, body, headers } = await place(
      orderOf(12, {
        lines: [
          { item: 'WIDGET', quantity: '12', unitPrice: '10.00' },
          { item: 'GADGET', quantity: 2 },
        ],
      }),
    );
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/orders/${body.id}`);
    expect(body).toMatchObject({
      state: 'placed',
      channel: 'api',
      customer: { id: 'INITECH', name: 'Initech Inc.' },
      total: { amount: '125.00', amountMinor: 12_500, currency: 'USD' },
      lines: [
        {
          lineNumber: 1,
          itemId: 'WIDGET',
          quantity: '12',
          unitPrice: '10',
          status: 'reserved',
          amount: { amount: '120.00' },
          reservations: [{ nodeId: 'CHI', quantity: 12 }],
        },
        { lineNumber: 2, itemId: 'GADGET', quantity: '2', unitPrice: '2.5', amount: { amount: '5.00' } },
      ],
    });
    const shown = await api.get(`/api/v1/orders/${body.id}`, keys.initech);
    expect(shown.body).toEqual(body);
  });

  it('beyond the credit limit, which holds it: the buyer reads that finance looks, the seller’s people why', async () => {
    const { status, body } = await place(orderOf(460));
    expect(status).toBe(201);
    expect(body.state).toBe('held');
    expect(body.holds).toMatchObject([
      {
        type: 'credit',
        status: 'open',
        reason: null,
        reasonText: 'The seller’s finance department looks at the order before it goes on',
      },
    ]);
    const own = await api.get(`/api/v1/orders/${body.id}`, keys.finance);
    expect(own.body.holds).toMatchObject([
      { role: 'finance', reasonText: 'The order takes the account over its credit limit' },
    ]);
  });

  it('for more than there is and may not be backordered: refused as a whole, nothing is written', async () => {
    const before = await orderCount();
    const { status, body } = await place(
      orderOf(1, {
        lines: [
          { item: 'WIDGET', quantity: 1 },
          { item: 'GADGET', quantity: 50 },
        ],
      }),
      keys.umbrella,
    );
    expect(status).toBe(409);
    expect(body).toMatchObject({
      type: '/problems/stock-short',
      errors: [{ pointer: '/lines/1/quantity', code: 'short' }],
    });
    expect(await orderCount()).toBe(before);
  });

  it('with an item that nobody knows: the line is rejected and says so', async () => {
    const { status, body } = await place(
      orderOf(1, {
        lines: [
          { item: 'NO-SUCH-ITEM', quantity: 1 },
          { item: 'WIDGET', quantity: 1 },
        ],
      }),
    );
    expect(status).toBe(201);
    expect(body.lines[0]).toMatchObject({
      status: 'rejected',
      rejection: expect.stringContaining('NO-SUCH-ITEM'),
    });
    expect(body.lines[1].status).toBe('reserved');
  });
});

describe('bad input is refused with the field that is wrong', () => {
  const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map((error) => error.pointer);

  it.each([
    ['a quantity of zero', { quantity: 0 }],
    ['a quantity of 0.000', { quantity: '0.000' }],
    ['a negative quantity', { quantity: -3 }],
    ['a quantity that is a word', { quantity: 'many' }],
    ['seven places behind the point', { quantity: '1.0000001' }],
  ])('%s', async (_what, line) => {
    const { status, body, headers } = await place(orderOf(1, { lines: [{ item: 'WIDGET', ...line }] }));
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(pointers(body)).toEqual(['/lines/0/quantity']);
  });

  it('everything at once: unknown fields, missing ones and no lines', async () => {
    const { status, body } = await place({ lines: [], colour: 'red' });
    expect(status).toBe(400);
    expect(pointers(body).sort()).toEqual(['/colour', '/lines', '/purchaseOrderNumber']);
  });

  it('malformed JSON', async () => {
    const { status, body } = await place('{"purchaseOrderNumber": "PO-1", ');
    expect(status).toBe(400);
    expect(body.type).toBe('/problems/malformed-json');
  });

  it('JSON that is not called JSON', async () => {
    expect(
      (
        await place('purchaseOrderNumber=1', keys.initech, {
          'content-type': 'application/x-www-form-urlencoded',
        })
      ).status,
    ).toBe(415);
  });

  it('more than 2 MB', async () => {
    const { status, body } = await place(orderOf(1, { notes: ['x'.repeat(2_200_000)] }));
    expect(status).toBe(413);
    expect(body.detail).toContain('2 MB');
  });

  it('text with a NUL or half a surrogate pair, in the body and in the query', async () => {
    const { status, body } = await place(orderOf(1, { notes: ['fine', 'a\u0000b', '\ud800'] }));
    expect([status, pointers(body)]).toEqual([400, ['/notes/1', '/notes/2']]);
    expect((await api.get('/api/v1/orders?search=a%00b', keys.clerk)).body.errors).toMatchObject([
      { parameter: 'search' },
    ]);
  });

  it('a customer that does not exist, or that is not the buyer', async () => {
    expect((await place(orderOf(1, { customerId: 'NOBODY' }), keys.clerk)).body.errors).toMatchObject([
      { pointer: '/customerId' },
    ]);
    expect((await place(orderOf(1, { customerId: 'UMBRELLA' }), keys.initech)).status).toBe(400);
    expect((await place(orderOf(1), keys.clerk)).status).toBe(400);
    expect((await place(orderOf(1, { customerId: 'UMBRELLA' }), keys.clerk)).status).toBe(201);
  });

  it('an order id that nobody has, whatever its form', async () => {
    for (const id of [
      '019ab0c1-7d52-7a10-9f4e-3c5b8d1e2f60',
      'SO100001',
      'x',
      '%00',
      '..%2f..',
      "' or 1=1",
    ]) {
      const { status, body } = await api.get(
        `/api/v1/orders/${encodeURIComponent(decodeURIComponent(id))}`,
        keys.clerk,
      );
      expect([id, status, body.type]).toEqual([id, 404, '/problems/not-found']);
    }
  });

  it('a state, a cursor or a page size that there is not', async () => {
    for (const query of [
      'state=lost',
      'after=nonsense',
      'limit=0',
      'limit=100000',
      'limit=ten',
      `after=${Buffer.from("'; drop table orders").toString('base64url')}`,
    ]) {
      expect([query, (await api.get(`/api/v1/orders?${query}`, keys.clerk)).status]).toEqual([query, 400]);
    }
  });
});

describe('an Idempotency-Key', () => {
  it('is needed to place an order', async () => {
    const { status, body } = await place(orderOf(1), keys.initech, { 'idempotency-key': '' });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ parameter: 'Idempotency-Key' }]);
  });

  it('with the same body gets the first answer again, and one order is made', async () => {
    const key = freshKey();
    const body = orderOf(1);
    const first = await place(body, keys.initech, { 'idempotency-key': key });
    const before = await orderCount();
    const second = await place(body, keys.initech, { 'idempotency-key': key });
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await orderCount()).toBe(before);
  });

  it('with another body is refused', async () => {
    const key = freshKey();
    await place(orderOf(1), keys.initech, { 'idempotency-key': key });
    const { status, body } = await place(orderOf(2), keys.initech, { 'idempotency-key': key });
    expect(status).toBe(422);
    expect(body.type).toBe('/problems/idempotency-key-reused');
  });

  it('sent ten times at once makes one order', async () => {
    const key = freshKey();
    const body = orderOf(1);
    const before = await orderCount();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => place(body, keys.initech, { 'idempotency-key': key })),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    expect(await orderCount()).toBe(before + 1);
  });

  it('of one caller says nothing about another caller', async () => {
    const key = freshKey();
    const [a, b] = await Promise.all([
      place(orderOf(1), keys.initech, { 'idempotency-key': key }),
      place(orderOf(1), keys.umbrella, { 'idempotency-key': key }),
    ]);
    expect([a.status, b.status]).toEqual([201, 201]);
  });

  it('of a refused order may be used again once the order is put right', async () => {
    const key = freshKey();
    expect(
      (
        await place(orderOf(1, { lines: [{ item: 'GADGET', quantity: 999 }] }), keys.umbrella, {
          'idempotency-key': key,
        })
      ).status,
    ).toBe(409);
    expect((await place(orderOf(1), keys.umbrella, { 'idempotency-key': key })).status).toBe(201);
  });

  it('is good for 24 hours', async () => {
    const key = freshKey();
    const body = orderOf(1);
    const first = await place(body, keys.initech, { 'idempotency-key': key });
    await database
      .db('idempotency_key')
      .where({ key })
      .update({ created_at: database.db.raw(`now() - interval '25 hours'`) });
    const later = await place(body, keys.initech, { 'idempotency-key': key });
    expect(later.status).toBe(201);
    expect(later.body.id).not.toBe(first.body.id);
  });
});

it('kept replies and ended sessions are forgotten a day later, and not before', async () => {
  const { db } = database;
  const count = async () => Number((await db('idempotency_key').count())[0]?.['count']);
  await place(orderOf(1));
  const before = await count();
  await db('idempotency_key')
    .where({ key: (await db('idempotency_key').first('key')).key })
    .update({ created_at: db.raw(`now() - interval '26 hours'`) });
  await sweepKeptReplies({ db } as Parameters<typeof sweepKeptReplies>[0]);
  expect(await count()).toBe(before - 1);
});

describe('who may see what', () => {
  it('a buyer sees own orders only, in lists, by id and by number', async () => {
    const theirs = (await place(orderOf(1), keys.umbrella)).body;
    const list = await api.get('/api/v1/orders?limit=200', keys.initech);
    expect(list.body.items.length).toBeGreaterThan(0);
    expect(list.body.items.every((o: { customer: { id: string } }) => o.customer.id === 'INITECH')).toBe(
      true,
    );
    expect((await api.get(`/api/v1/orders/${theirs.id}`, keys.initech)).status).toBe(404);
    expect((await api.get(`/api/v1/orders/${theirs.id}/timeline`, keys.initech)).status).toBe(404);
    expect(
      (await api.get(`/api/v1/orders?purchaseOrderNumber=${theirs.purchaseOrderNumber}`, keys.initech)).body
        .items,
    ).toEqual([]);
    expect((await api.get('/api/v1/orders?customer=UMBRELLA', keys.initech)).body.items).toEqual([]);
    expect((await api.get(`/api/v1/orders/${theirs.id}`, keys.umbrella)).status).toBe(200);
  });

  it('a partner sees the orders that came from it', async () => {
    const own = (await place(orderOf(1), keys.partner)).body;
    expect(own.customer.id).toBe('ACME');
    const list = await api.get('/api/v1/orders', keys.partner);
    expect(list.body.items.map((o: { id: string }) => o.id)).toEqual([own.id]);
  });

  it('a buyer is not shown how the rules weighed the order, the seller is', async () => {
    const { body } = await place(orderOf(1));
    const kinds = async (key: string) =>
      (await api.get(`/api/v1/orders/${body.id}/timeline`, key)).body.items.map(
        (e: { kind: string }) => e.kind,
      );
    expect(await kinds(keys.initech)).not.toContain('decision');
    expect(await kinds(keys.clerk)).toEqual(expect.arrayContaining(['event', 'decision']));
  });
});

describe('the list of orders', () => {
  it('is walked page by page, each order once, newest first', async () => {
    const placed: string[] = [];
    for (let i = 0; i < 7; i++) placed.push((await place(orderOf(1), keys.umbrella)).body.id);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body }: { body: { items: { id: string }[]; next: string | null } } = await api.get(
        `/api/v1/orders?limit=3${next && `&after=${next}`}`,
        keys.umbrella,
      );
      seen.push(...body.items.map((order) => order.id));
      next = body.next;
    }
    expect(seen.slice(0, 7)).toEqual(placed.toReversed());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('is filtered by state and by the start of a number', async () => {
    const { body } = await place(orderOf(1, { purchaseOrderNumber: '50%_OFF-1' }));
    expect(
      (await api.get(`/api/v1/orders?search=${encodeURIComponent('50%_')}`, keys.initech)).body.items,
    ).toMatchObject([{ id: body.id }]);
    expect(
      (await api.get(`/api/v1/orders?search=${encodeURIComponent('5_')}`, keys.initech)).body.items,
    ).toEqual([]);
    const held = await api.get('/api/v1/orders?state=held,rejected', keys.initech);
    expect(held.body.items.length).toBeGreaterThan(0);
    expect(held.body.items.every((o: { state: string }) => ['held', 'rejected'].includes(o.state))).toBe(
      true,
    );
  });

  it('has an entity tag: what did not change is not sent again', async () => {
    const first = await api.get('/api/v1/orders', keys.initech);
    const tag = first.headers.get('etag') ?? '';
    expect((await api.get('/api/v1/orders', keys.initech, { 'if-none-match': tag })).status).toBe(304);
  });
});
