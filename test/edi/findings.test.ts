import { beg, findingsOf, firstGroup, firstSet, interchange, judge, po1, set } from './interchange-text';

const version5010 = { isa: { 11: '^', 12: '00501' }, gs: { 8: '005010' } };

describe('where a segment may stand (AK304)', () => {
  test('in place there is nothing to find', () => {
    expect(
      findingsOf(`${beg}REF*DP*12~N1*ST*Store 5*92*05~N3*1 Main St~${po1}PID*F****Widget~CTT*1~`),
    ).toEqual([]);
  });

  test.each([
    ['an id that no release knows', `${beg}QQQ*1~${po1}`, ['QQQ 3 1']],
    ['an id of other sets', `${beg}BIG*20261122*1~${po1}`, ['BIG 3 6']],
    ['its place has passed', `${beg}${po1}CTT*1~REF*DP*1~`, ['REF 5 7']],
    ['inside loops that are all past', `${beg}${po1}CTT*1~N3*1 Main St~`, ['N3 5 7']],
    ['too late, though it was missed', `${beg}CTT*1~${po1}`, ['PO1 3 3', 'PO1 4 7']],
    ['a small letter makes another id', `beg*00*SA*PO9001**20261122~${po1}`, ['beg 2 1', 'BEG 3 3']],
    ['in the set, not here', `${beg}N3*1 Main St~${po1}`, ['N3 3 2']],
    ['mandatory and missing, reported where the next one stands', po1, ['BEG 2 3']],
    ['mandatory and missing at the end, reported at SE', beg, ['PO1 3 3']],
    ['more often than allowed', `${beg}CUR*BY*USD~CUR*BY*EUR~${po1}`, ['CUR 4 5']],
    [
      'a loop more often than allowed',
      `${beg}${po1}LS*LDT~LDT*AF*1*DA~LE*LDT~LS*LDT~LDT*AF*1*DA~LE*LDT~`,
      ['LS 7 4'],
    ],
    [
      'a loop of one segment more often than allowed',
      `${beg}${'N1*ST**92*05~'.repeat(201)}${po1}`,
      ['N1 203 4'],
    ],
    [
      'a loop of more segments more often than allowed',
      `${beg}${'N1*ST**92*05~N3*1 Main St~'.repeat(201)}${po1}`,
      ['N1 403 4'],
    ],
  ])('%s', (_, body, findings) => {
    expect(findingsOf(body)).toEqual(findings);
  });

  test('a segment that may come later in an outer loop closes the inner one', () => {
    expect(
      findingsOf(`${beg}N1*ST**92*05~N1*BT**92*06~PO1*1*1*EA~N1*ST**92*07~PO1*2*1*EA~CTT*2~AMT*TT*5~`),
    ).toEqual([]);
  });

  test('a segment without an identifier is unrecognized', () => {
    expect(findingsOf(`${beg}*A*B~${po1}`)).toEqual([' 3 1']);
  });

  test('where a loop has two brackets, LS01 tells which one is meant', () => {
    const catalog = (brackets: string): string[] =>
      firstSet(
        judge(
          interchange([set('832', `BCT*SC~LIN**VP*A-100~CTP**CON*4.25~${brackets}CTT*1~`)], {
            ...version5010,
            gs: { 1: 'SC', 8: '005010' },
          }),
        ),
      ).findings.map(({ text }) => text);
    const codes = 'LS*LM~LM*ZZ~LQ*1*A~LE*LM~';
    const parties = 'LS*N1~N1*ST*Store 5~LE*N1~';
    expect(catalog(codes)).toEqual([]);
    expect(catalog(parties)).toEqual([]);
    expect(catalog(codes + parties)).toEqual([]);
  });

  test('the bounded loop is named (AK303)', () => {
    const judgement = judge(interchange([set('850', `${beg}${po1}LS*LDT~LDT*XXX*1*DA~LE*LDT~`)]));
    expect(firstSet(judgement).findings[0]).toMatchObject({
      segment: 'LDT',
      position: 5,
      loop: 'LDT',
      value: 'XXX',
    });
    expect(firstGroup(judgement).functionalAck?.text).toContain('AK3*LDT*5*LDT*8~AK4*1*345*5*XXX~');
  });

  test('stray segments do not spoil what follows', () => {
    expect(findingsOf(`${beg}QQQ*1~${po1}QQQ*2~PID*F****Widget~CTT*1~`)).toEqual(['QQQ 3 1', 'QQQ 5 1']);
  });
});

