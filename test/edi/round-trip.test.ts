import fc from 'fast-check';
import { dictionaryFor } from '../../edi/dictionary/dictionary';
import { releases } from '../../edi/dictionary/releases';
import { isAcknowledgement, setFitsGroup } from '../../edi/judge/functional-groups';
import type { JudgedTransaction } from '../../edi/judge/judgement';
import type {
  DocumentDraft,
  DraftElement,
  DraftSegment,
  Loop,
  Segment,
  Separators,
} from '../../edi/x12/model';
import { type InterchangeToWrite, writeInterchange } from '../../edi/x12/writer';
import { firstSet, judge } from './interchange-text';
import { documents, extreme } from './random-document';

const plain: Separators = { element: '*', component: '>', repetition: '^', segment: '~' };

function around(draft: DocumentDraft, release: string, separators = plain): InterchangeToWrite {
  const functionalId = groupsOf(draft.set);
  return {
    envelope: {
      separators,
      isa: {
        senderQualifier: 'ZZ',
        senderId: 'ACME',
        receiverQualifier: 'ZZ',
        receiverId: 'HUB',
        date: '261122',
        time: '1530',
        version: release >= '005010' ? '00501' : '00401',
        controlNumber: 1,
        usage: 'P',
        ackRequested: false,
      },
    },
    groups: [
      {
        functionalId,
        senderCode: 'ACME',
        receiverCode: 'HUB',
        controlNumber: 1,
        version: release,
        date: release < '004010' ? '261122' : '20261122',
        time: '1530',
        sets: [{ controlNumber: '0001', draft }],
      },
    ],
  };
}

