import { buildLabelRequest } from '../../application/fulfilment/build-label-request';
import { buildRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { readProgress } from '../../application/order/read-progress';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
afterEach(async () => {
  expect(await reconcileRecord(desk.db)).toEqual([]);
  await desk.close();
});

const order = (purpose: string, quantity: number, ...more: readonly string[]) => [
  `BEG*${purpose}*SA*PO1**20260302`,
  'N1*ST*Acme DC 1*92*DC1',
  `PO1*1*${quantity}*EA*10**BP*AC-BOLT`,
  ...more,
  `CTT*${1 + more.filter((segment) => segment.startsWith('PO1')).length}`,
];
const segments = (document: readonly string[] | undefined, ids: RegExp) =>
  document?.filter((segment) => ids.test(segment));
const orders = () => desk.db('orders').orderBy('id').select('po_number', 'state', 'total_minor');

describe('BEG01', () => {
  beforeEach(async () => {
    desk = await OrderDesk.open();
  });

  test.each(['07', '22'])('%s creates nothing and changes nothing', async (purpose) => {
    await desk.send('PO', order(purpose, 10));
    expect(await orders()).toEqual([]);
    await desk.send('PO', order('00', 10));
    await desk.send('PO', order(purpose, 99));
    expect(await orders()).toEqual([{ po_number: 'PO1', state: 'placed', total_minor: 10_000 }]);
  });

  test('05 replaces what is known: quantities change, lines come and go, the 865 answers with 05', async () => {
    await desk.send('PO', order('00', 10));
    await desk.answer('PO1');
    await desk.send('PO', order('05', 20, 'PO1*2*1000*EA*0.0425**VP*NUT'));
    expect(await orders()).toEqual([{ po_number: 'PO1', state: 'confirmed', total_minor: 24_250 }]);
    expect(segments((await desk.sent('865'))[0], /^(BCA|ACK)/)).toEqual([
      expect.stringMatching(/^BCA\*05\*AD\*PO1\*/),
      'ACK*IA*20*EA',
      'ACK*IA*1000*EA',
    ]);
  });

  test('05 before its order is the order; what it replaces, coming late, is a duplicate', async () => {
    await desk.send('PO', order('05', 20));
    expect(await orders()).toMatchObject([{ state: 'placed', total_minor: 20_000 }]);
    await desk.send('PO', order('00', 10));
    expect(await desk.holds('PO1')).toEqual([expect.stringMatching(/^duplicate-purchase-order/)]);
  });

  test('01 cancels before the answer and after it, and gives the stock back', async () => {
    await desk.send('PO', order('00', 10));
    await desk.send('PO', order('01', 10));
    expect(await orders()).toMatchObject([{ state: 'cancelled', total_minor: 0 }]);
    expect(segments((await desk.sent('865'))[0], /^(BCA|ACK)/)).toEqual([
      expect.stringMatching(/^BCA\*01\*AD\*PO1\*/),
      'ACK*ID*10*EA',
    ]);
  });

  test('01 of an order that is gone is refused with the reason', async () => {
    await desk.send('PO', order('00', 10));
    await desk.answer('PO1');
    await desk.ship('PO1');
    await desk.send('PO', order('01', 10));
    expect(segments((await desk.sent('865'))[0], /^(BCA|MSG)/)).toEqual([
      expect.stringMatching(/^BCA\*01\*RJ\*PO1\*/),
      'MSG*The order is completed: nothing of it can be changed',
    ]);
  });
});

describe('BCH01', () => {
  const change = (purpose: string, ...lines: readonly string[]) => [
    `BCH*${purpose}*SA*PO1***20260302`,
    ...lines,
    `CTT*${lines.filter((line) => line.startsWith('POC')).length}`,
  ];
  beforeEach(async () => {
    desk = await OrderDesk.open({ documents: { '856': { echoReferences: ['DP', 'PD'] } } });
  });

  test('04, 05 and 01 that come before their order are decided after it, in the order they came', async () => {
    await desk.send('PC', change('04', 'POC*1*QD*8*8*EA***BP*AC-BOLT'));
    await desk.send('PC', change('05', 'POC*1*RZ*6*6*EA*10**BP*AC-BOLT'));
    expect(await orders()).toEqual([]);
    await desk.send('PO', order('00', 10));
    expect(await orders()).toMatchObject([{ total_minor: 6000 }]);
    expect((await desk.sent('865')).map((answer) => segments(answer, /^BCA/)?.[0]?.slice(0, 10))).toEqual([
      'BCA*04*AD*',
      'BCA*05*AD*',
    ]);
  });

  test('references and notes of a change stay with the order and go back on what follows', async () => {
    await desk.send('PO', order('00', 10));
    await desk.answer('PO1');
    await desk.send(
      'PC',
      change(
        '04',
        'REF*PD*SPRING',
        'N9*L1*CHANGE',
        'MSG*CALL BEFORE DELIVERY',
        'POC*1*QD*8*8*EA***BP*AC-BOLT',
      ),
    );
    const { id, request } = await desk.order('PO1');
    expect(request.notes).toContain('L1 CHANGE: CALL BEFORE DELIVERY');
    const stored = await desk.db('order_change').where({ order_id: id }).first('request');
    expect(stored.request.kept.map((one: { at: { segmentId: string } }) => one.at.segmentId)).toEqual([
      'N9',
      'MSG',
    ]);
    await desk.ship('PO1');
    expect((await desk.sent('856'))[0]).toContain('REF*PD*SPRING');
  });

  test('other terms of payment wait for a person, and the agreed ones stand', async () => {
    await desk.send('PO', order('00', 10));
    await desk.answer('PO1');
    const { id, terms } = await desk.order('PO1');
    await desk.send('PC', change('04', 'ITD*05*3*****90'));
    expect(segments((await desk.sent('865'))[0], /^BCA/)).toEqual([expect.stringMatching(/^BCA\*04\*AH/)]);
    const hold = await desk.db('hold').where({ order_id: id, status: 'open' }).first('reason');
    expect(hold.reason.text).toContain('net 90 days');
    expect((await desk.order('PO1')).terms).toEqual(terms);
  });

  test('other parties and charges of a change are a person’s business', async () => {
    await desk.send('PO', order('00', 10));
    await desk.answer('PO1');
    await desk.send(
      'PC',
      change('04', 'SAC*C*D240***900', 'N1*BT*Someone Else*92*B9', 'POC*1*QD*8*8*EA***BP*AC-BOLT'),
    );
    expect(await desk.holds('PO1')).toEqual([
      'content: N1: the party becomes BT 92 B9 Someone Else, which is not handled; SAC at segment 3: charge D240 9.00 in a change is not handled',
    ]);
  });
});

test('a drop ship goes to its consumer: label, warehouse, notice and invoice name the door', async () => {
  desk = await OrderDesk.open();
  await desk.send('PO', [
    'BEG*00*DS*PO1**20260302',
    'REF*CO*CUST-778',
    'N1*ST*Ana Petrov',
    'N3*9 Alder Ct*Apt 3B',
    'N4*Bend*OR*97701*US',
    'N1*BT*Acme*92*DC1',
    'PO1*1*2*EA*10**BP*AC-BOLT',
    'CTT*1',
  ]);
  expect(await desk.holds('PO1')).toEqual([]);
  await desk.answer('PO1');
  await desk.ship('PO1');
  const { id } = await desk.order('PO1');
  const { id: shipmentId } = await desk.db('shipment').where({ order_id: id }).first('id');
  const door = {
    lines: ['9 Alder Ct', 'Apt 3B'],
    city: 'Bend',
    region: 'OR',
    postalCode: '97701',
    country: 'US',
  };
  expect((await buildLabelRequest(desk.db, shipmentId)).to).toEqual({ name: 'Ana Petrov', address: door });
  expect((await buildRelease(desk.db, shipmentId)).shipTo).toMatchObject({
    name: 'Ana Petrov',
    address: door,
  });
  for (const set of ['856', '810']) {
    expect(segments((await desk.sent(set))[0], /^(N1\*(ST|BT)|N3|N4|REF\*CO)/)).toEqual(
      expect.arrayContaining([
        'REF*CO*CUST-778',
        'N1*ST*Ana Petrov',
        'N3*9 Alder Ct*Apt 3B',
        'N4*Bend*OR*97701*US',
        'N1*BT*Acme*92*DC1',
      ]),
    );
  }
});

describe('an order that is on hold at the deadline of its 855', () => {
  const held = order('00', 10).map((segment) => segment.replace('*10**BP', '*7**BP'));

  test('is answered AH, its lines IH, and the final 855 follows', async () => {
    desk = await OrderDesk.open();
    await desk.send('PO', held);
    const { id } = await desk.order('PO1');
    // An hour, less the margin of a tenth.
    expect((await readProgress(desk.db, id)).answer.holdAnswerAt).toBe('2026-03-02T15:54:00.000Z');
    await desk.db.transaction((tx) => answerOrder(tx, id, 'hold', NOW));
    await desk.db.transaction((tx) => answerOrder(tx, id, 'hold', NOW));
    expect((await readProgress(desk.db, id)).answer).toEqual({ holdAnswerAt: null, finalGiven: false });
    await desk.decide('PO1', 'release');
    await desk.answer('PO1');
    expect(
      (await desk.sent('855')).map((answer) =>
        segments(answer, /^(BAK|ACK)/)?.map((s) => s.split('*').slice(0, 4).join('*')),
      ),
    ).toEqual([
      ['BAK*00*AH*PO1', 'ACK*IH*10*EA'],
      ['BAK*00*AD*PO1', 'ACK*IA*10*EA'],
    ]);
  });

  test('is not answered where the partner wants nothing until it is decided', async () => {
    desk = await OrderDesk.open({ policy: { holdAnswer: 'none' } });
    await desk.send('PO', held);
    const { id } = await desk.order('PO1');
    expect((await readProgress(desk.db, id)).answer.holdAnswerAt).toBeNull();
  });
});
