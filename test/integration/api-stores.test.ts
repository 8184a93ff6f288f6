import { createHash } from 'node:crypto';
import { answerOrder } from '../../application/order/answer-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { type ApiServer, startApi } from '../support/api-ground';
import { StoreStand } from '../support/store-stand';

let stand: StoreStand;
let api: ApiServer;
beforeAll(async () => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 100, 'STORE-B': 100 } } });
  await stand.db('customer').insert({
    ...(await stand.db('customer').where({ id: 'ACME' }).first()),
    id: 'OTHER',
    terms: JSON.stringify({ netDays: 30 }),
    policy: '{}',
  });
  const work = ['stores:work'];
  const keys = [
    // Whatever else it was given, a store's key works its own tasks.
    { name: 'ann', scopes: [...work, 'orders:read', 'orders:write'], person: 'ann', node_id: 'STORE-A' },
    { name: 'ben', scopes: work, person: 'ben', node_id: 'STORE-B' },
    { name: 'till', scopes: work, node_id: 'STORE-A' },
    { name: 'olga', scopes: [...work, 'orders:read'], person: 'olga', roles: ['operations'] },
    { name: 'bo', scopes: ['orders:read', 'orders:write', ...work], person: 'bo', customer_id: 'ACME' },
    { name: 'eve', scopes: ['orders:read', 'orders:write'], person: 'eve', customer_id: 'OTHER' },
  ];
  const hash = (name: string) => createHash('sha256').update(name).digest('hex');
  await stand.db('api_key').insert(keys.map((key) => ({ ...key, secret_hash: hash(key.name) })));
  api = await startApi(stand.db, { now: () => stand.now });
});
afterAll(async () => {
  await api.close();
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.close();
});

let ordered = 0;
async function place(quantity: string, more: object = {}): Promise<{ orderId: string; shipmentId: string }> {
  ordered += 1;
  const placed = await api.post(
    '/api/v1/orders',
    {
      purchaseOrderNumber: `PO-${ordered}`,
      shipTo: { id: 'DC1' },
      lines: [{ item: 'BOLT', quantity }],
      ...more,
    },
    'bo',
  );
  expect(placed.status).toBe(201);
  const orderId: string = placed.body.id;
  await stand.run((tx) => answerOrder(tx, orderId, 'final', stand.now));
  await stand.plan(orderId);
  return { orderId, shipmentId: (await stand.task(orderId)).shipment_id };
}
const open = (key: string) => api.get('/api/v1/store-tasks', key);
const act = (id: string, step: string, body: unknown, key = 'ann') =>
  api.post(`/api/v1/store-tasks/${id}/${step}`, body, key);

test('a store sees and works its own tasks; another store’s do not exist for it', async () => {
  const { orderId } = await place('3');
  const { id } = await stand.task(orderId);
  expect((await open('ann')).body.items).toMatchObject([
    {
      id,
      node: { id: 'STORE-A' },
      state: 'offered',
      buyer: 'Acme',
      lines: [{ lineNumber: 1, itemId: 'BOLT', quantity: 3, picked: null }],
      cartons: [{ weightGrams: expect.any(Number) }],
    },
  ]);
  expect((await open('ben')).body.items).toEqual([]);
  expect((await open('olga')).body.items).toHaveLength(1);
  expect((await api.get('/api/v1/store-tasks?node=STORE-A', 'ben')).status).toBe(404);
  expect((await api.get(`/api/v1/store-tasks/${id}`, 'ben')).status).toBe(404);
  expect((await api.get(`/api/v1/store-tasks/${id}/labels`, 'ben')).status).toBe(404);
  const reject = { reason: 'busy' };
  const pick = { lines: [{ lineNumber: 1, quantity: 3 }] };
  const sign = { proof: { kind: 'signature', receivedBy: 'Bo', signatureReference: 'S1' } };
  for (const [step, body] of [
    ['accept', {}],
    ['reject', reject],
    ['pick', pick],
    ['pack', {}],
    ['ship', {}],
    ['hand-over', sign],
  ] as const)
    expect((await act(id, step, body, 'ben')).status).toBe(404);
  expect((await stand.task(orderId)).state).toBe('offered');
  // A buyer's key does not work stores, and a till is no person.
  expect((await open('bo')).status).toBe(403);
  expect((await act(id, 'accept', {}, 'till')).status).toBe(403);
  // A store's key opens nothing else.
  for (const path of ['/orders', '/shipments', `/orders/${orderId}`])
    expect((await api.get(`/api/v1${path}`, 'ann')).status).toBe(403);
  expect((await api.get('/api/v1/session', 'ann')).status).toBe(401);

  expect((await act(id, 'accept', {})).body).toMatchObject({ state: 'accepted', acceptedBy: 'ann' });
  expect((await act(id, 'accept', {})).body).toMatchObject({
    status: 409,
    detail: expect.stringContaining('ann has accepted'),
  });
  expect((await act(id, 'pick', { lines: [{ lineNumber: 1, quantity: 4 }] })).status).toBe(422);
  expect((await act(id, 'pick', pick)).body).toMatchObject({ state: 'picked', lines: [{ picked: 3 }] });
  expect((await api.get(`/api/v1/store-tasks/${id}/labels`, 'ann')).status).toBe(200);
  expect((await api.get(`/api/v1/store-tasks/${id}/packing-slip`, 'ann')).status).toBe(200);
  expect((await act(id, 'pack', {})).body).toMatchObject({ state: 'packed' });
  expect((await act(id, 'ship', { trackingNumber: 'T1' })).body).toMatchObject({ state: 'shipped' });
  await stand.takeIn(await stand.task(orderId));
  expect((await open('ann')).body.items).toEqual([]);
  expect((await api.get('/api/v1/store-tasks?status=closed', 'ann')).body.items).toMatchObject([{ id }]);
  const shown = await api.get(`/api/v1/orders/${orderId}`, 'bo');
  expect(shown.body.shipments).toMatchObject([{ method: 'ship', store: { state: 'shipped' } }]);
});

