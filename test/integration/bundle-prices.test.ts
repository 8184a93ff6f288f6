import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { readLines } from '../../application/order/order-record';
import { foreseeOverride } from '../../application/pricing/override-line-price';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open({
    stock: { BOLT: { CENTRAL: 100 }, NUT: { CENTRAL: 100 } },
    policy: { agreedAdjustments: [{ indicator: 'charge', code: 'D240' }] },
  });
  await desk.db('item').insert({ id: 'SET', description: 'Set', base_unit: 'EA', item_class: 'SETS' });
  await desk.db('price').insert({ price_list_id: 'LIST', item_id: 'SET', unit: 'EA', unit_price: '50' });
  const rule = (kind: string, scope: string, body: unknown) => ({
    kind,
    scope,
    version: 1,
    body: JSON.stringify(body),
    valid_from: '2026-01-01',
  });
  await desk.db('rule').insert([
    rule('bundle', 'SET', {
      components: [
        { item: 'BOLT', quantity: 2, share: 2 },
        { item: 'NUT', quantity: 3, share: 1 },
      ],
    }),
    rule('supply-agreement', 'customer/ACME', { bundles: { of: 'all' } }),
    rule('price-override', 'sales', { maximumPercent: '30', maximumMinor: 4_000 }),
    rule('margin-floor', 'class:SETS', { minimumPercent: '10' }),
  ]);
  const cost = (item_id: string, unit_cost: string) => ({
    item_id,
    entity_id: 'US01',
    currency: 'USD',
    unit_cost,
  });
  await desk.db('item_cost').insert([cost('BOLT', '12'), cost('NUT', '5')]);
  await desk.send('PO', [
    'BEG*00*SA*B1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*3*EA*50**VP*SET',
    'CTT*1',
  ]);
});
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const override = (unitPrice: string) => ({
  unitPrice,
  reason: 'goodwill',
  note: 'late last time',
  person: 'sam',
  roles: ['sales'],
});
async function setPrice(unitPrice: string, lineNumber = 1) {
  return desk.db.transaction(async (tx) => {
    const received = await receiveOrderChange(
      tx,
      {
        entityId: 'US01',
        customerId: 'ACME',
        usage: 'P',
        channel: 'portal',
        purchaseOrderNumber: 'B1',
        purchaseOrderDate: '2026-03-02',
        purpose: 'change',
        dates: [],
        parties: [],
        references: [],
        unhandled: [],
        lines: [
          {
            kinds: ['price'],
            changeCode: 'PC',
            lineNumber,
            line: {
              productIds: [{ qualifier: 'VP', value: 'SET' }],
              quantity: '3',
              unit: 'EA',
              unitPrice,
              dates: [],
              references: [],
            },
            override: override(unitPrice),
          },
        ],
      } as never,
      NOW,
      'sam',
    );
    if (received.kind !== 'recorded') throw new Error('there is no order B1');
    return applyOrderChange(tx, received.changeId, NOW);
  });
}
const lines = async () =>
  (await readLines(desk.db, (await desk.order('B1')).id)).map(
    ({ item_id: item, unit_price: price, amount_minor: amount, price_decision: decision }) =>
      `${item} ${Number(price)} ${amount} ${(decision as { stands?: string }).stands}`,
  );

test('a price that is set for a bundle holds for all of it: its components share the new amount, and it is told once', async () => {
  expect((await setPrice('45.01')).kind).toBe('applied');
  expect(await lines()).toEqual(['BOLT 45.01 9002 override', 'NUT 45.01 4501 override']);
  expect((await desk.order('B1')).total_minor).toBe(13_503);
  expect(await desk.db('order_event').where({ kind: 'price-set' })).toHaveLength(1);
  const [decision] = await desk.db('decision').where({ rule: 'price-override:sales' });
  expect(decision).toMatchObject({
    rule_version: 'v1, margin floor v1',
    inputs: { line: 1, unitPrice: '45.01' },
  });
  expect((await desk.sent('865'))[0]?.filter((segment) => /^(POC|ACK)/.test(segment))).toEqual([
    'POC*1*PC*3*3*EA*45.01**VP*SET',
    'ACK*IP*3*EA',
  ]);
  await desk.answer('B1');
  await desk.ship('B1', null, { oneCarton: true });
  expect((await desk.sent('810'))[0]?.filter((segment) => /^(IT1|TDS)/.test(segment))).toEqual([
    'IT1*1*3*EA*45.01**VP*SET',
    'TDS*13503',
  ]);
});

test('what a bundle costs is what its components cost: the floor and the limits are the bundle’s own', async () => {
  const id = (await desk.order('B1')).id as string;
  // 2 x 12 + 3 x 5 = 39: ten percent above it is 43.34.
  expect(await setPrice('43.33')).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('margin floor'),
  });
  expect(await foreseeOverride(desk.db, id, 2, override('43.33'))).toMatchObject({ code: 'below-floor' });
  expect(await foreseeOverride(desk.db, id, 2, override('43.34'))).toMatchObject({ kind: 'allowed' });
  // 30 percent would be allowed, 45.00 more on the line is not.
  expect(await setPrice('65.00')).toMatchObject({ kind: 'refused' });
  expect(await lines()).toEqual(['BOLT 50 10000 purchase-order', 'NUT 50 5000 purchase-order']);
});

test('without the cost of one component nobody knows what the bundle costs', async () => {
  await desk.db('item_cost').where({ item_id: 'NUT' }).delete();
  const id = (await desk.order('B1')).id as string;
  expect(await foreseeOverride(desk.db, id, 1, override('40'))).toMatchObject({
    kind: 'allowed',
    floor: 'no-cost',
  });
});

test('of a bundle that has left in part the price is no longer set', async () => {
  await desk.answer('B1');
  await desk.ship('B1', null, { shipped: (item, quantity) => (item === 'NUT' ? 0 : quantity) });
  expect(await setPrice('45.00')).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('has left'),
  });
});

test('what a line costs extra is billed with the bundles that are whole, not with parts that have left', async () => {
  await desk.send('PO', [
    'BEG*00*SA*B2**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*3*EA*50**VP*SET',
    'SAC*C*D240***900**********FREIGHT',
    'CTT*1',
  ]);
  await desk.answer('B2');
  await desk.ship('B2', null, { shipped: (item, quantity) => (item === 'NUT' ? 0 : quantity) });
  expect(await desk.order('B2')).toMatchObject({ total_minor: 15_900, invoiced_minor: 0 });
  await desk.ship('B2');
  expect(await desk.order('B2')).toMatchObject({ total_minor: 15_900, invoiced_minor: 15_900 });
});
