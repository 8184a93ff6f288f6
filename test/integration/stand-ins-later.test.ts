import { planShipments } from '../../application/fulfilment/plan-shipments';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { readLines } from '../../application/order/order-record';
import { placeOrder } from '../../application/order/place-order';
import { expectStock } from '../../application/stock/expect-stock';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { reserveCart } from '../../application/stock/reserve-cart';
import { line, NOW, purchaseOrder } from '../support/company';
import { OrderDesk } from '../support/order-desk';
import { shipOrder } from '../support/ship-order';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const short = { substitution: { of: 'all', cover: 'short-part', maximumIncreasePercent: '5' } };
const rule = (kind: string, scope: string, body: unknown) =>
  desk.db('rule').insert({ kind, scope, version: 1, body: JSON.stringify(body), valid_from: '2026-01-01' });

/** Six bolts; zinc ones, of which there are none yet, may come instead where that was agreed. */
async function begin({
  agreed = short as unknown,
  price = 'supplied',
  zinc = '9.50',
  ratio = 1,
  policy = {} as Readonly<Record<string, unknown>>,
} = {}): Promise<void> {
  desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 6 } }, policy });
  await desk.db('item').insert({
    id: 'BOLT-ZN',
    description: 'Zinc bolt',
    base_unit: 'EA',
    weight_grams: 100,
    units_per_carton: 10,
  });
  await desk.db('price').insert({ price_list_id: 'LIST', item_id: 'BOLT-ZN', unit: 'EA', unit_price: zinc });
  await rule('substitution', 'BOLT', { by: [{ item: 'BOLT-ZN', price, ratio }] });
  if (agreed !== null) await rule('supply-agreement', 'customer/ACME', agreed);
}

const order = (po: string, segment: string) => [
  `BEG*00*SA*${po}**20260302`,
  'N1*ST*Acme DC 1*92*DC1',
  segment,
  'CTT*1',
];
const bolts = (po: string, quantity: number) => order(po, `PO1*1*${quantity}*EA*10**BP*AC-BOLT`);
let receipts = 0;
async function receive(itemId: string, quantity: number): Promise<void> {
  receipts += 1;
  const body = { nodeId: 'EAST', lines: [{ itemId, quantity }] };
  const event = { counterparty: 'wms', eventId: `R-${receipts}`, kind: 'stock.received', body } as const;
  await desk.db.transaction((tx) => receiveCallback(tx, event, NOW));
}
async function plan(po: string): Promise<void> {
  const { id } = await desk.order(po);
  await desk.db.transaction((tx) => planShipments(tx, id, NOW));
}
const woken = () =>
  desk.db('graphile_worker.jobs').where({ task_identifier: 'signal-order' }).pluck('key') as Promise<
    string[]
  >;
const linesOf = async (po: string) =>
  (await readLines(desk.db, (await desk.order(po)).id)).map(
    ({
      line_number: line,
      item_id: item,
      ordered,
      cancelled,
      reserved,
      released,
      shipped,
      amount_minor: minor,
    }) =>
      `${line} ${item} ${ordered - cancelled}: ${reserved + released} set aside, ${shipped} gone, ${minor}`,
  );
const acks = async () =>
  (await desk.sent('855')).map((answer) => answer.filter((segment) => segment.startsWith('ACK')));

