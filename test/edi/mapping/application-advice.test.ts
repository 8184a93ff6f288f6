import type { ApplicationAdvice } from '../../../domain/partner/application-advice';
import { readApplicationAdvice, renderApplicationAdvice } from '../../../edi/mapping/application-advice';
import { fixtureBytes, readFixture } from './read-document';
import { expectRight, judged, linesOf, problemsOf } from './write-document';

const advice: ApplicationAdvice = {
  kind: 'application-advice',
  purpose: '11',
  adviceNumber: 'ADV100001',
  date: '2026-11-22',
  time: '0930',
  parties: [
    { role: 'SE', name: 'Lakeshore Goods', references: [], contacts: [] },
    { role: 'BY', idQualifier: '92', id: 'NB01', references: [], contacts: [] },
  ],
  originals: [
    {
      verdict: 'TR',
      reference: { qualifier: 'PO', value: '4500017781' },
      senderCode: 'NORTHBEND',
      receiverCode: 'ORDERHUB',
      groupDate: '2026-11-22',
      groupTime: '0815',
      groupControlNumber: '4711',
      controlNumber: '0001',
      set: '850',
      version: '004010',
      references: [],
      dates: [],
      contacts: [],
      amounts: [],
      quantities: [],
      errors: [
        {
          code: '024',
          text: 'the quantities of the stores (SDQ) sum to 90, PO102 is 96',
          segment: 'SDQ',
          position: '9',
          element: { position: '4' },
          elementReference: '380',
          value: '90',
          contexts: [],
          remarks: [{ text: 'line 3' }],
          details: [],
        },
      ],
    },
  ],
};

describe('824, application advice', () => {
  test('a rejected invoice: which of our documents, what is wrong, and where', () => {
    expect(judged(fixtureBytes('824-invoice-rejected.edi'))).toEqual({ ack: 'A', findings: [] });
    const read = readApplicationAdvice(readFixture('824-invoice-rejected.edi'));
    expect(read).toMatchObject({
      kind: 'read',
      unhandled: [],
      document: {
        purpose: '11',
        adviceNumber: 'ADV-20261122-0007',
        originals: [
          {
            verdict: 'TR',
            reference: { qualifier: 'IV', value: 'INV100014' },
            groupControlNumber: '311',
            controlNumber: '0002',
            set: '810',
            references: [{ qualifier: 'PO', value: '4500017781' }],
            amounts: [{ qualifier: 'TT', amount: '285.66' }],
            errors: [
              {
                code: '024',
                segment: 'IT1',
                position: '9',
                element: { position: '4' },
                value: '24.50',
                replacement: '24.00',
                remarks: [{ code: 'ERN', text: 'LINE 1 WAS ORDERED AT 24.00, CONTRACT 8812' }],
              },
              { code: '007', text: 'MISSING DEPARTMENT NUMBER' },
            ],
          },
          { verdict: 'TA', errors: [] },
        ],
      },
    });
  });

  test('what the hub says of a purchase order names group, set, segment, element and the bad value', async () => {
    await expectRight((version) => renderApplicationAdvice(advice, { version }));
    expect(linesOf(renderApplicationAdvice(advice, { version: '004010' }))).toEqual([
      'BGN*11*ADV100001*20261122*0930',
      'N1*SE*Lakeshore Goods',
      'N1*BY**92*NB01',
      'OTI*TR*PO*4500017781*NORTHBEND*ORDERHUB*20261122*0815*4711*0001*850*004010',
      'TED*024*the quantities of the stores (SDQ) sum to 90, PO102 is 96*SDQ*9*4*380*90',
      'NTE**line 3',
    ]);
  });

  test('an advice that speaks of no document, or whose reference is too long to be told whole, is not written', () => {
    const rendered = renderApplicationAdvice({ ...advice, originals: [] }, { version: '004010' });
    expect(problemsOf(rendered)).toEqual(['OTI: an advice about no document']);
    const [original] = advice.originals;
    const long = {
      ...advice,
      originals: [{ ...original, reference: { qualifier: 'PO', value: 'X'.repeat(31) } }],
    } as ApplicationAdvice;
    expect(problemsOf(renderApplicationAdvice(long, { version: '004010' }))).toEqual([
      `OTI03: "${'X'.repeat(31)}" is not 1 to 30 characters long`,
    ]);
    expect(renderApplicationAdvice(long, { version: '005010' }).kind).toBe('rendered');
  });
});
