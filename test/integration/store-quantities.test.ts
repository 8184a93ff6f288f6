import { buildLabelRequest } from '../../application/fulfilment/build-label-request';
import { buildRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const storeId = (n: number) => String(n).padStart(4, '0');
const addressOf = (n: number) => ({
  lines: [`${n} High Street`],
  city: 'Toledo',
  region: 'OH',
  postalCode: '43604',
  country: 'US',
});

async function addStores(...numbers: readonly number[]): Promise<void> {
  await desk.db('ship_to').insert(
    numbers.map((n) => ({
      customer_id: 'ACME',
      qualifier: '92',
      code: storeId(n),
      name: `Store ${n}`,
      address: JSON.stringify(addressOf(n)),
    })),
  );
}

/** SDQ segments of ten locations each. */
function sdq(unit: string, quantities: readonly (readonly [number, number])[]): string[] {
  const segments: string[] = [];
  for (let from = 0; from < quantities.length; from += 10) {
    const pairs = quantities
      .slice(from, from + 10)
      .map(([store, quantity]) => `${storeId(store)}*${quantity}`);
    segments.push(`SDQ*${unit}*92*${pairs.join('*')}`);
  }
  return segments;
}
const all = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const order = (po: string, ...lines: readonly string[]) => [
  `BEG*00*SA*${po}**20260302`,
  'N1*BY*Acme*92*HQ',
  ...lines,
  `CTT*${lines.filter((line) => line.startsWith('PO1')).length}`,
];
const first = (segments: readonly string[] | undefined, id: string) =>
  segments?.find((segment) => segment.startsWith(`${id}*`));

test('a line for fifty stores is fifty shipments with a notice and an invoice each, and one line of the 855', async () => {
  desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 200, EAST: 75 }, NUT: { CENTRAL: 5000 } } });
  await addStores(...all(50));
  const bolts = all(50).map((n) => [n, n % 2 === 0 ? 4 : 7] as const);
  const nuts = all(30).map((n) => [n, 33] as const);
  await desk.send(
    'PO',
    order(
      'PO1',
      'PO1*1*275*EA*9**BP*AC-BOLT',
      ...sdq('EA', bolts),
      'PO1*2*990*EA*0.0425**VP*NUT',
      ...sdq('EA', nuts),
    ),
  );
  expect(await desk.holds('PO1')).toEqual([]);
  const { id } = await desk.order('PO1');
  const lines = await desk.db('order_line').where({ order_id: id });
  expect(lines).toHaveLength(80);
  expect(lines.every((line) => line.reserved === line.ordered)).toBe(true);

  await desk.answer('PO1');
  const [answer = []] = await desk.sent('855');
  expect(answer.filter((segment) => /^(PO1|ACK|CTT)/.test(segment))).toEqual([
    'PO1*1*275*EA*9**BP*AC-BOLT',
    'ACK*IA*275*EA',
    'PO1*2*990*EA*0.0425**VP*NUT',
    'ACK*IA*990*EA',
    'CTT*2',
  ]);

  await desk.ship('PO1');
  const notices = await desk.sent('856');
  // Stores whose goods lie in two warehouses get two.
  const shipTos = notices.map((notice) => first(notice, 'N1*ST'));
  expect(new Set(shipTos).size).toBe(50);
  expect(first(notices[0], 'N3')).toBeDefined();
  const invoices = await desk.sent('810');
  expect(invoices).toHaveLength(notices.length);
  const hundredths = invoices.map((invoice) => Number(first(invoice, 'TDS')?.split('*')[1]));
  const { total_minor, invoiced_minor, state } = await desk.order('PO1');
  // 275 x 9.00 and thirty stores at round(33 x 0.0425) = 1.40
  expect(total_minor).toBe(247_500 + 30 * 140);
  expect([hundredths.reduce((sum, one) => sum + one, 0), invoiced_minor]).toEqual([total_minor, total_minor]);
  expect(state).toBe('completed');
  const billed = invoices.flatMap((invoice) => invoice.filter((segment) => segment.startsWith('IT1*1*')));
  expect(billed.reduce((sum, segment) => sum + Number(segment.split('*')[2]), 0)).toBe(275);
}, 60_000);

test('each store’s goods are labelled and released to its own door', async () => {
  desk = await OrderDesk.open();
  await addStores(1, 2);
  await desk.send(
    'PO',
    order(
      'PO1',
      'PO1*1*30*EA*10**BP*AC-BOLT',
      ...sdq('EA', [
        [1, 10],
        [2, 20],
      ]),
    ),
  );
  await desk.answer('PO1');
  await desk.ship('PO1');
  const { id } = await desk.order('PO1');
  const shipments = (await desk.db('shipment').where({ order_id: id }).orderBy('sequence')) as {
    id: string;
  }[];
  expect(shipments).toHaveLength(2);
  for (const [i, shipment] of shipments.entries()) {
    expect((await buildLabelRequest(desk.db, shipment.id)).to).toEqual({
      name: `Store ${i + 1}`,
      address: addressOf(i + 1),
    });
    expect((await buildRelease(desk.db, shipment.id)).shipTo.id).toBe(storeId(i + 1));
  }
});

