import type { Db } from '../db/connection';
import type { LinePeriod } from '../domain/order/call-off-periods';
import type { HoldRequest } from '../domain/order/hold-types';
import type { OrderRequestLine, ProductId } from '../domain/order/order-request';
import type { PriceResolution, PriceRow } from '../domain/pricing/resolve-price';
import { isPositive, toBaseUnits, type UnitFactors } from '../domain/shared/quantity';
import type { CustomerPolicy } from './customer-policy';
import { priceLine } from './price-line';
import type { PartDestination } from './split-lines';

export interface ItemFacts {
  readonly itemId: string;
  readonly description: string;
  readonly factors: UnitFactors;
  readonly unitsPerCarton: number;
  readonly backorderable: boolean;
  readonly active: boolean;
}

/** A line after the customer's rules were applied to it: what it is, what it costs, what speaks against it. */
export interface ResolvedLine {
  readonly lineNumber: number;
  readonly request: OrderRequestLine;
  readonly item: ItemFacts | null;
  readonly unitFactor: number;
  readonly baseUnits: number;
  /** In the purchase order's price basis; null where neither side has a price. */
  readonly unitPrice: string | null;
  readonly priceBasis: number;
  readonly amountMinor: number;
  readonly price: PriceResolution | null;
  readonly priceDecision: Readonly<Record<string, unknown>>;
  readonly rejection: { readonly code: 'R2' | 'IR'; readonly text: string } | null;
  readonly holds: readonly HoldRequest[];
  /** The line number of the first part, where a line is split over locations and this is another part of it. */
  readonly splitFrom: number | null;
  readonly destination: PartDestination | null;
  /** The line's own days, where it has some; else those of the order count. */
  readonly shipNotBefore: string | null;
  readonly deliverBy: string | null;
  /** The line of the blanket order that this one calls off. */
  readonly blanketLineId: string | null;
  /** The first day of the period of that line that it counts for; null: the line has no periods. */
  readonly blanketPeriod: string | null;
  /** Of a blanket order's line, or of the one that is called off: how much may be called off when. */
  readonly periods: readonly LinePeriod[];
}

export interface LineFacts {
  /** (qualifier, value) -> item ids, the customer's own reference before everyone's. */
  readonly itemOf: (id: ProductId) => string | undefined;
  readonly items: ReadonlyMap<string, ItemFacts>;
  readonly prices: ReadonlyMap<string, readonly PriceRow[]>;
}

interface FactRows {
  readonly refs: readonly {
    readonly customer_id: string | null;
    readonly qualifier: string;
    readonly value: string;
    readonly item_id: string;
  }[];
  readonly items: readonly {
    readonly id: string;
    readonly description: string;
    readonly base_unit: string;
    readonly units_per_carton: number;
    readonly backorderable: boolean;
    readonly active: boolean;
    readonly units: Readonly<Record<string, number>>;
  }[];
  readonly prices: readonly (PriceRow & { readonly itemId: string })[];
}

/** Decimals come as text: as JSON's numbers they would be floats. */
const factsOf = `
  with ref as materialized (
    select customer_id, qualifier, value, item_id from item_cross_reference
    where value = any(:values) and (customer_id is null or customer_id = :customerId)),
  found as materialized (
    select i.* from item i where i.id in (select unnest(cast(:values as text[])) union select item_id from ref))
  select
    (select coalesce(json_agg(ref), '[]') from ref) as refs,
    (select coalesce(json_agg(json_build_object('id', f.id, 'description', f.description, 'base_unit', f.base_unit,
        'units_per_carton', f.units_per_carton, 'backorderable', f.backorderable, 'active', f.active,
        'units', (select coalesce(json_object_agg(u.unit, u.factor), '{}') from item_unit u where u.item_id = f.id))), '[]')
      from found f) as items,
    (select coalesce(json_agg(json_build_object('priceId', p.id, 'itemId', p.item_id, 'source',
        case when p.price_list_id is null then 'contract' else 'list' end, 'listId', p.price_list_id, 'unit', p.unit,
        'minimumQuantity', p.minimum_quantity::text, 'unitPrice', p.unit_price::text, 'validFrom', p.valid_from,
        'validTo', p.valid_to, 'version', p.version)), '[]')
      from found f cross join lateral (
        select * from price where price_list_id = :priceListId and item_id = f.id
        union all select * from price where customer_id = :customerId and item_id = f.id) p) as prices`;

