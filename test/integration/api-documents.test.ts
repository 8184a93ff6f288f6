import { createHash } from 'node:crypto';
import { type ApiServer, startApi } from '../support/api-ground';
import { GatewayDoor, order } from '../support/gateway-door';
import { group, interchange, purchaseOrder, setUpPartner } from '../support/trading-partner';

let door: GatewayDoor;
let api: ApiServer;
const sent = order(7, 'PO9001', 'PO9002');

async function giveKey(secret: string, key: Readonly<Record<string, unknown>>): Promise<void> {
  const scopes = ['documents:read', 'orders:read', 'partners:read'];
  await door
    .db('api_key')
    .insert({ name: secret, secret_hash: createHash('sha256').update(secret).digest('hex'), scopes, ...key });
}

beforeAll(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
  await setUpPartner(door.db, { partnerId: 'GLOBEX' });
  await giveKey('desk', { person: 'dora' });
  await giveKey('acme', { partner_id: 'ACME' });
  await giveKey('globex', { partner_id: 'GLOBEX' });
  api = await startApi(door.db);
  await door.send(sent);
  // PO104, the unit price, is not a number.
  const broken = purchaseOrder('PO9003', '0001', ['PO1*1*10*EA*ABC**BP*B-1']);
  await door.send(interchange({ controlNumber: 8, groups: [group('PO', 8, [broken])] }));
  await door.outbound();
});
afterAll(async () => {
  await api.close();
  await door.database.drop();
});

const documents = async (query: string, key = 'desk') =>
  (await api.get(`/api/v1/documents?${query}`, key)).body.items;

it('what came in and what went out is listed, newest first, and found by number', async () => {
  const all = await documents('');
  expect(all.map((d: { setId: string }) => d.setId).sort()).toEqual(['850', '850', '850', '997', '997']);
  expect(await documents('purchaseOrderNumber=PO9002')).toMatchObject([
    {
      setId: '850',
      name: 'Purchase order',
      direction: 'in',
      validation: 'accepted',
      interchangeControlNumber: '000000007',
      controlNumber: '0002',
    },
  ]);
  expect(await documents('direction=out&set=997')).toHaveLength(2);
});

it('a document is shown with its own segments named, not those of its neighbours in the interchange', async () => {
  const [{ id }] = await documents('purchaseOrderNumber=PO9002');
  const { body } = await api.get(`/api/v1/documents/${id}`, 'desk');
  expect(body.segments[0]).toMatchObject({ id: 'ST', position: 1, name: 'beginning of set' });
  expect(body.segments[1].elements).toContainEqual({
    place: 'BEG03',
    name: 'purchase order',
    value: 'PO9002',
    meaning: null,
    faulty: false,
  });
  expect(JSON.stringify(body.segments)).not.toContain('PO9001');
  expect(body.findings).toEqual([]);
  expect(body.answer).toMatch(/^ST\*997/);
});

it('a rejected one says where it is wrong, in the list, in its findings and at the place itself', async () => {
  const [summary] = await documents('validation=rejected');
  expect(summary).toMatchObject({ controlNumber: '0001', findingCount: 1 });
  const { body } = await api.get(`/api/v1/documents/${summary.id}`, 'desk');
  expect(body.findings).toMatchObject([{ segment: 'PO1', element: 4, elementError: '6' }]);
  const line = body.segments.find((segment: { id: string }) => segment.id === 'PO1');
  expect(line.elements).toContainEqual(
    expect.objectContaining({ place: 'PO104', value: 'ABC', faulty: true }),
  );
  expect(line.findings).toMatchObject([{ place: 'PO104', severity: 'syntax' }]);
});

it('raw is byte for byte what came, and what was sent, as text that no browser runs', async () => {
  const [{ id }] = await documents('purchaseOrderNumber=PO9001');
  const { body, headers } = await api.get(`/api/v1/documents/${id}/raw`, 'desk');
  expect(body).toBe(sent);
  expect(headers.get('content-type')).toContain('text/plain');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const [out] = await documents('direction=out&set=997');
  expect((await api.get(`/api/v1/documents/${out.id}/raw`, 'desk')).body).toMatch(/^ISA.*ST\*997/);
});

it('a partner sees its own documents and its own agreements only', async () => {
  const [{ id }] = await documents('purchaseOrderNumber=PO9001');
  expect((await documents('', 'acme')).length).toBe(5);
  expect(await documents('', 'globex')).toEqual([]);
  for (const path of [`/api/v1/documents/${id}`, `/api/v1/documents/${id}/raw`])
    expect((await api.get(path, 'globex')).status).toBe(404);
  expect((await api.get('/api/v1/partners', 'acme')).body.items.map((p: { id: string }) => p.id)).toEqual([
    'ACME',
  ]);
  expect((await api.get('/api/v1/partners/GLOBEX', 'acme')).status).toBe(404);
  expect((await api.get('/api/v1/partners/GLOBEX', 'globex')).body.interchangeAgreements[0]).toMatchObject({
    own: 'ZZ:HUB',
    partner: 'ZZ:GLOBEX',
  });
});

it('a document that nobody has is 404', async () => {
  for (const id of ['019ab0c1-7d52-7a10-9f4e-3c5b8d1e2f60', 'x'])
    expect((await api.get(`/api/v1/documents/${id}`, 'desk')).status).toBe(404);
});
