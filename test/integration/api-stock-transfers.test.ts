import { createHash } from 'node:crypto';
import { type ApiServer, startApi } from '../support/api-ground';
import { EdiWarehouseStand } from '../support/edi-warehouse-stand';

let stand: EdiWarehouseStand;
let api: ApiServer;

beforeAll(async () => {
  stand = await EdiWarehouseStand.open();
  const key = (secret: string, more: Readonly<Record<string, unknown>>) => ({
    name: secret,
    secret_hash: createHash('sha256').update(secret).digest('hex'),
    scopes: ['orders:write'],
    ...more,
  });
  await stand.door
    .db('api_key')
    .insert([key('olga', { person: 'olga', roles: ['operations'] }), key('acme', { customer_id: 'ACME' })]);
  api = await startApi(stand.door.db);
});
afterAll(async () => {
  await api.close();
  await stand.door.database.drop();
});

const transfer = {
  number: 'ASN1',
  nodeId: 'EAST',
  shippedOn: '2026-11-20',
  from: { name: 'Mill' },
  lines: [{ itemId: 'BOLT', quantity: 12 }],
};
const announce = (body: unknown, key = 'olga') => api.post('/api/v1/stock-transfers', body, key);

test('stock on its way is announced once, by the seller’s own people, to a node that a partner keeps', async () => {
  expect((await announce(transfer, 'acme')).status).toBe(403);
  expect(await announce(transfer)).toMatchObject({ status: 202, body: { number: 'ASN1', partner: 'DOCK' } });
  expect(await announce(transfer)).toMatchObject({
    status: 409,
    body: { type: '/problems/already-announced' },
  });
  expect(await announce({ ...transfer, number: 'ASN2', nodeId: 'WEST' })).toMatchObject({
    status: 409,
    body: { type: '/problems/no-warehouse-partner' },
  });
  expect((await announce({ ...transfer, number: 'X'.repeat(23) })).status).toBe(400);
  expect(await stand.door.db('document_request').where({ set_id: '943' }).count().first()).toEqual({
    count: 1,
  });
});

test('what comes from another node of the company is there no more, and is promised once', async () => {
  const { db } = stand.door;
  const level = async (nodeId: string) =>
    Number(
      (await db('stock').where({ item_id: 'BOLT', node_id: nodeId, usage: 'P' }).first('on_hand'))?.on_hand ??
        0,
    );
  await db('stock')
    .insert({ item_id: 'BOLT', node_id: 'WEST', usage: 'P', on_hand: 50 })
    .onConflict(['item_id', 'node_id', 'usage'])
    .merge();
  const [west, east] = [await level('WEST'), await level('EAST')];
  const from = { name: 'West', nodeId: 'WEST' };
  const moved = { ...transfer, number: 'ASN3', expectedOn: '2027-01-10', from };
  expect((await announce(moved)).status).toBe(202);
  expect([await level('WEST'), await level('EAST')]).toEqual([west - 12, east]);
  expect((await announce(moved)).body.type).toBe('/problems/already-announced');
  expect(await level('WEST')).toBe(west - 12);
  await db('stock')
    .where({ item_id: 'BOLT', node_id: 'WEST' })
    .update({ reserved: db.raw('on_hand - 5') });
  expect(await announce({ ...moved, number: 'ASN4' })).toMatchObject({
    status: 409,
    body: { type: '/problems/not-at-source', detail: expect.stringContaining('WEST lacks 7 of BOLT') },
  });
  expect(await level('WEST')).toBe(west - 12);
  expect(await db('document_request').where({ set_id: '943' }).pluck('subject')).not.toContain(
    'transfer/DOCK/ASN4',
  );
  expect((await announce({ ...moved, number: 'ASN5', from: { name: 'East', nodeId: 'EAST' } })).status).toBe(
    409,
  );
});
