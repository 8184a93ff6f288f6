import { checkGuide } from '../../edi/guides/check-guide';
import { type GuideRule, guideSchema, parseGuide } from '../../edi/guides/guide';

/** What is said against a guide of these rules, when it is saved. */
function said(rules: readonly GuideRule[], more: Readonly<Record<string, unknown>> = {}): string[] {
  const guide = guideSchema.parse({ name: 'a-guide', set: '850', version: '004010', rules, ...more });
  return checkGuide(guide).map(({ where, text }) => `${where}: ${text}`);
}

describe('a guide is held against the standard when it is saved', () => {
  test('it may require, restrict and forbid what the standard leaves open', () => {
    const rules: GuideRule[] = [
      { at: 'BEG', elements: { '2': { codes: ['SA', 'DS'] }, '6': { use: 'not-used' } } },
      { at: 'REF[DP]', use: 'required', maximum: 1 },
      { at: 'N1[ST]/N4', use: 'required' },
      { at: 'PO1', maximum: 500, elements: { '7': { use: 'required', type: 'N', maximumLength: 13 } } },
      { at: 'PO1/SDQ', use: 'not-used', when: [{ at: 'BEG', element: 2, in: ['DS'] }] },
    ];
    expect(said(rules)).toEqual([]);
  });

  test.each<[string, GuideRule[], string]>([
    ['a segment the set has not', [{ at: 'BSN', use: 'required' }], 'BSN: the 850 has no BSN in 004010'],
    [
      'a loop the set has not',
      [{ at: 'HL[S]/N1[ST]', use: 'required' }],
      'HL[S]/N1[ST]: the 850 has no HL in 004010',
    ],
    [
      'a segment that its loop has not',
      [{ at: 'N1[ST]/ACK', use: 'required' }],
      'N1[ST]/ACK: loop N1 of the 850 has no ACK in 004010',
    ],
    [
      'a segment that opens no loop',
      [{ at: 'REF[DP]/N4', use: 'required' }],
      'REF[DP]/N4: REF opens no loop in the 850',
    ],
    [
      'a code the standard lacks',
      [{ at: 'BEG', elements: { '1': { codes: ['00', 'Q9'] } } }],
      'BEG: BEG01: the standard\'s element 353 has no code "Q9"',
    ],
    [
      'a discriminator the standard lacks',
      [{ at: 'BEG[Q9]', use: 'required' }],
      `BEG[Q9]: BEG01: the standard's element 353 has no code "Q9"`,
    ],
    [
      "an element longer than the standard's",
      [{ at: 'BEG', elements: { '3': { maximumLength: 40 } } }],
      'BEG: BEG03 has at most 22 characters in the standard, the guide says 40',
    ],
    [
      'an element that the segment has not',
      [{ at: 'DTM[010]', elements: { '9': { use: 'required' } } }],
      'DTM[010]: DTM has 6 elements, DTM09 is none of them',
    ],
    [
      'a type that does not narrow',
      [{ at: 'PO1', elements: { '2': { type: 'DT' } } }],
      'PO1: PO102 is R in the standard: DT does not narrow it',
    ],
    [
      'more of a segment than the standard has room for',
      [{ at: 'CUR', maximum: 3 }],
      'CUR: it allows CUR 3 times, the standard at most 1: a guide only narrows',
    ],
    [
      'more required than the standard has room for',
      [{ at: 'CTT', minimum: 2 }],
      'CTT: it asks for CTT 2 times, the standard has room for 1',
    ],
    [
      'that a mandatory segment is not used',
      [{ at: 'BEG', use: 'not-used' }],
      'BEG: BEG is mandatory in the standard: it cannot be "not used"',
    ],
    [
      'that a mandatory element is not used',
      [{ at: 'BEG', elements: { '3': { use: 'not-used' } } }],
      'BEG: BEG03 is mandatory in the standard: it cannot be "not used"',
    ],
    [
      'half of what the standard takes only together',
      [{ at: 'N1[ST]', elements: { '3': { use: 'required' }, '4': { use: 'not-used' } } }],
      'N1[ST]: the standard takes N103, N104 only together: N103 is required, N104 not used',
    ],
    [
      'both of what the standard takes only one of',
      [{ at: 'TD3', elements: { '1': { use: 'required' }, '10': { use: 'required' } } }],
      'TD3: the standard takes only one of TD301, TD310: TD301, TD310 are required',
    ],
    [
      'nothing of what the standard asks one of',
      [{ at: 'REF[DP]', elements: { '2': { use: 'not-used' }, '3': { use: 'not-used' } } }],
      'REF[DP]: the standard asks for one of REF02, REF03: none of them is used',
    ],
  ])('it cannot ask for %s', (_, rules, text) => {
    expect(said(rules)).toContain(text);
  });

  test.each<[string, GuideRule[], RegExp]>([
    [
      'required and forbidden',
      [
        { at: 'REF[DP]', use: 'required' },
        { at: 'REF', use: 'not-used' },
      ],
      /^REF\[DP\]: it is required, and the rule REF allows REF 0 times/,
    ],
    [
      'required within a loop that is not used',
      [
        { at: 'N1[ST]/N4', use: 'required' },
        { at: 'N1', use: 'not-used' },
      ],
      /^N1\[ST\]\/N4: it is required, and the rule N1 says that its loop is not used/,
    ],
    [
      'code lists without a code in common',
      [
        { at: 'REF', elements: { '1': { codes: ['IA', 'PD'] } } },
        { at: 'REF[DP]', use: 'required' },
      ],
      /REF01: no code is in both lists/,
    ],
    [
      'more required of several than there is room for',
      [
        { at: 'REF', maximum: 1 },
        { at: 'REF[DP]', use: 'required' },
        { at: 'REF[IA]', use: 'required' },
      ],
      /REF\[01=DP\], REF\[01=IA\] are required together, the guide has room for 1/,
    ],
    [
      'an element required by one rule and forbidden by another',
      [
        { at: 'N1', elements: { '4': { use: 'not-used' } } },
        { at: 'N1[ST]', elements: { '4': { use: 'required' } } },
      ],
      /N104 is both required and not used/,
    ],
    [
      'a segment that is required because of itself',
      [{ at: 'N1[ST]', use: 'required', when: [{ at: 'N1[ST]', element: 3, in: ['92'] }] }],
      /cannot depend on the segment itself/,
    ],
  ])('rules cannot contradict each other: %s', (_, rules, text) => {
    expect(said(rules).join('\n')).toMatch(text);
  });

  test('a choice offers what the standard has and what the rules leave', () => {
    const choices = [{ choose: 'exactly-one', alternatives: [['DTM[010]'], ['DTM[037]', 'DTM[038]']] }];
    expect(said([], { choices })).toEqual([]);
    expect(said([{ at: 'DTM[038]', use: 'not-used' }], { choices })).toEqual([
      'choices.0: it offers DTM[037] and DTM[038], which a rule says is not used',
    ]);
    const both: GuideRule[] = ['010', '037', '038'].map((code) => ({ at: `DTM[${code}]`, use: 'required' }));
    expect(said(both, { choices })).toEqual([
      'choices.0: only one is to be chosen, and rules require DTM[010], and DTM[037] and DTM[038]',
    ]);
  });

  test('a release or set that nobody holds is named', () => {
    expect(said([], { version: '009999' })).toEqual(['version: there is no dictionary for release 009999']);
    expect(said([], { set: '123' })).toEqual(['set: release 004010 has no transaction set 123']);
  });

  test('hours for an answer belong to an 850, a breach of separators to a guide that names them', () => {
    expect(said([], { answerWithinHours: 24, interchange: { breach: 'hold' } })).toEqual([
      'interchange.breach: without separators there is none to break',
    ]);
    const notice = checkGuide(
      guideSchema.parse({ name: 'a', set: '856', version: '004010', answerWithinHours: 24 }),
    );
    expect(notice).toMatchObject([{ where: 'answerWithinHours' }]);
  });

  test('its form is read strictly: what is not a field of a guide is named', () => {
    expect(parseGuide({ name: 'a', set: '850', version: '004010', rule: [] })).toMatchObject({
      kind: 'refused',
      problems: [{ text: expect.stringContaining('rule') as string }],
    });
  });
});
