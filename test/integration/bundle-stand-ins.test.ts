import { readLines } from '../../application/order/order-record';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

type Nodes = Readonly<Record<string, number>>;
const rule = (kind: string, scope: string, body: unknown) =>
  desk.db('rule').insert({ kind, scope, version: 1, body: JSON.stringify(body), valid_from: '2026-01-01' });

/** A set of one drill and ten bits; BIT-2 may stand in for a bit, or two of BIT-5. */
async function begin(
  nodes: Readonly<Record<string, Nodes>>,
  agreed: Readonly<Record<string, unknown>> = { substitution: { of: 'all' } },
  bundles: Readonly<Record<string, unknown>> = {},
) {
  desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 100 } } });
  const items = ['SET', 'DRILL', 'DRILL-2', 'BIT', 'BIT-2', 'BIT-5'];
  await desk
    .db('item')
    .insert(
      items.map((id) => ({ id, description: id, base_unit: 'EA', weight_grams: 100, units_per_carton: 10 })),
    );
  const prices = { SET: '49.99', BIT: '1.00', 'BIT-2': '9.00' };
  await desk.db('price').insert(
    Object.entries(prices).map(([item_id, unit_price]) => ({
      price_list_id: 'LIST',
      item_id,
      unit: 'EA',
      unit_price,
    })),
  );
  await desk
    .db('stock')
    .insert(
      Object.entries(nodes).flatMap(([item_id, at]) =>
        Object.entries(at).map(([node_id, on_hand]) => ({ item_id, node_id, on_hand })),
      ),
    );
  await rule('bundle', 'SET', {
    components: [
      { item: 'DRILL', quantity: 1, share: 80 },
      { item: 'BIT', quantity: 10, share: 20 },
    ],
  });
  await rule('substitution', 'BIT', { by: [{ item: 'BIT-2' }, { item: 'BIT-5', ratio: 2 }] });
  await rule('substitution', 'DRILL', { by: [{ item: 'DRILL-2' }] });
  await rule('supply-agreement', 'customer/ACME', { bundles: { of: 'all', ...bundles }, ...agreed });
}
const order = (po: string, ...lines: readonly string[]) =>
  desk.send('PO', [`BEG*00*SA*${po}**20260302`, 'N1*ST*Acme DC 1*92*DC1', ...lines, `CTT*${lines.length}`]);
const sets = (quantity: number) => `PO1*1*${quantity}*EA*49.99**VP*SET`;
const linesOf = async (po: string) => {
  const { id } = await desk.order(po);
  return (await readLines(desk.db, id)).map(({ item_id, ordered, reserved, amount_minor }) => [
    item_id,
    ordered,
    reserved,
    amount_minor,
  ]);
};
const only = (segments: readonly string[] | undefined, pattern: RegExp) =>
  segments?.filter((segment) => pattern.test(segment));

test('a component that is not there comes as what the buyer has agreed to; the bundle’s price and its split stay', async () => {
  await begin({ DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 9 }, 'BIT-2': { CENTRAL: 100 } });
  await order('B1', sets(3));
  expect(await desk.holds('B1')).toEqual([]);
  expect(await linesOf('B1')).toEqual([
    ['DRILL', 3, 3, 11_998],
    ['BIT-2', 30, 30, 2_999],
  ]);
  const [, bits] = await readLines(desk.db, (await desk.order('B1')).id);
  expect(bits?.supply).toMatchObject({
    kind: 'component',
    bundle: 'SET',
    weights: [80, 20],
    instead: { of: 'BIT', because: 'short', rule: 'substitution/BIT', agreement: 'customer/ACME 1' },
  });
  const decision = await desk.db('decision').where({ kind: 'substitution' }).first('outcome');
  expect(decision.outcome).toMatchObject([{ line: 2, of: 'BIT', by: 'BIT-2', covers: 30, missing: 30 }]);
  await desk.answer('B1');
  expect(only((await desk.sent('855'))[0], /^(PO1|ACK)/)).toEqual([sets(3), 'ACK*IA*3*EA']);
  await desk.ship('B1');
  expect(only((await desk.sent('856'))[0], /^(LIN|SN1)/)).toEqual([
    'LIN*1*VP*DRILL',
    'SN1*1*3*EA**3*EA',
    'LIN*1*VP*BIT-2',
    'SN1*1*30*EA**30*EA',
  ]);
  expect(only((await desk.sent('810'))[0], /^(IT1|TDS)/)).toEqual(['IT1*1*3*EA*49.99**VP*SET', 'TDS*14997']);
  const { lines } = await desk.db('invoice').first('lines');
  expect(lines[0].components).toEqual([
    { itemId: 'DRILL', baseUnits: 3, amountMinor: 11_998 },
    { itemId: 'BIT-2', baseUnits: 30, amountMinor: 2_999 },
  ]);
  expect((await desk.order('B1')).state).toBe('completed');
});

