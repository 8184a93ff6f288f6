import type { ReadSegment, ReadSet } from './read-x12';

export interface Finding {
  /** AK301, AK302, AK304 */
  readonly segment: string;
  readonly position: string;
  readonly segmentError: string;
  /** [AK401, AK402, AK403, AK404] */
  readonly elements: readonly (readonly [string, string, string, string])[];
}

/** What the hub says of one group that it was sent. */
export interface Acknowledgment {
  readonly functionalId: string;
  readonly groupNumber: string;
  /** AK901 */
  readonly group: string;
  readonly sets: readonly {
    readonly set: string;
    readonly number: string;
    readonly code: string;
    readonly findings: readonly Finding[];
  }[];
}

export function readAcknowledgment(set: ReadSet): Acknowledgment {
  const sets: { set: string; number: string; code: string; findings: Finding[] }[] = [];
  let ak1: ReadSegment | undefined;
  let ak9: ReadSegment | undefined;
  for (const segment of set.segments) {
    const current = sets.at(-1);
    if (segment.id === 'AK1') ak1 = segment;
    else if (segment.id === 'AK9') ak9 = segment;
    else if (segment.id === 'AK2')
      sets.push({ set: segment.at(1), number: segment.at(2), code: '', findings: [] });
    else if (segment.id === 'AK5' && current) current.code = segment.at(1);
    else if (current) addFinding(current.findings, segment);
  }
  return { functionalId: ak1?.at(1) ?? '', groupNumber: ak1?.at(2) ?? '', group: ak9?.at(1) ?? '', sets };
}

function addFinding(findings: Finding[], segment: ReadSegment): void {
  if (segment.id === 'AK3')
    findings.push({
      segment: segment.at(1),
      position: segment.at(2),
      segmentError: segment.at(4),
      elements: [],
    });
  const last = findings.pop();
  if (!last) return;
  const element = [segment.at(1), segment.at(2), segment.at(3), segment.at(4)] as const;
  findings.push(segment.id === 'AK4' ? { ...last, elements: [...last.elements, element] } : last);
}
