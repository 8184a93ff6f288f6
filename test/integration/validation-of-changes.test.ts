import { applyOrderChange } from '../../application/change/apply-order-change';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open();
  await desk.db('ship_to').insert({
    customer_id: 'ACME',
    qualifier: '92',
    code: 'DC2',
    name: 'Acme DC 2',
    address: JSON.stringify({
      lines: ['2 Yard Street'],
      city: 'Chicago',
      region: 'IL',
      postalCode: '60602',
      country: 'US',
    }),
  });
});
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const rule = (...checks: readonly unknown[]) =>
  desk.db('rule').insert({
    kind: 'validation',
    scope: 'customer/ACME',
    version: 1,
    body: JSON.stringify({ checks }),
    valid_from: '2026-01-01',
  });
const order = (...lines: readonly string[]) => [
  'BEG*00*SA*P1**20260302',
  'DTM*002*20260310',
  'N1*ST*Acme DC 1*92*DC1',
  ...lines.map((item, i) => `PO1*${i + 1}*10*EA***VP*${item}`),
  `CTT*${lines.length}`,
];
const toOtherPlace = ['BCH*04*SA*P1***20260302', 'N1*ST*Acme DC 2*92*DC2'];
const toOtherDay = (day: string) => ['BCH*04*SA*P1***20260302', `DTM*002*${day}`, 'N1*ST*Acme DC 1*92*DC1'];
const placed = async (...lines: readonly string[]) => {
  await desk.send('PO', order(...lines));
  await desk.answer('P1');
};
const stands = async () => {
  const { ship_to: shipTo, deliver_by: day } = await desk.order('P1');
  return [shipTo.id, day];
};
const changes = async () => {
  const rows = await desk.db('order_change').orderBy('id');
  return rows.map(({ status, outcome }) => `${status}: ${outcome?.text}`);
};
const places = (outcome: string) => ({
  check: 'ship-to-items',
  outcome,
  shipTos: [
    { id: 'DC1', items: 'all' },
    { id: 'DC2', items: ['NUT'] },
  ],
});

describe('an order that a change sends elsewhere', () => {
  test('stays where it goes where one of its lines may not go there', async () => {
    await rule(places('reject'));
    await placed('BOLT', 'NUT');
    await desk.send('PC', toOtherPlace);
    expect(await stands()).toEqual(['DC1', '2026-03-10']);
    expect(await changes()).toEqual([expect.stringContaining('ship-to DC2 is not authorised for BOLT')]);
  });

  test('goes there where all of its open lines may', async () => {
    await rule(places('reject'));
    await placed('BOLT', 'NUT');
    await desk.send('PC', ['BCH*04*SA*P1***20260302', 'POC*1*DI*10*0*EA***VP*BOLT', 'CTT*1']);
    await desk.send('PC', toOtherPlace);
    expect(await stands()).toEqual(['DC2', '2026-03-10']);
  });

  test('waits for a person where the rule holds, and stays as it was meanwhile', async () => {
    await rule(places('hold'));
    await placed('BOLT');
    await desk.send('PC', toOtherPlace);
    expect(await stands()).toEqual(['DC1', '2026-03-10']);
    expect(await desk.holds('P1')).toEqual(['validation: Line 1: ship-to DC2 is not authorised for BOLT']);
    await desk.db('rule').insert({
      kind: 'authority',
      scope: 'sales',
      version: 2,
      valid_from: '2026-01-01',
      body: JSON.stringify({ holdTypes: ['validation'], maximumMinor: null, secondPersonAboveMinor: null }),
    });
    await desk.decide('P1', 'release');
    const { id: changeId } = await desk.db('order_change').first();
    await desk.db.transaction((tx) => applyOrderChange(tx, changeId, NOW));
    expect(await stands()).toEqual(['DC2', '2026-03-10']);
    expect(await desk.holds('P1')).toEqual([]);
  });

  test('is told of on its timeline where the rule only warns', async () => {
    await rule(places('warn'));
    await placed('BOLT');
    await desk.send('PC', toOtherPlace);
    expect(await stands()).toEqual(['DC2', '2026-03-10']);
    expect(await desk.db('order_event').where({ kind: 'validation-warning' }).pluck('text')).toEqual([
      'Line 1: ship-to DC2 is not authorised for BOLT',
    ]);
  });
});

test('a new day for the whole order is held against the days that its lines take; what says its own day keeps it', async () => {
  await rule({ check: 'lead-time', outcome: 'reject', minimumDays: 5, items: ['BOLT'] });
  await placed('BOLT', 'NUT');
  await desk.send('PC', toOtherDay('20260304'));
  expect(await stands()).toEqual(['DC1', '2026-03-10']);
  expect(await changes()).toEqual([
    expect.stringContaining(
      'BOLT is wanted on 2026-03-04, it takes 5 days: 2026-03-07 is the first day possible',
    ),
  ]);
  await desk.send('PC', toOtherDay('20260307'));
  expect(await stands()).toEqual(['DC1', '2026-03-07']);
});

test('a bundle that becomes less is held against what an order of it has to be', async () => {
  await desk.db('item').insert({ id: 'SET', description: 'Set', base_unit: 'EA' });
  await desk.db('price').insert({ price_list_id: 'LIST', item_id: 'SET', unit: 'EA', unit_price: '50' });
  const known = (kind: string, scope: string, body: unknown) =>
    desk.db('rule').insert({
      kind,
      scope,
      version: 1,
      body: JSON.stringify(body),
      valid_from: '2026-01-01',
    });
  await known('bundle', 'SET', {
    components: [
      { item: 'BOLT', quantity: 2, share: 2 },
      { item: 'NUT', quantity: 3, share: 1 },
    ],
  });
  await known('supply-agreement', 'customer/ACME', { bundles: { of: 'all' } });
  await rule({ check: 'minimum-quantity', outcome: 'reject', minimum: '6', items: ['SET'] });
  await placed('SET');
  const lessen = (quantity: number) =>
    desk.send('PC', [
      'BCH*04*SA*P1***20260302',
      `POC*1*QD*${quantity}*${10 - quantity}*EA***VP*SET`,
      'CTT*1',
    ]);
  const ordered = async () => {
    const { id } = await desk.order('P1');
    return desk.db('order_line').where({ order_id: id }).orderBy('line_number').pluck('ordered');
  };
  await lessen(5);
  expect(await ordered()).toEqual([20, 30]);
  expect(await changes()).toEqual([
    expect.stringContaining('5 EA of SET are ordered, it has to be at least 6'),
  ]);
  await lessen(6);
  expect(await ordered()).toEqual([12, 18]);
});

test('what an order has to come to is asked before promotions, of a changed order as of a new one', async () => {
  await rule({ check: 'minimum-order-amount', outcome: 'hold', amountMinor: 8000 });
  await desk.db('rule').insert({
    kind: 'promotion',
    scope: 'TEN',
    version: 1,
    valid_from: '2026-01-01',
    body: JSON.stringify({
      name: 'ten percent',
      validFrom: '2026-01-01',
      benefit: { kind: 'percent', percent: '10' },
    }),
  });
  await placed('BOLT');
  const lessen = (quantity: number) =>
    desk.send('PC', [
      'BCH*04*SA*P1***20260302',
      `POC*1*QD*${quantity}*${10 - quantity}*EA***VP*BOLT`,
      'CTT*1',
    ]);
  await lessen(8);
  expect([await desk.holds('P1'), (await desk.order('P1')).total_minor]).toEqual([[], 7200]);
  await lessen(7);
  expect(await desk.holds('P1')).toEqual(['validation: The order: it comes to less than an order has to']);
});
