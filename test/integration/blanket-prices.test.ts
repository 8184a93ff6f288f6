import { reconcileRecord } from '../../application/stock/reconcile-record';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
const open = async (policy: Readonly<Record<string, unknown>> = {}) => {
  desk = await OrderDesk.open({ policy });
  await desk.send('PO', [
    'BEG*00*BK*B1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*1000*EA*7**VP*BOLT',
    'PO1*2*100*CA*24**VP*WASHER',
    'PO1*3*9000*EA*3.5*HP*VP*NUT',
    'CTT*3',
  ]);
  await desk.decide('B1', 'release');
  await desk.answer('B1');
};
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const callOff = (number: string, ...lines: readonly string[]) =>
  desk.send('PO', [
    `BEG*00*RL*B1*${number}*20260302`,
    'N1*ST*Acme DC 1*92*DC1',
    ...lines,
    `CTT*${lines.length}`,
  ]);
const priced = async (number: string) => {
  const { id } = await desk.order('B1', number);
  const rows = await desk.db('order_line').where({ order_id: id }).orderBy('line_number');
  return rows.map((row) => [Number(row.unit_price), row.amount_minor, row.price_decision.stands]);
};

describe('a release', () => {
  test('in another unit than its blanket order is at that price for its unit, not at the list’s', async () => {
    await open();
    await callOff('R1', 'PO1*2*24*EA***VP*WASHER');
    expect(await desk.holds('B1', 'R1')).toEqual([]);
    expect(await priced('R1')).toEqual([[2, 4800, 'blanket']]);
    // 2.50 is what the list says.
    await callOff('R2', 'PO1*2*24*EA*2.5**VP*WASHER');
    expect(await desk.holds('B1', 'R2')).toEqual([
      'price: Line 1: the order says 2.5, our price is 2 (the price of the blanket order); 0.5 apart, 0 allowed',
    ]);
  });

  test('in another price basis than its blanket order is compared with a price for as many', async () => {
    await open();
    await callOff('R1', 'PO1*3*200*EA*0.035**VP*NUT');
    await callOff('R2', 'PO1*3*200*EA*3.5*HP*VP*NUT');
    await callOff('R3', 'PO1*3*200*EA***VP*NUT');
    for (const number of ['R1', 'R2', 'R3']) expect(await desk.holds('B1', number)).toEqual([]);
    expect(await priced('R1')).toEqual([[0.035, 700, 'blanket']]);
    expect(await priced('R2')).toEqual([[3.5, 700, 'blanket']]);
    expect(await priced('R3')).toEqual([[3.5, 700, 'blanket']]);
  });

  test('at the list’s price is held where the blanket order agreed on another', async () => {
    await open();
    await desk.db('customer').update({ policy: JSON.stringify({ priceOnRelease: 'ours' }) });
    await callOff('R1', 'PO1*1*10*EA*10**VP*BOLT');
    expect(await desk.holds('B1', 'R1')).toEqual([
      'price: Line 1: the order says 10, our price is 7 (the price of the blanket order); 3 apart, 0 allowed',
    ]);
    await desk.decide('B1', 'release', 'R1');
    expect(await priced('R1')).toEqual([[7, 7000, 'ours']]);
  });

  test('within the tolerance of the blanket order’s price keeps what it says', async () => {
    await open({ priceTolerance: { percent: '1', absolute: '0' } });
    await callOff('R1', 'PO1*1*10*EA*7.05**VP*BOLT');
    await callOff('R2', 'PO1*1*10*EA*7.08**VP*BOLT');
    expect(await desk.holds('B1', 'R1')).toEqual([]);
    expect(await priced('R1')).toEqual([[7.05, 7050, 'blanket']]);
    expect(await desk.holds('B1', 'R2')).toEqual([expect.stringContaining('the order says 7.08')]);
  });

  test('in a unit for which the agreed price is not exact is held: nobody agreed to a rounded one', async () => {
    await open();
    await desk.db('item_unit').insert({ item_id: 'WASHER', unit: 'BX', factor: 7 });
    await desk.db('order_line').where({ unit: 'CA' }).update({ unit_price: '25' });
    await callOff('R1', 'PO1*2*1*BX***VP*WASHER');
    expect(await desk.holds('B1', 'R1')).toEqual([
      'price: Line 1: 25 per CA of the blanket order does not convert exactly to a price per BX',
    ]);
  });

  test('whose price is in dispute has no promotion, and one that makes up the difference settles nothing', async () => {
    await open();
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
    await callOff('R1', 'PO1*1*10*EA*9**VP*BOLT');
    expect(await desk.holds('B1', 'R1')).toEqual([expect.stringContaining('our price is 7')]);
    expect((await desk.order('B1', 'R1')).total_minor).toBe(9000);
  });

  test('that a change prices otherwise waits for a person, also at the list’s price', async () => {
    await open();
    await callOff('R1', 'PO1*1*10*EA*7**VP*BOLT');
    await desk.answer('B1', 'R1');
    await desk.send('PC', ['BCH*04*RL*B1*R1**20260302', 'POC*1*PC*10*10*EA*10**VP*BOLT', 'CTT*1']);
    expect(await desk.holds('B1', 'R1')).toEqual([
      expect.stringContaining('the order says 10, our price is 7 (the price of the blanket order)'),
    ]);
    expect(await priced('R1')).toEqual([[7, 7000, 'blanket']]);
  });
});