test('by the ratio of the stand-in, the next where the first is not there, several components where it takes that', async () => {
  await begin({ 'DRILL-2': { EAST: 4 }, 'BIT-2': { CENTRAL: 19 }, 'BIT-5': { EAST: 40 } });
  await order('B1', sets(2));
  expect(await linesOf('B1')).toEqual([
    ['DRILL-2', 2, 2, 7_998],
    ['BIT-5', 40, 40, 2_000],
  ]);
  await desk.answer('B1');
  await desk.ship('B1');
  expect(only((await desk.sent('856'))[0], /^(LIN|SN1)/)).toEqual([
    'LIN*1*VP*DRILL-2',
    'SN1*1*2*EA**2*EA',
    'LIN*1*VP*BIT-5',
    'SN1*1*40*EA**40*EA',
  ]);
  expect(only((await desk.sent('810'))[0], /^(IT1|TDS)/)).toEqual(['IT1*1*2*EA*49.99**VP*SET', 'TDS*9998']);
});

test('only where that is agreed, for the component that is short, and where nothing else lacks it then', async () => {
  const there = { DRILL: { CENTRAL: 5 }, 'DRILL-2': { CENTRAL: 5 }, 'BIT-2': { CENTRAL: 30 } };
  await begin(there, { substitution: { of: { items: ['DRILL'], classes: [] } } });
  await order('B1', sets(2));
  expect(await linesOf('B1')).toEqual([
    ['DRILL', 2, 0, 7_998],
    ['BIT', 20, 0, 2_000],
  ]);
  await desk.close();
  await begin(there);
  // The second line names it by itself: only what that leaves is for the bundles.
  await order('B1', sets(2), 'PO1*2*20*EA*9**VP*BIT-2');
  expect((await linesOf('B1')).map(([item, ordered, had]) => [item, ordered, had])).toEqual([
    ['DRILL', 1, 0],
    ['BIT-2', 20, 20],
    ['BIT', 10, 0],
    ['DRILL', 1, 1],
    ['BIT-2', 10, 10],
  ]);
});

