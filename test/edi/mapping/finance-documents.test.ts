import { readCreditDebitAdjustment } from '../../../edi/mapping/credit-debit-adjustment';
import { readOrderStatusInquiry } from '../../../edi/mapping/order-status';
import { readRemittanceAdvice, renderRemittanceAdvice } from '../../../edi/mapping/remittance-advice';
import {
  readReturnAuthorization,
  renderReturnAuthorization,
} from '../../../edi/mapping/return-authorization';
import { fixtureBytes, readDocument, readFixture } from './read-document';
import { judged, linesOf, problemsOf } from './write-document';

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

/** The same fixture with other words at some places. */
function changed(name: string, ...changes: readonly [string, string][]): Buffer {
  const text = fixtureBytes(name).toString('latin1');
  return Buffer.from(
    changes.reduce((all, [from, to]) => all.replace(from, to), text),
    'latin1',
  );
}

describe('what a document has no field for', () => {
  const currency = 'CUR*BY*USD*****007*20261121';
  const paid = changed(
    '820-two-invoices.edi',
    ['CUR*BY*USD', currency],
    ['ENT*1~', 'ENT*1~NM1*AP*2*NORTHBEND TREASURY~'],
    ['SE*19', 'SE*20'],
  );

  test('is kept beside the fields of its own segment, told with its place, and given back', () => {
    expect(judged(paid)).toEqual({ ack: 'A', findings: [] });
    const read = readRemittanceAdvice(readDocument(paid).set);
    if (read.kind !== 'read') throw new Error(JSON.stringify(read));
    expect(read.document.currency).toMatchObject({
      party: 'BY',
      code: 'USD',
      beyond: [
        { at: { segment: 4, segmentId: 'CUR', element: 7 }, value: '007' },
        { at: { segment: 4, segmentId: 'CUR', element: 8 }, value: '20261121' },
      ],
    });
    expect(read.unhandled.map(({ text }) => text)).toEqual([
      'CUR07 "007" is not handled',
      'CUR08 "20261121" is not handled',
      'NM1: segment AP 2 NORTHBEND TREASURY is not handled',
    ]);
    const lines = linesOf(renderRemittanceAdvice(read.document, { version: '004010' }));
    expect(lines).toContain(currency);
    expect(lines).toContain('NM1*AP*2*NORTHBEND TREASURY');
  });

  test('goes into a composite behind the part that has a field', () => {
    const counted = changed('180-return-request.edi', ['QTY*76*2*EA', 'QTY*76*2*EA>1>0.5']);
    expect(judged(counted)).toEqual({ ack: 'A', findings: [] });
    const read = readReturnAuthorization(readDocument(counted).set);
    if (read.kind !== 'read') throw new Error(JSON.stringify(read));
    expect(read.document.items[0]?.quantities[0]).toMatchObject({
      unit: 'EA',
      beyond: [{ at: { element: 3 }, value: ['', '1', '0.5'] }],
    });
    const { draft } = renderReturnAuthorization(read.document, { version: '004010' }) as {
      draft: { segments: unknown };
    };
    expect(draft.segments).toContainEqual(['QTY', '76', '2', ['EA', '1', '0.5']]);
  });

  test('is not written over what somebody put in its place since', () => {
    const read = readRemittanceAdvice(readDocument(paid).set);
    if (read.kind !== 'read') throw new Error(JSON.stringify(read));
    const at = { segment: 4, segmentId: 'CUR', element: 2 };
    const twice = {
      ...read.document,
      currency: { party: 'BY', code: 'CAD', beyond: [{ at, value: 'USD' }] },
    };
    expect(problemsOf(renderRemittanceAdvice(twice, { version: '004010' }))).toEqual([
      'CUR02: there is no room for "USD" beside "CAD"',
    ]);
  });
});

test('an 820 without a readable amount is no 820: what is missing is said', () => {
  const read = readRemittanceAdvice(
    readDocument(changed('820-two-invoices.edi', ['BPR*C*1071.5*', 'BPR*C*much*'], ['ADX*-10*04', 'ADX**04']))
      .set,
  );
  expect(read).toEqual({
    kind: 'unreadable',
    problems: [
      { at: { segment: 2, segmentId: 'BPR', element: 2 }, text: 'BPR02 is missing or cannot be read' },
      { at: { segment: 17, segmentId: 'ADX', element: 1 }, text: 'ADX01 is missing or cannot be read' },
    ],
  });
});

test('a document with more than the set has room for, or a value that is none, is not written', () => {
  const read = readReturnAuthorization(readFixture('180-return-request.edi'));
  if (read.kind !== 'read') throw new Error(JSON.stringify(read));
  const problems = (change: object) =>
    problemsOf(renderReturnAuthorization({ ...read.document, ...change }, { version: '004010' }));
  const charge = { indicator: 'C', code: 'F050' };
  expect(problems({ charges: [{ ...charge, amount: '1.005' }] })).toEqual([
    'SAC05: "1.005" cannot be written in hundredths',
  ]);
  expect(problems({ date: '22 November' })).toEqual(['BGN03: "22 November" is not a date']);
  expect(problems({ number: '' })).toEqual(['BGN02: is missing']);
  const [party] = read.document.parties;
  const lines = Array.from({ length: 10 }, (_, at) => `LINE ${at + 1}`);
  expect(problems({ parties: [{ ...party, address: { lines } }] })).toEqual([
    'N2: there is room for 2 there in 004010',
  ]);
});
