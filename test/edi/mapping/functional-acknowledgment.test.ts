import {
  readFunctionalAcknowledgment,
  readInterchangeAcknowledgment,
  verdictOnSet,
} from '../../../edi/mapping/functional-acknowledgment';
import { fixtureBytes, readDocument, readFixture } from './read-document';

function group(name: string, from = '', to = '') {
  const text = fixtureBytes(name).toString('latin1').replace(from, to);
  const read = readFunctionalAcknowledgment(readDocument(Buffer.from(text, 'latin1')).set);
  const [first] = read.groups;
  if (first === undefined) throw new Error('no group');
  return first;
}

describe('a 997 for what we sent', () => {
  test('a rejected set names its segments and elements, with the value the partner saw', () => {
    expect(readFunctionalAcknowledgment(readFixture('997-rejected-set.edi'))).toEqual({
      groups: [
        {
          functionalId: 'PR',
          groupControlNumber: '17',
          status: 'P',
          errors: [],
          included: 2,
          received: 2,
          accepted: 1,
          sets: [
            { set: '855', controlNumber: '0001', status: 'A', errors: [], notes: [] },
            {
              set: '855',
              controlNumber: '0002',
              status: 'R',
              errors: ['5'],
              notes: [
                {
                  segment: 'PO1',
                  position: 8,
                  code: '8',
                  context: [],
                  elements: [
                    { position: 3, reference: '355', code: '7', value: 'XX' },
                    { position: 5, component: 1, reference: '639', code: '5', value: 'TOOLONG' },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  test('a 999 is read alike, with its context', () => {
    expect(group('999-implementation.edi')).toMatchObject({
      status: 'R',
      errors: ['5'],
      sets: [
        {
          set: '856',
          status: 'R',
          notes: [
            {
              segment: 'REF',
              loop: 'HL',
              context: ['SITUATIONAL TRIGGER HL 4', 'BOL:77'],
              elements: [{ code: 'I12' }],
            },
          ],
        },
      ],
    });
  });

  test('a group accepted without naming its sets accepts all of them', () => {
    expect(verdictOnSet(group('997-accepted-group.edi'), '810', '0002')).toBe('accepted');
  });

  test('each set of a partially accepted group has its own verdict', () => {
    const partial = group('997-rejected-set.edi');
    expect(verdictOnSet(partial, '855', '0001')).toBe('accepted');
    expect(verdictOnSet(partial, '855', '2')).toBe('rejected');
    expect(verdictOnSet(partial, '855', '0003')).toBe('accepted');
  });

  test('partial acceptance that does not say of which set is unclear', () => {
    expect(verdictOnSet(group('997-accepted-group.edi', 'AK9*A*3*3*3', 'AK9*P*3*3*2'), '810', '1')).toBe(
      'unclear',
    );
  });

  test('a rejected group rejects every set in it', () => {
    expect(verdictOnSet(group('997-accepted-group.edi', 'AK9*A*3*3*3', 'AK9*R*3*3*0*1'), '810', '1')).toBe(
      'rejected',
    );
  });

  test('a set accepted with errors was processed', () => {
    const read = group('997-rejected-set.edi', 'AK5*A', 'AK5*E*5');
    expect(verdictOnSet(read, '855', '0001')).toBe('accepted-with-errors');
  });
});

describe('a TA1 for what we sent', () => {
  const ta1 = (...elements: string[]) => ({ id: 'TA1', elements, position: 0, offset: 0 });

  test('names the interchange, its date and the note', () => {
    expect(readInterchangeAcknowledgment(ta1('000000123', '261120', '0815', 'R', '025'))).toEqual({
      controlNumber: '000000123',
      date: '261120',
      time: '0815',
      status: 'R',
      note: '025',
    });
  });

  test('a status that is none of A, E and R is left open', () => {
    expect(readInterchangeAcknowledgment(ta1('000000123', '261120', '0815', 'Q', '000'))?.status).toBeNull();
    expect(readInterchangeAcknowledgment({ ...ta1(), id: 'GS' })).toBeNull();
  });
});
