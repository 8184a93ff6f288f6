import type { ShipNoticeLine, ShipNoticePackage } from '../../domain/order/answers';
import { fromBaseUnits, sumQuantities } from '../../domain/shared/quantity';
import { answerLineOf } from '../order/answer-order';
import { markForOf } from '../order/line-parts';
import { headNumber, type OrderLineRow } from '../order/order-record';
import { type Left, leftAsOrdered, suppliedIds } from '../order/ordered-lines';
import type { ShippedLine, StoredConfirm } from './ship-notice';

type Contents = StoredConfirm['packages'][number]['contents'];

export interface NoticedLines {
  readonly lines: readonly ShipNoticeLine[];
  /** What a package holds, in those lines. */
  contentsOf(contents: Contents): ShipNoticePackage['contents'];
}

/**
 * The lines of a ship notice. Of a bundle it lists the bundle, or its components where the buyer has agreed to that; also
 * where a carton does not hold whole bundles, for the notice has to say what is in each carton.
 */
export function noticedLines(
  gone: readonly ShippedLine[],
  lines: readonly OrderLineRow[],
  confirm: StoredConfirm,
): NoticedLines {
  const left = gone.map((one) => ({
    line: lines.find((row) => row.id === one.order_line_id) as OrderLineRow,
    shipped: one.shipped,
  }));
  const asBundles = new Set(
    left.flatMap(({ line }) => {
      const { supply } = line;
      if (supply?.kind !== 'component' || supply.index > 0 || supply.documents === 'components') return [];
      return isWhole(supply.key, left, lines, confirm) ? [supply.key] : [];
    }),
  );
  const isBundled = ({ line: { supply } }: Left<OrderLineRow>) =>
    supply?.kind === 'component' && asBundles.has(supply.key);
  const noticed = [
    ...left.filter((one) => !isBundled(one)).map((one) => [one] as const),
    ...ofOneLine(leftAsOrdered(left.filter(isBundled), lines)),
  ].toSorted(([a], [b]) => a.line.line_number - b.line.line_number);
  const indexOf = new Map(
    noticed.flatMap((same, index) => same.map(({ line }) => [line.line_number, index] as const)),
  );
  return {
    lines: noticed.map((same) => noticeLine(together(same))),
    contentsOf(contents) {
      const held = contents.flatMap(({ lineNumber, quantity }) => {
        const lineIndex = indexOf.get(lineNumber);
        const stored = lines.find((line) => line.line_number === lineNumber);
        // Of a bundle the first component says how many the package holds.
        return lineIndex === undefined || stored === undefined
          ? []
          : [{ lineIndex, quantity: inNoticed(stored, quantity, asBundles) }];
      });
      const byLine = Map.groupBy(held, ({ lineIndex }) => lineIndex);
      return [...byLine].map(([lineIndex, same]) => ({
        lineIndex,
        quantity: sumQuantities(same.map(({ quantity }) => quantity)),
      }));
    },
  };
}

type SameLine = readonly [Left<OrderLineRow>, ...Left<OrderLineRow>[]];

/** Bundles of several makes are one line to their buyer, for each whom they are packed for. */
function ofOneLine(bundles: readonly Left<OrderLineRow>[]): readonly SameLine[] {
  const groups = Map.groupBy(bundles, ({ line }) => JSON.stringify([headNumber(line), markForOf(line)]));
  return [...groups.values()] as unknown as readonly SameLine[];
}

function together(same: SameLine): Left<OrderLineRow> {
  const [first] = same;
  if (same.length === 1) return first;
  return {
    line: {
      ...first.line,
      quantity: sumQuantities(same.map(({ line }) => line.quantity)),
      ordered: same.reduce((sum, { line }) => sum + line.ordered, 0),
    },
    shipped: same.reduce((sum, { shipped }) => sum + shipped, 0),
  };
}

/** Whether all of a bundle's components left, and every package holds them for whole bundles only. */
function isWhole(
  key: number,
  left: readonly Left<OrderLineRow>[],
  lines: readonly OrderLineRow[],
  confirm: StoredConfirm,
): boolean {
  const components = lines.filter(({ supply }) => supply?.kind === 'component' && supply.key === key);
  const isEven = (unitsOf: (line: OrderLineRow) => number) => {
    const bundles = components.map((line) => unitsOf(line) / line.unit_factor);
    return bundles.every((one) => one === bundles[0] && Number.isInteger(one));
  };
  return (
    isEven((line) => left.find((one) => one.line.id === line.id)?.shipped ?? 0) &&
    isEven((line) => line.shipped) &&
    confirm.packages.every(({ contents }) =>
      isEven((line) =>
        contents.reduce((sum, one) => (one.lineNumber === line.line_number ? sum + one.quantity : sum), 0),
      ),
    )
  );
}

function inNoticed(line: OrderLineRow, base: number, asBundles: ReadonlySet<number>): string {
  const { supply } = line;
  return supply?.kind === 'component' && asBundles.has(supply.key)
    ? fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor })
    : quantityOf(line, base);
}

/** Components, and what another number of comes instead, are counted as they lie on the shelf. */
const isOwnUnit = ({ supply }: OrderLineRow) =>
  supply?.kind === 'component' ||
  (supply?.kind === 'instead' && supply.ratio !== 1 && supply.documents === 'supplied');

const quantityOf = (line: OrderLineRow, base: number): string =>
  isOwnUnit(line) ? String(base) : fromBaseUnits(base, line.unit, { [line.unit]: line.unit_factor });

function noticeLine({ line, shipped }: Left<OrderLineRow>): ShipNoticeLine {
  const { supply } = line;
  const { unitPrice: _price, priceBasisCode: _basis, ...plain } = answerLineOf(line);
  const own = isOwnUnit(line) && supply !== null;
  return {
    ...(own ? { ...plain, unit: supply.baseUnit, quantity: String(line.ordered) } : answerLineOf(line)),
    productIds: supply?.kind === 'component' ? supply.ids : suppliedIds(line),
    ...(supply?.kind === 'component' && line.description !== null && { description: line.description }),
    shipped: quantityOf(line, shipped),
    ordered: quantityOf(line, line.ordered),
    ...markForOf(line),
  };
}
