import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { changeOf, line, NOW, purchaseOrder } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
const open = async (policy: Readonly<Record<string, unknown>> = {}) => {
  desk = await OrderDesk.open({ policy });
};
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const rule = (kind: string, scope: string, body: Readonly<Record<string, unknown>>) =>
  desk.db('rule').insert({ kind, scope, version: 1, valid_from: '2026-01-01', body: JSON.stringify(body) });
const order = (type: string, ...lines: readonly string[]) =>
  desk.send('PO', [`BEG*00*${type}*P1**20260302`, 'N1*ST*Acme DC 1*92*DC1', ...lines, `CTT*${lines.length}`]);
const cancelLine = (number: number, quantity: number, item: string) =>
  desk.send('PC', ['BCH*01*SA*P1***20260302', `POC*${number}*DI*${quantity}*0*EA***VP*${item}`, 'CTT*1']);
const totals = async () => {
  const row = await desk.db('orders').first();
  return [row.subtotal_minor, row.charges_minor, row.tax_minor, row.total_minor];
};
const invoiced = async () => {
  const rows = await desk.db('invoice').orderBy('id');
  return rows.map((row) => [row.subtotal_minor, row.charges_minor, row.tax_minor, row.total_minor]);
};
const given = async (promotionId: string) => {
  const use = await desk.db('promotion_use').where({ promotion_id: promotionId }).first();
  return use?.amount_minor;
};

describe('a promotion of the whole order that is for some of its lines', () => {
  const tenOffBolts = () =>
    rule('promotion', 'TEN', {
      name: 'ten off bolts',
      validFrom: '2026-01-01',
      items: ['BOLT'],
      currency: 'USD',
      benefit: { kind: 'percent', percent: '10', of: 'order' },
      maximumMinor: 100_000,
    });
  const twoLines = () => order('SA', 'PO1*1*10*EA*10**VP*BOLT', 'PO1*2*10000*EA*0.0425**VP*NUT');
  /** What is rejected by us leaves what remains its share, as it stands: it is not priced anew. */
  const reject = async (lineNumber: number) => {
    const { id: orderId } = await desk.order('P1');
    const [hold] = await desk
      .db('hold')
      .where({ order_id: orderId, line_number: lineNumber, status: 'open' })
      .limit(1);
    expect(hold).toBeDefined();
    await desk.decide('P1', 'reject');
  };

  test('goes with them, and its budget has it back', async () => {
    await open();
    await tenOffBolts();
    await rule('validation', 'customer/ACME', {
      checks: [{ check: 'maximum-quantity', outcome: 'hold', maximum: '5', items: ['BOLT'] }],
    });
    await desk.db('rule').insert({
      kind: 'authority',
      scope: 'sales',
      version: 2,
      valid_from: '2026-01-01',
      body: JSON.stringify({ holdTypes: ['validation'], maximumMinor: null, secondPersonAboveMinor: null }),
    });
    await twoLines();
    expect(await totals()).toEqual([52_500, -1000, 0, 51_500]);
    await reject(1);
    expect(await totals()).toEqual([42_500, 0, 0, 42_500]);
    expect(await given('TEN')).toBe(0);
  });

  test('stays whole where another line goes', async () => {
    await open();
    await tenOffBolts();
    await rule('validation', 'customer/ACME', {
      checks: [{ check: 'maximum-quantity', outcome: 'hold', maximum: '5', items: ['NUT'] }],
    });
    await desk.db('rule').insert({
      kind: 'authority',
      scope: 'sales',
      version: 2,
      valid_from: '2026-01-01',
      body: JSON.stringify({ holdTypes: ['validation'], maximumMinor: null, secondPersonAboveMinor: null }),
    });
    await twoLines();
    await reject(2);
    expect(await totals()).toEqual([10_000, -1000, 0, 9000]);
    expect(await given('TEN')).toBe(1000);
  });
});

test('allowances come to no more than the goods: an order of little is for nothing, and so is its invoice', async () => {
  await open({
    taxPercent: '10',
    charges: [
      { indicator: 'allowance', code: 'C310', description: 'Rebate', amountMinor: 5000 },
      { indicator: 'charge', code: 'D240', description: 'Freight', amountMinor: 500 },
    ],
  });
  await order('SA', 'PO1*1*3*EA*10**VP*BOLT', 'PO1*2*1*EA***VP*BOLT');
  await desk.answer('P1');
  expect(await totals()).toEqual([4000, -4000, 0, 0]);
  await cancelLine(2, 1, 'BOLT');
  expect(await totals()).toEqual([3000, -3000, 0, 0]);
  await desk.ship('P1');
  expect(await invoiced()).toEqual([[3000, -3000, 0, 0]]);
  expect((await desk.sent('810'))[0]).toContain('TDS*0');
});

