import { type ApiServer, freshKey, keys, orderOf, seedCompany, startApi } from '../support/api-ground';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Temporal is away in this file: what the record alone decides, and what people are told meanwhile. */
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

async function heldOrder(): Promise<{ orderId: string; holdId: string }> {
  const { body } = await api.post('/api/v1/orders', orderOf(460), keys.initech);
  expect(body.state).toBe('held');
  return { orderId: body.id, holdId: body.holds[0].id };
}
const decide = (
  holdId: string,
  key: string,
  body: unknown = { action: 'release', reason: 'they pay on Friday' },
  headers = {},
) => api.post(`/api/v1/holds/${holdId}/decisions`, body, key, headers);

describe('the queue of held orders', () => {
  it('shows reason, deadline, order and the exposure of the account, with what is pending beside it', async () => {
    const { orderId } = await heldOrder();
    const { status, body } = await api.get(`/api/v1/holds?order=${orderId}`, keys.finance);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      {
        type: 'credit',
        role: 'finance',
        reasonText: 'The order takes the account over its credit limit',
        dueAt: expect.any(String),
        order: { id: orderId, customer: { id: 'INITECH' }, total: { amount: '4600.00' } },
        exposure: {
          limit: { amount: '5000.00' },
          receivables: { amount: '500.00' },
          total: { amount: '500.00' },
          available: { amount: '4500.00' },
        },
      },
    ]);
    expect(Number(body.items[0].exposure.pending.amount)).toBeGreaterThanOrEqual(4600);
  });

  it('is walked by deadline, each hold once', async () => {
    for (let i = 0; i < 5; i++) await heldOrder();
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body }: { body: { items: { id: string }[]; next: string | null } } = await api.get(
        `/api/v1/holds?limit=2${next && `&after=${next}`}`,
        keys.finance,
      );
      seen.push(...body.items.map((hold) => hold.id));
      next = body.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(
      Number((await database.db('hold').where({ status: 'open' }).count())[0]?.['count']),
    );
  });

  it('is not for buyers, who see the hold on their own order', async () => {
    expect((await api.get('/api/v1/holds', keys.initech)).status).toBe(403);
    const { orderId } = await heldOrder();
    expect((await api.get(`/api/v1/orders/${orderId}`, keys.initech)).body.holds).toHaveLength(1);
  });

  it('the account behind it names every document of its exposure', async () => {
    const { body } = await api.get('/api/v1/credit-accounts/CA-INITECH', keys.finance);
    expect(body.documents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'receivable', reference: 'OLD-INITECH' }),
        expect.objectContaining({ kind: 'pending' }),
      ]),
    );
    expect((await api.get('/api/v1/credit-accounts/CA-NOBODY', keys.finance)).status).toBe(404);
    expect((await api.get('/api/v1/credit-accounts', keys.initech)).status).toBe(403);
  });
});

describe('a decision', () => {
  it('is taken by a person with the scope and a reason', async () => {
    const { holdId } = await heldOrder();
    expect((await decide(holdId, keys.clerk)).status).toBe(403);
    expect((await decide(holdId, keys.system)).body.type).toBe('/problems/person-needed');
    expect((await decide(holdId, keys.finance, { action: 'release' })).body.errors).toMatchObject([
      { pointer: '/reason' },
    ]);
    expect(
      (await decide(holdId, keys.finance, { action: 'wave through', reason: 'because' })).body.errors,
    ).toMatchObject([{ pointer: '/action' }]);
    expect((await decide(holdId, keys.finance, undefined, { 'idempotency-key': '' })).status).toBe(400);
  });

  it('on a hold that nobody has is 404', async () => {
    for (const id of ['019ab0c1-7d52-7a10-9f4e-3c5b8d1e2f60', 'hold-1'])
      expect((await decide(id, keys.finance)).status).toBe(404);
  });

  it('on a hold that is decided already is 409 and names who decided', async () => {
    const { holdId } = await heldOrder();
    await database
      .db('hold')
      .where({ id: holdId })
      .update({ status: 'rejected', resolved_by: 'frank', resolved_at: new Date() });
    const { status, body } = await decide(holdId, keys.finance);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      type: '/problems/already-decided',
      detail: expect.stringContaining('frank'),
    });
  });

  it('while Temporal is away is answered 503 with Retry-After, and nothing is decided', async () => {
    const { holdId } = await heldOrder();
    const key = freshKey();
    const { status, headers, body } = await decide(holdId, keys.finance, undefined, {
      'idempotency-key': key,
    });
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body.type).toBe('/problems/engine-away');
    expect(await database.db('hold').where({ id: holdId }).first()).toMatchObject({ status: 'open' });
    // The same key may be sent again: nothing was kept under it.
    expect((await decide(holdId, keys.finance, undefined, { 'idempotency-key': key })).status).toBe(503);
  });
});