/** Reads all that the lines of one request need, in one query whatever their number. */
export async function readLineFacts(
  db: Db,
  customer: { readonly id: string; readonly price_list_id: string },
  lines: readonly OrderRequestLine[],
): Promise<LineFacts> {
  const values = [...new Set(lines.flatMap((line) => line.productIds.map((id) => id.value)))];
  const { rows } = await db.raw<{ rows: FactRows[] }>(factsOf, {
    values,
    customerId: customer.id,
    priceListId: customer.price_list_id,
  });
  const { refs = [], items: found = [], prices = [] } = rows[0] ?? {};
  const own = new Map<string, string>();
  const common = new Map<string, string>();
  for (const row of refs)
    (row.customer_id === null ? common : own).set(`${row.qualifier}\u0000${row.value}`, row.item_id);
  const items = new Map(
    found.map((row) => [
      row.id,
      {
        itemId: row.id,
        description: row.description,
        factors: { ...row.units, [row.base_unit]: 1 },
        unitsPerCarton: row.units_per_carton,
        backorderable: row.backorderable,
        active: row.active,
      },
    ]),
  );
  return {
    // VP and SK are the seller's own numbers: an item's id itself, where no cross-reference says otherwise.
    itemOf: (id) => {
      const key = `${id.qualifier}\u0000${id.value}`;
      return (
        own.get(key) ??
        common.get(key) ??
        ((id.qualifier === 'VP' || id.qualifier === 'SK') && items.has(id.value) ? id.value : undefined)
      );
    },
    items,
    prices: Map.groupBy(prices, (price) => price.itemId),
  };
}

/** What a line's dates (374) ask for: not to be shipped before a day, to be delivered by one. */
export function ownDays(dates: OrderRequestLine['dates']): Pick<ResolvedLine, 'shipNotBefore' | 'deliverBy'> {
  const first = (...qualifiers: readonly string[]) =>
    qualifiers
      .map((qualifier) => dates.find((d) => d.qualifier === qualifier)?.date)
      .find((date) => date !== undefined) ?? null;
  return { shipNotBefore: first('037', '010'), deliverBy: first('002', '063') };
}

/** Applies the customer's rules to one line. */
export function resolveLine(
  line: OrderRequestLine,
  lineNumber: number,
  facts: LineFacts,
  policy: CustomerPolicy,
  currency: string,
  date: string,
): ResolvedLine {
  const base = {
    lineNumber,
    request: line,
    item: null,
    unitFactor: 1,
    baseUnits: 0,
    unitPrice: line.unitPrice ?? null,
    priceBasis: 1,
    amountMinor: 0,
    price: null,
    priceDecision: {},
    rejection: null,
    holds: [],
    splitFrom: null,
    destination: null,
    ...ownDays(line.dates),
    blanketLineId: null,
    blanketPeriod: null,
    periods: [],
  } satisfies ResolvedLine;
  const reject = (code: 'R2' | 'IR', text: string): ResolvedLine => ({ ...base, rejection: { code, text } });
  if (!isPositive(line.quantity)) return reject('IR', `the quantity ${line.quantity} is not above zero`);
  const found = [...new Set(line.productIds.map(facts.itemOf).filter((id) => id !== undefined))];
  const ids = line.productIds.map((id) => `${id.qualifier} ${id.value}`).join(', ');
  if (found.length > 1) {
    return {
      ...base,
      holds: [
        {
          type: 'item',
          lineNumber,
          reason: {
            code: 'item-ids-differ',
            text: `The ids of line ${lineNumber} (${ids}) point to different items: ${found.join(', ')}`,
          },
        },
      ],
    };
  }
  const item = found[0] === undefined ? undefined : facts.items.get(found[0]);
  if (!item?.active) {
    const text = `the item is not known: ${ids || 'no item id was given'}`;
    if (policy.unknownItem === 'reject') return reject('R2', text);
    return {
      ...base,
      holds: [
        { type: 'item', lineNumber, reason: { code: 'unknown-item', text: `Line ${lineNumber}: ${text}` } },
      ],
    };
  }
  const converted = toBaseUnits({ value: line.quantity, unit: line.unit }, item.factors);
  if (converted.kind === 'unknown-unit')
    return { ...reject('IR', `item ${item.itemId} is not sold in unit ${line.unit}`), item };
  if (converted.kind === 'not-exact')
    return {
      ...reject('IR', `${line.quantity} ${line.unit} is not a whole number of the item's base units`),
      item,
    };
  return {
    ...base,
    item,
    unitFactor: item.factors[line.unit] ?? 1,
    baseUnits: converted.baseUnits,
    ...priceLine(line, lineNumber, item.factors, facts.prices.get(item.itemId) ?? [], policy, currency, date),
  };
}
