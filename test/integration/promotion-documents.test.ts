import fc from 'fast-check';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const promotion = (scope: string, body: Readonly<Record<string, unknown>>) => ({
  kind: 'promotion',
  scope,
  version: 1,
  valid_from: '2026-01-01',
  body: JSON.stringify({ name: scope.toLowerCase(), validFrom: '2026-01-01', ...body }),
});
const head = (po: string) => [`BEG*00*SA*${po}**20260302`, 'N1*ST*Acme DC 1*92*DC1'];
const bolts = (quantity: number, price: string) => `PO1*1*${quantity}*EA*${price}**VP*BOLT`;
const washers = (quantity: number) => `PO1*2*${quantity}*EA*2.5**VP*WASHER`;
const plain = (segments: readonly string[], pattern: RegExp) =>
  segments.filter((segment) => pattern.test(segment)).map((segment) => segment.replace(/\*+/g, '*'));
const sacOf = (segments: readonly string[], code: string) =>
  segments
    .map((segment) => segment.split('*'))
    .filter((elements) => elements[0] === 'SAC' && elements[2] === code)
    .reduce((sum, elements) => sum + Number(elements[5]) * (elements[1] === 'A' ? -1 : 1), 0);

let receipts = 0;
const receive = (itemId: string, quantity: number) =>
  desk.db.transaction((tx) =>
    receiveCallback(
      tx,
      {
        counterparty: 'wms',
        eventId: `receipt ${(receipts += 1)}`,
        kind: 'stock.received',
        body: { nodeId: 'EAST', lines: [{ itemId, quantity }] },
      },
      NOW,
    ),
  );

test('a promotion stands as allowance F800 on the 855 and, share by share, on the 810 of each shipment', async () => {
  desk = await OrderDesk.open({ policy: { backorder: true }, stock: { BOLT: { CENTRAL: 7 }, WASHER: {} } });
  await desk.db('item').where({ id: 'BOLT' }).update({ item_class: 'FASTENERS' });
  await desk.db('rule').insert([
    promotion('SPRING', {
      itemClasses: ['FASTENERS'],
      benefit: { kind: 'percent', percent: '3.33' },
      stacking: 'stackable',
    }),
    promotion('WHOLE', { benefit: { kind: 'percent', percent: '1', of: 'order' }, stacking: 'stackable' }),
  ]);
  await desk.send('PO', [...head('PO1'), bolts(10, '10'), 'CTT*1']);
  await desk.answer('PO1');
  const [answer] = await desk.sent('855');
  // 3.33 of 100.00, then 1 percent of what it leaves.
  expect(plain(answer ?? [], /^(SAC|PO1|ACK)\*/)).toEqual([
    'SAC*A*F800*97*02*WHOLE whole',
    'PO1*1*10*EA*10*VP*BOLT',
    'SAC*A*F800*333*02*SPRING spring',
    'ACK*IA*7*EA',
    'ACK*IB*3*EA',
  ]);
  await desk.ship('PO1');
  await receive('BOLT', 3);
  await desk.ship('PO1');
  expect((await desk.sent('810')).map((invoice) => plain(invoice, /^(TDS|SAC)\*/))).toEqual([
    ['SAC*A*F800*233*02*SPRING spring', 'TDS*6699', 'SAC*A*F800*68*02*WHOLE whole'],
    ['SAC*A*F800*100*02*SPRING spring', 'TDS*2871', 'SAC*A*F800*29*02*WHOLE whole'],
  ]);
  expect(await desk.order('PO1')).toMatchObject({
    state: 'completed',
    total_minor: 9570,
    invoiced_minor: 9570,
  });
});

