import { readCreditDebitAdjustment } from '../../../edi/mapping/credit-debit-adjustment';
import { readOrderStatusInquiry } from '../../../edi/mapping/order-status';
import { readReturnAuthorization } from '../../../edi/mapping/return-authorization';
import { fixtureBytes, readDocument, readFixture } from './read-document';
import { judged } from './write-document';

const right = (name: string) => expect(judged(fixtureBytes(name))).toEqual({ ack: 'A', findings: [] });

test('an 812 of a buyer: what is claimed, on which invoice, for which reasons and items', () => {
  right('812-short-delivery.edi');
  expect(readCreditDebitAdjustment(readFixture('812-short-delivery.edi'))).toMatchObject({
    kind: 'read',
    unhandled: [],
    document: {
      adjustmentNumber: 'CB-9921',
      amount: '73.50',
      creditOrDebit: 'D',
      invoiceNumber: 'INV100014',
      purchaseOrderNumber: '4500017781',
      charges: [{ indicator: 'A', amount: '-2.50' }],
      parties: [{ role: 'BY', address: { city: 'Duluth' } }, { role: 'SU' }],
      lines: [
        {
          reason: '06',
          amount: '72.00',
          quantity: '3',
          unitPrice: '24',
          item: { lineNumber: '1', productIds: [{ qualifier: 'BP', value: 'AC-500' }, { qualifier: 'UP' }] },
        },
        { reason: '04', amount: '1.50' },
      ],
    },
  });
});

test('a 180 that asks: the goods, why they come back, and each unit by its serial number', () => {
  right('180-return-request.edi');
  expect(readReturnAuthorization(readFixture('180-return-request.edi'))).toMatchObject({
    kind: 'read',
    unhandled: [],
    document: {
      purpose: '13',
      number: 'RR-20261122-01',
      disposition: { disposition: 'CR', requestReason: 'DM' },
      purchaseOrder: { number: '4500017781', date: '2026-11-05' },
      items: [
        {
          productIds: [
            { qualifier: 'BP', value: 'AC-500' },
            { qualifier: 'UP', value: '012345678905' },
          ],
          quantity: '2',
          unitPrice: '24',
          quantities: [
            {
              qualifier: '76',
              quantity: '2',
              units: [{ references: [{ qualifier: 'SE', value: 'KT-000183' }] }],
            },
          ],
        },
      ],
    },
  });
});

test('an 869: orders with the items under them', () => {
  right('869-order-status.edi');
  expect(readOrderStatusInquiry(readFixture('869-order-status.edi'))).toMatchObject({
    kind: 'read',
    unhandled: [],
    document: {
      number: 'INQ-5512',
      detail: 'PA',
      levels: [
        {
          level: 'O',
          purchaseOrder: { number: '4500017781' },
          levels: [{ level: 'I', items: [{ productIds: [{ qualifier: 'BP', value: 'AC-500' }] }] }],
        },
      ],
    },
  });
});

test('an endless chain of levels is cut, told and still fits into the record', () => {
  const levels = Array.from({ length: 8000 }, (_, at) => `HL*${at + 1}*${at === 0 ? '' : String(at)}*I`);
  const segments = ['ST*869*0001', 'BSI*INQ*20261122*PA', ...levels, 'CTT*8000', 'SE*8004*0001'];
  const text = `${fixtureBytes('869-order-status.edi').toString('latin1').split('ST*')[0]}${segments.join('~')}~GE*1*5240~IEA*1*000005240~`;
  const read = readOrderStatusInquiry(readDocument(Buffer.from(text.replaceAll('\n', ''))).set);
  if (read.kind !== 'read') throw new Error('unreadable');
  expect(() => JSON.stringify(read.document)).not.toThrow();
  expect(read.unhandled).toHaveLength(159);
  expect(read.unhandled[0]).toEqual({
    at: { segment: 53, segmentId: 'HL', element: 2 },
    text: 'HL02 "50" is 50 levels deep already',
  });
});
