import type { LineSchedule, RequestDate } from '../../domain/order/order-request';
import { compareDecimals } from '../../domain/shared/money';
import { isPositive } from '../../domain/shared/quantity';
import type { Loop, Segment } from '../x12/model';
import { readDate, readDecimal } from './inbound-values';
import type { OrderContent, Place } from './order-content';
import { unhandledLoop } from './order-party';
import { informational, sumOrUndefined } from './segment-names';
import { SegmentReader } from './segment-reader';

/** Element 374 codes by which a delivery of its own can be planned: ship dates, and the day it is wanted. */
const datesWithRule = new Set(['002', '010', '037', '063']);

/** SCH: a quantity with its day or days. What else its loop says is kept where it only informs. */
export function readSchedule(
  loop: Loop,
  lineUnit: string,
  into: LineSchedule[],
  place: Place,
  content: OrderContent,
): void {
  const [opening, ...others] = loop.segments as [Segment, ...Segment[]];
  const reader = new SegmentReader(opening);
  const quantity = readDecimal(reader.value(1));
  const unit = reader.value(2);
  const dates = [...scheduleDate(reader, 5), ...scheduleDate(reader, 8)];
  const said = [reader.value(5), reader.value(8)].filter((qualifier) => qualifier !== undefined).length;
  const fits =
    quantity !== undefined &&
    isPositive(quantity) &&
    (unit === undefined || unit === lineUnit) &&
    dates.length > 0 &&
    dates.length === said &&
    dates.every(({ qualifier }) => datesWithRule.has(qualifier)) &&
    loop.loops.length === 0 &&
    others.every((segment) => informational[segment.id] !== undefined);
  if (!fits) {
    unhandledLoop(loop, content, place);
    // The line stays whole: a schedule that is not understood must not look as if it were all of it.
    into.push({ quantity: '0', dates: [], at: reader.at() });
    return;
  }
  content.keep(opening, place);
  for (const element of [7, 10, 11, 12]) reader.value(element);
  content.leftovers(reader, place);
  for (const segment of others) content.segment(segment, place);
  into.push({ quantity, dates, at: reader.at() });
}

function scheduleDate(reader: SegmentReader, element: number): readonly RequestDate[] {
  const qualifier = reader.value(element);
  const date = readDate(reader.value(element + 1));
  return qualifier === undefined || date === undefined ? [] : [{ qualifier, date }];
}

/**
 * The deliveries of a line sum to what is ordered, and are not mixed with several places.
 * @returns the deliveries by which the line can be split; none where it stays whole
 */
export function agreedSchedules(
  quantity: string,
  found: readonly LineSchedule[],
  hasDestinations: boolean,
  place: Place,
  content: OrderContent,
): readonly LineSchedule[] {
  const [first] = found;
  if (first === undefined) return [];
  if (found.some(({ dates }) => dates.length === 0)) return [];
  if (hasDestinations) {
    content.hold(
      first.at,
      `${place.label}several days (SCH) and several places (SDQ) for one line are not handled`,
    );
    return [];
  }
  const sum = sumOrUndefined(found.map((one) => one.quantity));
  if (sum === undefined || compareDecimals(sum, quantity) !== 0) {
    content.hold(
      // Where edi/business finds the same fault.
      { ...first.at, element: 1 },
      `${place.label}its schedules (SCH) sum to ${sum ?? 'no number'}, ordered are ${quantity}`,
    );
    return [];
  }
  return found;
}
