import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { isOver } from '../../workflows/standing';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeEach(async () => {
  desk = await OrderDesk.open();
});
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const sample = (po: string, quantity = 2, price = '') => [
  `BEG*00*SP*${po}**20260302`,
  'N1*ST*Acme DC 1*92*DC1',
  `PO1*1*${quantity}*EA*${price}**BP*AC-BOLT`,
  'CTT*1',
];
const rule = (body: unknown, scope = '*', version = 1) =>
  desk
    .db('rule')
    .insert({ kind: 'sample', scope, version, body: JSON.stringify(body), valid_from: '2026-01-01' });
const total = async (po: string) => Number((await desk.order(po)).total_minor);

test('without a rule a sample is held: nobody has said what it costs', async () => {
  await desk.send('PO', sample('S1'));
  expect(await desk.holds('S1')).toEqual([
    expect.stringMatching(/^content: The order is a sample, and no rule says what samples cost/),
  ]);
});

test('a sample costs nothing, and its 810 says so', async () => {
  await rule({ price: 'zero' });
  await desk.send('PO', sample('S1'));
  expect(await desk.holds('S1')).toEqual([]);
  expect(await total('S1')).toBe(0);
  await desk.answer('S1');
  await desk.ship('S1');
  const [invoice = []] = await desk.sent('810');
  expect(invoice).toContain('TDS*0');
  expect((await desk.order('S1')).state).toBe('completed');
});

test('a sample without an invoice is at its end with its shipment: nothing is billed, no number is drawn', async () => {
  await rule({ price: 'zero', zeroInvoice: 'none' });
  await desk.send('PO', sample('S1'));
  await desk.answer('S1');
  await desk.ship('S1');
  expect(await desk.sent('810')).toEqual([]);
  expect(await desk.sent('856')).toHaveLength(1);
  expect(await desk.db('invoice')).toEqual([]);
  const { id, state } = await desk.order('S1');
  expect(state).toBe('completed');
  expect(isOver(await readProgress(desk.db, id))).toBe(true);
});

test("the customer's own rule counts before everybody's; a percentage is of the price that an order would have", async () => {
  await rule({ price: 'zero' });
  await rule({ price: { percentOfPrice: '50' } }, 'customer/ACME');
  await desk.send('PO', sample('S1'));
  expect(await total('S1')).toBe(1000);
  const decision = await desk.db('decision').where({ rule: 'sample' }).first();
  expect(decision.rule_version).toBe('customer/ACME 1');
});

test('a customer has so many samples within so many days; what is beyond is held, or refused where the rule says so', async () => {
  await rule({ price: 'zero', limits: [{ days: 365, unitsPerItem: 5 }] });
  await desk.send('PO', sample('S1', 4));
  await desk.send('PO', sample('S2', 2));
  expect(await desk.holds('S2')).toEqual([
    'content: Line 1: a customer may have 5 of BOLT as samples within 365 days, 4 are taken',
  ]);
  await desk.decide('S2', 'reject');
  await desk.send('PO', sample('S3', 1));
  expect(await desk.holds('S3')).toEqual([]);
  await rule({ price: 'zero', limits: [{ days: 365, orders: 2 }], beyond: 'reject' }, '*', 2);
  await desk.send('PO', sample('S4', 1));
  expect((await desk.order('S4')).state).toBe('rejected');
});

test('of samples that come at the same time no two take the same remainder of a limit', async () => {
  await rule({ price: 'zero', limits: [{ days: 30, unitsPerItem: 5 }], beyond: 'reject' });
  await desk.race(Array.from({ length: 6 }, (_, i) => sample(`S${i}`, 2)));
  const states = await desk.db('orders').where({ type: 'sample' }).pluck('state');
  expect(states.filter((state) => state === 'placed')).toHaveLength(2);
  expect(states.filter((state) => state === 'rejected')).toHaveLength(4);
});

test('a sample does not grow by a change', async () => {
  await rule({ price: 'zero', limits: [{ days: 30, unitsPerItem: 5 }] });
  await desk.send('PO', sample('S1', 4));
  await desk.send('PC', ['BCH*04*SP*S1***20260302', 'POC*1*QI*40*40*EA***BP*AC-BOLT', 'CTT*1']);
  expect((await desk.sent('865'))[0]).toContain('MSG*a sample does not grow by a change: order another one');
  await desk.send('PC', ['BCH*04*SP*S1***20260302', 'POC*1*QD*3*3*EA***BP*AC-BOLT', 'CTT*1']);
  expect(await total('S1')).toBe(0);
});

describe('a sample at a share of the price', () => {
  beforeEach(async () => {
    await rule({ price: { percentOfPrice: '50' } });
  });

  test.each([
    ['the price of an order', '10'],
    ['the price of the sample', '5'],
  ])('costs that share where the purchase order states %s', async (_, stated) => {
    await desk.send('PO', sample('S1', 2, stated));
    expect(await desk.holds('S1')).toEqual([]);
    expect(await total('S1')).toBe(1000);
  });

  test('is looked at where it states another one; released, it costs that share, whoever’s price stands', async () => {
    for (const [po, priceOnRelease] of [
      ['S1', 'purchase-order'],
      ['S2', 'ours'],
    ] as const) {
      await desk.db('customer').update({ policy: JSON.stringify({ priceOnRelease }) });
      await desk.send('PO', sample(po, 2, '3'));
      expect(await desk.holds(po)).toEqual([
        'price: Line 1: the order says 3, our price is 5 (a sample costs 50 percent); 2 apart, 0 allowed',
      ]);
      await desk.decide(po, 'release');
      expect([await desk.holds(po), await total(po)]).toEqual([[], 1000]);
    }
  });

  test('has no promotion beside it, also once somebody has looked at its price', async () => {
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
    await desk.db('customer').update({ policy: JSON.stringify({ priceOnRelease: 'ours' }) });
    await desk.send('PO', sample('S1', 2, '3'));
    await desk.decide('S1', 'release');
    expect(await total('S1')).toBe(1000);
  });

  test('is asked for no other price by a change', async () => {
    await desk.send('PO', sample('S1'));
    await desk.send('PC', ['BCH*04*SP*S1***20260302', 'POC*1*PC*2*2*EA*1**BP*AC-BOLT', 'CTT*1']);
    expect((await desk.sent('865'))[0]).toContain(
      'MSG*what a sample costs follows from what is agreed for samples',
    );
    expect(await total('S1')).toBe(1000);
  });
});