describe('a cancellation', () => {
  const cancel = (orderId: string, key: string, headers = {}) =>
    api.post(`/api/v1/orders/${orderId}/cancel`, { reason: 'ordered twice' }, key, headers);

  it('while Temporal is away is recorded and waits', async () => {
    const { body: order } = await api.post('/api/v1/orders', orderOf(1), keys.initech);
    const { status, body } = await cancel(order.id, keys.initech);
    expect([status, body.status]).toEqual([202, 'pending']);
    expect(await database.db('order_change').where({ id: body.changeId }).first()).toMatchObject({
      order_id: order.id,
      status: 'pending',
      requested_by: 'ivan',
    });
  });

  it('of an order that was changed after it was read is refused with If-Match', async () => {
    const { body: order } = await api.post('/api/v1/orders', orderOf(1), keys.initech);
    const tag = (await api.get(`/api/v1/orders/${order.id}`, keys.initech)).headers.get('etag') ?? '';
    await database.db('orders').where({ id: order.id }).update({ version: 7 });
    expect((await cancel(order.id, keys.initech, { 'if-match': tag })).status).toBe(412);
    const fresh = (await api.get(`/api/v1/orders/${order.id}`, keys.initech)).headers.get('etag') ?? '';
    expect((await cancel(order.id, keys.initech, { 'if-match': fresh })).status).toBe(202);
  });

  it('of an order that is closed or of another buyer is refused; that of a duplicate leaves the original alone', async () => {
    const { body: order } = await api.post('/api/v1/orders', orderOf(1), keys.initech);
    expect((await cancel(order.id, keys.umbrella)).status).toBe(404);
    const { body: twin } = await api.post(
      '/api/v1/orders',
      orderOf(1, { purchaseOrderNumber: order.purchaseOrderNumber }),
      keys.initech,
    );
    expect(twin.openHolds).toEqual(['duplicate-purchase-order']);
    expect((await cancel(twin.id, keys.initech)).status).toBe(202);
    expect(await database.db('order_change').where({ order_id: twin.id })).toHaveLength(1);
    expect(await database.db('order_change').where({ order_id: order.id })).toEqual([]);
    await database.db('orders').where({ id: order.id }).update({ state: 'cancelled' });
    expect((await cancel(order.id, keys.initech)).body.type).toBe('/problems/order-closed');
  });
});

describe('an exception', () => {
  const raise = async () =>
    (
      await database
        .db('exception')
        .insert({
          kind: 'document-overdue',
          subject_key: freshKey(),
          text: 'No 997 for 1001: ask the partner',
          owner_role: 'operations',
          due_at: new Date(),
        })
        .returning('id')
    )[0].id as string;

  it('is listed by deadline, taken by somebody and closed with what was done', async () => {
    const id = await raise();
    expect((await api.get('/api/v1/exceptions', keys.clerk)).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, text: 'No 997 for 1001: ask the partner' })]),
    );
    expect(
      (await api.post(`/api/v1/exceptions/${id}/assignments`, { owner: 'olga' }, keys.operations)).body.owner,
    ).toBe('olga');
    const closed = await api.post(
      `/api/v1/exceptions/${id}/resolutions`,
      { reason: 'the partner sent it by mail' },
      keys.operations,
    );
    expect(closed.body).toMatchObject({
      status: 'resolved',
      resolvedBy: 'olga',
      resolution: 'the partner sent it by mail',
    });
    expect(
      (await api.post(`/api/v1/exceptions/${id}/resolutions`, { reason: 'once more' }, keys.operations))
        .status,
    ).toBe(409);
    expect(
      (await api.post(`/api/v1/exceptions/${id}/assignments`, { owner: 'olga' }, keys.operations)).status,
    ).toBe(409);
  });

  it('is not given to a slip of the pen, nor to somebody who could not close it: it would be nobody’s', async () => {
    const id = await raise();
    for (const [owner, why] of [
      ['olgaa', 'called "olgaa"'],
      ['clara', 'clara has no key that works on exceptions'],
      // A buyer's person is none of the company's.
      ['ivan', 'called "ivan"'],
    ] as const)
      expect(
        (await api.post(`/api/v1/exceptions/${id}/assignments`, { owner }, keys.operations)).body,
      ).toMatchObject({ status: 422, detail: expect.stringContaining(why) });
    expect((await api.get(`/api/v1/exceptions/${id}`, keys.operations)).body.owner).toBeNull();
  });

  it('that somebody else changed meanwhile is not overwritten with If-Match', async () => {
    const id = await raise();
    const tag = (await api.get(`/api/v1/exceptions/${id}`, keys.operations)).headers.get('etag') ?? '';
    await api.post(`/api/v1/exceptions/${id}/assignments`, { owner: 'olga' }, keys.operations);
    expect(
      (
        await api.post(`/api/v1/exceptions/${id}/assignments`, { owner: 'olga' }, keys.operations, {
          'if-match': tag,
        })
      ).status,
    ).toBe(412);
  });

  it('is neither for buyers nor closed by those who may only read', async () => {
    const id = await raise();
    expect((await api.get('/api/v1/exceptions', keys.initech)).status).toBe(403);
    expect(
      (await api.post(`/api/v1/exceptions/${id}/resolutions`, { reason: 'I say so' }, keys.clerk)).status,
    ).toBe(403);
    expect((await api.get('/api/v1/exceptions/no-such-id', keys.clerk)).status).toBe(404);
  });
});
