import type { DeviationCode } from '../../edi/x12/deviation';
import {
  agreement,
  answerText,
  beg,
  firstGroup,
  firstSet,
  interchange,
  judge,
  po1,
  set,
} from './interchange-text';

const clean = set('850', beg + po1);
const ta1 = (text: string) => judge(text).ta1;

describe('an interchange is answered by TA1', () => {
  test('a clean one is accepted and its order is taken', () => {
    const judgement = judge(interchange([clean]));
    expect(judgement.ta1).toEqual({ code: 'A', note: '000' });
    expect(judgement.deviations).toEqual([]);
    expect(firstSet(judgement).document?.root.loops[0]?.segments[0]?.elements[1]).toBe('12');
  });

  test.each([
    ['ISA01 is no qualifier', { 1: '99' }, 'R', '010'],
    ['ISA03 is no qualifier', { 3: 'X1' }, 'R', '012'],
    ['ISA05 is no qualifier', { 5: '??' }, 'R', '005'],
    ['ISA06 is blank', { 6: ' '.repeat(15) }, 'R', '006'],
    ['ISA07 is no qualifier', { 7: '  ' }, 'R', '007'],
    ['ISA08 is blank', { 8: ' '.repeat(15) }, 'R', '008'],
    ['ISA09 is no day', { 9: '260231' }, 'R', '014'],
    ['ISA10 is no time', { 10: '2460' }, 'R', '015'],
    ['ISA11 is no standard', { 11: 'X' }, 'E', '002'],
    ['ISA12 is no version', { 12: '0040A' }, 'R', '017'],
    ['ISA12 is unknown', { 12: '00999' }, 'E', '003'],
    ['ISA13 is no number', { 13: '00000000A' }, 'R', '018'],
    ['ISA14 is neither 0 nor 1', { 14: '2' }, 'E', '019'],
    ['ISA15 is no usage', { 15: 'X' }, 'R', '020'],
    ['ISA16 is a letter', { 16: 'A' }, 'R', '027'],
    ['ISA16 is the element separator', { 16: '*' }, 'R', '027'],
  ])('%s', (_, isa, code, note) => {
    const judgement = judge(interchange([clean], { isa }));
    expect(judgement.ta1).toEqual({ code, note });
    expect(judgement.groups.length).toBe(code === 'R' ? 0 : 1);
  });

  test('IEA02 that is another number is noted, and the interchange processed', () => {
    expect(ta1(interchange([clean], { iea: 'IEA*1*000000002~' }))).toEqual({ code: 'E', note: '001' });
  });

  test('IEA02 is compared as a number; its missing zeros are a deviation', () => {
    const judgement = judge(interchange([clean], { iea: 'IEA*1*1~' }));
    expect(judgement.ta1.code).toBe('A');
    expect(judgement.deviations.map(({ code }) => code)).toEqual(['iea02-format']);
  });

  test('a wrong number of groups is noted', () => {
    expect(ta1(interchange([clean], { iea: 'IEA*2*000000001~' }))).toEqual({ code: 'E', note: '021' });
  });

  test('without IEA it ended too early and nothing of it is processed', () => {
    const text = interchange([clean]);
    for (const length of [text.indexOf('PO1') + 5, text.indexOf('GE*'), text.indexOf('IEA')]) {
      expect(judge(text.slice(0, length))).toMatchObject({ ta1: { code: 'R', note: '023' }, groups: [] });
    }
  });

  test('an IEA that lost its terminator says what it says, unless its number breaks off', () => {
    const ending = (iea: string) => ta1(interchange([clean], { isa: { 13: '000000120' }, iea }));
    expect(ending('IEA*1*000000120')).toEqual({ code: 'A', note: '000' });
    expect(ending('IEA*1*940001777')).toEqual({ code: 'E', note: '001' });
    expect(ending('IEA*1*3317 ')).toEqual({ code: 'E', note: '001' });
    expect(ending('IEA*2*000000120')).toEqual({ code: 'E', note: '021' });
    for (const broken of ['IEA*1*00000012', 'IEA*1*', 'IEA*1', 'IEA*'])
      expect(ending(broken)).toEqual({ code: 'R', note: '023' });
  });

  test('a segment outside every set breaks the control structure', () => {
    expect(ta1(interchange([`${clean}REF*DP*1~`]))).toEqual({ code: 'R', note: '022' });
    expect(ta1(interchange(['BEG*00~SE*2*0001~']))).toEqual({ code: 'R', note: '022' });
    expect(ta1(interchange([clean]).replace('GS*PO', 'GX*PO'))).toEqual({ code: 'R', note: '022' });
  });

  test('what is asked of the network between ISA and GS is not for the hub', () => {
    const text = interchange([set('850', beg + po1)]).replace('~GS*', '~ISB*1~ISE*261130*0515*04~GS*');
    expect(judge(text).ta1).toEqual({ code: 'A', note: '000' });
    const inside = interchange([set('850', beg + po1)]).replace('~ST*', '~ISB*1~ST*');
    expect(judge(inside).ta1).toEqual({ code: 'R', note: '022' });
  });

  test('a GS that names no parties is invalid content', () => {
    expect(ta1(interchange([clean], { gs: { 2: '' } }))).toEqual({ code: 'R', note: '024' });
  });

  test('a rejection goes before an error that would let it be processed', () => {
    expect(ta1(interchange([clean], { isa: { 14: '2' } }).replace(/IEA.*/, ''))).toEqual({
      code: 'R',
      note: '023',
    });
  });

  test('unknown parties, the wrong usage and a used number are rejected under an agreement', () => {
    const under = (isa: Record<number, string>) => judge(interchange([clean], { isa }), agreement).ta1;
    expect(under({})).toEqual({ code: 'A', note: '000' });
    expect(under({ 6: 'STRANGER       ' })).toEqual({ code: 'R', note: '006' });
    expect(under({ 8: 'OTHER          ' })).toEqual({ code: 'R', note: '009' });
    expect(under({ 15: 'T' })).toEqual({ code: 'R', note: '020' });
    const seen = { interchange: () => 'other-bytes' as const, group: () => false };
    expect(judge(interchange([clean]), agreement, seen).ta1).toEqual({ code: 'R', note: '025' });
  });

  test('the same bytes again are answered as before and create nothing', () => {
    const seen = { interchange: () => 'same-bytes' as const, group: () => false };
    const judgement = judge(interchange([clean]), agreement, seen);
    expect(judgement).toMatchObject({ duplicate: true, ta1: { code: 'A', note: '000' } });
    expect(firstGroup(judgement).ack).toBe('A');
    expect(firstSet(judgement).document).toBeNull();
  });

  test('a TA1 is due when asked for, forced or the only answer, and never for a TA1', () => {
    expect(judge(interchange([clean])).ta1Due).toBe(false);
    expect(judge(interchange([clean], { isa: { 14: '1' } })).ta1Due).toBe(true);
    expect(judge(interchange([clean]), { ...agreement, ta1: 'always' }).ta1Due).toBe(true);
    expect(judge(interchange([clean], { isa: { 15: 'X' } })).ta1Due).toBe(true);
    const text = interchange([], { isa: { 14: '1' } }).replace(
      /GS\*.*?~GE.*?~/,
      'TA1*000000007*261122*1530*A*000~',
    );
    const received = judge(text.replace('IEA*1', 'IEA*0'), { ...agreement, ta1: 'always' });
    expect(received).toMatchObject({ ta1: { code: 'A' }, ta1Due: false, groups: [] });
    expect(received.receivedTa1s).toEqual([
      { controlNumber: '000000007', date: '261122', time: '1530', code: 'A', note: '000' },
    ]);
  });

  test('a partner may refuse a deviation that the hub would take', () => {
    const strict = { ...agreement, leniency: { 'iea02-format': 'reject' } as const };
    expect(judge(interchange([clean], { iea: 'IEA*1*1~' }), strict).ta1).toEqual({ code: 'R', note: '001' });
  });

  test('the answer goes from receiver to sender and is itself accepted', () => {
    const stamp = { date: '20261122', time: '1531', controlNumber: 7, groupControlNumber: 9 };
    const text = answerText(interchange([clean], { isa: { 14: '1' } }), null, stamp) as string;
    expect(text).toContain('TA1*000000001*261122*1530*A*000~');
    const back = judge(text);
    expect(back).toMatchObject({
      ta1: { code: 'A', note: '000' },
      envelope: { senderId: 'HUB', receiverId: 'ACME' },
    });
    expect(firstSet(back)).toMatchObject({ set: '997', ack: 'A' });
    expect(firstGroup(back).functionalAck).toBeNull();
  });

  test('half an interchange is answered as such, wherever it breaks off, and creates nothing', () => {
    const text = interchange([clean]);
    for (let length = 4; length < text.length - 1; length += 1) {
      const note = length < 106 ? '022' : '023';
      expect({ length, ...judge(text.slice(0, length)) }).toMatchObject({
        length,
        ta1: { code: 'R', note },
        ta1Due: true,
        groups: [],
      });
    }
    // Only the last terminator may be lost.
    expect(judge(text.slice(0, -1)).ta1).toEqual({ code: 'A', note: '000' });
  });

  const v5010 = { 12: '00501' };
  test.each([
    ['the repetition separator is that of elements', { ...v5010, 11: '*' }, '026'],
    ['the repetition separator is that of components', { ...v5010, 11: '>' }, '027'],
    ['the repetition separator is the terminator', { ...v5010, 11: '~' }, '004'],
    ['ISA16 is the terminator', { 16: '~' }, '027'],
    ['ISA16 is blank', { 16: ' ' }, '027'],
  ])('%s', (_, isa, note) => {
    expect(ta1(interchange([clean], { isa }))).toEqual({ code: 'R', note });
  });

  test.each([
    ['letters as element separators', ['*', 'X'], '026'],
    ['blanks as element separators', ['*', ' '], '026'],
    ['letters as terminators', ['~', 'Z'], '004'],
    ['blanks as terminators', ['~', ' '], '004'],
  ] as const)('%s', (_, [from, to], note) => {
    expect(ta1(interchange([clean]).replaceAll(from, to))).toEqual({ code: 'R', note });
  });

  test('in 00501 an ISA11 that is no separator is noted, and nothing repeats', () => {
    for (const letter of ['A', '1', ' ']) {
      const judgement = judge(interchange([clean], { isa: { ...v5010, 11: letter } }));
      expect(judgement).toMatchObject({
        ta1: { code: 'E', note: '002' },
        separators: { repetition: null },
        groups: [{ ack: 'A' }],
      });
    }
  });

  test('the first error counts, in the order delimiters, widths, version, parties, duplicate, IEA', () => {
    const strict = { ...agreement, leniency: { 'isa-widths': 'reject' } as const };
    const used = { interchange: () => 'other-bytes' as const, group: () => false };
    const faults = (isa: Record<number, string>, iea = 'IEA*1*000000001~') =>
      judge(interchange([clean], { isa, iea }), strict, used).ta1.note;
    expect(faults({ 16: 'A', 6: 'SHORT', 12: '0040X' })).toBe('027');
    expect(faults({ 6: 'SHORT', 12: '0040X' })).toBe('022');
    expect(faults({ 6: 'STRANGER       ', 12: '0040X' })).toBe('017');
    expect(faults({ 6: 'STRANGER       ' }, '')).toBe('006');
    expect(faults({}, '')).toBe('025');
  });

  test('a TA1 is not answered with a TA1, not even where its interchange is rejected', () => {
    const only = interchange([], { isa: { 15: 'X' } }).replace(
      /GS\*.*?~GE.*?~/,
      'TA1*000000007*261122*1530*A*000~',
    );
    expect(judge(only)).toMatchObject({ ta1: { code: 'R', note: '020' }, ta1Due: false });
    expect(answerText(only)).toBeNull();
  });

  test('a TA1 behind GS belongs nowhere', () => {
    const text = interchange([clean]).replace('~ST', '~TA1*000000007*261122*1530*A*000~ST');
    expect(ta1(text)).toEqual({ code: 'R', note: '022' });
  });

  test('tabs and leading blanks fill an id up as blanks do, and are recorded', () => {
    for (const id of ['ACME'.padEnd(15, '\t'), 'ACME'.padStart(15, ' ')]) {
      const judgement = judge(interchange([clean], { isa: { 6: id } }), agreement);
      expect(judgement).toMatchObject({
        ta1: { code: 'A' },
        deviations: [{ code: 'isa-padding', policy: 'accept' }],
      });
    }
  });

  test('every deviation may be rejected, with the note of its place', () => {
    const with22 = (code: DeviationCode, text: string) =>
      judge(text, { ...agreement, leniency: { [code]: 'reject' } }).ta1;
    const text = interchange([clean]);
    expect(with22('bom', `\xef\xbb\xbf${text}`)).toEqual({ code: 'R', note: '024' });
    expect(with22('isa16-missing', text.replace('*P*>~', '*P*~'))).toEqual({ code: 'R', note: '027' });
    expect(with22('isa13-format', text.replaceAll('000000001', '1        '))).toEqual({
      code: 'R',
      note: '018',
    });
    expect(with22('iea-unterminated', text.slice(0, -1))).toEqual({ code: 'R', note: '023' });
    expect(with22('control-elements', interchange([clean], { iea: 'IEA*1*000000001*X~' }))).toEqual({
      code: 'R',
      note: '024',
    });
  });
});
