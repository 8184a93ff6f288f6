import { reconcileRecord } from '../../application/stock/reconcile-record';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const head = (po: string) => [`BEG*00*SA*${po}**20260302`, 'N1*ST*Acme DC 1*92*DC1'];
const bolts = (quantity: number, price = '9') => `PO1*1*${quantity}*EA*${price}**BP*AC-BOLT`;
const agreedAdjustments = [
  { indicator: 'allowance', code: 'C310', maximumPercent: '3' },
  { indicator: 'charge', code: 'D240' },
];
const amountsOf = (invoice: readonly string[]) =>
  invoice.filter((segment) => /^(TDS|SAC)\*/.test(segment)).map((segment) => segment.replace(/\*+/g, '*'));

describe('allowances and charges', () => {
  test('agreed ones are on the invoices of two shipments and sum to what the order said, to the cent', async () => {
    desk = await OrderDesk.open({
      policy: { agreedAdjustments },
      stock: { BOLT: { CENTRAL: 70, EAST: 30 } },
    });
    await desk.send('PO', [
      'BEG*00*SA*PO1**20260302',
      'SAC*A*C310***1000**********DEFECTIVES',
      'N1*ST*Acme DC 1*92*DC1',
      bolts(100),
      'SAC*C*D240***500**********FREIGHT',
      'CTT*1',
    ]);
    expect(await desk.holds('PO1')).toEqual([]);
    // 100 x 9.00 - 10.00 + 5.00
    expect(await desk.order('PO1')).toMatchObject({ total_minor: 89_500, charges_minor: -500 });
    await desk.answer('PO1');
    await desk.ship('PO1');
    const invoices = await desk.sent('810');
    expect(invoices.map(amountsOf)).toEqual([
      ['SAC*C*D240*350*06*FREIGHT', 'TDS*62650', 'SAC*A*C310*700*02*DEFECTIVES'],
      ['SAC*C*D240*150*06*FREIGHT', 'TDS*26850', 'SAC*A*C310*300*02*DEFECTIVES'],
    ]);
    expect(await desk.order('PO1')).toMatchObject({ state: 'completed', invoiced_minor: 89_500 });
  });

  test('a percentage follows what is left of the order; a line of its own falls with the line', async () => {
    desk = await OrderDesk.open({ policy: { agreedAdjustments }, stock: { BOLT: { CENTRAL: 100 } } });
    await desk.send('PO', [
      'BEG*00*SA*PO1**20260302',
      'SAC*A*C310****Z*2.5********DEFECTIVES',
      'N1*ST*Acme DC 1*92*DC1',
      bolts(100),
      'SAC*C*D240******0.05*EA*100*****HANDLING',
      'CTT*1',
    ]);
    // 900.00 - 22.50 + 100 x 0.05
    expect(await desk.order('PO1')).toMatchObject({ total_minor: 88_250 });
    await desk.answer('PO1');
    await desk.ship('PO1', null, { shipped: (_, quantity) => quantity - 60 });
    expect((await desk.sent('810')).map(amountsOf)).toEqual([
      ['SAC*C*D240*200*06*HANDLING', 'TDS*35300', 'SAC*A*C310*900*02*DEFECTIVES'],
    ]);
    await desk.send('PC', ['BCH*01*SA*PO1***20260302', 'CTT*0']);
    expect(await desk.order('PO1')).toMatchObject({ total_minor: 35_300, invoiced_minor: 35_300 });
  });

  test('what is not agreed, too high or settled elsewhere holds the order, names its place and is not invoiced', async () => {
    desk = await OrderDesk.open({ policy: { agreedAdjustments } });
    await desk.send('PO', [
      'BEG*00*SA*PO1**20260302',
      'SAC*A*C310****Z*4********DEFECTIVES',
      'SAC*A*F800***900',
      'SAC*C*D240***300*******01***FREIGHT',
      'N1*ST*Acme DC 1*92*DC1',
      bolts(100),
      'CTT*1',
    ]);
    expect(await desk.holds('PO1')).toEqual([
      'content: SAC at segment 3: allowance C310 DEFECTIVES 4 percent is above the 3 percent that are agreed: released, the invoice is without it; ' +
        'SAC at segment 4: allowance F800 9.00 is not agreed: released, the invoice is without it; ' +
        'SAC at segment 5: charge D240 FREIGHT 3.00 is settled otherwise than on the invoice (SAC12 01), which is not handled: the invoice is without it',
    ]);
    await desk.decide('PO1', 'release');
    await desk.answer('PO1');
    await desk.ship('PO1');
    expect((await desk.sent('810')).map(amountsOf)).toEqual([['TDS*90000']]);
  });

  test('a charge of ours that the buyer repeats is charged once', async () => {
    const freight = { indicator: 'charge', code: 'D240', description: 'Freight', amountMinor: 4500 };
    desk = await OrderDesk.open({ policy: { charges: [freight] } });
    await desk.send('PO', [
      ...head('PO1').slice(0, 1),
      'SAC*C*D240***4500',
      ...head('PO1').slice(1),
      bolts(100),
      'CTT*1',
    ]);
    expect(await desk.holds('PO1')).toEqual([]);
    expect(await desk.order('PO1')).toMatchObject({ total_minor: 94_500 });
  });
});

