import type { Identity } from './identity';

/** A segment: its id, then its elements. Trailing empty elements are not written. */
export type Segment = readonly string[];

export interface ControlNumbers {
  readonly interchange: number;
  readonly group: number;
}

export interface Written {
  readonly text: string;
  readonly interchangeNumber: string;
  readonly groupNumber: string;
}

/** The partner's own writer of X12, so that nothing of the hub's is used to judge the hub. */
export function writeInterchange(
  from: Identity,
  group: {
    readonly functionalId: string;
    readonly version?: string;
    readonly sets: readonly { readonly set: string; readonly segments: readonly Segment[] }[];
  },
  numbers: ControlNumbers,
  now: Date,
): Written {
  const interchangeNumber = String(numbers.interchange).padStart(9, '0');
  const groupNumber = String(numbers.group);
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  const time = now.toISOString().slice(11, 16).replace(':', '');
  const gs = [
    'GS',
    group.functionalId,
    from.gsId,
    from.seller.gsId,
    day,
    time,
    groupNumber,
    'X',
    group.version ?? from.version,
  ];
  const segments = [
    gs,
    ...group.sets.flatMap(({ set, segments: inner }, at) =>
      transactionSet(set, inner, String(at + 1).padStart(4, '0')),
    ),
    ['GE', String(group.sets.length), groupNumber],
    ['IEA', '1', interchangeNumber],
  ];
  const { element, segment } = from.separators;
  const isa = isaOf(from, interchangeNumber, day.slice(2), time);
  const text = isa + segments.map((one) => trimmed(one).join(element) + segment).join('');
  return { text, interchangeNumber, groupNumber };
}

function transactionSet(set: string, inner: readonly Segment[], number: string): readonly Segment[] {
  return [['ST', set, number], ...inner, ['SE', String(inner.length + 2), number]];
}

function isaOf(from: Identity, number: string, date: string, time: string): string {
  const { element, component, repetition, segment } = from.separators;
  const elements = [
    'ISA',
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    from.isaQualifier,
    from.isaId.padEnd(15),
    from.seller.isaQualifier,
    from.seller.isaId.padEnd(15),
    date,
    time,
    from.isaVersion >= '00402' ? repetition : 'U',
    from.isaVersion,
    number,
    '0',
    from.usage,
    component,
  ];
  return elements.join(element) + segment;
}

function trimmed(segment: Segment): Segment {
  let end = segment.length;
  while (end > 1 && segment[end - 1] === '') end -= 1;
  return segment.slice(0, end);
}
