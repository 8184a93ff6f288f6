import type { Finding } from '../../edi/validate/finding';
import { agreement, beg, firstGroup, firstSet, interchange, judge, po1, set } from './interchange-text';

const clean = set('850', beg + po1);
const bad = set('850', `BEG*00*SA***20261122~${po1}`, '0002');

describe('a functional group is answered by one acknowledgement', () => {
  test('all accepted', () => {
    expect(firstGroup(judge(interchange([clean])))).toMatchObject({
      ack: 'A',
      errors: [],
      included: 1,
      received: 1,
      accepted: 1,
      functionalAck: { text: 'ST*997*0001~AK1*PO*1~AK2*850*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~' },
    });
  });

  test('accepted in part, with the error at its place', () => {
    const group = firstGroup(judge(interchange([clean, bad])));
    expect(group).toMatchObject({ ack: 'P', included: 2, received: 2, accepted: 1 });
    expect(group.functionalAck?.text).toBe(
      'ST*997*0001~AK1*PO*1~AK2*850*0001~AK5*A~AK2*850*0002~AK3*BEG*2**8~AK4*3*324*1~AK5*R*5~AK9*P*2*2*1~SE*10*0001~',
    );
    expect(group.transactions.map(({ document }) => document === null)).toEqual([false, true]);
  });

  test('none accepted', () => {
    expect(firstGroup(judge(interchange([bad])))).toMatchObject({ ack: 'R', accepted: 0 });
  });

  test('an agreement may ask for the rejected sets only, and tolerate a finding', () => {
    const rejectedOnly = judge(interchange([clean, bad]), { ...agreement, ackDetail: 'rejected' });
    expect(firstGroup(rejectedOnly).functionalAck?.text).not.toContain('AK2*850*0001');
    const tolerant = judge(interchange([bad]), { ...agreement, tolerated: new Set(['element:1']) });
    expect(firstGroup(tolerant)).toMatchObject({
      ack: 'E',
      accepted: 1,
      transactions: [{ ack: 'E', errors: ['5'] }],
    });
    expect(firstSet(tolerant).document).not.toBeNull();
  });

  test.each([
    ['GS01 is of no group', { gs: { 1: 'XQ' } }, ['1']],
    ['GS08 is of no release', { gs: { 8: '009999' } }, ['2']],
    ['GE is missing', { ge: '' }, ['3']],
    ['GE02 is another number', { ge: 'GE*1*2~' }, ['4']],
    ['GE01 counts wrong', { ge: 'GE*3*1~' }, ['5']],
    ['GE01 is no number', { ge: 'GE*X*1~' }, ['5']],
    ['GS06 is no number', { gs: { 6: 'A1' } }, ['6']],
  ])('%s: the group is rejected and none of its sets creates anything', (_, changes, errors) => {
    const judgement = judge(interchange([clean], changes));
    expect(firstGroup(judgement)).toMatchObject({ ack: 'R', errors, accepted: 0 });
    expect(firstSet(judgement).document).toBeNull();
  });

  test('AK902 repeats GE01, AK903 counts what came', () => {
    const group = firstGroup(judge(interchange([clean], { ge: 'GE*3*1~' })));
    expect(group).toMatchObject({ included: 3, received: 1 });
    expect(group.functionalAck?.text).toContain('AK9*R*3*1*0*5~');
  });

  test('a GS06 used twice in an interchange has a code of its own only from 5010 on', () => {
    const twice = (version: string) =>
      judge(
        interchange([clean], { gs: { 8: version } })
          .replace(/(GS\*.*?GE\*1\*1~)/, '$1$1')
          .replace('IEA*1', 'IEA*2'),
      );
    expect(twice('004010').groups.map(({ errors }) => errors)).toEqual([[], ['6']]);
    expect(twice('005010').groups.map(({ errors }) => errors)).toEqual([[], ['19']]);
  });

  test('a GS06 of an earlier interchange is refused', () => {
    const seen = { interchange: () => 'new' as const, group: () => true };
    expect(firstGroup(judge(interchange([clean]), agreement, seen)).errors).toEqual(['6']);
  });

  test.each([
    ['ST01 does not fit GS01', set('810', 'BIG*20261122*1~'), ['6']],
    ['ST01 is missing', set('', beg + po1), ['6']],
    ['ST02 is too short', set('850', beg + po1, '1'), ['7']],
    ['SE02 is another number', clean.replace('SE*4*0001', 'SE*4*0002'), ['3']],
    ['SE01 counts wrong', clean.replace('SE*4', 'SE*5'), ['4']],
    ['SE01 is no number', clean.replace('SE*4', 'SE*four'), ['4']],
    ['SE is missing', clean.replace(/SE\*.*/, ''), ['2']],
  ])('%s', (_, text, errors) => {
    const judgement = judge(interchange([text]));
    expect(firstSet(judgement)).toMatchObject({ ack: 'R', errors, document: null });
  });

  test('a set without a definition is rejected as such', () => {
    const judgement = judge(interchange([set('100', 'BGN*00*1*20261122~')], { gs: { 1: 'PG' } }));
    expect(firstSet(judgement)).toMatchObject({ ack: 'R', errors: ['1'], findings: [] });
  });

  test('an ST02 used twice in its group rejects the second set', () => {
    const group = firstGroup(judge(interchange([clean, clean])));
    expect(group.transactions.map(({ ack, errors }) => [ack, ...errors])).toEqual([['A'], ['R', '23']]);
  });

  test('an acknowledgement is never acknowledged', () => {
    const ack = set('997', 'AK1*PO*1~AK9*A*1*1*1~');
    expect(firstGroup(judge(interchange([ack], { gs: { 1: 'FA' } })))).toMatchObject({
      ack: 'A',
      functionalAck: null,
    });
    expect(firstGroup(judge(interchange([ack])))).toMatchObject({ ack: 'R', functionalAck: null });
  });

  test('a place in a composite is named where AK401 is one: from 3050 on', () => {
    const body = `BEG*00*SA*PO>1**261122~PO1*1*12*EA*4.25**VP*A-100~`;
    const ak4 = (version: string) =>
      /AK4[^~]*/.exec(
        firstGroup(judge(interchange([set('850', body)], { gs: { 8: version } }))).functionalAck?.text ?? '',
      )?.[0];
    expect(ak4('003040')).toBe('AK4*3*324*3*PO 1');
    expect(ak4('003050')).toBe('AK4*3>2*324*3*PO 1');
  });

  test('5010 names the version, the implementation and the repetition', () => {
    const text = interchange([set('850', `BEG*00*SA***20261122~${po1}`, '0001', '005010')], {
      isa: { 11: '^', 12: '00501' },
      gs: { 8: '005010' },
    });
    expect(firstGroup(judge(text)).functionalAck?.text).toBe(
      'ST*997*0001~AK1*PO*1*005010~AK2*850*0001*005010~AK3*BEG*2**8~AK4*3*324*1~AK5*R*5~AK9*R*1*1*0~SE*8*0001~',
    );
  });

  test('a partner who asks for a 999 gets one, with the order number as context', () => {
    const text = interchange([set('850', `${beg}PO1*1*12~`)]);
    const { functionalAck } = firstGroup(judge(text, { ...agreement, functionalAck: '999' }));
    expect(functionalAck).toMatchObject({ version: '005010X231A1' });
    expect(functionalAck?.text).toContain('ST*999*0001*005010X231A1~AK1*PO*1*004010~');
    const withFault = interchange([set('850', `${beg}PO1*1*X*EA~`)]);
    expect(
      firstGroup(judge(withFault, { ...agreement, functionalAck: '999' })).functionalAck?.text,
    ).toContain('IK3*PO1*3**8~CTX*BEG03>PO9001~IK4*2*330*6~IK5*R*5~');
  });

  const breach: Finding = {
    segment: 'REF',
    position: 3,
    loop: null,
    segmentError: '3',
    element: null,
    component: null,
    repetition: null,
    reference: null,
    elementError: null,
    value: '',
    severity: 'guide',
    implementationError: 'I8',
    text: 'the guide requires REF with REF01 = DP here',
  };

  test("a breach of the guide is listed, and rejects only where the agreement says that it is the acknowledgement's matter", () => {
    const guided = { ...agreement, guideFindings: () => [breach] };
    const advised = firstGroup(judge(interchange([clean]), guided));
    expect(advised).toMatchObject({ ack: 'A', transactions: [{ ack: 'A', findings: [breach] }] });
    expect(advised.functionalAck?.text).toBe(
      'ST*997*0001~AK1*PO*1~AK2*850*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~',
    );
    const acknowledged = { ...guided, guideBreaches: 'acknowledge' } as const;
    expect(firstGroup(judge(interchange([clean]), acknowledged)).functionalAck?.text).toBe(
      'ST*997*0001~AK1*PO*1~AK2*850*0001~AK3*REF*3**3~AK5*R*5~AK9*R*1*1*0~SE*7*0001~',
    );
    const by999 = judge(interchange([clean]), { ...acknowledged, functionalAck: '999' });
    expect(firstGroup(by999).functionalAck?.text).toContain('IK3*REF*3**I8~CTX*BEG03>PO9001~IK5*R*I5~');
  });

  test.each([
    [
      'a set in which another begins is not closed',
      [`ST*850*0001~${beg}${set('850', beg + po1, '0002')}`],
      { ge: 'GE*2*1~' },
      'AK2*850*0001~AK5*R*2~AK2*850*0002~AK5*A~AK9*P*2*2*1~',
    ],
    [
      'GE closes a set that is still open',
      [`ST*850*0001~${beg}${po1}`],
      {},
      'AK2*850*0001~AK5*R*2~AK9*R*1*1*0~',
    ],
    [
      'a count beyond all numbers is a wrong one',
      [clean.replace('SE*4', `SE*1${'0'.repeat(30)}`)],
      {},
      'AK2*850*0001~AK5*R*4~AK9*R*1*1*0~',
    ],
    ['so is that of sets', [clean], { ge: `GE*1${'0'.repeat(30)}*1~` }, 'AK2*850*0001~AK5*A~AK9*R*1*1*0*5~'],
    ['a set without a number', [clean.replaceAll('*0001', '')], {}, 'AK2*850*0000~AK5*R*7~AK9*R*1*1*0~'],
    [
      'a number that is too short is still named',
      [set('850', beg + po1, '7')],
      {},
      'AK2*850*0007~AK5*R*7~AK9*R*1*1*0~',
    ],
  ])('%s', (_, sets, changes, expected) => {
    const { functionalAck } = firstGroup(judge(interchange(sets, changes)));
    expect(functionalAck?.text).toContain(`AK1*PO*1~${expected}SE*`);
  });

  test('a GS without GE is answered by itself, and so is the next one', () => {
    const text = interchange([`${clean}GS*PO*ACME*HUB*20261122*1530*2*X*004010~${clean}`], {
      ge: 'GE*1*2~',
      iea: 'IEA*2*000000001~',
    });
    expect(judge(text)).toMatchObject({
      ta1: { code: 'A' },
      groups: [
        { ack: 'R', errors: ['3'], accepted: 0, transactions: [{ ack: 'A', document: null }] },
        { ack: 'A', errors: [], accepted: 1 },
      ],
    });
  });

  test('a 999 names what made an element due', () => {
    const text = interchange([set('850', `${beg}PO1*1**EA~`)]);
    expect(firstGroup(judge(text, { ...agreement, functionalAck: '999' })).functionalAck?.text).toContain(
      'IK3*PO1*3**8~CTX*BEG03>PO9001~IK4*2*330*2~CTX*SITUATIONAL TRIGGER*PO1*3**3*355~IK5*R*5~',
    );
  });
});