describe('a line that waits', () => {
  test('comes as what its buyer agreed to once that is there; the buyer hears it, and is billed for it', async () => {
    await begin();
    await desk.send('PO', bolts('B1', 10));
    await desk.answer('B1');
    await receive('BOLT-ZN', 3);
    // Stock of one item wakes who waits for another that it may stand in for.
    expect(await woken()).toEqual([`signal-order/${(await desk.order('B1')).id}`]);
    await desk.ship('B1');
    expect(await linesOf('B1')).toEqual([
      '1 BOLT 7: 0 set aside, 6 gone, 7000',
      '2 BOLT-ZN 3: 0 set aside, 3 gone, 2850',
    ]);
    expect(await acks()).toEqual([
      ['ACK*IA*6*EA', 'ACK*IB*4*EA'],
      ['ACK*IA*6*EA', 'ACK*IB*1*EA', 'ACK*IS*3*EA****VP*BOLT-ZN'],
    ]);
    await receive('BOLT-ZN', 5);
    await desk.ship('B1');
    expect(await linesOf('B1')).toEqual([
      '1 BOLT 6: 0 set aside, 6 gone, 6000',
      '2 BOLT-ZN 3: 0 set aside, 3 gone, 2850',
      '3 BOLT-ZN 1: 0 set aside, 1 gone, 950',
    ]);
    const { state, total_minor: total, invoiced_minor: invoiced } = await desk.order('B1');
    expect([state, Number(total), Number(invoiced)]).toEqual(['completed', 9_800, 9_800]);
    const told = await desk.db('order_event').where({ kind: 'supplied-instead' }).pluck('text');
    expect(told[0]).toBe('Line 1: 3 EA of BOLT waited and come as BOLT-ZN, as agreed (customer/ACME 1)');
    expect(await desk.db('decision').where({ kind: 'substitution' })).not.toEqual([]);
  });

  test('all of which waits becomes the other item, and by its ratio', async () => {
    await begin({ ratio: 2, price: 'ordered' });
    await desk.send('PO', bolts('B0', 6), bolts('B1', 4));
    await desk.answer('B1');
    await receive('BOLT-ZN', 8);
    await plan('B1');
    expect(await linesOf('B1')).toEqual(['1 BOLT-ZN 8: 8 set aside, 0 gone, 4000']);
    expect((await acks())[1]).toEqual(['ACK*IS*4*EA****VP*BOLT-ZN']);
  });

  test('waits on for what it was ordered as where nothing else was agreed', async () => {
    await begin({ agreed: null });
    await desk.send('PO', bolts('B1', 10));
    await desk.answer('B1');
    await receive('BOLT-ZN', 50);
    await plan('B1');
    expect(await linesOf('B1')).toEqual(['1 BOLT 10: 6 set aside, 0 gone, 10000']);
  });

  test('keeps waiting for the day that its buyer was told; once that day is lost something else comes', async () => {
    await begin();
    const expecting = (day: string) =>
      desk.db.transaction((tx) =>
        expectStock(
          tx,
          {
            number: 'PUR1',
            nodeId: 'EAST',
            usage: 'P',
            kind: 'purchase',
            source: 'Mill',
            expectedOn: day,
            lines: [{ itemId: 'BOLT', quantity: 10 }],
          },
          'olga',
          NOW,
        ),
      );
    await expecting('2026-03-20');
    await desk.send('PO', bolts('B1', 10));
    await desk.answer('B1');
    await receive('BOLT-ZN', 50);
    await plan('B1');
    expect(await linesOf('B1')).toEqual(['1 BOLT 10: 6 set aside, 0 gone, 10000']);
    await expecting('2026-03-27');
    await plan('B1');
    expect(await linesOf('B1')).toEqual([
      '1 BOLT 6: 6 set aside, 0 gone, 6000',
      '2 BOLT-ZN 4: 4 set aside, 0 gone, 3800',
    ]);
  });

  test('costs at most what was confirmed, though something dearer comes', async () => {
    await begin({ zinc: '10.40' });
    await desk.send('PO', bolts('B1', 10));
    await desk.answer('B1');
    await receive('BOLT-ZN', 50);
    await plan('B1');
    expect(await linesOf('B1')).toEqual([
      '1 BOLT 6: 6 set aside, 0 gone, 6000',
      '2 BOLT-ZN 4: 4 set aside, 0 gone, 4000',
    ]);
    expect(await desk.holds('B1')).toEqual([]);
  });

  test('leaves the other item to those who ordered it by its own number', async () => {
    await begin();
    await desk.send('PO', bolts('B1', 10));
    await desk.send('PO', order('Z1', 'PO1*1*5*EA***VP*BOLT-ZN'));
    await desk.answer('B1');
    await receive('BOLT-ZN', 6);
    await plan('B1');
    expect((await linesOf('B1'))[1]).toBe('2 BOLT-ZN 1: 1 set aside, 0 gone, 950');
    await plan('Z1');
    expect(await linesOf('Z1')).toEqual(['1 BOLT-ZN 5: 5 set aside, 0 gone, 4750']);
  });

  test('comes whole as something else where only that was agreed, while nothing of it has been set aside', async () => {
    await begin({
      agreed: { substitution: { of: 'all', cover: 'whole-line', maximumIncreasePercent: '5' } },
    });
    await desk.send('PO', bolts('B1', 4), bolts('B2', 4), bolts('B3', 9));
    await receive('BOLT-ZN', 8);
    for (const po of ['B1', 'B2', 'B3']) await desk.answer(po);
    for (const po of ['B1', 'B2', 'B3']) await plan(po);
    expect([await linesOf('B2'), await linesOf('B3')]).toEqual([
      // Two of it were there.
      ['1 BOLT 4: 2 set aside, 0 gone, 4000'],
      ['1 BOLT 9: 0 set aside, 0 gone, 9000'],
    ]);
    await receive('BOLT-ZN', 1);
    await plan('B3');
    expect(await linesOf('B3')).toEqual(['1 BOLT-ZN 9: 9 set aside, 0 gone, 8550']);
  });
});