test('a promotion stands before a rebate that leaves nothing: its budget has given what the order has of it', async () => {
  await open({
    charges: [{ indicator: 'allowance', code: 'C310', description: 'Rebate', amountMinor: 9500 }],
  });
  await rule('promotion', 'TEN', {
    name: 'ten percent',
    validFrom: '2026-01-01',
    currency: 'USD',
    maximumMinor: 100_000,
    benefit: { kind: 'percent', percent: '10' },
  });
  await order('SA', 'PO1*1*10*EA*10**VP*BOLT');
  expect(
    (await desk.order('P1')).charges.map(({ amountMinor }: { amountMinor: number }) => amountMinor),
  ).toEqual([9000, 1000]);
  expect(await totals()).toEqual([10_000, -10_000, 0, 0]);
  expect(await given('TEN')).toBe(1000);
});

test('a sample that costs nothing has no freight either: nothing of it takes credit or waits for an invoice', async () => {
  await open({
    taxPercent: '10',
    charges: [{ indicator: 'charge', code: 'D240', description: 'Freight', amountMinor: 1500 }],
  });
  await rule('sample', '*', { price: 'zero', limits: [], zeroInvoice: 'zero' });
  await order('SP', 'PO1*1*3*EA***VP*BOLT');
  expect(await totals()).toEqual([0, 0, 0, 0]);
  await desk.answer('P1');
  await desk.ship('P1');
  expect(await invoiced()).toEqual([[0, 0, 0, 0]]);
});

test('a price that has the promotion in it is agreed for every place that the line goes to', async () => {
  await open({ storeQuantities: 'ship-to' });
  await desk.db('ship_to').insert({
    customer_id: 'ACME',
    qualifier: '92',
    code: 'DC2',
    name: 'Acme DC 2',
    address: JSON.stringify({
      lines: ['2 Yard Street'],
      city: 'Chicago',
      postalCode: '60602',
      country: 'US',
    }),
  });
  await rule('promotion', 'TEN', {
    name: 'ten percent',
    validFrom: '2026-01-01',
    benefit: { kind: 'percent', percent: '10' },
  });
  await desk.send('PO', [
    'BEG*00*SA*P1**20260302',
    'PO1*1*10*EA*9**VP*BOLT',
    'SDQ*EA*92*DC1*4*DC2*6',
    'CTT*1',
  ]);
  expect(await desk.holds('P1')).toEqual([]);
  const { id } = await desk.order('P1');
  const rows = await desk.db('order_line').where({ order_id: id }).orderBy('line_number');
  expect(rows.map((row) => [row.amount_minor, row.price_decision.stands])).toEqual([
    [3600, 'purchase-order'],
    [5400, 'purchase-order'],
  ]);
});

test('an order is charged and taxed by what it was placed with: whoever cancels a line pays no new freight', async () => {
  const freight = (amountMinor: number) => ({
    charges: [{ indicator: 'charge', code: 'D240', description: 'Freight', amountMinor }],
  });
  await open({ taxPercent: '5', ...freight(1500) });
  await order('SA', 'PO1*1*10*EA*10**VP*BOLT', 'PO1*2*100*EA***VP*NUT');
  expect(await totals()).toEqual([10_425, 1500, 596, 12_521]);
  await desk.db('customer').update({ policy: JSON.stringify({ taxPercent: '10', ...freight(2500) }) });
  await cancelLine(2, 100, 'NUT');
  expect(await totals()).toEqual([10_000, 1500, 575, 12_075]);
  await desk.answer('P1');
  await desk.ship('P1');
  expect(await invoiced()).toEqual([[10_000, 1500, 575, 12_075]]);
});

test('a sample without an invoice is given no price afterwards: nobody would be billed for it', async () => {
  await open();
  await rule('sample', '*', { price: 'zero', limits: [], zeroInvoice: 'none' });
  await rule('price-override', 'sales', {});
  await order('SP', 'PO1*1*3*EA***VP*BOLT');
  const { id } = await desk.order('P1');
  const priced = purchaseOrder([], { type: 'sample', purchaseOrderNumber: 'P1' });
  const outcome = await desk.db.transaction(async (tx) => {
    const override = { unitPrice: '5', reason: 'price-error', note: '', person: 'sam', roles: ['sales'] };
    const lines = [
      { kinds: ['price'] as const, changeCode: 'PC', lineNumber: 1, line: line('BOLT', '3'), override },
    ];
    const received = await receiveOrderChange(tx, changeOf(priced, { orderId: id, lines }), NOW);
    return received.kind === 'recorded' ? applyOrderChange(tx, received.changeId, NOW) : received;
  });
  expect(outcome).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('the sample has no invoice'),
  });
  expect(await totals()).toEqual([0, 0, 0, 0]);
});
