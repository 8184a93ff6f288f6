import fc from 'fast-check';
import { dictionaryFor, type LoopDef, type Place } from '../../edi/dictionary/dictionary';
import { applyGuide } from '../../edi/guides/apply-guide';
import { checkGuide } from '../../edi/guides/check-guide';
import { type ElementRule, type Guide, type GuideRule, guideSchema } from '../../edi/guides/guide';
import { placesOf } from '../../edi/guides/guide-path';
import { shapeDocument } from '../../edi/guides/shape-document';
import { type AgreementView, nothingSeen } from '../../edi/judge/agreement';
import { setFitsGroup } from '../../edi/judge/functional-groups';
import { judgeArrival } from '../../edi/judge/judge-interchange';
import type { JudgedTransaction } from '../../edi/judge/judgement';
import type { DraftSegment, Loop, Segment, TransactionSet } from '../../edi/x12/model';
import { interchange } from './interchange-text';
import { documents } from './random-document';

const cases = [
  ['004010', '850'],
  ['004010', '856'],
  ['004010', '810'],
  ['005010', '850'],
  ['004010', '945'],
] as const;

const groupOf: Readonly<Record<string, string>> = { '850': 'PO', '856': 'SH', '810': 'IN', '945': 'SW' };

function textOf(segment: DraftSegment): string {
  const parts = segment.map((one) =>
    typeof one === 'string' ? one : [...(one as readonly string[])].join('>'),
  );
  return parts
    .join('*')
    .replace(/[*>]+$/, '')
    .replace(/>+(?=\*)/g, '');
}

/** One set of these segments in an interchange of its release. */
function written(release: string, set: string, segments: readonly string[]): Buffer {
  expect(setFitsGroup(set, groupOf[set] ?? '')).toBe(true);
  const body = [`ST*${set}*0001`, ...segments, `SE*${segments.length + 2}*0001`]
    .map((one) => `${one}~`)
    .join('');
  const isa = release >= '005010' ? { 11: '^', 12: '00501' } : {};
  return Buffer.from(interchange([body], { isa, gs: { 1: groupOf[set] ?? '', 8: release } }), 'latin1');
}

function judged(bytes: Buffer, agreement: AgreementView | null = null): JudgedTransaction | undefined {
  const { judgements } = judgeArrival(bytes, agreement, nothingSeen);
  return judgements.flatMap(({ groups }) => groups).flatMap(({ transactions }) => transactions)[0];
}

/** A guide that makes its breaches a matter of the acknowledgement, in nobody's agreement. */
function viewOf(guide: Guide): AgreementView {
  return {
    ownIds: ['ZZ:HUB'],
    partnerIds: ['ZZ:ACME'],
    usage: 'P',
    ta1: 'on-request',
    ackDetail: 'all',
    functionalAck: '999',
    tolerated: new Set(),
    leniency: {},
    guideBreaches: 'acknowledge',
    guideFindings: (document) => applyGuide(document, guide).map(({ finding }) => finding),
  };
}

type Draw = (below: number) => number;

/** Rules drawn from the set's definition, without asking whether they make sense. */
function drawRules(root: LoopDef, draw: Draw): GuideRule[] {
  return Array.from({ length: 1 + draw(5) }, () => {
    const path: string[] = [];
    let loop: LoopDef | null = root;
    let place: Place | undefined;
    while (loop !== null) {
      place = loop.places[draw(loop.places.length)] as Place;
      path.push(place.id);
      loop = draw(2) === 0 ? place.loop : null;
    }
    const at = path.join('/');
    const kind = draw(4);
    if (kind === 0) return { at, use: 'not-used' as const };
    if (kind === 1) return { at, use: 'required' as const };
    if (kind === 2) return { at, maximum: 1 + draw(3) };
    return { at, elements: drawElements(place as Place, draw) };
  });
}

function drawElements({ segment }: Place, draw: Draw): Record<string, ElementRule> {
  const position = draw(segment.elements.length);
  const def = segment.elements[position]?.element;
  const kind = draw(4);
  const rule: ElementRule =
    kind === 0
      ? { use: 'not-used' }
      : kind === 1 || !def
        ? { use: 'required' }
        : kind === 2 && def.codes
          ? { codes: [...def.codes].slice(0, 3) }
          : { maximumLength: def.min + draw(Math.max(1, def.max - def.min)) };
  return { [String(position + 1)]: rule };
}

/** Something is lost, doubled, blanked or spoilt; or nothing. */
function damaged(segments: readonly string[], draw: Draw): string[] {
  const copy = [...segments];
  const at = draw(copy.length);
  const elements = (copy[at] ?? '').split('*');
  const element = 1 + draw(Math.max(1, elements.length - 1));
  const blanked = elements
    .map((one, n) => (n === element ? '' : one))
    .join('*')
    .replace(/\*+$/, '');
  const spoilt = elements.map((one, n) => (n === element ? '?!?!?' : one)).join('*');
  const kind = draw(5);
  if (kind === 0) copy.splice(at, 1);
  else if (kind === 1) copy.splice(at, 0, copy[at] ?? '');
  else if (kind === 2 && blanked.includes('*')) copy[at] = blanked;
  else if (kind === 3) copy[at] = spoilt;
  return copy;
}