describe('what is picked short', () => {
  test('comes as what was agreed where no other node has it', async () => {
    await begin();
    await desk.send('PO', bolts('S1', 6));
    await desk.answer('S1');
    await receive('BOLT-ZN', 50);
    await desk.ship('S1', null, { shipped: (item, quantity) => (item === 'BOLT' ? 4 : quantity) });
    expect(await linesOf('S1')).toEqual([
      '1 BOLT 4: 0 set aside, 4 gone, 4000',
      '2 BOLT-ZN 2: 2 set aside, 0 gone, 1900',
    ]);
    expect((await acks())[1]).toEqual(['ACK*IA*4*EA', 'ACK*IS*2*EA****VP*BOLT-ZN']);
    await desk.ship('S1');
    const invoices = await desk.sent('810');
    expect(invoices.map((one) => one.filter((segment) => /^(IT1|TDS)/.test(segment)))).toEqual([
      ['IT1*1*4*EA*10**BP*AC-BOLT', 'TDS*4000'],
      ['IT1*1*2*EA*9.5**VP*BOLT-ZN', 'TDS*1900'],
    ]);
    expect((await desk.order('S1')).state).toBe('completed');
  });

  test('is not cancelled where the buyer takes no backorders but something else', async () => {
    await begin({ policy: { backorder: false } });
    await desk.send('PO', bolts('S1', 6));
    await desk.answer('S1');
    await receive('BOLT-ZN', 1);
    await desk.ship('S1', null, { shipped: (item, quantity) => (item === 'BOLT' ? 4 : quantity) });
    expect(await linesOf('S1')).toEqual([
      '1 BOLT 4: 0 set aside, 4 gone, 4000',
      '2 BOLT-ZN 1: 1 set aside, 0 gone, 950',
    ]);
    expect((await desk.order('S1')).total_minor).toBe(4_950);
  });
});