describe('what an element may hold (AK403)', () => {
  const line = (text: string): string => `${beg}${text}~`;
  test.each([
    ['mandatory and missing', `BEG*00*SA***20261122~${po1}`, ['BEG 2 8/1 3']],
    ['mandatory and of blanks only', `BEG*00*SA*   **20261122~${po1}`, ['BEG 2 8/1 3']],
    ['required by another (C0302)', line('PO1*1**EA'), ['PO1 3 8/2 2']],
    ['required by its pair (P0607)', line('PO1*1*1*EA***VP'), ['PO1 3 8/2 7']],
    ['one of several is required (R0203)', `${beg}N1*ST~${po1}`, ['N1 3 8/2 2']],
    ['excluded (E0803)', `${beg}${po1}MEA*PD*WT*5*LB****01~`, ['MEA 4 8/10 3']],
    ['one more required (L0304..)', `${beg}ITD*01*3*2~${po1}`, ['ITD 3 8/2 4']],
    ['more elements than there are', `${beg}REF*DP*1***X*Y~${po1}`, ['REF 3 8/3 5']],
    ['too short', `BEG*00*SA*1**20261122**A~${po1}`, ['BEG 2 8/4 7']],
    ['too long', `BEG*00*SA*${'9'.repeat(23)}**20261122~${po1}`, ['BEG 2 8/5 3']],
    ['letters in a number', line('PO1*1*1O*EA'), ['PO1 3 8/6 2']],
    ['a control character', `BEG*00*SA*PO\x079001**20261122~${po1}`, ['BEG 2 8/6 3']],
    ['no such code', `BEG*99*SA*PO9001**20261122~${po1}`, ['BEG 2 8/7 1']],
    ['no such day', `BEG*00*SA*PO9001**20260230~${po1}`, ['BEG 2 8/8 5']],
    ['seven digits of a day', `BEG*00*SA*PO9001**2026022~${po1}`, ['BEG 2 8/4 5']],
    ['no such time', `${beg}DTM*002*20261122*2561~${po1}`, ['DTM 3 8/9 3']],
    ['from left to right', line('PO1*1**EA*ABC**VP'), ['PO1 3 8/2 2', 'PO1 3 8/6 4', 'PO1 3 8/2 7']],
    ['nothing but the id', `${beg}REF~${po1}`, ['REF 3 8/1 1', 'REF 3 8/2 2']],
    ['several in one segment', `BEG*99*SA***20261399~${po1}`, ['BEG 2 8/7 1', 'BEG 2 8/1 3', 'BEG 2 8/8 5']],
  ])('%s', (_, body, findings) => {
    expect(findingsOf(body)).toEqual(findings);
  });

  test.each(['12', '-12', '12.5', '.5', '5.', '1E3', '1234567890.12345'])(
    '%s is a decimal number',
    (number) => {
      expect(findingsOf(line(`PO1*1*${number}*EA`))).toEqual([]);
    },
  );

  test.each(['+1', '1,5', '1.2.3', '.', '-', '1 2', 'E5'])('%s is none', (number) => {
    expect(findingsOf(line(`PO1*1*${number}*EA`))).toEqual(['PO1 3 8/6 2']);
  });

  test('sign and point do not count towards the length', () => {
    expect(findingsOf(line('PO1*1*-12345678901234.5*EA'))).toEqual([]);
    expect(findingsOf(line('PO1*1*1234567890123456*EA'))).toEqual(['PO1 3 8/5 2']);
  });

  test('trailing blanks are not significant, leading ones are data', () => {
    expect(findingsOf(`BEG*00*SA*${'9'.repeat(22)}   **20261122~${po1}`)).toEqual([]);
    expect(findingsOf(`BEG*00*SA*   ${'9'.repeat(20)}**20261122~${po1}`)).toEqual(['BEG 2 8/5 3']);
  });

  test('a code list that is not known to be complete rejects nothing', () => {
    expect(findingsOf(`${beg}N1*QQ*Somebody~${po1}`)).toEqual([]);
  });

  test('trailing separators are a deviation, not a finding', () => {
    const judgement = judge(interchange([set('850', `BEG*00*SA*PO9001**20261122*******~${po1}`)]));
    expect(firstSet(judgement).ack).toBe('A');
    expect(judgement.deviations.map(({ code }) => code)).toEqual(['trailing-separators']);
  });

  test('a composite is checked component by component', () => {
    expect(findingsOf(`${beg}${po1}MEA*PD*WT*5*LB>2>1~`)).toEqual([]);
    expect(findingsOf(`${beg}${po1}MEA*PD*WT*5*LB>X~`)).toEqual(['MEA 4 8/6 4-2']);
    expect(findingsOf(`${beg}${po1}MEA*PD*WT*5*>2~`)).toEqual(['MEA 4 8/1 4-1']);
    expect(findingsOf(`${beg}${po1}MEA*PD*WT*5*LB> >1~`)).toEqual([]);
    expect(findingsOf(`${beg}${po1}MEA*PD*WT*5*LB>~`)).toEqual([]);
    const judgement = judge(interchange([set('850', `${beg}${po1}MEA*PD*WT*5*LB>X~`)]));
    expect(firstGroup(judgement).functionalAck?.text).toContain('AK4*4>2*1018*6~');
  });

  test('too many components: 3 in 4010, 13 where the release has the code', () => {
    const many = `${beg}${po1}MEA*PD*WT*5*${Array.from({ length: 16 }, (_, at) => (at % 3 === 0 ? 'LB' : '1')).join('>')}~`;
    expect(findingsOf(many)).toEqual(['MEA 4 8/3 4-16']);
    expect(findingsOf(many, version5010)).toEqual(['MEA 4 8/13 4-16']);
    expect(findingsOf(many, { gs: { 8: '004030' } })).toEqual(['MEA 4 8/13 4-16']);
    expect(findingsOf(`BEG*00*SA*PO>1**20261122~${po1}`)).toEqual(['BEG 2 8/3 3-2']);
  });

  test('a repetition where the element does not repeat: 12, and 3 in releases without that code', () => {
    const body = `BEG*00*SA*PO^1**20261122~${po1}`;
    expect(findingsOf(body, version5010)).toEqual(['BEG 2 8/12 3']);
    expect(findingsOf(body, { isa: { 11: '^', 12: '00501' } })).toEqual(['BEG 2 8/3 3']);
    expect(findingsOf(body)).toEqual([]);
  });

  test('a copy of the bad value is at most 99 characters, and empty for an invalid character', () => {
    const found = (body: string) => firstSet(judge(interchange([set('850', body)]))).findings[0];
    expect(found(`BEG*00*SA*${'9'.repeat(200)}**20261122~${po1}`)?.value).toBe('9'.repeat(99));
    expect(found(line('PO1*1*ABC*EA'))?.value).toBe('');
    expect(found(`BEG*99*SA*1**20261122~${po1}`)).toMatchObject({ value: '99', reference: '353' });
  });

  test('a value that holds a separator of the answer does not break the answer', () => {
    const text = interchange([set('850', `BEG*00*SA*${'A'.repeat(20)}~x>y~**20261122~`)])
      .replaceAll('~', '\n')
      .replaceAll('*', '|');
    const withOthers = text.replace('A'.repeat(20), `${'A'.repeat(20)}*~*`).replace('\nx>y\n', '');
    expect(firstGroup(judge(withOthers)).functionalAck?.text).toContain(`AK4*3*324*5*${'A'.repeat(20)}~`);
  });

  test('the conditions of 5010 are its own', () => {
    expect(findingsOf(`${beg}N1*ST*Store~N4*Paris*IL****92~${po1}`)).toEqual(['N4 4 8/2 5']);
    expect(findingsOf(`${beg}N1*ST*Store~N4*Paris*IL*60601*US*CY*1*ILL~${po1}`, version5010)).toEqual([
      'N4 4 8/10 7',
    ]);
  });
});
