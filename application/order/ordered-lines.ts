import { countBundles } from '../../domain/order/line-supply';
import type { ProductId } from '../../domain/order/order-request';
import { sumMinor } from '../../domain/shared/money';
import type { OrderLineRow } from './order-record';

/** Components of one bundle, the first in front. */
type Components<Line> = readonly [Line, ...Line[]];

const keyOf = ({ supply }: OrderLineRow) => (supply?.kind === 'component' ? supply.key : null);

/**
 * The lines as their buyer ordered them: the components of a bundle are the bundle's line again, in its quantities. It has
 * come as far as the component that is furthest behind.
 */
export function asOrdered<Line extends OrderLineRow>(lines: readonly Line[]): readonly Line[] {
  if (lines.every((line) => keyOf(line) === null)) return lines;
  const groups = Map.groupBy(lines, (line) => keyOf(line) ?? line);
  return [...groups].map(([key, group]) =>
    typeof key === 'number' ? bundleLine(inOrder(group)) : (group[0] as Line),
  );
}

const inOrder = <Line extends OrderLineRow>(group: readonly Line[]) =>
  group.toSorted((a, b) => indexOf(a) - indexOf(b)) as unknown as Components<Line>;
const indexOf = ({ supply }: OrderLineRow) => (supply?.kind === 'component' ? supply.index : 0);

function bundleLine<Line extends OrderLineRow>(components: Components<Line>): Line {
  const [first] = components;
  const { supply } = first;
  if (supply?.kind !== 'component') return first;
  const counts = countBundles(components.map(countOf));
  const inBase = (units: number) => units * supply.bundleFactor;
  const waiting = components.filter(
    (one) => one.ordered > one.cancelled + one.reserved + one.released + one.shipped,
  );
  const promised = waiting.map(({ promised_on: day }) => day);
  return {
    ...first,
    item_id: supply.bundle,
    description: supply.description,
    unit_factor: supply.bundleFactor,
    ordered: inBase(counts.ordered),
    cancelled: inBase(counts.cancelled),
    reserved: inBase(counts.reserved),
    released: inBase(counts.released),
    shipped: inBase(counts.shipped),
    cancel_code: components.find(({ cancel_code: code }) => code !== null)?.cancel_code ?? null,
    amount_minor: sumMinor(components.map(({ amount_minor: amount }) => amount)),
    // It is there when its last component is.
    promised_on: promised.includes(null) ? null : lastDay(promised),
    rescheduled: lastComing(components, supply.bundleFactor),
    supply: null,
  };
}

/** Bundles of which a component comes on another day, with the last of them. */
function lastComing(components: readonly OrderLineRow[], bundleFactor: number): OrderLineRow['rescheduled'] {
  const coming = components.filter(({ rescheduled }) => rescheduled !== null);
  const days = coming.flatMap(({ rescheduled }) => rescheduled ?? []);
  const on = lastDay(days.map((day) => day.on));
  if (on === null) return null;
  const bundles = coming.map(({ rescheduled, unit_factor: per }) =>
    Math.ceil((rescheduled ?? []).reduce((sum, { units }) => sum + units, 0) / per),
  );
  return [{ units: Math.max(...bundles) * bundleFactor, on }];
}

/** Days of YYYY-MM-DD. */
export const lastDay = (days: readonly (string | null)[]): string | null =>
  days.reduce((last, day) => (day !== null && (last === null || day > last) ? day : last), null);

const countOf = (line: OrderLineRow) => ({
  per: line.unit_factor,
  ordered: line.ordered,
  cancelled: line.cancelled,
  reserved: line.reserved,
  released: line.released,
  shipped: line.shipped,
});

/** How much of a line has left with one shipment. */
export interface Left<Line extends OrderLineRow> {
  readonly line: Line;
  /** Base units. */
  readonly shipped: number;
}

/**
 * What has left with a shipment, in lines as they were ordered: of a bundle so many as became whole with it. A bundle of
 * which something is still missing is on no bill.
 * @param left by order line, of this shipment
 * @param lines of the whole order, with what left now
 */
export function leftAsOrdered<Line extends OrderLineRow>(
  left: readonly Left<Line>[],
  lines: readonly Line[],
): readonly Left<Line>[] {
  const now = new Map(left.map((one) => [one.line.id, one.shipped]));
  const plain = left.filter(({ line }) => keyOf(line) === null);
  const keys = new Set(left.flatMap(({ line }) => keyOf(line) ?? []));
  const bundles = [...keys].flatMap((key) => {
    const components = inOrder(lines.filter((line) => keyOf(line) === key));
    const { supply } = components[0];
    if (supply?.kind !== 'component') return [];
    const wholeOf = (of: (line: Line) => number) =>
      Math.min(...components.map((line) => Math.floor(of(line) / line.unit_factor)));
    const whole = wholeOf((line) => line.shipped) - wholeOf((line) => line.shipped - (now.get(line.id) ?? 0));
    return whole > 0 ? [{ line: bundleLine(components), shipped: whole * supply.bundleFactor }] : [];
  });
  return [...plain, ...bundles].toSorted((a, b) => a.line.line_number - b.line.line_number);
}

/** What documents of goods call a line: by its own numbers, or those of what is supplied instead where that was agreed. */
export const suppliedIds = ({ supply, product_ids: ids }: OrderLineRow): readonly ProductId[] =>
  supply?.kind === 'instead' && supply.documents === 'supplied' ? supply.ids : ids;
