import { sameNumber, sumOf, tidy } from './arithmetic';
import { readInvoice } from './read-invoice';
import { readShipNotice } from './read-ship-notice';
import type { ReadSegment, ReadSet } from './read-x12';

/** [code of element 668, quantity] */
export type Status = readonly [string, string];

export interface OrderAnswer {
  readonly set: '855';
  readonly purchaseOrder: string;
  /** BAK02 */
  readonly code: string;
  readonly lines: readonly {
    readonly line: string;
    readonly quantity: string;
    readonly price: string;
    readonly statuses: readonly Status[];
  }[];
}
export interface ChangeAnswer {
  readonly set: '865';
  readonly purchaseOrder: string;
  /** BCA01 and BCA02 */
  readonly purpose: string;
  readonly code: string;
  readonly lines: readonly {
    readonly line: string;
    readonly change: string;
    readonly quantity: string;
    readonly statuses: readonly Status[];
  }[];
}
export interface ShipNotice {
  readonly set: '856';
  readonly purchaseOrder: string;
  readonly shipment: string;
  /** [line, shipped] */
  readonly lines: readonly (readonly [string, string])[];
  readonly packages: readonly string[];
}
export interface Invoice {
  readonly set: '810';
  readonly purchaseOrder: string;
  readonly invoice: string;
  readonly totalCents: number;
  /** [line, quantity, unit price] */
  readonly lines: readonly (readonly [string, string, string])[];
  readonly chargesCents: number;
  readonly netDays: number;
  readonly discount: { readonly percent: string; readonly days: number } | null;
}
export type Document = (OrderAnswer | ChangeAnswer | ShipNotice | Invoice) & {
  readonly problems: readonly string[];
};

/** What a document says, in the partner's own words, and what is wrong with it by the partner's own arithmetic. */
export function understand(set: ReadSet): Document | undefined {
  switch (set.set) {
    case '855':
      return readOrderAnswer(set.segments);
    case '865':
      return readChangeAnswer(set.segments);
    case '856':
      return readShipNotice(set.segments);
    case '810':
      return readInvoice(set.segments);
    default:
      return undefined;
  }
}

function readOrderAnswer(segments: readonly ReadSegment[]): Document {
  const problems: string[] = [];
  const bak = segments.find((one) => one.id === 'BAK');
  const lines = loopsOf(segments, 'PO1').map(([po1, ...rest]) => {
    const statuses = statusesOf(rest);
    const quantity = tidy(po1.at(2) || '0');
    if (!sameNumber(sumOf(statuses.map(([, part]) => part)), quantity))
      problems.push(`855 line ${po1.at(1)}: its statuses do not sum to ${quantity}`);
    return { line: po1.at(1), quantity, price: po1.at(4) === '' ? '' : tidy(po1.at(4)), statuses };
  });
  checkCount(segments, lines.length, '855', problems);
  return { set: '855', purchaseOrder: bak?.at(3) ?? '', code: bak?.at(2) ?? '', lines, problems };
}

function readChangeAnswer(segments: readonly ReadSegment[]): Document {
  const problems: string[] = [];
  const bca = segments.find((one) => one.id === 'BCA');
  const lines = loopsOf(segments, 'POC').map(([poc, ...rest]) => ({
    line: poc.at(1),
    change: poc.at(2),
    quantity: tidy(poc.at(3) || '0'),
    statuses: statusesOf(rest),
  }));
  checkCount(segments, lines.length, '865', problems);
  return {
    set: '865',
    purchaseOrder: bca?.at(3) ?? '',
    purpose: bca?.at(1) ?? '',
    code: bca?.at(2) ?? '',
    lines,
    problems,
  };
}

function statusesOf(segments: readonly ReadSegment[]): readonly Status[] {
  return segments
    .filter((one) => one.id === 'ACK')
    .map((ack) => [ack.at(1), tidy(ack.at(2) || '0')] as const);
}

/** A loop goes from its opening segment to the next one, or to the summary. */
function loopsOf(
  segments: readonly ReadSegment[],
  id: string,
): readonly (readonly [ReadSegment, ...ReadSegment[]])[] {
  const loops: [ReadSegment, ...ReadSegment[]][] = [];
  let open: [ReadSegment, ...ReadSegment[]] | undefined;
  for (const segment of segments) {
    if (segment.id === id) {
      open = [segment];
      loops.push(open);
    } else if (segment.id === 'CTT') open = undefined;
    else open?.push(segment);
  }
  return loops;
}

function checkCount(segments: readonly ReadSegment[], count: number, set: string, problems: string[]): void {
  const ctt = segments.find((one) => one.id === 'CTT');
  if (ctt ? Number(ctt.at(1)) !== count : count > 0)
    problems.push(`${set}: CTT01 ${ctt?.at(1) ?? 'is missing'}, lines ${count}`);
}