test('what is short is backordered store by store; the 855 says it of the line as a whole', async () => {
  desk = await OrderDesk.open({ stock: { BOLT: { CENTRAL: 25 } } });
  await addStores(1, 2, 3);
  await desk.send(
    'PO',
    order(
      'PO1',
      'PO1*1*30*EA*10**BP*AC-BOLT',
      ...sdq('EA', [
        [1, 10],
        [2, 10],
        [3, 10],
      ]),
    ),
  );
  await desk.answer('PO1');
  const [answer = []] = await desk.sent('855');
  expect(answer.filter((segment) => segment.startsWith('ACK'))).toEqual(['ACK*IA*25*EA', 'ACK*IB*5*EA']);
  await desk.ship('PO1');
  await desk.db('stock').where({ item_id: 'BOLT', node_id: 'CENTRAL' }).update({ on_hand: 5 });
  await desk.ship('PO1');
  const notices = await desk.sent('856');
  expect(notices.map((notice) => [first(notice, 'N1*ST')?.split('*')[4], first(notice, 'SN1')])).toEqual([
    ['0001', 'SN1*1*10*EA**10*EA'],
    ['0002', 'SN1*1*10*EA**10*EA'],
    ['0003', 'SN1*1*5*EA**10*EA'],
    ['0003', 'SN1*1*5*EA**10*EA'],
  ]);
});

test('a store that nobody knows holds its line by name, and is shipped to once it is there', async () => {
  desk = await OrderDesk.open();
  await addStores(1);
  await desk.send(
    'PO',
    order(
      'PO1',
      'PO1*1*30*EA*10**BP*AC-BOLT',
      ...sdq('EA', [
        [1, 10],
        [7, 20],
      ]),
    ),
  );
  expect(await desk.holds('PO1')).toEqual([
    "ship-to: Location 0007 of line 1 is not among the customer's: add what is missing and release the hold, or reject the line",
  ]);
  expect(await desk.decide('PO1', 'release')).toEqual(['not-releasable']);
  await addStores(7);
  expect(await desk.decide('PO1', 'release')).toEqual(['resolved']);
  await desk.answer('PO1');
  await desk.ship('PO1');
  expect((await desk.sent('856')).map((notice) => first(notice, 'N1*ST'))).toEqual([
    'N1*ST*Store 1*92*0001',
    'N1*ST*Store 7*92*0007',
  ]);
});

test('on hold at the deadline the 855 answers the line as one', async () => {
  desk = await OrderDesk.open();
  await addStores(1);
  const quantities = sdq('EA', [
    [1, 10],
    [7, 20],
  ]);
  await desk.send('PO', order('PO1', 'PO1*1*30*EA*10**BP*AC-BOLT', ...quantities));
  const { id } = await desk.order('PO1');
  await desk.db.transaction((tx) => answerOrder(tx, id, 'hold', NOW));
  expect((await desk.sent('855'))[0]?.filter((segment) => /^(PO1|ACK)/.test(segment))).toEqual([
    'PO1*1*30*EA*10**BP*AC-BOLT',
    'ACK*IH*30*EA',
  ]);
});

test('rejecting the hold rejects the line for all its stores', async () => {
  desk = await OrderDesk.open();
  await addStores(1);
  await desk.send(
    'PO',
    order(
      'PO1',
      'PO1*1*30*EA*10**BP*AC-BOLT',
      ...sdq('EA', [
        [1, 10],
        [7, 20],
      ]),
    ),
  );
  await desk.decide('PO1', 'reject');
  await desk.answer('PO1');
  const [answer = []] = await desk.sent('855');
  expect(answer.filter((segment) => /^(BAK|ACK|MSG)/.test(segment))).toEqual([
    expect.stringMatching(/^BAK\*00\*RD\*PO1\*/),
    // What was written when it was rejected stays in the house.
    'ACK*IR*30*EA',
  ]);
});

test('stores behind a distribution centre are marked for: one shipment, an order level and cartons for each', async () => {
  desk = await OrderDesk.open({ documents: { '856': { markForRole: 'BY' } } });
  await addStores(1);
  await desk.send('PO', [
    'BEG*00*SA*PO1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*30*EA*10**BP*AC-BOLT',
    ...sdq('EA', [
      [1, 10],
      [7, 20],
    ]),
    'CTT*1',
  ]);
  expect(await desk.holds('PO1')).toEqual([]);
  await desk.answer('PO1');
  await desk.ship('PO1');
  const [notice = [], ...others] = await desk.sent('856');
  expect(others).toEqual([]);
  expect(notice.filter((segment) => /^(HL|N1\*(ST|BY)|SN1|CTT)/.test(segment))).toEqual([
    'HL*1**S*1',
    'N1*ST*Acme DC 1*92*DC1',
    'HL*2*1*O*1',
    'N1*BY*Store 1*92*0001',
    'HL*3*2*P*1',
    'HL*4*3*I*0',
    'SN1*1*10*EA**10*EA',
    'HL*5*1*O*1',
    'N1*BY**92*0007',
    'HL*6*5*P*1',
    'HL*7*6*I*0',
    'SN1*1*20*EA**20*EA',
    'CTT*7',
  ]);
  expect(
    (await desk.sent('810')).map((invoice) => invoice.filter((segment) => /^(IT1|TDS)/.test(segment))),
  ).toEqual([['IT1*1*30*EA*10**BP*AC-BOLT', 'TDS*30000']]);
});

