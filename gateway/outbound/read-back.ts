import { X12parser } from 'x12-parser';
import type { DraftElement, DraftSegment } from '../../edi/x12/model';

/**
 * An independent reader's opinion of what we wrote: x12-parser reads the final bytes, and every value is compared with
 * the draft, which the reader has never seen. It splits elements and components but not repeats, and it trims blanks
 * and line ends (so both sides are compared trimmed).
 */
export interface ExpectedSet {
  readonly controlNumber: string;
  readonly set: string;
  readonly segments: readonly DraftSegment[];
}

export interface ExpectedInterchange {
  readonly controlNumber: number;
  readonly sender: string;
  readonly receiver: string;
  readonly repetition: string | null;
  readonly component: string;
  readonly encoding: 'latin1' | 'utf8';
  readonly ta1: DraftSegment | null;
  readonly groups: readonly { readonly controlNumber: number; readonly sets: readonly ExpectedSet[] }[];
}

export interface Mismatch {
  /** Counted over all groups of the interchange; null where the envelope itself differs. */
  readonly setIndex: number | null;
  readonly text: string;
}

type ReadSegment = Readonly<Record<string, string>>;

async function readSegments(bytes: Buffer, encoding: 'latin1' | 'utf8'): Promise<readonly ReadSegment[]> {
  const parser = new X12parser(encoding);
  parser.end(bytes);
  const segments: ReadSegment[] = [];
  for await (const segment of parser) segments.push(segment as ReadSegment);
  return segments;
}

/** As the reader would name it: "3" for the first component of element 03, "3-1" for the second. */
function expectedValues(
  draft: DraftSegment,
  separators: { readonly repetition: string | null; readonly component: string },
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let at = 1; at < draft.length; at += 1) {
    const text = elementText(draft[at] as DraftElement, separators);
    text.split(separators.component).forEach((part, index) => {
      if (part.trim() !== '') values.set(index === 0 ? String(at) : `${at}-${index}`, part.trim());
    });
  }
  return values;
}

function elementText(
  element: DraftElement,
  separators: { readonly repetition: string | null; readonly component: string },
): string {
  if (typeof element === 'string') return element;
  if ('repeats' in element) {
    return element.repeats
      .map((one) => (typeof one === 'string' ? one : composite(one, separators.component)))
      .join(separators.repetition ?? '');
  }
  return composite(element, separators.component);
}

function composite(components: readonly string[], separator: string): string {
  const last = components.findLastIndex((component) => component !== '');
  return components.slice(0, last + 1).join(separator);
}

function readValues(segment: ReadSegment): ReadonlyMap<string, string> {
  return new Map(Object.entries(segment).filter(([key, value]) => key !== 'name' && value !== ''));
}

function difference(
  id: string,
  expected: ReadonlyMap<string, string>,
  read: ReadonlyMap<string, string>,
): string | null {
  for (const [place, value] of expected) {
    if (read.get(place) !== value)
      return `${id}${place}: wrote ${JSON.stringify(value)}, read ${JSON.stringify(read.get(place) ?? '')}`;
  }
  for (const [place, value] of read) {
    if (!expected.has(place)) return `${id}${place}: read ${JSON.stringify(value)}, which was not written`;
  }
  return null;
}

/** @returns where the reader read something else than was meant; empty when all is well */
export async function readBack(bytes: Buffer, expected: ExpectedInterchange): Promise<readonly Mismatch[]> {
  const segments = await readSegments(bytes, expected.encoding);
  const envelope = envelopeMismatch(segments, expected);
  if (envelope) return [{ setIndex: null, text: envelope }];
  const mismatches: Mismatch[] = [];
  let at = segments.findIndex((segment) => segment['name'] === 'ST');
  let setIndex = -1;
  for (const group of expected.groups) {
    for (const set of group.sets) {
      setIndex += 1;
      const end = segments.findIndex((segment, index) => index >= at && segment['name'] === 'SE');
      const text = setMismatch(at < 0 || end < 0 ? [] : segments.slice(at, end + 1), set, expected);
      if (text) mismatches.push({ setIndex, text });
      at = segments.findIndex((segment, index) => index > end && segment['name'] === 'ST');
    }
  }
  if (at >= 0) mismatches.push({ setIndex: null, text: 'more transaction sets were read than written' });
  return mismatches;
}

function envelopeMismatch(segments: readonly ReadSegment[], expected: ExpectedInterchange): string | null {
  const isa = segments[0];
  const iea = segments.findLast((segment) => segment['name'] === 'IEA');
  if (isa?.['name'] !== 'ISA' || !iea) return 'no ISA or no IEA was read';
  if (Number(isa['13']) !== expected.controlNumber || Number(iea['2']) !== expected.controlNumber)
    return 'ISA13 or IEA02 differs';
  if (isa['6'] !== expected.sender || isa['8'] !== expected.receiver) return 'ISA06 or ISA08 differs';
  if (Number(iea['1']) !== expected.groups.length) return 'IEA01 differs';
  const ta1 = segments.find((segment) => segment['name'] === 'TA1');
  if (Boolean(ta1) !== (expected.ta1 !== null))
    return 'TA1 was written and not read, or read and not written';
  const inTa1 =
    ta1 && expected.ta1 ? difference('TA1', expectedValues(expected.ta1, expected), readValues(ta1)) : null;
  if (inTa1) return inTa1;
  const headers = segments.filter((segment) => segment['name'] === 'GS');
  const trailers = segments.filter((segment) => segment['name'] === 'GE');
  for (const [index, group] of expected.groups.entries()) {
    const right =
      Number(headers[index]?.['6']) === group.controlNumber &&
      Number(trailers[index]?.['2']) === group.controlNumber &&
      Number(trailers[index]?.['1']) === group.sets.length;
    if (!right) return `group ${group.controlNumber}: GS06, GE01 or GE02 differs`;
  }
  return null;
}

function setMismatch(
  read: readonly ReadSegment[],
  set: ExpectedSet,
  expected: ExpectedInterchange,
): string | null {
  const body = read.slice(1, -1);
  const [st, se] = [read[0], read.at(-1)];
  if (st?.['1'] !== set.set || st['2'] !== set.controlNumber) return 'ST differs';
  if (Number(se?.['1']) !== set.segments.length + 2 || se?.['2'] !== set.controlNumber) return 'SE differs';
  if (body.length !== set.segments.length)
    return `wrote ${set.segments.length} segments, read ${body.length}`;
  for (const [index, draft] of set.segments.entries()) {
    const id = draft[0] as string;
    const segment = body[index] as ReadSegment;
    if (segment['name'] !== id) return `segment ${index + 2}: wrote ${id}, read ${segment['name']}`;
    const text = difference(id, expectedValues(draft, expected), readValues(segment));
    if (text) return `segment ${index + 2}: ${text}`;
  }
  return null;
}
