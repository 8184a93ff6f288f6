import { createHash } from 'node:crypto';
import { requestPrepayment } from '../../application/credit/request-prepayment';
import { resolveHold } from '../../application/hold/resolve-hold';
import { lockOrder } from '../../application/order/order-record';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { type ApiServer, freshKey, keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

const ACCOUNT = '/api/v1/credit-accounts/CA-INITECH';
const SMALL = 'key-of-a-junior';
let database: TestDatabase;
let api: ApiServer;
const db = () => database.db;

beforeEach(async () => {
  database = await createTestDatabase();
  await seedCompany(db());
  // Authority in dollars only, of one risk class only, up to 1,000.00.
  await db()('rule').insert({
    kind: 'authority',
    scope: 'junior',
    version: 1,
    body: JSON.stringify({
      holdTypes: ['credit'],
      maximumMinor: 100_000,
      secondPersonAboveMinor: null,
      currency: 'USD',
      riskClasses: ['A'],
    }),
  });
  await db()('api_key').insert({
    name: SMALL,
    secret_hash: createHash('sha256').update(SMALL).digest('hex'),
    scopes: ['credit:read', 'holds:decide', 'holds:read', 'orders:read'],
    person: 'june',
    roles: ['junior'],
  });
  await db()('credit_account').where({ id: 'CA-INITECH' }).update({ risk_class: 'A' });
  api = await startApi(db());
});
afterEach(async () => {
  expect(await reconcileRecord(db())).toEqual([]);
  await api.close();
  await database.drop();
});

const reason = 'as agreed with their treasurer';
const change = (body: object, key: string = SMALL) =>
  api.post(`${ACCOUNT}/changes`, { reason, ...body }, key);
const limitOf = async () =>
  ((await db()('credit_account').where({ id: 'CA-INITECH' }).first('limit_minor')) as { limit_minor: number })
    .limit_minor;
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const prepayment = (amountMinor: number, reference = 'WIRE 1') => ({
  amountMinor,
  currency: 'USD',
  reference,
  paidOn: day(0),
});
/** An order of 900.00 that is over the limit, its credit hold and case. */
async function heldOrder(): Promise<{ readonly orderId: string; readonly holdId: string }> {
  await db()('credit_account').where({ id: 'CA-INITECH' }).update({ limit_minor: 50_000 });
  const { body } = await api.post('/api/v1/orders', orderOf(90), keys.initech);
  const hold = (await db()('hold').where({ order_id: body.id }).first('id')) as { id: string };
  return { orderId: body.id, holdId: hold.id };
}

describe('whoever may not decide on credit', () => {
  test('changes nothing of it: buyers, the partner, other roles, a system without a person, nobody', async () => {
    const { orderId, holdId } = await heldOrder();
    await change({ limitMinor: 60_000 });
    const asked: readonly (readonly [string, object])[] = [
      [`${ACCOUNT}/changes`, { limitMinor: 1, reason }],
      [`${ACCOUNT}/temporary-limits`, { amountMinor: 100, validFrom: day(0), validTo: day(1), reason }],
      [`${ACCOUNT}/disputes`, { invoiceNumber: 'OLD-INITECH', reasonCode: 'price', until: day(9), reason }],
      [`/api/v1/credit-cases/${holdId}/notes`, { text: 'hello' }],
      [`/api/v1/credit-cases/${holdId}/owners`, { owner: 'me' }],
      [`/api/v1/orders/${orderId}/prepayments`, prepayment(90_000)],
    ];
    const record = await db()('credit_account_change').select('id');
    for (const [path, body] of asked) {
      for (const key of [keys.initech, keys.umbrella, keys.partner, keys.clerk, keys.operations, keys.system])
        expect([path, key, (await api.post(path, body, key)).status]).toEqual([path, key, 403]);
      expect((await api.post(path, body)).status).toBe(401);
    }
    expect(await limitOf()).toBe(60_000);
    expect(await db()('credit_account_change').select('id')).toEqual(record);
    expect(await db()('cash_entry').first('id')).toBeUndefined();
    expect(await db()('invoice_dispute').first('id')).toBeUndefined();
    expect((await api.get(ACCOUNT, keys.initech)).status).toBe(403);
    expect((await api.get(`/api/v1/credit-cases/${holdId}`, keys.initech)).status).toBe(403);
  });
});

describe('what is not so yet, or not any more, gives no credit', () => {
  test('a payment of a day that is still to come is not booked', async () => {
    const { orderId } = await heldOrder();
    const answer = await api.post(
      `/api/v1/orders/${orderId}/prepayments`,
      { ...prepayment(90_000), paidOn: day(2) },
      SMALL,
    );
    expect([answer.status, answer.body.type]).toEqual([422, '/problems/not-paid-yet']);
    expect(await db()('cash_entry').first('id')).toBeUndefined();
  });

  test('what was paid in advance without being asked for stands on the case', async () => {
    const { orderId, holdId } = await heldOrder();
    const at = `/api/v1/credit-cases/${holdId}`;
    expect((await api.get(at, SMALL)).body).toMatchObject({ paidInAdvance: { amountMinor: 0 } });
    const booked = await api.post(`/api/v1/orders/${orderId}/prepayments`, prepayment(10_000), SMALL);
    expect(booked.status).toBe(200);
    expect((await api.get(at, SMALL)).body).toMatchObject({
      prepayment: null,
      paidInAdvance: { amountMinor: 10_000, amount: '100.00', currency: 'USD' },
    });
  });

  test('a temporary limit of days that are over is not set', async () => {
    const body = { amountMinor: 100, validFrom: day(-9), validTo: day(-2), reason };
    const answer = await api.post(`${ACCOUNT}/temporary-limits`, body, SMALL);
    expect([answer.status, answer.body.type]).toEqual([422, '/problems/over-already']);
  });
});

describe('more credit is within the person’s authority, whichever way it is given', () => {
  test('as a limit: to the cent, in steps that add up, and by another person from there', async () => {
    expect((await change({ limitMinor: 600_001 })).body).toMatchObject({
      status: 403,
      type: expect.stringContaining('over-authority'),
    });
    expect((await change({ limitMinor: 560_000 })).status).toBe(200);
    expect((await change({ limitMinor: 600_001 })).status).toBe(403);
    expect((await change({ limitMinor: 600_000 })).status).toBe(200);
    expect((await change({ limitMinor: 300_000 })).status).toBe(200);
    expect((await change({ limitMinor: 400_001 })).status).toBe(403);
    expect((await change({ limitMinor: 2_000_000 }, keys.manager)).status).toBe(200);
    expect(await limitOf()).toBe(2_000_000);
  });

  test('as a limit in force again: no block lifted, validity extended, group left or class changed past one’s authority', async () => {
    await db()('credit_account').insert({
      id: 'CA-GROUP',
      entity_id: 'HUBCO',
      name: 'Group',
      currency: 'USD',
      limit_minor: 1,
    });
    const put = (more: object) => change({ ...more }, keys.manager);
    expect((await put({ blocked: true })).status).toBe(200);
    expect((await change({ blocked: false })).status).toBe(403);
    expect((await put({ blocked: false, limitValidTo: day(-1) })).status).toBe(200);
    expect((await change({ limitValidTo: day(30) })).status).toBe(403);
    expect((await change({ limitValidTo: null })).status).toBe(403);
    expect((await put({ limitValidTo: null, parentId: 'CA-GROUP' })).status).toBe(200);
    expect((await change({ parentId: null })).status).toBe(403);
    expect((await put({ riskClass: 'C' })).status).toBe(200);
    expect((await change({ riskClass: 'A' })).status).toBe(403);
    // To tighten takes no authority over amounts.
    expect((await change({ blocked: true, limitMinor: 100 })).status).toBe(200);
    expect((await api.get(ACCOUNT, SMALL)).body).toMatchObject({ blocked: true, history: expect.any(Array) });
  });

  test('as a temporary limit: small ones of one person for the same days are judged together', async () => {
    const give = (amountMinor: number, from = 0, key: string = SMALL) =>
      api.post(
        `${ACCOUNT}/temporary-limits`,
        { amountMinor, validFrom: day(from), validTo: day(from + 5), reason },
        key,
      );
    const first = await give(60_000);
    expect(first.status).toBe(200);
    expect((await give(50_000)).status).toBe(403);
    expect((await give(50_000, 6)).status).toBe(200);
    expect((await give(40_000)).status).toBe(200);
    const withdraw = (key: string) =>
      api.post(`/api/v1/temporary-limits/${first.body.id}/withdrawals`, { reason }, key);
    expect((await withdraw(keys.operations)).status).toBe(403);
    expect((await withdraw(SMALL)).status).toBe(200);
    expect((await give(60_000)).status).toBe(200);
    const both = await Promise.all([give(90_000, 20), give(90_000, 20)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
    expect((await give(7_000_000, 0, keys.finance)).body.detail).toContain('one person may give alone');
  });

  test('as money that somebody says has come: what is booked by hand on an order adds up, and counts once', async () => {
    const { orderId, holdId } = await heldOrder();
    const book = (body: object, key: string = SMALL, headers = {}) =>
      api.post(`/api/v1/orders/${orderId}/prepayments`, body, key, headers);
    expect((await book(prepayment(100_001))).status).toBe(403);
    expect((await book(prepayment(60_000))).body).toEqual({ kind: 'booked' });
    expect((await book(prepayment(60_000))).body).toEqual({ kind: 'known' });
    expect((await book(prepayment(50_000))).status).toBe(409);
    expect((await book(prepayment(50_000, 'WIRE 2'))).status).toBe(403);
    expect((await book({ ...prepayment(100), currency: 'EUR' }, keys.manager)).status).toBe(422);
    const once = { 'idempotency-key': freshKey() };
    const both = await Promise.all([1, 2].map(() => book(prepayment(30_000, 'WIRE 3'), SMALL, once)));
    expect(both.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(await db()('cash_entry').where({ order_id: orderId }).sum('amount_minor as sum').first()).toEqual({
      sum: '90000',
    });
    expect((await api.get(`/api/v1/credit-cases/${holdId}`, SMALL)).body).toMatchObject({ riskClass: 'A' });
  });
});

describe('ways to give more credit add up', () => {
  test('a limit raised, a temporary one and money said to have come, by one person: no more than its authority', async () => {
    const { orderId } = await heldOrder();
    expect((await change({ limitMinor: 90_000 })).status).toBe(200);
    const temporary = (amountMinor: number, key: string = SMALL) =>
      api.post(
        `${ACCOUNT}/temporary-limits`,
        { amountMinor, validFrom: day(0), validTo: day(5), reason },
        key,
      );
    const refused = await temporary(60_001);
    expect(refused).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('With the 400.00 USD that you have given this account') },
    });
    expect((await temporary(40_000)).status).toBe(200);
    expect((await change({ limitMinor: 111_000 })).status).toBe(403);
    expect((await api.post(`/api/v1/orders/${orderId}/prepayments`, prepayment(20_001), SMALL)).status).toBe(
      403,
    );
    expect((await api.post(`/api/v1/orders/${orderId}/prepayments`, prepayment(20_000), SMALL)).status).toBe(
      200,
    );
    const ways = await Promise.all([temporary(1), change({ limitMinor: 90_001 })]);
    expect(ways.map(({ status }) => status)).toEqual([403, 403]);
    // Another person has given nothing yet.
    expect((await temporary(60_000, keys.manager)).status).toBe(200);
  });

  test('and a limit that the person has put in force again counts in full for what is given after it', async () => {
    await db()('credit_account').where({ id: 'CA-INITECH' }).update({ limit_minor: 70_000, blocked: true });
    expect((await change({ blocked: false })).status).toBe(200);
    expect((await change({ limitMinor: 100_001 })).status).toBe(403);
    const temporary = (amountMinor: number) =>
      api.post(
        `${ACCOUNT}/temporary-limits`,
        { amountMinor, validFrom: day(0), validTo: day(5), reason },
        SMALL,
      );
    expect((await temporary(30_001)).status).toBe(403);
    expect((await temporary(30_000)).status).toBe(200);
  });

  test('of two ways at once only one passes where both together are too much', async () => {
    const ways = await Promise.all([
      change({ limitMinor: 560_000 }),
      api.post(
        `${ACCOUNT}/temporary-limits`,
        { amountMinor: 60_000, validFrom: day(0), validTo: day(5), reason },
        SMALL,
      ),
    ]);
    expect(ways.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
  });

  test('and to what was released of an order whose rest waits: a raise would let that through as well', async () => {
    await db()('credit_account').where({ id: 'CA-INITECH' }).update({ limit_minor: 1_000 });
    const order = orderOf(60);
    const [line] = (order as unknown as { lines: object[] }).lines;
    const { body } = await api.post('/api/v1/orders', { ...order, lines: [line, line] }, keys.initech);
    const hold = (await db()('hold').where({ order_id: body.id, type: 'credit' }).first('id')) as {
      id: string;
    };
    await db().transaction((tx) =>
      resolveHold(
        tx,
        {
          holdId: hold.id,
          action: 'release-part',
          terms: { kind: 'part', lines: [1], rest: 'hold' },
          person: 'june',
          roles: ['junior'],
          reason,
        },
        new Date().toISOString(),
      ),
    );
    const [{ released }] = (await db()('hold')
      .where({ id: hold.id })
      .select(db().raw(`(reason #>> '{details,totalMinor}')::bigint as released`))) as [{ released: number }];
    expect(released).toBeGreaterThan(10_000);
    expect((await change({ limitMinor: 101_001 - released })).status).toBe(403);
    expect((await change({ limitMinor: 101_000 - released })).status).toBe(200);
  });
});

describe('a prepayment takes four eyes', () => {
  const REQUEST = {
    action: 'request-prepayment',
    terms: { kind: 'prepayment', expiresAt: `${day(3)}T12:00:00Z` },
  };
  const asks = async (holdId: string, person: string, inNameOf: string | null = null) =>
    db().transaction(async (tx) => {
      const order = (await tx('hold').where({ id: holdId }).first('order_id')) as { order_id: string };
      const decision = { ...REQUEST, holdId, person, roles: [], reason } as never;
      const judged = { ruleVersion: 'finance v1', by: { inNameOf } };
      const hold = { id: holdId, line_number: null };
      return requestPrepayment(
        tx,
        await lockOrder(tx, order.order_id),
        hold,
        decision,
        judged,
        new Date().toISOString(),
      );
    });
  const booked = (orderId: string, key: string) =>
    api.post(`/api/v1/orders/${orderId}/prepayments`, prepayment(90_000), key);

  test('who asked for it does not book it; somebody else does, and the order is covered', async () => {
    const { orderId, holdId } = await heldOrder();
    expect(await asks(holdId, 'june')).toMatchObject({ kind: 'prepayment-requested' });
    const refused = await booked(orderId, SMALL);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      type: expect.stringContaining('same-person'),
      detail: 'You asked for this prepayment: somebody else has to say that its money has come',
    });
    expect(await db()('cash_entry').first('id')).toBeUndefined();
    expect((await booked(orderId, keys.finance)).body).toEqual({ kind: 'booked' });
  });

  test('nor does for whom a substitute asked, or a substitute who has the authority of the asker alone', async () => {
    const { orderId, holdId } = await heldOrder();
    await asks(holdId, 'somebody', 'june');
    expect((await booked(orderId, SMALL)).body).toMatchObject({
      status: 403,
      type: expect.stringContaining('same-person'),
    });
    const stood = await api.post(
      '/api/v1/substitutions',
      { substitute: 'olga', until: `${day(3)}T12:00:00Z`, reason: 'on leave' },
      SMALL,
    );
    expect(stood.status).toBe(201);
    expect((await booked(orderId, keys.operations)).status).toBe(403);
    expect(await db()('cash_entry').first('id')).toBeUndefined();
    // Of an order that june did not ask for, olga books in june's name.
    await db()('prepayment_request').update({ requested_by: 'fiona', in_name_of: null });
    expect((await booked(orderId, keys.operations)).body).toEqual({ kind: 'booked' });
  });

  test('nor does who ordered', async () => {
    const { orderId } = await heldOrder();
    await db()('orders').where({ id: orderId }).update({ placed_by: 'june' });
    expect((await booked(orderId, SMALL)).body).toMatchObject({
      status: 403,
      detail: expect.stringContaining('You placed this order yourself'),
    });
  });
});

