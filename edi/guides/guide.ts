import { z } from 'zod';
import type { Finding } from '../validate/finding';
import type { Loop, Segment, TransactionSet } from '../x12/model';

const elementRule = z.strictObject({
  required: z.boolean().default(false),
  /** The codes that this partner uses, out of those the standard has. */
  codes: z.array(z.string()).optional(),
  maximumLength: z.int().positive().optional(),
  /** A product or location id, a department: what it must look like. */
  pattern: z.string().max(200).optional(),
});

const segmentRule = z.strictObject({
  /** Loop it stands in, by the id of the loop's first segment; '' is the set itself. */
  loop: z.string().default(''),
  segment: z.string().regex(/^[A-Z][A-Z0-9]{1,2}$/),
  /** Which of several: element position -> value, as in { "1": "DP" } for the REF of the department. */
  where: z.record(z.string().regex(/^\d{1,2}$/), z.string()).default({}),
  minimum: z.int().nonnegative().default(0),
  maximum: z.int().positive().optional(),
  elements: z.record(z.string().regex(/^\d{1,2}$/), elementRule).default({}),
});

/**
 * A partner's guide: data over the standard that narrows it (requires, restricts, names), and never adds to it. One
 * set in one release; kept in versions, so that a document keeps the one that judged it.
 */
export const guideSchema = z.strictObject({
  name: z.string().min(1),
  set: z.string().regex(/^\d{3}$/),
  version: z.string().regex(/^\d{6}$/),
  rules: z.array(segmentRule).max(500),
});
export type Guide = z.infer<typeof guideSchema>;
type SegmentRule = Guide['rules'][number];

/** What of a set that the standard accepts this guide does not. Findings of severity `guide`; [] for another set. */
export function applyGuide(document: TransactionSet, guide: Guide): readonly Finding[] {
  if (document.set !== guide.set) return [];
  return guide.rules.flatMap((rule) =>
    loopsNamed(document.root, rule.loop).flatMap((loop) => checkLoop(loop, rule, document)),
  );
}

function loopsNamed(root: Loop, id: string): readonly Loop[] {
  if (id === '') return [root];
  return root.loops.flatMap((loop) => (loop.id === id ? [loop] : loopsNamed(loop, id)));
}

function checkLoop(loop: Loop, rule: SegmentRule, document: TransactionSet): Finding[] {
  const matching = loop.segments.filter(
    (segment) =>
      segment.id === rule.segment &&
      Object.entries(rule.where).every(([n, value]) => elementOf(segment, n) === value),
  );
  const which = Object.entries(rule.where).map(
    ([n, value]) => `${rule.segment}${n.padStart(2, '0')} = ${value}`,
  );
  const name = which.length > 0 ? `${rule.segment} with ${which.join(', ')}` : rule.segment;
  const findings: Finding[] = [];
  if (matching.length < rule.minimum) {
    const at = loop.segments.at(-1)?.position ?? document.segmentCount;
    findings.push(
      breach(
        rule.segment,
        at,
        '3',
        `the guide requires ${name} ${rule.minimum === 1 ? '' : `${rule.minimum} times `}here`,
      ),
    );
  }
  for (const extra of rule.maximum === undefined ? [] : matching.slice(rule.maximum)) {
    findings.push(
      breach(extra.id, extra.position, '5', `the guide allows ${name} ${rule.maximum} times here`),
    );
  }
  return [...findings, ...matching.flatMap((segment) => checkElements(segment, rule))];
}

function checkElements(segment: Segment, rule: SegmentRule): Finding[] {
  return Object.entries(rule.elements).flatMap(([n, element]) => {
    const value = elementOf(segment, n);
    const at = { element: Number(n), value: value.slice(0, 99) };
    const place = `${segment.id}${n.padStart(2, '0')}`;
    if (value === '')
      return element.required
        ? [
            breach(segment.id, segment.position, '8', `the guide requires ${place}`, {
              ...at,
              elementError: '1',
            }),
          ]
        : [];
    if (element.codes && !element.codes.includes(value)) {
      return [
        breach(
          segment.id,
          segment.position,
          '8',
          `${place} "${value}" is not among the guide's codes ${element.codes.join(', ')}`,
          { ...at, elementError: '7' },
        ),
      ];
    }
    if (element.maximumLength !== undefined && value.length > element.maximumLength) {
      return [
        breach(
          segment.id,
          segment.position,
          '8',
          `${place} is longer than the guide's ${element.maximumLength}`,
          { ...at, elementError: '5' },
        ),
      ];
    }
    if (element.pattern !== undefined && !new RegExp(`^(?:${element.pattern})$`).test(value.slice(0, 256))) {
      return [
        breach(
          segment.id,
          segment.position,
          '8',
          `${place} "${value.slice(0, 40)}" does not look as the guide says`,
          { ...at, elementError: '7' },
        ),
      ];
    }
    return [];
  });
}

const elementOf = (segment: Segment, n: string): string => segment.elements[Number(n) - 1] ?? '';

function breach(
  segment: string,
  position: number,
  segmentError: string,
  text: string,
  at: { readonly element?: number; readonly value?: string; readonly elementError?: string } = {},
): Finding {
  return {
    segment,
    position,
    loop: null,
    segmentError,
    element: at.element ?? null,
    component: null,
    repetition: null,
    reference: null,
    elementError: at.elementError ?? null,
    value: at.value ?? '',
    severity: 'guide',
    text,
  };
}
