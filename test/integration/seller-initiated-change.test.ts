import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import type { OrderChangeRequest } from '../../domain/order/order-request';
import { judged, readByOthers } from '../edi/mapping/write-document';
import { NOW } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
beforeAll(async () => {
  desk = await OrderDesk.open();
});
afterAll(() => desk.close());

test('of a change made in the portal its EDI buyer is sent an 865 of what was done, without a change number; of one refused nothing', async () => {
  await desk.send('PO', [
    'BEG*00*SA*PO1**20260302',
    'N1*ST*Acme DC 1*92*DC1',
    'PO1*1*10*EA*10**BP*AC-BOLT',
    'CTT*1',
  ]);
  await desk.answer('PO1');
  const { id } = await desk.order('PO1');
  const change = async (lineNumber: number, quantity: string) => {
    const request: OrderChangeRequest = {
      orderId: id,
      channel: 'portal',
      usage: 'P',
      partnerId: 'ACME-EDI',
      customerId: 'ACME',
      purpose: 'change',
      purchaseOrderNumber: 'PO1',
      purchaseOrderDate: '2026-03-02',
      parties: [],
      dates: [],
      references: [],
      unhandled: [],
      lines: [
        {
          kinds: ['quantity'],
          changeCode: 'QD',
          lineNumber,
          line: {
            buyerLineNumber: String(lineNumber),
            productIds: [],
            quantity,
            unit: 'EA',
            dates: [],
            references: [],
          },
        },
      ],
    };
    const received = await desk.db.transaction((tx) => receiveOrderChange(tx, request, NOW, 'clara'));
    if (received.kind !== 'recorded') throw new Error('the change was not recorded');
    return (await desk.db.transaction((tx) => applyOrderChange(tx, received.changeId, NOW))).kind;
  };
  // Its 855 has left in an interchange of its own.
  expect(await desk.sent('855')).toHaveLength(1);
  expect(await change(1, '4')).toBe('applied');
  const [answer = [], ...others] = await desk.sent('865');
  expect(others).toEqual([]);
  expect(answer.find((segment) => segment.startsWith('BCA'))).toMatch(/^BCA\*04\*AC\*PO1\*/);
  expect(answer.find((segment) => segment.startsWith('POC'))).toMatch(/^POC\*1\*QD\*4\*/);
  expect(answer.find((segment) => segment.startsWith('ACK'))).toMatch(/^ACK\*IA\*4\*EA/);
  // What left, as it left: to the judge it is right, to another reader it says the same.
  const { content } = await desk
    .db('interchange as i')
    .join('document as d', 'd.interchange_id', 'i.id')
    .where({ 'd.set_id': '865', 'd.direction': 'out' })
    .first('i.content');
  expect(judged(content)).toEqual({ ack: 'A', findings: [] });
  expect(await readByOthers(content)).toEqual(answer.slice(1, -1));
  expect(await change(7, '1')).toBe('refused');
  expect(await desk.sent('865')).toHaveLength(1);
});

describe('a partner that takes no 865 by agreement', () => {
  const acks = async () =>
    (await desk.sent('855')).map((set) =>
      set
        .filter((segment) => /^(BAK|ACK)/.test(segment))
        .map((segment) => segment.split('*').slice(0, 4).join('*')),
    );
  const sets = async () => (await desk.db('document_request').orderBy('id').pluck('set_id')) as string[];

  test('is told by another 855 what its 860 has made of the order, or that it stands', async () => {
    await desk.db('document_agreement').where({ set_id: '865', direction: 'out' }).update({ wanted: false });
    const before = (await acks()).length;
    await desk.send('PO', [
      'BEG*00*SA*PO2**20260302',
      'N1*ST*Acme DC 1*92*DC1',
      'PO1*1*10*EA*10**BP*AC-BOLT',
      'CTT*1',
    ]);
    await desk.answer('PO2');
    await desk.send('PC', ['BCH*04*SA*PO2**1*20260302', 'POC*1*QD*4*6*EA*10**BP*AC-BOLT', 'CTT*1']);
    await desk.send('PC', ['BCH*04*SA*PO2**2*20260302', 'POC*9*QI*4*9*EA*10**BP*NONE', 'CTT*1']);
    await desk.send('PC', ['BCH*01*SA*PO2**3*20260302', 'CTT*0']);
    expect((await acks()).slice(before)).toEqual([
      ['BAK*00*AD*PO2', 'ACK*IA*10*EA'],
      expect.arrayContaining(['ACK*IA*4*EA']),
      expect.arrayContaining(['ACK*IA*4*EA']),
      ['BAK*00*RD*PO2', expect.stringMatching(/^ACK\*I[DR]\*/)],
    ]);
    expect((await sets()).filter((set) => set === '865')).toHaveLength(1);
  });
});