describe('a line of which some bundles are short', () => {
  const there = { DRILL: { CENTRAL: 5 }, BIT: { CENTRAL: 20 }, 'BIT-2': { CENTRAL: 100 } };

  test('has those alone with something else; answer, notice and invoices are of its bundles, to the cent', async () => {
    await begin(there);
    await order('B1', sets(3));
    expect(await desk.holds('B1')).toEqual([]);
    expect(await linesOf('B1')).toEqual([
      ['DRILL', 2, 2, 7_998],
      ['BIT', 20, 20, 2_000],
      ['DRILL', 1, 1, 3_999],
      ['BIT-2', 10, 10, 1_000],
    ]);
    expect(Number((await desk.order('B1')).total_minor)).toBe(14_997);
    await desk.answer('B1');
    expect(only((await desk.sent('855'))[0], /^(PO1|ACK|CTT)/)).toEqual([
      'PO1*1*3*EA*49.99**VP*SET',
      'ACK*IA*3*EA',
      'CTT*1',
    ]);
    await desk.ship('B1');
    expect(only((await desk.sent('856'))[0], /^(LIN|SN1)/)).toEqual([
      'LIN*1*VP*DRILL',
      'SN1*1*2*EA**2*EA',
      'LIN*1*VP*BIT',
      'SN1*1*20*EA**20*EA',
      'LIN*1*VP*DRILL',
      'SN1*1*1*EA**1*EA',
      'LIN*1*VP*BIT-2',
      'SN1*1*10*EA**10*EA',
    ]);
    expect((await desk.sent('810')).flatMap((one) => only(one, /^(IT1|TDS)/) ?? [])).toEqual([
      'IT1*1*3*EA*49.99**VP*SET',
      'TDS*14997',
    ]);
    expect((await desk.order('B1')).state).toBe('completed');
  });

  test('has of the stand-in what is there, of the next the rest; what nothing covers waits', async () => {
    await begin({ ...there, BIT: { CENTRAL: 10 }, 'BIT-2': { CENTRAL: 19 }, 'BIT-5': { EAST: 25 } });
    await desk.db('stock').insert({ item_id: 'DRILL', node_id: 'EAST', on_hand: 9 });
    await order('B1', sets(5));
    expect(await linesOf('B1')).toEqual([
      ['DRILL', 3, 1, 11_998],
      ['BIT', 30, 10, 2_999],
      ['DRILL', 1, 1, 3_999],
      ['BIT-2', 10, 10, 1_000],
      ['DRILL', 1, 1, 3_999],
      ['BIT-5', 20, 20, 1_000],
    ]);
    await desk.answer('B1');
    expect(only((await desk.sent('855'))[0], /^ACK/)).toEqual(['ACK*IA*3*EA', 'ACK*IB*2*EA']);
    await desk.ship('B1');
    expect(
      (await desk.sent('810')).flatMap((one) => only(one, /^IT1/) ?? []).map((it1) => it1.split('*')[2]),
    ).toEqual(['2', '1']);
    await desk.db('stock').where({ item_id: 'BIT', node_id: 'CENTRAL' }).update({ on_hand: 40 });
    await desk.ship('B1');
    const billed = await desk.db('invoice').sum('total_minor as sum').first();
    expect(Number(billed?.sum)).toBe(24_995);
    expect((await desk.order('B1')).state).toBe('completed');
  });

  test('that shares a carton is announced as one line', async () => {
    await begin(there);
    await order('B1', sets(3));
    await desk.answer('B1');
    await desk.ship('B1', null, { oneCarton: true });
    expect(only((await desk.sent('856'))[0], /^(LIN|SN1)/)).toEqual(['LIN*1*VP*SET', 'SN1*1*3*EA**3*EA']);
  });

  test('has all of them with something else where only that is agreed', async () => {
    await begin(there, { substitution: { of: 'all', cover: 'whole-line' } });
    await order('B1', sets(3));
    expect(await linesOf('B1')).toMatchObject([
      ['DRILL', 3, 3, 11_998],
      ['BIT-2', 30, 30, 2_999],
    ]);
  });

  test('is billed to the cent where one make is picked short and what is left of it is cancelled', async () => {
    await begin(there);
    await order('B1', sets(3));
    await desk.answer('B1');
    await desk.ship('B1', null, { shipped: (item, quantity) => (item === 'BIT-2' ? 0 : quantity) });
    expect((await desk.sent('810')).map((one) => only(one, /^(IT1|TDS)/))).toEqual([
      ['IT1*1*2*EA*49.99**VP*SET', 'TDS*9998'],
    ]);
    await desk.send('PC', ['BCH*01*SA*B1***20260302', 'CTT*0']);
    expect((await desk.order('B1')).state).toBe('completed');
    const billed = await desk.db('invoice').orderBy('invoice_number').pluck('total_minor');
    expect(billed.map(Number)).toEqual([9_998, 3_999]);
    expect(Number((await desk.order('B1')).total_minor)).toBe(13_997);
  });

  test('becomes less as far as nothing of it has left, whatever it was supplied as', async () => {
    await begin({ ...there, 'BIT-2': { CENTRAL: 10 } });
    await order('B1', sets(5));
    await desk.answer('B1');
    await desk.ship('B1');
    const become = (quantity: number) =>
      desk.send('PC', ['BCH*04*SA*B1***20260302', `POC*1*QD*${quantity}*${quantity}*EA***VP*SET`, 'CTT*1']);
    await become(4);
    await become(2);
    await become(3);
    expect((await desk.sent('865')).map((one) => only(one, /^(ACK|MSG)/))).toEqual([
      ['ACK*IA*3*EA', 'ACK*IB*1*EA'],
      ['ACK*IA*3*EA', 'ACK*IB*1*EA', 'MSG*3 of line 1 are at the warehouse or gone, so it cannot become 2'],
      ['ACK*IA*3*EA'],
    ]);
    expect((await desk.order('B1')).state).toBe('completed');
    const billed = await desk.db('invoice').sum('total_minor as sum').first();
    expect(Number(billed?.sum)).toBe(14_997);
  });

  test('becomes less by what waits, then by what comes instead, then by what was ordered', async () => {
    await begin({ ...there, 'BIT-2': { CENTRAL: 10 } });
    await order('B1', sets(4));
    await desk.answer('B1');
    const become = async (quantity: number) => {
      const poc = `POC*1*QD*${quantity}*${quantity}*EA***VP*SET`;
      await desk.send('PC', ['BCH*04*SA*B1***20260302', poc, 'CTT*1']);
      return (await linesOf('B1')).map(([item, ordered, reserved]) => `${item} ${reserved}/${ordered}`);
    };
    expect(await become(3)).toEqual(['DRILL 2/2', 'BIT 20/20', 'DRILL 1/1', 'BIT-2 10/10']);
    expect(await become(2)).toEqual(['DRILL 2/2', 'BIT 20/20', 'DRILL 0/0', 'BIT-2 0/0']);
    expect(await become(1)).toEqual(['DRILL 1/1', 'BIT 10/10', 'DRILL 0/0', 'BIT-2 0/0']);
    expect(Number((await desk.order('B1')).total_minor)).toBe(4_999);
    expect(await become(0)).toEqual(['DRILL 0/1', 'BIT 0/10', 'DRILL 0/0', 'BIT-2 0/0']);
    expect((await desk.order('B1')).state).toBe('cancelled');
    expect((await desk.sent('865')).map((one) => only(one, /^(ACK|MSG)/))).toEqual([
      ['ACK*IA*3*EA'],
      ['ACK*IA*2*EA'],
      ['ACK*IA*1*EA'],
      ['ACK*ID*1*EA'],
    ]);
  });
});

