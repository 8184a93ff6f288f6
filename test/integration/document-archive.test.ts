import { createHash } from 'node:crypto';
import { judgeReceived } from '../../gateway/intake/judge-received';
import { receiveArrival } from '../../gateway/intake/receive-arrival';
import { type ApiServer, startApi } from '../support/api-ground';
import { GatewayDoor, limitBytes, trusted } from '../support/gateway-door';
import { group, interchange, purchaseOrder, setUpPartner, transactionSet } from '../support/trading-partner';

let door: GatewayDoor;
let api: ApiServer;

beforeAll(async () => {
  door = await GatewayDoor.open();
  await setUpPartner(door.db);
  await setUpPartner(door.db, { partnerId: 'GLOBEX' });
  for (const key of [{ name: 'desk' }, { name: 'globex', partner_id: 'GLOBEX' }])
    await door.db('api_key').insert({
      ...key,
      secret_hash: createHash('sha256').update(key.name).digest('hex'),
      scopes: ['documents:read'],
    });
  api = await startApi(door.db);
  for (const [n, po] of ['PO1', 'PO2', 'PO3', 'PO4'].entries()) {
    const lines = [`PO1*1*10*EA*4.25**BP*B-${n}*UP*012345678905`];
    const sender = n === 3 ? 'GLOBEX' : 'ACME';
    const text = interchange({
      controlNumber: 70 + n,
      sender,
      groups: [group('PO', 500 + n, [purchaseOrder(po, '0001', lines)], sender)],
    });
    await door.send(text);
  }
  const notice = transactionSet('856', '0042', [
    'BSN*00*SHP-1*20261122*1200*0001',
    'HL*1**S',
    'HL*2*1*O',
    'PRF*PO1',
    'HL*3*2*P',
    'MAN*GM*00095212340000004592',
    'HL*4*3*I',
    'LIN**UP*012345678905',
    'SN1**10*EA',
  ]);
  await door.send(interchange({ controlNumber: 80, groups: [group('SH', 600, [notice])] }));
  await door.outbound();
});
afterAll(async () => {
  await api.close();
  await door.database.drop();
});

interface Found {
  readonly setId: string;
  readonly purchaseOrderNumber: string | null;
}
const page = async (query: string, key = 'desk') => (await api.get(`/api/v1/documents?${query}`, key)).body;
const found = async (query: string, key = 'desk') =>
  (await page(query, key)).items.map((d: Found) => `${d.setId} ${d.purchaseOrderNumber ?? ''}`.trim());

describe('a document is found', () => {
  it.each([
    ['purchaseOrderNumber=po2', ['850 PO2']],
    ['purchaseOrderNumber=PO1', ['856 PO1', '850 PO1']],
    ['sscc=(00)095212340000004592', ['856 PO1']],
    ['shipmentNumber=SHP-1', ['856 PO1']],
    ['item=b-2', ['850 PO3']],
    ['item=012345678905&set=850&partner=ACME', ['850 PO3', '850 PO2', '850 PO1']],
    ['item=012345678905&purchaseOrderNumber=PO3', ['850 PO3']],
    ['controlNumber=71', ['850 PO2']],
    ['controlNumber=000000071', ['850 PO2']],
    ['controlNumber=501&direction=in', ['850 PO2']],
    ['controlNumber=42', ['856 PO1']],
    ['search=b-1', ['850 PO2']],
    ['search=95212340000004592', []],
    ['search=00095212340000004592', ['856 PO1']],
    ['search=71', ['850 PO2']],
    ['search=nothing-like-it', []],
  ])('by %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('by the day it came, and not by another', async () => {
    const clock = () => new Date().toISOString();
    const text = interchange({ controlNumber: 90, groups: [group('PO', 700, [purchaseOrder('PO90')])] });
    const options = { now: clock(), limitBytes };
    const { interchanges } = await receiveArrival(door.db, Buffer.from(text), trusted, options);
    await judgeReceived(door.db, interchanges[0]?.id ?? '', clock);
    const day = options.now.slice(0, 10);
    expect(await found(`search=PO90&from=${day}`)).toEqual(['850 PO90']);
    expect(await found(`search=PO90&from=${day}&until=${clock().slice(0, 10)}`)).toEqual(['850 PO90']);
    expect(await found('search=PO90&until=2020-01-01')).toEqual([]);
    expect(await found('search=PO90&from=2090-01-01')).toEqual([]);
  });
});

it('pages of a number that many documents have follow each other without a gap', async () => {
  const first = await page('item=012345678905&limit=2');
  const second = await page(`item=012345678905&limit=2&after=${first.next}`);
  const third = await page(`item=012345678905&limit=2&after=${second.next}`);
  const ids = [...first.items, ...second.items, ...third.items].map((d: Found) => d.purchaseOrderNumber);
  expect(ids).toEqual(['PO1', 'PO4', 'PO3', 'PO2', 'PO1']);
  expect(third.next).toBeNull();
});

it('a partner finds by no number what is not its own', async () => {
  expect(await found('item=012345678905', 'globex')).toEqual(['850 PO4']);
  expect(await found('search=PO1', 'globex')).toEqual([]);
  expect(await found('controlNumber=71', 'globex')).toEqual([]);
});

it('a buyer sees what was exchanged with its own partner about its own orders, and not what others were told of them', async () => {
  await door.db('api_key').insert({
    name: 'buyer',
    secret_hash: createHash('sha256').update('buyer').digest('hex'),
    scopes: ['documents:read'],
    customer_id: 'ACME-C',
  });
  expect(await found('', 'buyer')).toEqual([]);
  const order = {
    order_number: 'SO1',
    entity_id: 'HUBCO',
    customer_id: 'ACME-C',
    credit_account_id: 'HUBCO-1',
    channel: 'edi',
    type: 'standard',
    po_number: 'PO1',
    po_date: '2026-11-22',
    currency: 'USD',
    state: 'confirmed',
    request: '{}',
    ship_to: '{}',
    terms: '{}',
    release_at: new Date(),
    subtotal_minor: 0,
    total_minor: 0,
    placed_at: new Date(),
  };
  const [{ id }] = await door.db('orders').insert(order).returning('id');
  await door.db('document').where({ set_id: '850' }).update({ order_id: id });
  // PO4 came from another partner, as a warehouse's or supplier's document would.
  expect(await found('', 'buyer')).toEqual(expect.arrayContaining(['850 PO3', '850 PO2', '850 PO1']));
  expect(await found('', 'buyer')).not.toContain('850 PO4');
  expect(await found('search=PO4', 'buyer')).toEqual([]);
});

it('a document tells what we answered, and what became of it when', async () => {
  const [{ id }] = (await page('purchaseOrderNumber=PO2')).items;
  const { body } = await api.get(`/api/v1/documents/${id}`, 'desk');
  expect(body.answeredBy).toMatchObject([{ setId: '997' }]);
  expect(body.history.map((entry: { text: string }) => entry.text)).toEqual(
    expect.arrayContaining(["Received by an operator's hand", 'Accepted', 'Answered with 997']),
  );
});