describe('terms, taxes and packs', () => {
  const order = (...more: readonly string[]) => [
    ...head('PO1').slice(0, 1),
    ...more,
    ...head('PO1').slice(1),
    bolts(100),
    'CTT*1',
  ];

  test.each([
    ['the customer’s own terms', 'ITD*08*3*2**10**30*****2 PCT 10 NET 30'],
    ['the net days alone', 'ITD*05*3*****30'],
    ['terms as agreed before', 'ITD*14'],
  ])('%s hold nothing and are on the invoice', async (_, terms) => {
    desk = await OrderDesk.open();
    await desk.send('PO', order(terms));
    expect(await desk.holds('PO1')).toEqual([]);
    await desk.answer('PO1');
    await desk.ship('PO1');
    expect((await desk.sent('810'))[0]).toContain('ITD*08*3*2**10**30');
  });

  test.each([
    [
      'longer terms',
      'ITD*05*3*****60',
      'ITD at segment 3: terms of payment net 60 days; agreed are 2 percent in 10 days, net 30 days',
    ],
    ['terms from another day', 'ITD*05*2*****30', 'counted from another day than the invoice'],
    [
      'a tax that the customer does not have',
      'TXI*ST**8.25',
      'TXI at segment 3: tax ST 8.25 percent; the customer is taxed at 0 percent',
    ],
  ])('%s hold the order', async (_, segment, text) => {
    desk = await OrderDesk.open();
    await desk.send('PO', order(segment));
    expect((await desk.holds('PO1'))[0]).toContain(text);
  });

  test('an exemption of a customer without tax holds nothing', async () => {
    desk = await OrderDesk.open();
    await desk.send('PO', order('TXI*ST*****0***US-123'));
    expect(await desk.holds('PO1')).toEqual([]);
  });

  test('a pack that is not ours holds the order; ours, the retail price and the store go back as they came', async () => {
    const echoSegments = ['PO4', 'CTP', 'N9'];
    desk = await OrderDesk.open({
      documents: {
        '855': { echoSegments, echoReferences: ['DP', 'LI'] },
        '856': { echoSegments, echoReferences: ['DP', 'LI'] },
        '810': { echoSegments, echoReferences: ['DP', 'LI'] },
      },
    });
    const said = ['CTP**RES*14.99', 'PO4*50*1*EA*CTN', 'REF*LI*20', 'N1*Z7*Store 9*92*0009'];
    await desk.send('PO', [
      'BEG*00*SA*PO1**20260302',
      'REF*DP*042',
      'N9*L1*NOTES',
      'MSG*TICKET EVERY UNIT.',
      'N1*ST*Acme DC 1*92*DC1',
      bolts(100),
      ...said,
      'CTT*1',
    ]);
    expect(await desk.holds('PO1')).toEqual([]);
    const stored = await desk.order('PO1');
    expect(stored.request.notes).toContain('L1 NOTES: TICKET EVERY UNIT.');
    expect(stored.request.kept).toEqual([
      { at: { segment: 4, segmentId: 'N9' }, elements: ['L1', 'NOTES'] },
      { at: { segment: 5, segmentId: 'MSG' }, elements: ['TICKET EVERY UNIT.'] },
    ]);
    await desk.answer('PO1');
    await desk.ship('PO1');
    for (const set of ['855', '810'])
      expect((await desk.sent(set))[0]).toEqual(
        expect.arrayContaining([...said.slice(0, 3), 'N9*L1*NOTES', 'MSG*TICKET EVERY UNIT.']),
      );
    const [notice = []] = await desk.sent('856');
    expect(notice).toEqual(
      expect.arrayContaining(['PO4*50*1*EA*CTN', 'REF*LI*20', 'REF*DP*042', 'N1*Z7*Store 9*92*0009']),
    );
    await desk.send('PO', [
      'BEG*00*SA*PO2**20260302',
      'N1*ST*Acme DC 1*92*DC1',
      bolts(96, '10'),
      'PO4*24',
      'CTT*1',
    ]);
    expect(await desk.holds('PO2')).toEqual([
      'content: PO4 at segment 5: a pack of 24; item BOLT is packed in 50',
    ]);
  });
});

test('all of it holds in 5010 as well: allowances, stores, what goes back, and a refusal in words', async () => {
  desk = await OrderDesk.open({
    version: '005010',
    policy: { agreedAdjustments },
    documents: {
      '855': { echoSegments: ['CTP', 'PO4', 'SDQ'] },
      '856': { echoSegments: ['PO4'] },
      '810': { echoSegments: ['CTP', 'PO4'] },
    },
  });
  await desk.send('PO', [
    'BEG*00*SA*PO1**20260302',
    'SAC*A*C310***1000**********DEFECTIVES',
    'N1*ST*Acme DC 1*92*DC1',
    bolts(100),
    'CTP**RES*14.99',
    'PO4*50',
    'SAC*C*D240***500**********FREIGHT',
    'SDQ*EA*92*0001*60*0002*40',
    'PO1*2*5*EA*1**VP*NOBODY-KNOWS',
    'CTT*2',
  ]);
  expect(await desk.holds('PO1')).toEqual([]);
  await desk.answer('PO1');
  expect(
    (await desk.sent('855'))[0]?.filter((segment) => /^(CTP|PO4|SDQ|ACK|N9|MSG|MTX)/.test(segment)),
  ).toEqual([
    'CTP**RES*14.99',
    'PO4*50',
    'SDQ*EA*92*0001*60*0002*40',
    'ACK*IA*100*EA',
    'ACK*R2*5*EA',
    'N9*L1**REASON',
    expect.stringContaining('the item is not known: VP NOBODY-KNOWS'),
  ]);
  await desk.ship('PO1');
  expect((await desk.sent('856'))[0]).toContain('PO4*50');
  expect((await desk.sent('810')).map(amountsOf)).toEqual([
    ['SAC*C*D240*500*06*FREIGHT', 'TDS*89500', 'SAC*A*C310*1000*02*DEFECTIVES'],
  ]);
});
