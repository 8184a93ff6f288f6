import {
  type Dictionary,
  dictionaryFor,
  type ElementDef,
  type ElementUsage,
} from '../../edi/dictionary/dictionary';
import { releases } from '../../edi/dictionary/releases';
import { codeName, elementName, segmentName } from '../../edi/show/names';
import { codeNameText } from '../../edi/show/names/codes';

const dictionaries = [...releases.keys()].map((release) => dictionaryFor(release) as Dictionary);

/** Every segment and element that a set of any release uses. */
function used(): { segments: Set<string>; elements: Map<string, Set<ElementDef>>; composites: Set<string> } {
  const segments = new Set<string>();
  const elements = new Map<string, Set<ElementDef>>();
  const composites = new Set<string>();
  const note = ({ element, composite }: ElementUsage): void => {
    if (element) {
      const known = elements.get(element.reference) ?? new Set();
      elements.set(element.reference, known.add(element));
    }
    if (!composite) return;
    composites.add(composite.reference);
    composite.components.forEach(note);
  };
  for (const dictionary of dictionaries) {
    const ids = new Set(dictionary.sets.flatMap((set) => [...(dictionary.set(set)?.segmentIds ?? [])]));
    for (const id of [...ids, 'ISA', 'IEA', 'GS', 'GE', 'ST', 'SE', 'TA1']) {
      segments.add(id);
      dictionary.segment(id)?.elements.forEach(note);
    }
  }
  return { segments, elements, composites };
}

describe('names for people', () => {
  const { segments, elements, composites } = used();

  test('every segment and every element of every set of every release has one', () => {
    expect([...segments].filter((id) => !segmentName(id))).toEqual([]);
    expect([...elements.keys(), ...composites].filter((reference) => !elementName(reference))).toEqual([]);
  });

  test.each(['92', '146', '353', '478', '587', '620', '621', '668', '670', '715', '717', '720', '723'])(
    'every code of element %s has one',
    (reference) => {
      const codes = new Set(
        [...(elements.get(reference) ?? [])].flatMap(({ codes: list }) => [...(list ?? [])]),
      );
      expect(codes.size).toBeGreaterThan(1);
      expect([...codes].filter((code) => !codeName(reference, code))).toEqual([]);
    },
  );

  test('nothing is named that is no code of its element in any release', () => {
    const wrong: string[] = [];
    let reference = '';
    for (const line of codeNameText.trim().split('\n')) {
      const code = line.trim().split(' ')[0] as string;
      if (!line.startsWith(' ')) reference = code;
      else {
        const lists = [...(elements.get(reference) ?? [])].flatMap(({ codes }) => (codes ? [codes] : []));
        if (lists.length > 0 && !lists.some((codes) => codes.has(code))) wrong.push(`${reference} ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('a code is named by its element, not by itself', () => {
    expect(codeName('353', '00')).toBe('original');
    expect(codeName('98', 'ST')).toBe('ship to');
    expect(codeName('355', 'CA')).toBe('case');
    expect(codeName('91', 'CA')).toBeUndefined();
    expect(codeName('9999', 'CA')).toBeUndefined();
  });
});