describe('a line that a change adds', () => {
  const change = (po: string, ...lines: readonly string[]) => [
    `BCH*04*SA*${po}***20260302`,
    ...lines,
    `CTT*${lines.length}`,
  ];
  const answers = async () =>
    (await desk.sent('865')).map((one) => one.filter((segment) => /^(POC|ACK|MSG)/.test(segment)));

  test('comes as what its buyer agreed to where it is short; the 865 names it', async () => {
    await begin({ zinc: '10.40' });
    await receive('BOLT-ZN', 3);
    await desk.send('PO', order('A1', 'PO1*1*100*EA***VP*NUT'));
    await desk.answer('A1');
    await desk.send('PC', change('A1', 'POC*2*AI*10*10*EA*10**BP*AC-BOLT'));
    expect((await linesOf('A1')).slice(1)).toEqual([
      '2 BOLT 7: 6 set aside, 0 gone, 7000',
      '3 BOLT-ZN 3: 3 set aside, 0 gone, 3120',
    ]);
    expect(await answers()).toEqual([
      ['POC*2*AI*10*10*EA*10**BP*AC-BOLT', 'ACK*IA*6*EA', 'ACK*IB*1*EA', 'ACK*IS*3*EA****VP*BOLT-ZN'],
    ]);
    expect((await desk.order('A1')).total_minor).toBe(425 + 10_120);
  });

  test('waits for a person where what comes instead is dearer than was agreed', async () => {
    await begin({ zinc: '12.00' });
    await receive('BOLT-ZN', 3);
    await desk.send('PO', order('A1', 'PO1*1*100*EA***VP*NUT'), bolts('B0', 6));
    await desk.answer('A1');
    await desk.send('PC', change('A1', 'POC*2*AI*2*2*EA*10**BP*AC-BOLT'));
    expect(await linesOf('A1')).toHaveLength(1);
    expect(await answers()).toEqual([['POC*2*AI*2*2*EA*10**BP*AC-BOLT', 'ACK*IH*2*EA']]);
    expect(await desk.db('hold').where({ status: 'open' }).pluck('type')).toEqual(['price']);
  });

  test('that is a bundle comes as its components, whole, and is billed as the bundle', async () => {
    await begin({ agreed: { bundles: { of: 'all' } } });
    await rule('bundle', 'NUT', {
      components: [
        { item: 'BOLT', quantity: 2, share: 75 },
        { item: 'BOLT-ZN', quantity: 1, share: 25 },
      ],
    });
    await desk.db('price').where({ item_id: 'NUT' }).update({ unit_price: '10.01' });
    await desk.db('stock').insert([
      { item_id: 'WASHER', node_id: 'CENTRAL', on_hand: 12 },
      { item_id: 'BOLT-ZN', node_id: 'CENTRAL', on_hand: 2 },
    ]);
    await desk.send('PO', order('A2', 'PO1*1*12*EA*2.5**VP*WASHER'));
    await desk.answer('A2');
    await desk.send('PC', change('A2', 'POC*2*AI*3*3*EA***VP*NUT'));
    expect((await linesOf('A2')).slice(1)).toEqual([
      '2 BOLT 6: 4 set aside, 0 gone, 2252',
      '3 BOLT-ZN 3: 2 set aside, 0 gone, 751',
    ]);
    expect(await answers()).toEqual([['POC*2*AI*3*3*EA*10.01**VP*NUT', 'ACK*IA*2*EA', 'ACK*IB*1*EA']]);
    await desk.ship('A2');
    const [invoice = []] = await desk.sent('810');
    expect(invoice.filter((segment) => /^(IT1|TDS)/.test(segment))).toEqual([
      'IT1*1*12*EA*2.5**VP*WASHER',
      'IT1*2*2*EA*10.01**VP*NUT',
      'TDS*5002',
    ]);
  });

  test("locks what may come instead with the order's own: changes that go crosswise do not deadlock", async () => {
    await begin();
    await rule('substitution', 'BOLT-ZN', { by: [{ item: 'BOLT', price: 'ordered' }] });
    await receive('BOLT-ZN', 40);
    await receive('BOLT', 40);
    const numbers = Array.from({ length: 8 }, (_, i) => `X${i}`);
    await desk.send(
      'PO',
      ...numbers.map((po, i) => order(po, `PO1*1*1*EA***VP*${i % 2 === 0 ? 'BOLT' : 'BOLT-ZN'}`)),
    );
    for (const po of numbers) await desk.answer(po);
    await desk.raceChanges(
      numbers.map((po, i) => change(po, `POC*2*AI*4*4*EA***VP*${i % 2 === 0 ? 'BOLT-ZN' : 'BOLT'}`)),
    );
    const rows = await desk.db('order_line').where({ line_number: 2 });
    expect(rows.map((row) => row.reserved)).toEqual(numbers.map(() => 4));
  });
});