test('components that come separately: what is there comes as it is, what is not as something else', async () => {
  const agreed = { substitution: { of: 'all', documents: 'ordered' } };
  await begin({ DRILL: { CENTRAL: 2 }, 'DRILL-2': { CENTRAL: 9 }, 'BIT-2': { EAST: 20 } }, agreed, {
    components: 'separately',
    documents: 'components',
  });
  await order('B1', sets(2));
  expect(await linesOf('B1')).toMatchObject([
    ['DRILL', 2, 2, 7_998],
    ['BIT-2', 20, 20, 2_000],
  ]);
  await desk.answer('B1');
  await desk.ship('B1');
  // By the number that was ordered, as it is agreed.
  const announced = (await desk.sent('856')).flatMap((one) => only(one, /^LIN/) ?? []);
  expect(new Set(announced)).toEqual(new Set(['LIN*1*VP*DRILL', 'LIN*1*VP*BIT']));
  expect((await desk.order('B1')).state).toBe('completed');
});

test('orders at the same moment, each in need of the other’s ordered item, take no unit twice and do not deadlock', async () => {
  await begin({ DRILL: { CENTRAL: 40 }, 'BIT-2': { CENTRAL: 55 } });
  await Promise.all(
    Array.from({ length: 8 }, (_, at) => order(`R${at}`, at % 2 === 0 ? sets(1) : 'PO1*1*5*EA*9**VP*BIT-2')),
  );
  const taken = await desk.db('stock').where({ item_id: 'BIT-2' }).first('on_hand', 'reserved');
  const given = await desk.db('reservation').where({ item_id: 'BIT-2' }).sum('quantity as sum').first();
  expect(Number(given?.sum)).toBe(taken.reserved);
  expect(taken.reserved).toBeLessThanOrEqual(taken.on_hand);
  expect(taken.reserved).toBeGreaterThanOrEqual(50);
});