function groupsOf(set: string): string {
  for (const first of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    for (const second of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
      if (setFitsGroup(set, first + second)) return first + second;
  }
  throw new Error(`${set} is in no group`);
}

/** The segments of a tree in the order in which they came. */
function flat(loop: Loop): Segment[] {
  return [...loop.segments, ...loop.loops.flatMap(flat)].sort((one, other) => one.position - other.position);
}

function text(element: DraftElement, separators: Separators): string {
  if (typeof element === 'string') return element;
  const parts = [...(element as readonly string[])];
  while (parts.at(-1) === '') parts.pop();
  return parts.join(separators.component);
}

function written(segments: readonly DraftSegment[], separators: Separators): string[] {
  return segments.map((segment) =>
    segment
      .map((element) => text(element, separators))
      .join('*')
      .replace(/\*+$/, ''),
  );
}

function read({ document }: JudgedTransaction): string[] {
  return flat(document?.root as Loop).map(({ id, elements }) => [id, ...elements].join('*'));
}

describe('what is written is read again', () => {
  for (const release of releases.keys()) {
    test(`every set of ${release}: valid, with the same values, and the same bytes when written again`, () => {
      const dictionary = dictionaryFor(release);
      for (const set of dictionary?.sets ?? []) {
        fc.assert(
          fc.property(documents(release, set), (draft) => {
            const bytes = writeInterchange(around(draft, release));
            const judgement = judge(bytes);
            expect(judgement).toMatchObject({ ta1: { code: 'A' }, deviations: [] });
            const transaction = firstSet(judgement);
            expect(transaction).toMatchObject({ set, ack: 'A', findings: [] });
            expect(read(transaction)).toEqual(written(draft.segments, plain));
            const again = flat(transaction.document?.root as Loop).map(
              ({ id, elements }): DraftSegment => [
                id,
                ...elements.map((element) => (element.includes('>') ? element.split('>') : element)),
              ],
            );
            expect(writeInterchange(around({ set, segments: again }, release))).toBe(bytes);
            expect(judgement.groups[0]?.functionalAck === null).toBe(isAcknowledgement(set));
          }),
          { numRuns: release === '004010' || release === '005010' ? 4 : 2 },
        );
      }
    });
  }

  test.each([...releases.keys()])('the smallest and the largest document of every set of %s', (release) => {
    for (const set of dictionaryFor(release)?.sets ?? []) {
      for (const size of ['least', 'most'] as const) {
        // An 832 or 861 with everything in it has segments that the standard lets stand in two places.
        if (size === 'most' && (set === '832' || set === '861')) continue;
        const draft = extreme(release, set, size);
        const transaction = firstSet(judge(writeInterchange(around(draft, release))));
        expect({ set, size, findings: transaction.findings.map(({ text: said }) => said) }).toEqual({
          set,
          size,
          findings: [],
        });
        expect(read(transaction).join('~')).toBe(written(draft.segments, plain).join('~'));
      }
    }
  });

  const legal = '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~\x1c\x1d\x1e\x1f\n\r\\'.split('');

  const everySet = [...releases.keys()].flatMap((release) =>
    (dictionaryFor(release)?.sets ?? []).map((set) => ({ release, set })),
  );
  const anyDocument = fc
    .constantFrom(...everySet)
    .chain(({ release, set }) => documents(release, set).map((draft) => ({ release, draft })));

  test('separators may be any legal choice: values without them come back, others are refused', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        anyDocument,
        fc.uniqueArray(fc.constantFrom(...legal), { minLength: 4, maxLength: 4 }),
        ({ release, draft }, [element, component, repetition, segment]) => {
          const separators = { element, component, repetition, segment } as Separators;
          let bytes: string;
          try {
            bytes = writeInterchange(around(draft, release, separators));
          } catch (error) {
            expect(error).toMatchObject({ name: 'X12WriteError', segment: expect.any(String) });
            return;
          }
          accepted += 1;
          const judgement = judge(bytes);
          const repeats = release >= '005010';
          expect(judgement.separators).toEqual({ ...separators, repetition: repeats ? repetition : null });
          expect(firstSet(judgement)).toMatchObject({ ack: 'A', findings: [] });
          expect(read(firstSet(judgement))).toEqual(written(draft.segments, separators));
        },
      ),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

describe('the writer never emits broken X12', () => {
  const draft = (value: DraftElement): DocumentDraft => ({
    set: '850',
    segments: [['BEG', '00', 'SA', value]],
  });

  test.each([['a*b'], ['a~b'], ['a>b'], ['a\x07b'], ['a\nb'], ['a\x85b'], ['\u20ac']])(
    '%j is refused at its place',
    (value) => {
      expect(() => writeInterchange(around(draft(value), '004010'))).toThrow(
        expect.objectContaining({ name: 'X12WriteError', segment: 'BEG', element: 3 }),
      );
    },
  );

  test('a value with the repetition separator is refused from 00501 on', () => {
    expect(() => writeInterchange(around(draft('a^b'), '005010'))).toThrow('BEG03');
    expect(writeInterchange(around(draft('a^b'), '004010'))).toContain('BEG*00*SA*a^b~');
  });

  test('repeats and components are written with their separators', () => {
    expect(writeInterchange(around(draft({ repeats: ['a', ['b', 'c', '']] }), '005010'))).toContain(
      '*a^b>c~',
    );
    expect(() => writeInterchange(around(draft({ repeats: ['a', 'b'] }), '004010'))).toThrow('BEG03');
  });

  test('an empty segment, a used number and separators that collide are refused', () => {
    expect(() => writeInterchange(around({ set: '850', segments: [['REF', '', '']] }, '004010'))).toThrow(
      'REF',
    );
    const twice = around(draft('1'), '004010');
    const group = twice.groups[0] as InterchangeToWrite['groups'][number];
    expect(() => writeInterchange({ ...twice, groups: [group, group] })).toThrow('GS06');
    expect(() => writeInterchange(around(draft('1'), '004010', { ...plain, component: '*' }))).toThrow(
      'distinct',
    );
    expect(() => writeInterchange(around(draft('1'), '004010', { ...plain, segment: 'A' }))).toThrow(
      'separator',
    );
  });
});