const draws = fc.infiniteStream(fc.nat({ max: 0xffff })).map(
  (stream): Draw =>
    (below) =>
      (stream.next().value as number) % below,
);

describe.each(cases)('%s %s', (release, set) => {
  const def = dictionaryFor(release)?.set(set);
  if (!def) throw new Error(`no ${set} in ${release}`);
  const guideOf = (rules: readonly GuideRule[]) =>
    guideSchema.parse({ name: 'drawn', set, version: release, rules });

  test('no guide accepts what the standard rejects, and every breach stands at a place that exists', () => {
    fc.assert(
      fc.property(documents(release, set), draws, (draft, draw) => {
        const segments = damaged(draft.segments.map(textOf), draw);
        const bytes = written(release, set, segments);
        const standard = judged(bytes);
        const guide = guideOf(drawRules(def.root, draw));
        const narrowed = judged(bytes, viewOf(guide));
        if (standard?.ack === 'R') expect(narrowed?.ack).toBe('R');
        const breaches = (narrowed?.findings ?? []).filter(({ severity }) => severity === 'guide');
        expect(breaches.every(({ position }) => position >= 1 && position <= segments.length + 2)).toBe(true);
        if (standard?.ack !== 'R') expect(narrowed?.ack).toBe(breaches.length > 0 ? 'R' : 'A');
      }),
      { numRuns: 60 },
    );
  });

  test('the narrowest guide that a document keeps can be saved, takes it, and leaves it as it is', () => {
    fc.assert(
      fc.property(documents(release, set), (draft) => {
        const bytes = written(release, set, draft.segments.map(textOf));
        const document = judged(bytes)?.document;
        if (!document) throw new Error('a drawn document is accepted');
        const guide = guideOf(narrowest(document, def));
        expect(checkGuide(guide)).toEqual([]);
        expect(applyGuide(document, guide)).toEqual([]);
        expect(shapeDocument(draft, guide).segments.map(textOf)).toEqual(draft.segments.map(textOf));
      }),
      { numRuns: 40 },
    );
  });
});

type SetDef = NonNullable<ReturnType<NonNullable<ReturnType<typeof dictionaryFor>>['set']>>;

/** What a document has is all that may be, and what it always has must be. */
function narrowest(document: TransactionSet, def: SetDef): GuideRule[] {
  const seen = new Map<string, { segments: Segment[]; counts: number[]; parents: number }>();
  const parents = new Map<string, number>();
  const walk = (loop: Loop, path: string): void => {
    parents.set(path, (parents.get(path) ?? 0) + 1);
    const counts = new Map<string, Segment[]>();
    const add = (segment: Segment) => counts.set(segment.id, [...(counts.get(segment.id) ?? []), segment]);
    for (const segment of loop.id === '' ? loop.segments : loop.segments.slice(1)) add(segment);
    for (const inner of loop.loops) add(inner.segments[0] as Segment);
    for (const [id, segments] of counts) {
      const key = path === '' ? id : `${path}/${id}`;
      const known = seen.get(key) ?? { segments: [], counts: [], parents: 0 };
      known.segments.push(...segments);
      known.counts.push(segments.length);
      seen.set(key, known);
    }
    for (const inner of loop.loops) walk(inner, path === '' ? inner.id : `${path}/${inner.id}`);
  };
  walk(document.root, '');
  return [...seen].map(([at, { segments, counts }]) => {
    const place = placesOf(
      def,
      at.split('/').map((id) => ({ id, where: [] })),
    )[0] as Place;
    const parent = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '';
    const isAlways = counts.length === parents.get(parent);
    return {
      at,
      maximum: Math.max(...counts),
      ...(isAlways ? { minimum: Math.min(...counts) } : {}),
      elements: elementsOf(segments, place),
    };
  });
}

function elementsOf(segments: readonly Segment[], place: Place): Record<string, ElementRule> {
  const rules: Record<string, ElementRule> = {};
  place.segment.elements.forEach((usage, index) => {
    const values = segments.map(({ elements }) => (elements[index] ?? '').trimEnd());
    const given = values.filter((value) => value !== '');
    if (given.length === 0) {
      if (!usage.required) rules[String(index + 1)] = { use: 'not-used' };
    } else if (usage.element && (usage.element.type === 'ID' || usage.element.type === 'AN')) {
      const codes = [...new Set(given)];
      rules[String(index + 1)] = {
        codes,
        ...(given.length === values.length ? { use: 'required' as const } : {}),
      };
    } else if (given.length === values.length) rules[String(index + 1)] = { use: 'required' };
  });
  return rules;
}