describe('a basket', () => {
  const reserve = (reference: string, itemId: string, quantity: number, allOrNothing = true) =>
    desk.db.transaction((tx) =>
      reserveCart(
        tx,
        {
          customerId: 'ACME',
          usage: 'P',
          channel: 'api',
          reference,
          minutes: 15,
          allOrNothing,
          lines: [{ itemId, quantity }],
        },
        NOW,
      ),
    );
  const buy = (itemId: string, quantity: number, more: Parameters<typeof purchaseOrder>[1] = {}) =>
    desk.db.transaction((tx) =>
      placeOrder(
        tx,
        purchaseOrder([line(itemId, String(quantity))], {
          channel: 'api',
          purchaseOrderNumber: `P-${more.cart ?? 'other'}`,
          ...more,
        }),
        NOW,
      ),
    );
  const kept = async () =>
    (await desk.db('stock_keep').where('quantity', '>', 0).orderBy(['item_id', 'node_id'])).map(
      (row) => `${row.item_id} ${row.node_id} ${row.quantity}`,
    );

  test('reserves what its order will be supplied with, also what comes instead; nobody else takes that meanwhile', async () => {
    await begin({ policy: { backorder: false } });
    await receive('BOLT-ZN', 4);
    expect(await reserve('basket', 'BOLT', 11)).toEqual({
      kind: 'short',
      missing: [expect.objectContaining({ lineNumber: 1, itemId: 'BOLT', quantity: 1 })],
    });
    expect(await reserve('basket', 'BOLT', 10)).toMatchObject({ kind: 'reserved', missing: [] });
    expect(await kept()).toEqual(['BOLT CENTRAL 6', 'BOLT-ZN EAST 4']);
    expect(await buy('BOLT-ZN', 1)).toMatchObject({ kind: 'short' });
    expect(await buy('BOLT', 10, { cart: 'basket' })).toMatchObject({ kind: 'placed' });
    expect(await linesOf('P-basket')).toEqual([
      '1 BOLT 6: 6 set aside, 0 gone, 6000',
      '2 BOLT-ZN 4: 4 set aside, 0 gone, 3800',
    ]);
    expect(await kept()).toEqual([]);
  });

  test('reserves the components of a bundle, whole ones, and says how many bundles are missing', async () => {
    await begin({ agreed: { bundles: { of: 'all' } }, policy: { backorder: false } });
    await rule('bundle', 'NUT', {
      components: [
        { item: 'BOLT', quantity: 2 },
        { item: 'BOLT-ZN', quantity: 3 },
      ],
    });
    await desk.db('stock').insert({ item_id: 'BOLT-ZN', node_id: 'CENTRAL', on_hand: 7 });
    expect(await reserve('set', 'NUT', 3)).toEqual({
      kind: 'short',
      missing: [expect.objectContaining({ lineNumber: 1, itemId: 'NUT', quantity: 1 })],
    });
    expect(await reserve('set', 'NUT', 2)).toMatchObject({ kind: 'reserved' });
    expect(await kept()).toEqual(['BOLT CENTRAL 4', 'BOLT-ZN CENTRAL 6']);
    expect(await buy('NUT', 2)).toMatchObject({ kind: 'short' });
    expect(await buy('NUT', 2, { cart: 'set' })).toMatchObject({ kind: 'placed' });
    expect(await kept()).toEqual([]);
  });

  test('reserves the item itself where nothing else was agreed', async () => {
    await begin({ agreed: null, policy: { backorder: false } });
    await receive('BOLT-ZN', 4);
    expect(await reserve('basket', 'BOLT', 10, false)).toMatchObject({ missing: [{ quantity: 4 }] });
    expect(await kept()).toEqual(['BOLT CENTRAL 6']);
  });
});

test('ten orders that wait take what comes instead between them, never more than there is', async () => {
  await begin();
  const numbers = Array.from({ length: 10 }, (_, i) => `R${i}`);
  await desk.send('PO', ...numbers.map((po) => bolts(po, 3)));
  for (const po of numbers) await desk.answer(po);
  await receive('BOLT-ZN', 11);
  const ids = await Promise.all(numbers.map(async (po) => (await desk.order(po)).id as string));
  await Promise.all([...ids, ...ids].map((id) => desk.db.transaction((tx) => planShipments(tx, id, NOW))));
  const lines = await desk.db('order_line').where({ item_id: 'BOLT-ZN' });
  expect(lines.reduce((sum, line) => sum + line.released, 0)).toBe(11);
  const [{ on_hand, reserved }] = await desk.db('stock').where({ item_id: 'BOLT-ZN' });
  expect([on_hand, reserved]).toEqual([11, 11]);
});

test('two short picks, each of which is covered by what the other is short of, wait for each other in turn', async () => {
  await begin();
  await rule('substitution', 'BOLT-ZN', { by: [{ item: 'BOLT', price: 'ordered', ratio: 1 }] });
  for (let round = 0; round < 6; round++) {
    await receive('BOLT', 10);
    await receive('BOLT-ZN', 10);
    const bolt = `X${round}`;
    const zinc = `Z${round}`;
    await desk.send('PO', bolts(bolt, 5), order(zinc, 'PO1*1*5*EA*9.5**VP*BOLT-ZN'));
    for (const po of [bolt, zinc]) await desk.answer(po);
    const ids = await Promise.all([bolt, zinc].map(async (po) => (await desk.order(po)).id as string));
    const halfOf = (_: string, quantity: number) => Math.floor(quantity / 2);
    await Promise.all(ids.map((id) => shipOrder(desk.db, id, halfOf)));
    // Whatever was short is covered by the node that has it, or by the other item: nobody waits.
    const rows = await desk.db('order_line').whereIn('order_id', ids);
    for (const { ordered, reserved, released, shipped } of rows)
      expect(reserved + released + shipped).toBe(ordered);
  }
});
