import { dictionaryFor, type LoopDef, type SetDef } from '../../edi/dictionary/dictionary';
import { releases } from '../../edi/dictionary/releases';

function* loops(loop: LoopDef): Generator<LoopDef> {
  yield loop;
  for (const place of loop.places) if (place.loop) yield* loops(place.loop);
}

describe('the dictionary', () => {
  for (const release of releases.keys()) {
    test(`every set of ${release} resolves to its segments and elements`, () => {
      const dictionary = dictionaryFor(release);
      expect(dictionary?.sets.length).toBeGreaterThan(10);
      for (const id of dictionary?.sets ?? []) {
        const set = dictionary?.set(id) as SetDef;
        expect(set.root.places.length).toBeGreaterThan(0);
        for (const loop of loops(set.root)) {
          for (const place of loop.places) {
            expect(dictionary?.knowsSegment(place.id)).toBe(true);
            for (const { positions } of place.segment.conditions) {
              expect(Math.max(...positions)).toBeLessThanOrEqual(place.segment.elements.length);
            }
          }
          // A loop is opened by its first segment, so that segment must be mandatory and single.
          if (loop !== set.root) expect(loop.places[0]).toMatchObject({ required: true, max: 1, loop: null });
        }
      }
    });
  }

  test('element facts are those of the release', () => {
    expect(dictionaryFor('004010')?.element('373')).toMatchObject({ type: 'DT', min: 8, max: 8 });
    expect(dictionaryFor('003040')?.element('373')).toMatchObject({ type: 'DT', min: 6, max: 6 });
    expect(dictionaryFor('004010')?.element('353')?.codes?.has('00')).toBe(true);
    expect(dictionaryFor('004010')?.element('304')?.codes?.has('FRT')).toBe(false);
    expect(dictionaryFor('005010')?.element('304')?.codes?.has('FRT')).toBe(true);
    expect(dictionaryFor('004010')?.element('610')).toMatchObject({ type: 'N', decimals: 2 });
  });

  test('a suffix resolves to its base release and an unknown release to none', () => {
    expect(dictionaryFor('004010VICS')?.release).toBe('004010');
    expect(dictionaryFor('005010X231A1')?.release).toBe('005010');
    expect(dictionaryFor('009990')).toBeNull();
    expect(dictionaryFor('ABC')).toBeNull();
  });

  test('the conditions of the order sets are held', () => {
    const note = (id: string, release = '004010'): string[] =>
      (dictionaryFor(release)?.segment(id)?.conditions ?? []).map(
        ({ kind, positions }) => kind + positions.map((at) => String(at).padStart(2, '0')).join(''),
      );
    expect(note('N1')).toEqual(['R0203', 'P0304']);
    expect(note('SAC')).toEqual(['R0203', 'P0304', 'P0607', 'P0910', 'C1110', 'L130204', 'C1413', 'C1615']);
    expect(note('MEA')).toContain('E0803');
    expect(note('N4')).toEqual(['C0605']);
    expect(note('N4', '005010')).toEqual(['E0207', 'C0605', 'C0704']);
  });
});