describe('a change of an account', () => {
  test('is refused in words where it cannot be, and says what was changed meanwhile', async () => {
    const version = (await db()('credit_account').where({ id: 'CA-INITECH' }).first('version')) as {
      version: number;
    };
    expect((await change({ limitMinor: 510_000, basedOn: version.version })).status).toBe(200);
    expect((await change({ limitMinor: 520_000, basedOn: version.version })).body).toMatchObject({
      status: 412,
    });
    expect((await change({ parentId: 'CA-INITECH' })).body).toMatchObject({
      status: 422,
      type: expect.stringContaining('circular-hierarchy'),
    });
    expect((await change({ parentId: 'NOBODY' })).status).toBe(422);
    expect((await change({ limitValidFrom: day(5), limitValidTo: day(1) })).status).toBe(422);
    for (const body of [
      { limitMinor: -1 },
      { limitMinor: 0.5 },
      { limitMinor: '5' },
      { limit: 5 },
      { riskClass: 'no such\u0000' },
    ])
      expect((await change(body)).status).toBe(400);
    expect((await api.post(`${ACCOUNT}/changes`, { limitMinor: 5, reason: 'x' }, SMALL)).status).toBe(400);
    expect(
      (await api.post(`${ACCOUNT}/changes`, { limitMinor: 5, reason }, SMALL, { 'idempotency-key': '' }))
        .status,
    ).toBe(400);
    expect(
      (await api.post('/api/v1/credit-accounts/NOBODY/changes', { limitMinor: 5, reason }, SMALL)).status,
    ).toBe(404);
    expect(await limitOf()).toBe(510_000);
  });

  test('is done once under its key, and another one under the same key is refused', async () => {
    const once = { 'idempotency-key': freshKey() };
    const post = (limitMinor: number) => api.post(`${ACCOUNT}/changes`, { limitMinor, reason }, SMALL, once);
    expect((await post(510_000)).status).toBe(200);
    expect((await post(510_000)).status).toBe(200);
    expect((await post(520_000)).status).toBe(422);
    expect(await db()('credit_account_change').where({ credit_account_id: 'CA-INITECH' })).toHaveLength(1);
  });
});

