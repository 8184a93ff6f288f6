import type { OrderRequestLine } from '../../domain/order/order-request';
import { priceBasisDivisor } from '../../domain/pricing/compare-price';
import { compareDecimals, formatMinor, lineAmountMinor, sumMinor } from '../../domain/shared/money';
import { sumQuantities } from '../../domain/shared/quantity';
import type { Loop, Segment } from '../x12/model';
import { readDecimal } from './inbound-values';
import type { OrderContent } from './order-content';
import { SegmentReader } from './segment-reader';

/** In major units: beyond it sums in minor units are no safe integers any more, and nothing is added up. */
const largestTotal = 1e12;

/** Element 522: TT total transaction amount, 1 line item total. */
const orderTotalCodes = new Set(['TT', '1']);

/**
 * CTT and the AMT after it say nothing new: they are held against the lines. A difference is no 997 matter, it is an
 * order that did not arrive as it was meant.
 */
export function checkTotals(
  segments: readonly Segment[],
  lines: readonly OrderRequestLine[],
  content: OrderContent,
): void {
  for (const segment of segments) {
    if (segment.id === 'CTT') checkCount(new SegmentReader(segment), lines, content);
    else if (segment.id === 'AMT') checkAmount(new SegmentReader(segment), lines, content);
    else content.segment(segment, content.order);
  }
}

function checkCount(reader: SegmentReader, lines: readonly OrderRequestLine[], content: OrderContent): void {
  const count = reader.value(1);
  if (count !== undefined && Number(count) !== lines.length) {
    content.hold(reader.at(1), `CTT01 announces ${count} lines, the order has ${lines.length}`);
  }
  const hash = readDecimal(reader.value(2));
  if (hash !== undefined) {
    const sum = sumQuantities(lines.map((line) => line.quantity));
    // Element 347 keeps ten digits: the leading ones of a larger sum are cut off by the sender.
    if (compareDecimals(hash, sum) !== 0 && sum.length <= 10) {
      content.hold(reader.at(2), `CTT02 gives ${hash} as the sum of quantities, the lines sum to ${sum}`);
    }
  }
  const unread = reader.unread();
  if (unread.length > 0) {
    content.note(
      reader.segment,
      `totals: ${unread.map((element) => reader.value(element)).join(' ')}`,
      content.order,
    );
  }
}

function checkAmount(reader: SegmentReader, lines: readonly OrderRequestLine[], content: OrderContent): void {
  const code = reader.value(1) ?? '';
  const amount = readDecimal(reader.value(2));
  const total = orderTotalCodes.has(code) ? orderTotal(lines, content.currency ?? 'USD') : undefined;
  if (amount === undefined || total === undefined) {
    content.unhandledSegment(reader.segment, content.order);
  } else if (
    ![total, adjustedTotal(total, lines, content)].some((one) => compareDecimals(amount, one) === 0)
  ) {
    content.hold(reader.at(2), `AMT02 gives ${amount} as the total, the lines come to ${total}`);
  } else {
    content.leftovers(reader, content.order);
  }
}

/** The total with the allowances and charges whose amounts are stated: some buyers count them in. */
function adjustedTotal(total: string, lines: readonly OrderRequestLine[], content: OrderContent): string {
  const all = [...content.adjustments, ...lines.flatMap((line) => line.adjustments ?? [])];
  return sumQuantities([
    total,
    ...all.map(({ indicator, amount = '0' }) => (indicator === 'charge' ? amount : `-${amount}`)),
  ]);
}

/** undefined where a line has no price, one whose basis says no number of units, or where no amount could be held. */
function orderTotal(lines: readonly OrderRequestLine[], currency: string): string | undefined {
  const amounts: number[] = [];
  let magnitude = 0;
  for (const line of lines) {
    const basis = priceBasisDivisor(line.priceBasisCode);
    if (line.unitPrice === undefined || basis === undefined) return undefined;
    magnitude += Math.abs(Number(line.quantity) * Number(line.unitPrice));
    if (magnitude > largestTotal) return undefined;
    amounts.push(lineAmountMinor(line.quantity, line.unitPrice, currency, basis));
  }
  return formatMinor(sumMinor(amounts), currency);
}

/** The CTT segments and what stands with them, whether the dictionary made a loop of them or not. */
export function totalSegments(root: Loop): Segment[] {
  const inLoop = root.loops.filter((loop) => loop.id === 'CTT').flatMap((loop) => [...loop.segments]);
  return [...root.segments.filter((segment) => segment.id === 'CTT'), ...inLoop];
}