test('a buyer asks for a code, says "I am here" and gets the goods; another buyer finds no such pickup', async () => {
  const { orderId, shipmentId } = await place('5', { pickupAt: 'STORE-B' });
  const { id } = await stand.task(orderId);
  const code = (key: string) => api.post(`/api/v1/shipments/${shipmentId}/pickup-code`, undefined, key);
  const arrive = (key: string) =>
    api.post(`/api/v1/shipments/${shipmentId}/arrival`, { where: 'Bay 3' }, key);
  expect((await code('eve')).status).toBe(404);
  expect((await arrive('eve')).status).toBe(404);
  expect((await arrive('bo')).status).toBe(409);
  await act(id, 'accept', {}, 'ben');
  await act(id, 'pick', { lines: [{ lineNumber: 1, quantity: 5 }] }, 'ben');
  const issued = await code('bo');
  expect(issued).toMatchObject({ status: 201, body: { code: expect.stringMatching(/^\d{8}$/) } });
  expect((await arrive('bo')).body).toMatchObject({ bringOutBy: expect.any(String) });
  expect((await open('ben')).body.items).toMatchObject([{ id, state: 'ready', arrival: 'Bay 3' }]);
  const show = (given: string) => act(id, 'hand-over', { proof: { kind: 'code', code: given } }, 'ben');
  const wrong = issued.body.code === '11111111' ? '22222222' : '11111111';
  expect((await show(wrong)).status).toBe(422);
  expect((await stand.task(orderId)).code_failures).toBe(1);
  expect((await show(issued.body.code)).body).toMatchObject({ state: 'handed-over' });
  await stand.takeIn(await stand.task(orderId));
  const shown = await api.get(`/api/v1/orders/${orderId}`, 'bo');
  expect(shown.body.shipments).toMatchObject([
    { method: 'pickup', store: { state: 'handed-over', pickupUntil: expect.any(String) } },
  ]);
});

test('an order for a place that hands out no orders is refused with its line', async () => {
  const refused = await api.post(
    '/api/v1/orders',
    {
      purchaseOrderNumber: 'PO-X',
      shipTo: { id: 'DC1' },
      lines: [{ item: 'BOLT', quantity: '1', pickupAt: 'CENTRAL' }],
    },
    'bo',
  );
  expect(refused).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/lines/0', code: 'no-pickup' }] },
  });
});

test('buyers see the open stores that hand out orders; what was told of an order only the seller’s people see', async () => {
  const stores = async () => {
    const { body } = await api.get('/api/v1/pickup-stores', 'bo');
    return (body.items as { id: string }[]).map(({ id }) => id);
  };
  expect(await stores()).toEqual(['STORE-A', 'STORE-B']);
  await stand.db('node').where({ id: 'STORE-B' }).update({ active: false });
  expect(await stores()).toEqual(['STORE-A']);
  await stand.db('node').where({ id: 'STORE-B' }).update({ active: true });
  const { orderId } = await place('2', { pickupAt: 'STORE-A', notify: 'bo@acme.example' });
  await stand.acceptAndPick(orderId, { 1: 2 });
  const query = `/api/v1/notices?order=${orderId}`;
  const desk = { name: 'desk', person: 'desk', scopes: ['exceptions:read', 'exceptions:write'] };
  const secret_hash = createHash('sha256').update('desk').digest('hex');
  await stand.db('api_key').insert({ ...desk, secret_hash });
  const { body } = await api.get(query, 'desk');
  expect(body.items).toMatchObject([
    { type: 'pickup.ready', via: 'mail', address: 'bo@acme.example', state: 'waiting' },
  ]);
  expect((await api.get(query, 'bo')).status).toBe(403);
  // It is on its way: only what failed is sent again.
  const resend = `/api/v1/notices/${body.items[0].id}/resend`;
  expect((await api.post(resend, {}, 'desk')).status).toBe(409);
  await stand.db('notice').update({ state: 'failed' });
  expect(await api.post(resend, {}, 'desk')).toMatchObject({ status: 202, body: { state: 'waiting' } });
  await stand.handOver(orderId);
});
