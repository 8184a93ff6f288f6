import {
  type CompositeDef,
  type Condition,
  type Dictionary,
  dictionaryFor,
  type ElementDef,
  type ElementUsage,
  type LoopDef,
  type Place,
  type SegmentDef,
  type SetDef,
} from '../../edi/dictionary/dictionary';
import { releases } from '../../edi/dictionary/releases';

function* loops(loop: LoopDef): Generator<LoopDef> {
  yield loop;
  for (const place of loop.places) if (place.loop) yield* loops(place.loop);
}

function held(release: string): Dictionary {
  const dictionary = dictionaryFor(release);
  if (!dictionary) throw new Error(`no dictionary for ${release}`);
  return dictionary;
}

const setsOf = (dictionary: Dictionary): SetDef[] =>
  dictionary.sets.map((id) => dictionary.set(id) as SetDef);

function segmentsOf(dictionary: Dictionary): SegmentDef[] {
  const ids = new Set(setsOf(dictionary).flatMap(({ segmentIds }) => [...segmentIds]));
  return [...ids, 'ISA', 'IEA', 'GS', 'GE', 'ST', 'SE', 'TA1'].map(
    (id) => dictionary.segment(id) as SegmentDef,
  );
}

const isOpener = ({ required, max, loop }: Place): boolean => required && max === 1 && loop === null;

function setFaults(dictionary: Dictionary, { set, root }: SetDef): string[] {
  const faults: string[] = [];
  for (const loop of loops(root)) {
    const [first] = loop.places;
    const last = loop.places.at(-1);
    if (!first || !isOpener(first))
      faults.push(`${set}: ${loop.id} is not opened by a single mandatory segment`);
    for (const { id, max, segment } of loop.places) {
      if (!dictionary.knowsSegment(id) || segment !== dictionary.segment(id)) faults.push(`${set}: no ${id}`);
      if (max < 0) faults.push(`${set}: ${id} is there less than once`);
    }
    // LS begins what LE ends, and nothing else does.
    const ends = loop.places.some(({ id }) => id === 'LE');
    if (ends !== (loop.id === 'LS') || (ends && !(last?.id === 'LE' && isOpener(last))))
      faults.push(`${set}: ${loop.id} is not bounded by LS and LE`);
  }
  return faults;
}

function elementsOf(usages: readonly ElementUsage[]): ElementDef[] {
  return usages.flatMap(({ element, composite }) =>
    composite === null ? [element as ElementDef] : elementsOf(composite.components),
  );
}

/** What is wrong with the usages and conditions of a segment or composite, in words. */
function faultsOf(usages: readonly ElementUsage[], conditions: readonly Condition[]): string[] {
  const faults: string[] = [];
  for (const { element, composite, max } of usages) {
    if ((element === null) === (composite === null)) faults.push('a usage is one of element and composite');
    if (max < 0) faults.push('a usage repeats less than once');
  }
  for (const { kind, positions } of conditions) {
    const note = kind + positions.join('.');
    if (positions.length < 2 || new Set(positions).size !== positions.length)
      faults.push(`${note} does not relate`);
    if (positions.some((at) => at < 1 || at > usages.length))
      faults.push(`${note} is beyond the last element`);
    const mandatory = positions.filter((at) => usages[at - 1]?.required);
    // What is always there needs no condition, and must not be excluded.
    if (kind === 'E' && mandatory.length > 0) faults.push(`${note} excludes a mandatory element`);
    if (kind === 'R' && mandatory.length > 0) faults.push(`${note} asks for what is mandatory`);
    if (kind === 'P' && mandatory.length > 0) faults.push(`${note} pairs a mandatory element`);
  }
  return faults;
}

const timesAndDates: Readonly<Record<string, RegExp>> = { DT: /^(6\/6|8\/8|6\/8)$/, TM: /^4\/[4-8]$/ };

function elementFaults({ reference, type, decimals, min, max, codes }: ElementDef): string[] {
  const faults: string[] = [];
  if (!['AN', 'ID', 'N', 'R', 'DT', 'TM', 'B'].includes(type)) faults.push(`type ${type}`);
  if (min < 1 || min > max) faults.push(`length ${min}/${max}`);
  if (timesAndDates[type]?.test(`${min}/${max}`) === false) faults.push(`${type} of length ${min}/${max}`);
  if (decimals > 0 && type !== 'N') faults.push(`${type} with decimals`);
  if (codes !== null && type !== 'ID') faults.push(`${type} with a code list`);
  if (codes?.size === 0) faults.push('an empty code list');
  for (const code of codes ?? [])
    if (code.length < min || code.length > max || !/^[A-Z0-9]+$/.test(code)) faults.push(`code ${code}`);
  return faults.map((fault) => `${reference}: ${fault}`);
}

