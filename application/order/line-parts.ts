import type { LineStatus } from '../../domain/order/answers';
import type { Party } from '../../domain/order/order-request';
import { isPositive, sumQuantities } from '../../domain/shared/quantity';
import { headNumber, type OrderLineRow } from './order-record';

/**
 * A line that goes to several places is kept in parts and spoken of as one: to its buyer it is the line that was
 * ordered. Each group has its first part, which carries what was said of the whole, in front.
 */
export function partsByLine<Line extends OrderLineRow>(
  lines: readonly Line[],
): readonly (readonly [Line, ...Line[]])[] {
  const groups = Map.groupBy(lines, headNumber);
  return [...groups.values()].map(
    (parts) => parts.toSorted((a, b) => a.line_number - b.line_number) as [Line, ...Line[]],
  );
}

/** The other parts of a line as well, where it has some. */
export function withParts(
  all: readonly OrderLineRow[],
  lines: readonly OrderLineRow[],
): readonly OrderLineRow[] {
  const heads = new Set(lines.map(headNumber));
  return all.filter((line) => heads.has(headNumber(line)));
}

/** One status a code, in the order in which the codes first came; a part of which nothing is left leaves it to the others. */
export function joinStatuses(statuses: readonly LineStatus[]): readonly LineStatus[] {
  const said = statuses.filter(({ quantity }) => isPositive(quantity));
  const byCode = Map.groupBy(
    said.length > 0 ? said : statuses,
    ({ code, date, productIds = [] }) =>
      `${code}/${date?.qualifier ?? ''}${date?.date ?? ''}/${productIds.map(({ value }) => value).join('/')}`,
  );
  return [...byCode.values()].map((same) => ({
    ...(same[0] as LineStatus),
    quantity: sumQuantities(same.map(({ quantity }) => quantity)),
  }));
}

/** The store that a part of a line was meant for, or the party that the line itself is marked for. */
export function markForOf(line: Pick<OrderLineRow, 'destination' | 'parties'> | undefined): {
  readonly markFor?: Party;
} {
  if (line === undefined) return {};
  const { destination, parties } = line;
  const markFor =
    destination?.as === 'mark-for' ? destination.party : parties.find((party) => party.role !== 'ST');
  return markFor === undefined ? {} : { markFor };
}
