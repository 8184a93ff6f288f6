import { readLines } from '../../application/order/order-record';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const rule = (kind: string, scope: string, body: unknown) =>
  desk.db('rule').insert({ kind, scope, version: 1, body: JSON.stringify(body), valid_from: '2026-01-01' });

/** A set of one drill and ten bits at 49.99, and bolts at 10. */
async function begin(setPrice = '49.99') {
  desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 100 } } });
  await desk.db('item').insert(
    ['SET', 'DRILL', 'BIT'].map((id) => ({
      id,
      description: id,
      base_unit: 'EA',
      weight_grams: 100,
      units_per_carton: 10,
    })),
  );
  await desk.db('price').insert({ price_list_id: 'LIST', item_id: 'SET', unit: 'EA', unit_price: '49.99' });
  await desk.db('stock').insert([
    { item_id: 'DRILL', node_id: 'CENTRAL', on_hand: 5 },
    { item_id: 'BIT', node_id: 'CENTRAL', on_hand: 100 },
  ]);
  await rule('bundle', 'SET', {
    components: [
      { item: 'DRILL', quantity: 1, share: 80 },
      { item: 'BIT', quantity: 10, share: 20 },
    ],
  });
  await rule('supply-agreement', 'customer/ACME', { bundles: { of: 'all' } });
  await desk.send('PO', [
    'BEG*00*SA*B1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    `PO1*1*3*EA*${setPrice}**VP*SET`,
    'DTM*002*20260320',
    'PO1*2*3*EA*10**BP*AC-BOLT',
    'CTT*2',
  ]);
  await desk.answer('B1');
}
const change = (purpose: '04' | '05', ...lines: readonly string[]) =>
  desk.send('PC', [
    `BCH*${purpose}*SA*B1***20260302`,
    ...lines,
    `CTT*${lines.filter((line) => line.startsWith('POC')).length}`,
  ]);
const answers = async () =>
  (await desk.sent('865')).map((one) => one.filter((segment) => /^(POC|ACK|MSG|CTT)/.test(segment)));
const ordered = async () => {
  const { id } = await desk.order('B1');
  return (await readLines(desk.db, id)).map((line) => [line.item_id, line.ordered - line.cancelled]);
};

test('an order that is sent anew as a whole repeats its bundle, or has less of it', async () => {
  await begin();
  const set = (quantity: number) => `POC*1*RZ*${quantity}*${quantity}*EA*49.99**VP*SET`;
  await change('05', set(3), 'DTM*002*20260320', 'POC*2*RZ*4*4*EA*10**BP*AC-BOLT');
  await change('04', set(2), 'DTM*002*20260320');
  await change('04', 'POC*1*RQ*1*1*EA***VP*SET', 'DTM*002*20260320');
  await change('04', 'POC*1*RQ*1*1*EA***VP*SET', 'DTM*002*20260327');
  expect(await answers()).toEqual([
    [
      'POC*1*RZ*3*3*EA*49.99**VP*SET',
      'ACK*IA*3*EA',
      'POC*2*RZ*4*4*EA*10**BP*AC-BOLT',
      'ACK*IA*4*EA',
      'CTT*2',
    ],
    ['POC*1*RZ*2*2*EA*49.99**VP*SET', 'ACK*IA*2*EA', 'CTT*1'],
    ['POC*1*RQ*1*1*EA*49.99**VP*SET', 'ACK*IA*1*EA', 'CTT*1'],
    [
      'POC*1*RQ*1*1*EA*49.99**VP*SET',
      'ACK*IA*1*EA',
      'MSG*line 1 is supplied as the components of SET: it can become less or be deleted; order what else is wanted as a line of its own',
      'CTT*1',
    ],
  ]);
  expect(await ordered()).toEqual([
    ['DRILL', 1],
    ['BOLT', 4],
    ['BIT', 10],
  ]);
});

test('a bundle that becomes none is deleted, with what it was held for', async () => {
  await begin('39.99');
  expect(await desk.holds('B1')).toEqual([expect.stringContaining('price: ')]);
  await change('04', 'POC*1*QD*0*0*EA***VP*SET');
  expect(await answers()).toEqual([['POC*1*QD*3*0*EA*39.99**VP*SET', 'ACK*ID*3*EA', 'CTT*1']]);
  expect(await desk.holds('B1')).toEqual([]);
  expect(Number((await desk.order('B1')).total_minor)).toBe(3_000);
});

test('a line that one change names several times is answered each time, as it stood then', async () => {
  await begin();
  await change(
    '04',
    'POC*2*QI*5*5*EA***BP*AC-BOLT',
    'POC*2*QI*7*7*CA***BP*AC-BOLT',
    'POC*1*QD*2*2*EA***VP*SET',
    'POC*1*QD*1*1*EA***VP*SET',
    'POC*2*QI*6*6*EA***BP*AC-BOLT',
  );
  expect(await answers()).toEqual([
    [
      'POC*2*QI*5*5*EA*10**BP*AC-BOLT',
      'ACK*IA*5*EA',
      'POC*2*QI*5*5*EA*10**BP*AC-BOLT',
      'ACK*IA*5*EA',
      'MSG*line 2 is ordered in EA, the change is in CA: delete the line and add it in the other unit',
      'POC*1*QD*2*2*EA*49.99**VP*SET',
      'ACK*IA*2*EA',
      'POC*1*QD*1*1*EA*49.99**VP*SET',
      'ACK*IA*1*EA',
      'POC*2*QI*6*6*EA*10**BP*AC-BOLT',
      'ACK*IA*6*EA',
      'CTT*5',
    ],
  ]);
});
