import { Webhook } from 'standardwebhooks';
import { type ApiServer, callbackSecret, freshKey, keys, seedCompany, startApi } from '../support/api-ground';
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

interface Sent {
  readonly path?: string;
  readonly secret?: string;
  readonly at?: Date;
  readonly id?: string;
  /** What is sent in place of what was signed. */
  readonly tampered?: unknown;
}

function send(
  message: { data: { eventId: string; [field: string]: unknown }; type: string },
  given: Sent = {},
) {
  const {
    path = '/callbacks/warehouse/wms',
    secret = callbackSecret,
    at = new Date(),
    id = message.data.eventId,
  } = given;
  const payload = JSON.stringify(message);
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, payload),
  };
  return api.post(
    path,
    given.tampered === undefined ? payload : JSON.stringify(given.tampered),
    undefined,
    headers,
  );
}

const received = (quantity: number, eventId = freshKey()) => ({
  type: 'stock.received',
  data: {
    eventId,
    nodeId: 'CHI',
    receivedAt: new Date().toISOString(),
    lines: [{ itemId: 'GADGET', quantity }],
  },
});
const onHand = async () =>
  (await database.db('stock').where({ item_id: 'GADGET', node_id: 'CHI' }).first('on_hand'))
    .on_hand as number;
const eventCount = async () => Number((await database.db('callback_event').count())[0]?.['count']);

it('goods received at a warehouse are in stock once, however often it is said', async () => {
  const before = await onHand();
  const message = received(20);
  const first = await send(message);
  expect([first.status, first.body.outcome]).toEqual([200, 'stored']);
  const again = await Promise.all([send(message), send(message), send(message)]);
  expect(again.map((answer) => [answer.status, answer.body.outcome])).toEqual(
    Array(3).fill([200, 'repeated']),
  );
  expect(await onHand()).toBe(before + 20);
  const { body } = await api.get('/api/v1/inventory?item=GADGET&node=CHI', keys.stockOnly);
  expect(body.items).toMatchObject([{ onHand: before + 20, available: before + 20 }]);
});

describe('a forged callback changes nothing', () => {
  const other = Buffer.from('another secret of 32 bytes......').toString('base64');
  it.each<[string, Sent]>([
    ['signed with another secret', { secret: other }],
    ['with a body that is not what was signed', { tampered: received(999) }],
    ['signed an hour ago', { at: new Date(Date.now() - 3_600_000) }],
    ['signed for an hour from now', { at: new Date(Date.now() + 3_600_000) }],
    ['with an id that is not that of its body', { id: 'evt-of-another' }],
  ])('%s', async (_what, given) => {
    const [before, events] = [await onHand(), await eventCount()];
    const { status, body } = await send(received(50), given);
    expect([status, body.type]).toEqual([401, '/problems/signature-invalid']);
    expect([await onHand(), await eventCount()]).toEqual([before, events]);
  });

  it('with no signature at all, or with a key instead of one', async () => {
    expect((await api.post('/callbacks/warehouse/wms', received(5))).status).toBe(401);
    expect((await api.post('/callbacks/warehouse/wms', received(5), keys.operations)).status).toBe(401);
  });

  it('of a system without a secret is refused, not believed', async () => {
    const open = await startApi(database.db, {
      callbackSecrets: { erp: null, warehouse: null, carrier: null },
    });
    const { status } = await open.post('/callbacks/warehouse/wms', received(5));
    await open.close();
    expect(status).toBe(401);
  });
});

it('a signed callback that is not as agreed is told which field is wrong', async () => {
  const { status, body } = await send({
    type: 'stock.received',
    data: { eventId: freshKey(), nodeId: 'CHI', receivedAt: 'yesterday', lines: [] },
  });
  expect(status).toBe(400);
  expect(body.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual([
    '/data/lines',
    '/data/receivedAt',
  ]);
});

it('a ship confirm for a release that never was is kept, and becomes an exception for a person', async () => {
  const message = {
    type: 'shipment.confirmed',
    data: {
      eventId: freshKey(),
      releaseNumber: 'SH-0',
      nodeId: 'CHI',
      shippedAt: new Date().toISOString(),
      lines: [{ lineNumber: 1, shipped: 1 }],
      packages: [],
    },
  };
  expect((await send(message)).body.outcome).toBe('unknown-subject');
  const { body } = await api.get('/api/v1/exceptions?kind=unexpected-ship-confirm', keys.clerk);
  expect(body.items).toHaveLength(1);
});

it('a raised limit from the ERP shows in the exposure', async () => {
  const message = {
    type: 'limit.changed',
    data: {
      eventId: freshKey(),
      creditAccountId: 'CA-UMBRELLA',
      limitMinor: 900_000,
      currency: 'USD',
      changedAt: new Date().toISOString(),
    },
  };
  expect((await send(message, { path: '/callbacks/erp/erp' })).status).toBe(200);
  expect((await api.get('/api/v1/credit-accounts/CA-UMBRELLA', keys.finance)).body.limit.amount).toBe(
    '9000.00',
  );
});

it('an address that no system has is 404', async () => {
  expect((await send(received(1), { path: '/callbacks/bakery/wms' })).status).toBe(404);
  expect((await send(received(1), { path: '/callbacks/warehouse/..%2f' })).status).toBe(404);
});
