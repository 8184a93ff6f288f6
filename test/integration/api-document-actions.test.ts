import { createHash } from 'node:crypto';
import { type ApiServer, startApi } from '../support/api-ground';
import { GatewayDoor, order } from '../support/gateway-door';
import { setUpPartner } from '../support/trading-partner';

let door: GatewayDoor;
let api: ApiServer;

async function giveKey(secret: string, key: Readonly<Record<string, unknown>>): Promise<void> {
  await door.db('api_key').insert({
    name: secret,
    secret_hash: createHash('sha256').update(secret).digest('hex'),
    scopes: ['documents:read', 'exceptions:write'],
    ...key,
  });
}

beforeAll(async () => {
  door = await GatewayDoor.open();
  await giveKey('olga', { person: 'olga', roles: ['operations'] });
  api = await startApi(door.db);
});
afterAll(async () => {
  await api.close();
  await door.database.drop();
});

const act = (path: string, body: unknown = {}, key = 'olga') => api.post(`/api/v1${path}`, body, key);

it('an interchange in quarantine is taken in once its partner is set up and an operator replays it', async () => {
  await door.send(order(7, 'PO7001'));
  const [waiting] = await door.db('interchange').where({ status: 'quarantined' }).select('id');
  await setUpPartner(door.db);
  await giveKey('acme', { partner_id: 'ACME' });
  expect((await act(`/documents/${waiting.id}/replays`, {}, 'acme')).status).toBe(403);
  const replayed = await act(`/documents/${waiting.id}/replays`);
  expect(replayed).toMatchObject({ status: 202, body: { status: 'queued', reference: waiting.id } });
  expect((await act(`/documents/${freshId}/replays`)).status).toBe(404);
});

it('a document goes out again with the same bytes once it has left, and not while it waits to leave', async () => {
  await door.send(order(8, 'PO7002'));
  await door.outbound();
  const [sent] = await door
    .db('document')
    .where({ direction: 'out', set_id: '997' })
    .select('id', 'interchange_id');
  const again = await act(`/documents/${sent.id}/retransmissions`);
  expect(again).toMatchObject({ status: 409, body: { type: '/problems/still-pending' } });
  await door.db('interchange').where({ id: sent.interchange_id }).update({ status: 'delivered' });
  expect(await act(`/documents/${sent.id}/retransmissions`)).toMatchObject({ status: 202 });
  expect((await door.row(sent.interchange_id)).status).toBe('pending');
  expect((await act(`/documents/${freshId}/reissues`)).status).toBe(404);
  expect((await act('/held-documents/releases', { subject: 'nobody/holds/this' })).status).toBe(404);
});

const freshId = '019ab0c1-7d52-7a10-9f4e-3c5b8d1e2f60';
