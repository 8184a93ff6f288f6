import type { LineDestination, Party } from '../../domain/order/order-request';
import { compareDecimals } from '../../domain/shared/money';
import { isPositive } from '../../domain/shared/quantity';
import { readDecimal } from './inbound-values';
import type { OrderContent, Place } from './order-content';
import { destinations, sumOrUndefined } from './segment-names';
import type { SegmentReader } from './segment-reader';

/** SDQ: unit, id qualifier, then up to ten locations with their quantities. One line ships to many. */
export function readDestinations(
  reader: SegmentReader,
  lineUnit: string,
  into: LineDestination[],
  place: Place,
  content: OrderContent,
): void {
  content.keep(reader.segment, place);
  const unit = reader.value(1);
  const idQualifier = reader.value(2);
  if (unit !== undefined && lineUnit !== '' && unit !== lineUnit) {
    content.hold(
      reader.at(1),
      `${place.label}the destinations are in ${unit}, the line is in ${lineUnit}: which of them counts is not clear`,
    );
  }
  for (const { location, quantity, element } of destinations(reader)) {
    const number = readDecimal(quantity === '?' ? undefined : quantity);
    if (location === '?' || number === undefined || !isPositive(number)) {
      content.hold(
        reader.at(element + 1),
        `${place.label}destination ${location} has the quantity "${quantity}", which is none`,
      );
      into.push({ id: location, quantity: number ?? '0', at: reader.at(element) });
      continue;
    }
    into.push({
      ...(idQualifier === undefined ? {} : { idQualifier }),
      id: location,
      quantity: number,
      at: reader.at(element),
    });
  }
  content.leftovers(reader, place);
}

/** A ship-to of the line alone: the whole line goes there, as if it were the one location of an SDQ. */
export function destinationOf(
  party: Party,
  quantity: string,
  at: LineDestination['at'],
): LineDestination | null {
  if (party.role !== 'ST' || party.id === undefined) return null;
  return {
    ...(party.idQualifier === undefined ? {} : { idQualifier: party.idQualifier }),
    id: party.id,
    quantity,
    isShipTo: true,
    at,
  };
}

/**
 * The quantities of a line's destinations, over all its SDQ segments, sum to what is ordered: otherwise nobody knows
 * what to send where.
 * @returns the destinations by which the line can be split, one a location; none where they do not add up
 */
export function agreedDestinations(
  quantity: string,
  found: readonly LineDestination[],
  place: Place,
  content: OrderContent,
): readonly LineDestination[] {
  const [first] = found;
  if (first === undefined) return [];
  const sum = sumOrUndefined(found.map((destination) => destination.quantity));
  if (sum === undefined || compareDecimals(sum, quantity) !== 0) {
    content.hold(
      firstQuantity(found.find(({ isShipTo }) => isShipTo !== true) ?? first),
      `${place.label}its destinations (SDQ) sum to ${sum ?? 'no number'}, ordered are ${quantity}`,
    );
    return [];
  }
  if (found.some((one) => !isPositive(one.quantity) || one.id === '?')) return [];
  const byPlace = Map.groupBy(found, (one) => `${one.idQualifier ?? ''}\u0000${one.id}`);
  return [...byPlace.values()].map((same) => {
    const first = same[0] as LineDestination;
    return { ...first, quantity: sumOrUndefined(same.map((one) => one.quantity)) ?? first.quantity };
  });
}

/** Of the first location (SDQ03) the quantity beside it, where edi/business finds the same fault; a ship-to stands alone. */
function firstQuantity({ at, isShipTo }: LineDestination): LineDestination['at'] {
  return isShipTo === true || at.element === undefined ? at : { ...at, element: at.element + 1 };
}
