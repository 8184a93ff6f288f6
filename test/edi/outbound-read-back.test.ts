import type { DraftSegment } from '../../edi/x12/model';
import { writeInterchange } from '../../edi/x12/writer';
import { type ExpectedInterchange, readBack } from '../../gateway/outbound/read-back';

const separators = { element: '*', component: '>', repetition: '^', segment: '~' };
const drafts: readonly (readonly DraftSegment[])[] = [
  [
    ['BAK', '00', 'AD', 'PO1', '20261120'],
    ['REF', 'ZZ', '', 'a note', ['AB', '12', '', '']],
    ['N1', 'ST', ' Store 42 ', '92', '0042'],
    ['REF', 'DP', { repeats: ['17', '18'] }],
  ],
  [['BAK', '00', 'RD', 'PO2', '20261120']],
];

function written(change: (text: string) => string = (text) => text) {
  const text = writeInterchange({
    envelope: {
      separators,
      isa: {
        senderQualifier: 'ZZ',
        senderId: 'HUB',
        receiverQualifier: 'ZZ',
        receiverId: 'ACME',
        date: '261122',
        time: '1200',
        version: '00501',
        controlNumber: 7,
        usage: 'P',
        ackRequested: false,
      },
    },
    groups: [
      {
        functionalId: 'PR',
        senderCode: 'HUBGS',
        receiverCode: 'ACMEGS',
        date: '20261122',
        time: '1200',
        controlNumber: 3,
        version: '005010',
        sets: drafts.map((segments, at) => ({
          controlNumber: `000${at + 1}`,
          draft: { set: '855', segments },
        })),
      },
    ],
  });
  const expected: ExpectedInterchange = {
    controlNumber: 7,
    sender: 'HUB',
    receiver: 'ACME',
    repetition: '^',
    component: '>',
    encoding: 'latin1',
    ta1: null,
    groups: [
      {
        controlNumber: 3,
        sets: drafts.map((segments, at) => ({ controlNumber: `000${at + 1}`, set: '855', segments })),
      },
    ],
  };
  return readBack(Buffer.from(change(text), 'latin1'), expected);
}

describe('an independent reader reads what we wrote', () => {
  test('and finds every value where it was meant: composites, repeats and blanks included', async () => {
    expect(await written()).toEqual([]);
  });

  test.each([
    ['a value that differs', 'PO2', 'PO3', 1, /BAK3: wrote "PO2", read "PO3"/],
    ['a value that is missing', '*a note*', '**', 0, /REF3: wrote "a note", read ""/],
    [
      'a value that nobody wrote',
      'RD*PO2*20261120',
      'RD*PO2*20261120*X',
      1,
      /BAK5: read "X", which was not written/,
    ],
    ['a component that differs', 'AB>12', 'AB>13', 0, /REF4-1: wrote "12", read "13"/],
    ['a segment too many', 'BAK*00*RD', 'NTE**x~BAK*00*RD', 1, /wrote 1 segments, read 2/],
    ['a trailer that counts wrong', 'SE*3*0002', 'SE*4*0002', 1, /SE differs/],
  ])('%s names its document', async (_, from, to, setIndex, text) => {
    expect(await written((bytes) => bytes.replace(from, to))).toEqual([
      { setIndex, text: expect.stringMatching(text) },
    ]);
  });

  test.each([
    ['ISA13', '000000007*0*P', '000000008*0*P'],
    ['IEA01', 'IEA*1', 'IEA*2'],
    ['GE01', 'GE*2*3', 'GE*1*3'],
    ['GS06', '1200*3*X', '1200*4*X'],
  ])('a difference in %s concerns the whole interchange', async (_, from, to) => {
    expect(await written((bytes) => bytes.replace(from, to))).toMatchObject([{ setIndex: null }]);
  });
});