test('stores whose rounded amounts are not what the whole line comes to stay apart on the invoice', async () => {
  desk = await OrderDesk.open();
  await addStores(1, 2);
  await desk.send('PO', [
    'BEG*00*SA*PO1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*66*EA*0.0425**VP*NUT',
    ...sdq('EA', [
      [1, 33],
      [2, 33],
    ]),
    'CTT*1',
  ]);
  expect(await desk.holds('PO1')).toEqual([]);
  await desk.answer('PO1');
  await desk.ship('PO1');
  // Twice round(33 x 0.0425) = 1.40, while 66 x 0.0425 would be 2.81.
  expect(
    (await desk.sent('810')).map((invoice) => invoice.filter((segment) => /^(IT1|TDS)/.test(segment))),
  ).toEqual([['IT1*1*33*EA*0.0425**VP*NUT', 'IT1*1*33*EA*0.0425**VP*NUT', 'TDS*280']]);
});

test('stores that do not add up to their line hold the order, and the line stays whole', async () => {
  desk = await OrderDesk.open();
  await addStores(1, 2);
  await desk.send(
    'PO',
    order(
      'PO1',
      'N1*ST*Acme DC 1*92*DC1',
      'PO1*1*30*EA*10**BP*AC-BOLT',
      ...sdq('EA', [
        [1, 10],
        [2, 10],
      ]),
    ),
  );
  expect(await desk.holds('PO1')).toEqual([
    expect.stringContaining('SDQ at segment 6: line 1: its destinations (SDQ) sum to 20, ordered are 30'),
  ]);
  // Once is enough.
  expect((await desk.holds('PO1')).map((text) => text.split('sum to').length - 1)).toEqual([1]);
});

describe('a change of a line for several stores', () => {
  const poc = (code: string, quantity: number, ...more: readonly string[]) => [
    'BCH*04*SA*PO1***20260302',
    `POC*1*${code}*${quantity}*${quantity}*EA*10**BP*AC-BOLT`,
    ...more,
    'CTT*1',
  ];
  beforeEach(async () => {
    desk = await OrderDesk.open();
    await addStores(1, 2);
    await desk.send(
      'PO',
      order(
        'PO1',
        'PO1*1*30*EA*10**BP*AC-BOLT',
        ...sdq('EA', [
          [1, 10],
          [2, 20],
        ]),
      ),
    );
    await desk.answer('PO1');
  });
  const answered = async () =>
    (await desk.sent('865'))
      .at(-1)
      ?.filter((segment) => /^(BCA|POC|ACK|MSG)/.test(segment))
      .map((segment) => segment.split('*').slice(0, 5).join('*'));

  test('deletes it as a whole', async () => {
    await desk.send('PC', poc('DI', 30));
    expect(await answered()).toEqual(['BCA*04*AD*PO1*', 'POC*1*DI*30*0', 'ACK*ID*30*EA']);
    expect((await desk.order('PO1')).state).toBe('cancelled');
  });

  test('of its quantity is refused with the reason: only the buyer knows what it means for each store', async () => {
    await desk.send('PC', poc('QD', 15));
    expect(await answered()).toEqual([
      'BCA*04*RD*PO1*',
      'POC*1*QD*30*30',
      'ACK*IA*30*EA',
      'MSG*line 1 goes to 2 locations: it can be deleted as a whole and ordered anew, not changed',
    ]);
    expect((await desk.order('PO1')).total_minor).toBe(30_000);
  });

  test('that repeats it store by store changes nothing', async () => {
    await desk.send(
      'PC',
      poc(
        'RZ',
        30,
        ...sdq('EA', [
          [1, 10],
          [2, 20],
        ]),
      ),
    );
    expect(await answered()).toEqual(['BCA*04*AD*PO1*', 'POC*1*RZ*30*30', 'ACK*IA*30*EA']);
  });

  test('that adds one more of the kind is refused: it is an order of its own', async () => {
    const added = ['POC*2*AI*5*5*EA*10**VP*NUT', ...sdq('EA', [[1, 5]])];
    await desk.send('PC', ['BCH*04*SA*PO1***20260302', ...added, 'CTT*1']);
    expect(await answered()).toContain(
      'MSG*a line for several locations or deliveries cannot be added: send it as an order of its own',
    );
  });

  test('cancels the whole order', async () => {
    await desk.send('PC', ['BCH*01*SA*PO1***20260302', 'CTT*0']);
    expect(await answered()).toEqual(['BCA*01*AD*PO1*', 'POC*1*DI*30*0', 'ACK*ID*30*EA']);
  });
});
