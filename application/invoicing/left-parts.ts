import type { Tx } from '../../db/connection';
import { billLeftParts, exactPrice } from '../../domain/invoicing/left-parts';
import { lineAmountMinor, sumMinor } from '../../domain/shared/money';
import { fromBaseUnits } from '../../domain/shared/quantity';
import type { OrderLineRow, OrderRow } from '../order/order-record';
import type { Left } from '../order/ordered-lines';

/** Components that left beyond whole bundles, as a line of an invoice: in their own units and numbers. */
export interface LeftPart extends Left<OrderLineRow> {
  /** Line number of the bundle. */
  readonly partOf: number;
}

const bundlesOf = (line: OrderLineRow) => Math.floor(line.shipped / line.unit_factor);

/** Bundles of which nothing more comes and not as much of each component has left, by the line number of the bundle. */
function unevenBundles(lines: readonly OrderLineRow[]): ReadonlyMap<number, readonly OrderLineRow[]> {
  const components = lines.filter(({ supply }) => supply?.kind === 'component');
  if (components.length === 0) return new Map();
  const groups = Map.groupBy(components, ({ supply }) => (supply?.kind === 'component' ? supply.key : 0));
  return new Map(
    [...groups].filter(
      ([, group]) =>
        group.every((line) => line.ordered === line.cancelled + line.shipped) &&
        group.some((line) => bundlesOf(line) !== bundlesOf(group[0] as OrderLineRow)),
    ),
  );
}

/**
 * Components that left while the rest of their bundle was cancelled, and that no invoice has yet.
 * @param lines of the order, as they stand
 * @param gone what is billed beside them, in lines as they were ordered
 */
export async function partsToBill(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  gone: readonly Left<OrderLineRow>[],
): Promise<readonly LeftPart[]> {
  const uneven = unevenBundles(lines);
  if (uneven.size === 0 || order.without_invoice) return [];
  const { rows } = await tx.raw<{ rows: BilledRow[] }>(
    `select x ->> 'lineNumber' as line, x ->> 'partOf' as "partOf", x ->> 'amountMinor' as amount
     from invoice v cross join jsonb_array_elements(v.lines) x where v.order_id = ?`,
    [order.id],
  );
  return [...uneven].flatMap(([key, group]) => {
    if (rows.some(({ partOf }) => Number(partOf) === key)) return [];
    const before = rows.filter((row) => row.partOf === null && Number(row.line) === key);
    const now = gone.find(({ line }) => line.line_number === key);
    const billedMinor =
      sumMinor(before.map(({ amount }) => Number(amount))) + (now ? amountOf(now, order.currency) : 0);
    return partsOf(key, group, billedMinor, { currency: order.currency, isNamed: now !== undefined });
  });
}

interface BilledRow {
  readonly line: string;
  readonly partOf: string | null;
  readonly amount: string;
}

const amountOf = ({ line, shipped }: Left<OrderLineRow>, currency: string) =>
  lineAmountMinor(
    fromBaseUnits(shipped, line.unit, { [line.unit]: line.unit_factor }),
    line.unit_price ?? '0',
    currency,
    line.price_basis,
  );

function partsOf(
  key: number,
  group: readonly OrderLineRow[],
  billedMinor: number,
  { currency, isNamed }: { readonly currency: string; readonly isNamed: boolean },
): readonly LeftPart[] {
  const whole = Math.min(...group.map(bundlesOf));
  const amounts = billLeftParts({
    amountMinor: sumMinor(group.map(({ amount_minor: amount }) => amount)),
    billedMinor,
    components: group.map((line) => ({
      weight: line.supply?.kind === 'component' ? (line.supply.weights[line.supply.index] ?? 0) : 0,
      bundles: bundlesOf(line),
    })),
  });
  let named = isNamed;
  return group.flatMap((line, at) => {
    const units = line.shipped - whole * line.unit_factor;
    if (units <= 0 || line.supply?.kind !== 'component') return [];
    const part = asPart(line, units, amounts[at] as number, currency, named);
    named = true;
    return [{ ...part, partOf: key }];
  });
}

/** Where no price of 6 places comes to the amount the part is billed as one. */
function asPart(
  line: OrderLineRow,
  units: number,
  amountMinor: number,
  currency: string,
  named: boolean,
): Left<OrderLineRow> {
  const { supply } = line;
  const price = exactPrice(amountMinor, units, currency);
  const lot = price ?? exactPrice(amountMinor, 1, currency);
  const quantity = price === null ? 1 : units;
  return {
    shipped: units,
    line: {
      ...line,
      unit: supply?.baseUnit ?? line.unit,
      unit_factor: units / quantity,
      quantity: String(quantity),
      unit_price: lot?.unitPrice ?? '0',
      price_basis: lot?.priceBasis ?? 1,
      price_basis_code: lot?.priceBasisCode ?? null,
      product_ids: supply?.ids ?? line.product_ids,
      // A line number that stands twice on an invoice is taken for a mistake.
      buyer_line_number: named ? null : line.buyer_line_number,
      supply: null,
    },
  };
}