/** A loop, and how far a reader has come in it. */
interface Standing {
  readonly loop: LoopDef;
  readonly at: number;
  readonly path: string;
}

/** Where a segment may go next, by id: further on or again, and out of a loop once nothing mandatory is left in it. */
function nextPlaces(standings: readonly Standing[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (path: string, { id }: Place): void => {
    found.set(id, [...(found.get(id) ?? []), `${path}/${id}`]);
  };
  for (const { loop, at, path } of [...standings].reverse()) {
    const current = loop.places[at];
    if (current && current.max !== 1) add(path, current);
    for (const place of loop.places.slice(at + 1)) {
      add(path, place);
      if (place.required) return found;
    }
  }
  return found;
}

function openPlaces(set: SetDef): string[] {
  const open = new Set<string>();
  const look = (standings: readonly Standing[]): void => {
    for (const [id, paths] of nextPlaces(standings))
      if (paths.length > 1) open.add(`${set.set} ${id}: ${paths.join(' or ')}`);
  };
  const walk = (loop: LoopDef, outer: readonly Standing[], path: string): void => {
    for (const [at, place] of loop.places.entries()) {
      const standings = [...outer, { loop, at, path }];
      if (place.loop) walk(place.loop, standings, `${path}/${place.id}`);
      else look(standings);
    }
  };
  look([{ loop: set.root, at: -1, path: '' }]);
  walk(set.root, [], '');
  return [...open];
}

/**
 * Where the standard's own tables let a segment stand in two places: a reader takes the first that is free. The
 * two LS of an 832 are told apart by LS01.
 */
const openInTheStandard: Readonly<Record<string, readonly string[]>> = {
  '003010': ['830 PID: /LIN/SLN/PID or /LIN/PID'],
  '003020': ['861 TD3: /TD3 or /TD3'],
  '003030': ['861 LM: /RCD/SLN/LM or /RCD/LM'],
  '004040': ['832 LS: /LIN/CTP/LS or /LIN/CTP/LS'],
  '004050': ['832 LS: /LIN/CTP/LS or /LIN/CTP/LS'],
  '004060': ['832 LS: /LIN/CTP/LS or /LIN/CTP/LS'],
  '005010': ['832 LS: /LIN/CTP/LS or /LIN/CTP/LS'],
  '006020': [
    '832 N1: /LIN/CTP/N1 or /LIN/CTP/N1',
    '832 CTP: /LIN/CTP/G39/CTP or /LIN/CTP',
    '832 CTP: /LIN/CTP/PKL/CTP or /LIN/CTP',
  ],
};

describe.each([...releases.keys()])('the dictionary of %s', (release) => {
  const dictionary = held(release);

  test('every set is made of known segments, and every loop is opened by a single mandatory one', () => {
    expect(dictionary.sets.length).toBeGreaterThan(10);
    expect(setsOf(dictionary).flatMap((set) => setFaults(dictionary, set))).toEqual([]);
  });

  test('a segment has one place to go, save where the standard leaves it open', () => {
    expect(setsOf(dictionary).flatMap(openPlaces)).toEqual(openInTheStandard[release] ?? []);
  });

  test('conditions relate elements that are there, and contradict no requirement', () => {
    const composites = new Map<string, CompositeDef>();
    for (const { id, elements, conditions } of segmentsOf(dictionary)) {
      expect({ id, faults: faultsOf(elements, conditions) }).toEqual({ id, faults: [] });
      for (const { composite } of elements) if (composite) composites.set(composite.reference, composite);
    }
    for (const { reference, components, conditions } of composites.values())
      expect({ reference, faults: faultsOf(components, conditions) }).toEqual({ reference, faults: [] });
  });

  test('every element has a type, a length and codes that fit them', () => {
    const elements = new Map(
      segmentsOf(dictionary)
        .flatMap((segment) => elementsOf(segment.elements))
        .map((element) => [element.reference, element]),
    );
    expect([...elements.values()].flatMap(elementFaults)).toEqual([]);
  });
});

describe('the dictionary', () => {
  const tradeSets =
    '850 855 860 865 856 810 997 846 832 820 812 824 180 870 869 940 943 944 945 947 753 754 204 990 214 210';

  test('4010 and 5010 hold every set of the trade, the others the order sets', () => {
    expect(held('004010').sets).toEqual(expect.arrayContaining(tradeSets.split(' ')));
    expect(held('005010').sets).toEqual(expect.arrayContaining([...tradeSets.split(' '), '999']));
    for (const release of ['003040', '003050', '003060', '004030', '004060', '006020'])
      expect(held(release).sets).toEqual(expect.arrayContaining(['850', '855', '856', '810', '860', '997']));
  });

  test('element facts are those of the release', () => {
    expect(held('004010').element('373')).toMatchObject({ type: 'DT', min: 8, max: 8 });
    expect(held('003040').element('373')).toMatchObject({ type: 'DT', min: 6, max: 6 });
    expect(held('004010').element('610')).toMatchObject({ type: 'N', decimals: 2 });
    expect(held('004010').element('304')?.codes?.has('FRT')).toBe(false);
    expect(held('005010').element('304')?.codes?.has('FRT')).toBe(true);
    expect(held('004010').element('127')).toMatchObject({ type: 'AN', max: 30 });
    expect(held('005010').element('127')).toMatchObject({ type: 'AN', max: 50 });
    expect(held('003040').element('128')).toMatchObject({ type: 'ID', min: 2, max: 2 });
    expect(held('004010').segment('PO1')?.elements[1]?.element?.reference).toBe('330');
    expect(held('005010').segment('PO1')?.elements[1]?.element?.reference).toBe('380');
  });

  test.each([
    ['92', 'SA', 'XX'],
    ['98', 'ST', '!!'],
    ['128', 'DP', '~~'],
    ['235', 'UP', 'XX'],
    ['353', '00', '99'],
    ['355', 'EA', 'XX'],
    ['374', '010', '9Z9'],
    ['668', 'IA', 'ZZ'],
    ['1005', '0001', '9999'],
    ['1300', 'D240', 'Z100'],
  ])(
    'element %s has the code %s and not %s, in every release that has the element',
    (reference, code, none) => {
      for (const release of releases.keys()) {
        const codes = held(release).element(reference)?.codes;
        expect({ release, has: codes?.has(code), none: codes?.has(none) }).toEqual({
          release,
          has: true,
          none: false,
        });
      }
    },
  );

  test('a code withdrawn by a later release is not refused there: partners go on using it', () => {
    // RE was taken out in 004030 in favour of RI.
    expect(held('005010').element('98')?.codes?.has('RE')).toBe(true);
    expect(held('004010').element('98')?.codes?.has('AA1')).toBe(false);
  });

  test('lists kept by others are never checked', () => {
    for (const reference of ['26', '100', '116', '140', '156'])
      expect(held('004010').element(reference)).toMatchObject({ type: 'ID', codes: null });
  });

  test('a loop repeats as often as the release says, no more', () => {
    const most = (release: string, set: string, id: string): number | undefined =>
      held(release)
        .set(set)
        ?.root.places.find((place) => place.id === id && place.loop)?.max;
    expect(most('004010', '850', 'PO1')).toBe(100_000);
    expect(most('004010', '856', 'HL')).toBe(200_000);
    expect(most('004010', '997', 'AK2')).toBe(999_999);
    expect(most('005010', '997', 'AK2')).toBe(0);
  });

  test('a release knows its own segments, not those of a later one', () => {
    expect(held('003040').knowsSegment('SAC')).toBe(true);
    expect(held('003040').knowsSegment('MTX')).toBe(false);
    expect(held('004010').knowsSegment('MTX')).toBe(true);
    expect(held('004010').knowsSegment('CLM')).toBe(true);
    expect(held('004010').knowsSegment('QQQ')).toBe(false);
  });

  test('a suffix resolves to its base release and an unknown release to none', () => {
    expect(dictionaryFor('004010VICS')?.release).toBe('004010');
    expect(dictionaryFor('004030UCS')?.release).toBe('004030');
    expect(dictionaryFor('005010X231A1')?.release).toBe('005010');
    expect(dictionaryFor('004060')?.release).toBe('004060');
    expect(dictionaryFor('009990')).toBeNull();
    expect(dictionaryFor('ABC')).toBeNull();
  });

  test('the conditions of the order sets are held', () => {
    const note = (id: string, release = '004010'): string[] =>
      (held(release).segment(id)?.conditions ?? []).map(
        ({ kind, positions }) => kind + positions.map((at) => String(at).padStart(2, '0')).join(''),
      );
    expect(note('N1')).toEqual(['R0203', 'P0304']);
    expect(note('SAC')).toEqual(['R0203', 'P0304', 'P0607', 'P0910', 'C1110', 'L130204', 'C1413', 'C1615']);
    expect(note('MEA')).toContain('E0803');
    expect(note('N4')).toEqual(['C0605']);
    expect(note('N4', '005010')).toEqual(['E0207', 'C0605', 'C0704']);
  });
});
