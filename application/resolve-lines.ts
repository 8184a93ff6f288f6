import type { Db } from '../db/connection';
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
  /** The line of the blanket order that this one calls off. */
  readonly blanketLineId: string | null;
}

export interface LineFacts {
  /** (qualifier, value) -> item ids, the customer's own reference before everyone's. */
  readonly itemOf: (id: ProductId) => string | undefined;
  readonly items: ReadonlyMap<string, ItemFacts>;
  readonly prices: ReadonlyMap<string, readonly PriceRow[]>;
}

/** Reads all that the lines of one request need, in three queries whatever their number. */
export async function readLineFacts(
  db: Db,
  customer: { readonly id: string; readonly price_list_id: string },
  lines: readonly OrderRequestLine[],
): Promise<LineFacts> {
  const values = [...new Set(lines.flatMap((line) => line.productIds.map((id) => id.value)))];
  const references = (await db('item_cross_reference')
    .select('customer_id', 'qualifier', 'value', 'item_id')
    .whereIn('value', values)
    .andWhere((q) => q.whereNull('customer_id').orWhere('customer_id', customer.id))) as {
    customer_id: string | null;
    qualifier: string;
    value: string;
    item_id: string;
  }[];
  const own = new Map<string, string>();
  const common = new Map<string, string>();
  for (const row of references)
    (row.customer_id === null ? common : own).set(`${row.qualifier}\u0000${row.value}`, row.item_id);
  const referenced = new Set([...references.map((row) => row.item_id), ...values]);
  const items = await readItems(db, [...referenced]);
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
    prices: await readPrices(db, customer, [...items.keys()]),
  };
}

async function readItems(db: Db, itemIds: readonly string[]): Promise<ReadonlyMap<string, ItemFacts>> {
  const rows = (await db('item')
    .leftJoin('item_unit', 'item_unit.item_id', 'item.id')
    .whereIn('item.id', itemIds)
    .groupBy('item.id')
    .select(
      'item.id',
      'item.description',
      'item.base_unit',
      'item.units_per_carton',
      'item.backorderable',
      'item.active',
      db.raw(
        `coalesce(jsonb_object_agg(item_unit.unit, item_unit.factor) filter (where item_unit.unit is not null), '{}') as units`,
      ),
    )) as {
    id: string;
    description: string;
    base_unit: string;
    units_per_carton: number;
    backorderable: boolean;
    active: boolean;
    units: Record<string, number>;
  }[];
  return new Map(
    rows.map((row) => [
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
}

async function readPrices(
  db: Db,
  customer: { readonly id: string; readonly price_list_id: string },
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PriceRow[]>> {
  const rows = (await db('price')
    .whereIn('item_id', itemIds)
    .andWhere((q) =>
      q.where('price_list_id', customer.price_list_id).orWhere('customer_id', customer.id),
    )) as {
    id: string;
    price_list_id: string | null;
    item_id: string;
    unit: string;
    minimum_quantity: string;
    unit_price: string;
    valid_from: string;
    valid_to: string | null;
    version: number;
  }[];
  const prices = new Map<string, PriceRow[]>();
  for (const row of rows) {
    const list = prices.get(row.item_id) ?? [];
    list.push({
      priceId: row.id,
      source: row.price_list_id === null ? 'contract' : 'list',
      listId: row.price_list_id,
      unit: row.unit,
      minimumQuantity: row.minimum_quantity,
      unitPrice: row.unit_price,
      validFrom: row.valid_from,
      validTo: row.valid_to,
      version: row.version,
    });
    prices.set(row.item_id, list);
  }
  return prices;
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
    blanketLineId: null,
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