describe('a dispute', () => {
  const open = (body: object = {}, key: string = SMALL) =>
    api.post(
      `${ACCOUNT}/disputes`,
      { invoiceNumber: 'OLD-INITECH', reasonCode: 'price', until: day(30), reason, ...body },
      key,
    );

  test('is within the person’s authority for its amount, with what the person has given otherwise', async () => {
    await db().raw(
      `update receivables_snapshot set open_items = '[{"invoiceNumber":"OLD-INITECH","openMinor":150000,"dueDate":"2020-01-10"}]' where credit_account_id = 'CA-INITECH'`,
    );
    expect((await open()).body).toMatchObject({
      status: 403,
      type: expect.stringContaining('over-authority'),
    });
    expect((await open({ amountMinor: 150_001 })).status).toBe(422);
    expect((await change({ limitMinor: 540_000 })).status).toBe(200);
    expect((await open({ amountMinor: 60_001 })).status).toBe(403);
    expect((await open({ amountMinor: 60_000 })).status).toBe(200);
    expect((await change({ limitMinor: 540_001 })).status).toBe(403);
    const { body } = await api.get(ACCOUNT, SMALL);
    expect(body.disputes).toMatchObject([
      { amount: { amountMinor: 60_000 }, until: day(30), inForce: true, openedBy: 'june' },
    ]);
    expect(body.ageing.items).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          bucket: 'disputed',
          amount: expect.objectContaining({ amountMinor: 60_000 }),
        }),
        expect.objectContaining({
          bucket: 'over-90',
          amount: expect.objectContaining({ amountMinor: 90_000 }),
        }),
      ]),
    );
  });

  test('ends on a day, is told in the timeline of each order that waits for credit, and of the seller’s people only', async () => {
    const { orderId } = await heldOrder();
    expect((await open({ until: day(-2) })).body).toMatchObject({
      status: 422,
      type: expect.stringContaining('ends-too-soon-or-late'),
    });
    expect((await open({ until: day(200) })).status).toBe(422);
    expect((await open({ until: undefined })).status).toBe(400);
    expect((await open()).status).toBe(200);
    const told = (await db()('order_event').where({
      order_id: orderId,
      kind: 'invoice-disputed',
    })) as object[];
    expect(told).toMatchObject([{ actor: 'june', text: expect.stringContaining('OLD-INITECH') }]);
    // Once its last day has passed the age counts again, and it can be opened anew.
    await db()('invoice_dispute').update({ until: day(-2) });
    const { body } = await api.get(ACCOUNT, SMALL);
    expect(body.disputes).toMatchObject([{ inForce: false }]);
    expect(body.ageing.items.map(({ bucket }: { bucket: string }) => bucket)).not.toContain('disputed');
    expect((await open()).status).toBe(200);
  });

  test('is opened once where two open it at once', async () => {
    const both = await Promise.all([open(), open({}, keys.manager)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});

describe('disputes and cases', () => {
  test('are worked on by whoever decides on credit', async () => {
    const { holdId } = await heldOrder();
    const dispute = (invoiceNumber: string) =>
      api.post(`${ACCOUNT}/disputes`, { invoiceNumber, reasonCode: 'price', until: day(30), reason }, SMALL);
    const opened = await dispute('OLD-INITECH');
    expect(opened.status).toBe(200);
    expect((await dispute('OLD-INITECH')).status).toBe(409);
    // Of another customer's account.
    expect((await dispute('OLD-UMBRELLA')).status).toBe(422);
    const close = () => api.post(`/api/v1/disputes/${opened.body.id}/closings`, { reason }, SMALL);
    expect((await close()).status).toBe(200);
    expect((await close()).status).toBe(404);
    const onCase = (what: string, body: object, id = holdId) =>
      api.post(`/api/v1/credit-cases/${id}/${what}`, body, SMALL);
    expect((await onCase('notes', { text: 'rang their treasurer' })).status).toBe(200);
    expect((await onCase('notes', { text: '' })).status).toBe(400);
    expect((await onCase('owners', { owner: 'june' })).status).toBe(200);
    expect((await onCase('owners', { owner: null }, 'not-an-id')).status).toBe(404);
    expect((await onCase('owners', { owner: 'fiona' })).status).toBe(200);
    // Passed on to a slip of the pen, or to whoever may not decide it, it would be nobody's.
    for (const owner of ['fiohna', 'clara', 'ivan'])
      expect((await onCase('owners', { owner })).body).toMatchObject({
        status: 422,
        type: expect.stringContaining('no-decider'),
        detail: expect.stringContaining(owner),
      });
    const { body } = await api.get(`/api/v1/credit-cases/${holdId}`, SMALL);
    expect(body).toMatchObject({ notes: [{ person: 'june', text: 'rang their treasurer' }] });
  });
});
