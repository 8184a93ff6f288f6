import type { Finding } from '../validate/finding';
import type { Loop, Segment } from '../x12/model';

/** What is to follow from a fault of business, where the agreement does not say otherwise. */
export type BusinessAction = 'hold' | 'advise' | 'warn';

/**
 * THE table of what a document may get wrong although the standard accepts it. `hold`: an order (850, 860) does not go
 * on before a person has looked, since money or quantities are in doubt, other documents are only warned about; `advise`: the partner is told by 824; `warn`: kept with
 * the document. An agreement may say otherwise, code by code.
 */
export const businessFaults = {
  'line-count': { action: 'hold', text: 'CTT01 does not count what is there' },
  'hash-total': { action: 'hold', text: 'CTT02 is not the sum of quantities' },
  'line-number': { action: 'hold', text: 'a line number is used twice' },
  'destination-sum': { action: 'hold', text: 'SDQ quantities do not sum to the line' },
  'schedule-sum': { action: 'hold', text: 'SCH quantities are more than the line' },
  'status-sum': { action: 'warn', text: 'ACK quantities do not sum to the line' },
  'date-order': { action: 'hold', text: 'an earliest date is after the latest' },
  terms: { action: 'warn', text: 'terms of payment that cannot be meant' },
  'hl-tree': { action: 'warn', text: 'HL numbers or parents are no tree' },
  'hl-level': { action: 'warn', text: 'HL levels are not nested as BSN05 says' },
  sscc: { action: 'warn', text: 'an SSCC of the wrong length or check digit' },
  'sscc-repeated': { action: 'warn', text: 'an SSCC is used twice' },
  'unit-total': { action: 'warn', text: 'the total of units is not the sum of the lines' },
  'invoice-total': { action: 'warn', text: 'TDS01 is not what the lines come to' },
} as const satisfies Readonly<Record<string, { readonly action: BusinessAction; readonly text: string }>>;

export type BusinessCode = keyof typeof businessFaults;
export const businessCodes = Object.keys(businessFaults) as [BusinessCode, ...BusinessCode[]];

export interface BusinessFinding {
  readonly code: BusinessCode;
  readonly finding: Finding;
}

/** Collects what is found; far more is kept than a person reads, far less than fills memory. */
export class BusinessNotes {
  readonly found: BusinessFinding[] = [];

  add(
    code: BusinessCode,
    segment: Segment,
    element: number | null,
    reference: string | null,
    text: string,
  ): void {
    if (this.found.length >= 1000) return;
    const place = element === null ? segment.id : `${segment.id}${String(element).padStart(2, '0')}`;
    const finding: Finding = {
      segment: segment.id,
      position: segment.position,
      loop: null,
      segmentError: '8',
      element,
      component: null,
      repetition: null,
      reference,
      elementError: null,
      value: element === null ? '' : at(segment, element).slice(0, 99),
      severity: 'business',
      text: `${place} at ${segment.position}: ${text}`,
    };
    this.found.push({ code, finding });
  }
}

export const at = (segment: Segment, element: number): string => (segment.elements[element - 1] ?? '').trim();

/** What a document holds, by id: walked once for all that is looked at. */
interface Contents {
  readonly loops: Map<string, Loop[]>;
  readonly segments: Map<string, Segment[]>;
}

const known = new WeakMap<Loop, Contents>();

function contentsOf(root: Loop): Contents {
  const before = known.get(root);
  if (before) return before;
  const contents: Contents = { loops: new Map(), segments: new Map() };
  const stack: Loop[] = [root];
  for (let loop = stack.pop(); loop; loop = stack.pop()) {
    if (loop !== root) put(contents.loops, loop.id, loop);
    for (const segment of loop.segments) put(contents.segments, segment.id, segment);
    for (let n = loop.loops.length - 1; n >= 0; n -= 1) stack.push(loop.loops[n] as Loop);
  }
  for (const same of contents.segments.values()) same.sort((one, other) => one.position - other.position);
  known.set(root, contents);
  return contents;
}

function put<Value>(map: Map<string, Value[]>, id: string, value: Value): void {
  const same = map.get(id);
  if (same) same.push(value);
  else map.set(id, [value]);
}

/** Loops of this id anywhere in a document, in its order. */
export const loopsNamed = (root: Loop, id: string): readonly Loop[] => contentsOf(root).loops.get(id) ?? [];

/** Segments of this id anywhere in a document, in its order. */
export const everySegment = (root: Loop, id: string): readonly Segment[] =>
  contentsOf(root).segments.get(id) ?? [];

/** Segments of this id in the loop itself or opening a loop in it. */
export function segmentsIn(loop: Loop, id: string): readonly Segment[] {
  const own = loop.segments.filter((segment, n) => segment.id === id && (n > 0 || loop.id !== id));
  const opening = loop.loops
    .filter((inner) => inner.id === id)
    .flatMap((inner) => inner.segments.slice(0, 1));
  return [...own, ...opening].sort((one, other) => one.position - other.position);
}