test('the 865 says what the change has made of allowances and charges, of the order and of its lines; a refusal says none', async () => {
  desk = await OrderDesk.open({
    policy: { charges: [{ indicator: 'charge', code: 'D240', description: 'FREIGHT', amountMinor: 1999 }] },
  });
  await desk.db('rule').insert([
    promotion('TWENTY', {
      items: ['BOLT'],
      minimumQuantity: 20,
      benefit: { kind: 'percent', percent: '5' },
      stacking: 'stackable',
    }),
    promotion('WHOLE', { benefit: { kind: 'percent', percent: '1', of: 'order' }, stacking: 'stackable' }),
  ]);
  await desk.send('PO', [...head('PO1'), bolts(10, '10'), 'CTT*1']);
  await desk.answer('PO1');
  const change = (code: string, quantity: number) => [
    'BCH*04*SA*PO1***20260302',
    `POC*1*${code}*${quantity}*${quantity}*EA***VP*BOLT`,
    'CTT*1',
  ];
  await desk.send('PC', change('QI', 20));
  const { total_minor: total } = await desk.order('PO1');
  const [answer = []] = await desk.sent('865');
  // 5 percent of 200.00, and 1 percent of what that leaves.
  expect(plain(answer, /^(SAC|POC|ACK)\*/)).toEqual([
    'SAC*C*D240*1999*06*FREIGHT',
    'SAC*A*F800*190*02*WHOLE whole',
    'POC*1*QI*20*20*EA*10*VP*BOLT',
    'SAC*A*F800*1000*02*TWENTY twenty',
    'ACK*IA*20*EA',
  ]);
  expect(20_000 + sacOf(answer, 'D240') + sacOf(answer, 'F800')).toBe(total);
  await desk.ship('PO1');
  const [invoice = []] = await desk.sent('810');
  expect([sacOf(invoice, 'D240'), sacOf(invoice, 'F800')]).toEqual([
    sacOf(answer, 'D240'),
    sacOf(answer, 'F800'),
  ]);
  await desk.send('PC', change('QD', 5));
  expect(plain((await desk.sent('865'))[1] ?? [], /^(BCA|SAC)\*/)).toEqual([
    expect.stringMatching(/^BCA\*04\*R/),
  ]);
});

test('however an order with promotions ships, short, late and in parts, its invoices are its total to the cent', async () => {
  desk = await OrderDesk.open({
    policy: {
      backorder: true,
      taxPercent: '7.25',
      charges: [{ indicator: 'charge', code: 'D240', description: 'FREIGHT', amountMinor: 1999 }],
    },
    stock: { BOLT: { CENTRAL: 5, EAST: 5 }, WASHER: { WEST: 5 } },
  });
  await desk.db('item').update({ backorderable: true });
  await desk.db('rule').insert([
    promotion('BOLTS', {
      items: ['BOLT'],
      benefit: { kind: 'percent', percent: '7.77' },
      stacking: 'stackable',
    }),
    promotion('THREE', {
      items: ['WASHER'],
      benefit: { kind: 'buy-get', buy: 5, get: 2 },
      stacking: 'stackable',
    }),
    promotion('WHOLE', { benefit: { kind: 'percent', percent: '1.3', of: 'order' }, stacking: 'stackable' }),
  ]);
  let number = 0;
  const rounds = fc.array(fc.record({ received: fc.nat(40), share: fc.integer({ min: 1, max: 100 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      rounds,
      async (ofBolts, ofWashers, shipments) => {
        number += 1;
        const po = `PO${number}`;
        await desk.send('PO', [...head(po), bolts(ofBolts, '10'), washers(ofWashers), 'CTT*2']);
        expect(await desk.holds(po)).toEqual([]);
        await desk.answer(po);
        const { id, total_minor: total } = await desk.order(po);
        for (const { received, share } of shipments) {
          await receive('BOLT', received + 1);
          await receive('WASHER', received + 1);
          const shipped = (_: string, quantity: number) => Math.floor((quantity * share) / 100);
          await desk.ship(po, null, { shipped });
        }
        for (let left = 0; left < 4 && (await desk.order(po)).state !== 'completed'; left += 1) {
          await receive('BOLT', 120);
          await receive('WASHER', 120);
          await desk.ship(po);
        }
        const invoices = (await desk.db('invoice').where({ order_id: id })) as { total_minor: number }[];
        expect(await desk.order(po)).toMatchObject({ state: 'completed', total_minor: total });
        expect(invoices.reduce((sum, invoice) => sum + invoice.total_minor, 0)).toBe(total);
        const answers = (await desk.sent('855')).filter((set) =>
          set.some((one) => one.split('*').includes(po)),
        );
        const documents = (await desk.sent('810')).filter((set) =>
          set.some((one) => one.split('*').includes(po)),
        );
        const tds = documents.flatMap((set) => set.filter((one) => one.startsWith('TDS*')));
        expect(tds.reduce((sum, one) => sum + Number(one.split('*')[1]), 0)).toBe(total);
        const billed = documents.reduce((sum, set) => sum + sacOf(set, 'F800'), 0);
        expect(billed).toBeLessThan(0);
        expect(sacOf(answers[0] ?? [], 'F800')).toBe(billed);
      },
    ),
    { numRuns: 8, seed: 2026 },
  );
});
