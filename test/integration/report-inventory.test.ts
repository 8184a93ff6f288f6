import { placeOrder } from '../../application/order/place-order';
import { reportInventory } from '../../application/stock/report-inventory';
import { renderDocuments } from '../../gateway/outbound/render-documents';
import { line, NOW, purchaseOrder, seedCompany } from '../support/company';
import { GatewayDoor } from '../support/gateway-door';
import { setUpPartner } from '../support/trading-partner';

let door: GatewayDoor;
const db = () => door.db;
beforeEach(async () => {
  door = await GatewayDoor.open();
  await seedCompany(db(), {
    stock: { BOLT: { CENTRAL: 30, EAST: 20 }, NUT: { CENTRAL: 10 }, WASHER: { EAST: 240 } },
  });
  await setUpPartner(db(), { partnerId: 'MARKET' });
  await db()('partner').where({ id: 'MARKET' }).update({ customer_id: 'ACME' });
  await db()('document_agreement').insert({
    agreement_id: 'MARKET-P',
    direction: 'out',
    set_id: '846',
    own_gs_id: 'HUBGS',
    partner_gs_id: 'MARKETGS',
    version: '004010',
  });
});
afterEach(() => door.database.drop());

const report = (now = NOW) =>
  db().transaction((tx) => reportInventory(tx, { partnerId: 'MARKET', usage: 'P' }, now));

test('a buyer is told once a day what it can have: free stock less what waiting orders were promised', async () => {
  await db()('stock').where({ item_id: 'BOLT', node_id: 'EAST' }).update({ safety: 5 });
  await db()('item_cross_reference').insert({ qualifier: 'UP', value: '614141000012', item_id: 'BOLT' });
  const place = (item: string, quantity: string, price: string) =>
    db().transaction((tx) => placeOrder(tx, purchaseOrder([line(item, quantity, price)]), NOW));
  await place('BOLT', '12', '10.00');
  await place('NUT', '15', '0.0425');
  await db()('stock').where({ item_id: 'NUT', node_id: 'CENTRAL' }).increment('on_hand', 7);

  expect(await report()).toBe(1);
  expect(await report()).toBe(0);
  await renderDocuments(db(), 'MARKET-P', () => NOW);
  const rows = await db()('interchange').where({ direction: 'out' }).pluck('content');
  expect(rows).toHaveLength(1);
  expect((rows[0] as Buffer).toString('latin1').split('~').slice(3, -4)).toEqual([
    'BIA*00*SI*20260302-1*20260302*0900',
    'N1*SE*Harbor Supply*91*US01',
    'LIN*1*BP*AC-BOLT*UP*614141000012*VN*BOLT',
    'PID*F****Bolt',
    'QTY*33*33*EA',
    'LIN*2*VN*NUT',
    'PID*F****Nut',
    // Seven came in, five of them are for the order that waits.
    'QTY*33*2*EA',
    'LIN*3*VN*WASHER',
    'PID*F****Washer',
    'QTY*33*240*EA',
    'CTT*3',
  ]);
  expect(await report('2026-03-03T15:00:00.000Z')).toBe(1);
});

test('a buyer who is told only whether there is any learns no level from it, neither how many nor that it changed', async () => {
  await db()('customer')
    .where({ id: 'ACME' })
    .update({ policy: JSON.stringify({ availability: 'yes-or-no' }) });
  await db()('stock').where({ item_id: 'NUT' }).update({ on_hand: 0 });
  const said = async (day: string) => {
    await report(`${day}T15:00:00.000Z`);
    await renderDocuments(db(), 'MARKET-P', () => NOW);
    const rows = await db()('interchange').where({ direction: 'out' }).orderBy('sequence').pluck('content');
    const segments = (rows.at(-1) as Buffer).toString('latin1').split('~');
    return segments.filter((segment) => /^(LIN|PID|QTY)/.test(segment));
  };
  const before = await said('2026-03-02');
  expect(before).toEqual([
    'LIN*1*BP*AC-BOLT*VN*BOLT',
    'PID*F****Bolt',
    'PID*F****IN STOCK',
    'LIN*2*VN*NUT',
    'PID*F****Nut',
    'PID*F****OUT OF STOCK',
    'QTY*33*0*EA',
    'LIN*3*VN*WASHER',
    'PID*F****Washer',
    'PID*F****IN STOCK',
  ]);
  await db()('stock').where({ item_id: 'BOLT' }).update({ on_hand: 1 });
  expect(await said('2026-03-03')).toEqual(before);
});
