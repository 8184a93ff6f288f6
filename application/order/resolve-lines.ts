import type { Db } from '../../db/connection';
import { unseen, unseenList } from '../../db/one-plan';
import type { LinePeriod } from '../../domain/order/call-off-periods';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { LineSupply } from '../../domain/order/line-supply';
import type { OrderRequestLine, ProductId } from '../../domain/order/order-request';
import { requestedDays } from '../../domain/order/requested-days';
import type { Promotion } from '../../domain/pricing/promotion';
import type { ExchangeRate, PriceResolution, PriceRow } from '../../domain/pricing/resolve-price';
import { isPositive, toBaseUnits, type UnitFactors } from '../../domain/shared/quantity';
import type { CustomerPolicy } from '../customer/customer-policy';
import { countVolumes, readEarlierVolumes } from '../pricing/count-volumes';
import { priceLine } from '../pricing/price-line';
import { hasBegunBy } from '../rules/exchange-rate';
import { exchangeRatesOf, promotionsOf, type StoredRule } from '../rules/pricing';
import { scopesOf } from '../rules/whose';
import { ItemRelations } from '../sourcing/item-relations';
import { priceSupplied, supplyInstead } from '../sourcing/supply-instead';
import type { PartDestination } from './split-lines';

export interface ItemFacts {
  readonly itemId: string;
  readonly description: string;
  readonly factors: UnitFactors;
  readonly baseUnit: string;
  readonly unitsPerCarton: number;
  readonly backorderable: boolean;
  readonly active: boolean;
  readonly itemClass: string | null;
  /** Items whose quantities are one volume to a tier over a group. */
  readonly priceGroup: string | null;
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
  readonly rejection: { readonly code: 'R1' | 'R2' | 'R3' | 'IR'; readonly text: string } | null;
  /** What was ordered, where it was rounded up to whole packs. */
  readonly requestedQuantity: string | null;
  /** Base units of it that were not there and are cancelled at once. */
  readonly cancelled?: number;
  readonly holds: readonly HoldRequest[];
  /** The line number of the first part, where a line is split over locations and this is another part of it. */
  readonly splitFrom: number | null;
  readonly destination: PartDestination | null;
  /** The line's own days, where it has some; else those of the order count. */
  readonly shipNotBefore: string | null;
  readonly deliverBy: string | null;
  readonly cancelAfter: string | null;
  /** The line of the blanket order that this one calls off. */
  readonly blanketLineId: string | null;
  /** The first day of the period of that line that it counts for; null: the line has no periods. */
  readonly blanketPeriod: string | null;
  /** Of a blanket order's line, or of the one that is called off: how much may be called off when. */
  readonly periods: readonly LinePeriod[];
  /** Where something else is supplied than was ordered: a component of a bundle, a substitute, a successor. */
  readonly supply: LineSupply | null;
  /** The bundle that was ordered, with its base units; on its first component only. */
  readonly bundled?: { readonly item: ItemFacts; readonly baseUnits: number };
}

export interface LineFacts {
  /** (qualifier, value) -> item ids, the customer's own reference before everyone's. */
  readonly itemOf: (id: ProductId) => string | undefined;
  readonly items: ReadonlyMap<string, ItemFacts>;
  readonly prices: ReadonlyMap<string, readonly PriceRow[]>;
  /** Those in force, whomever they are for. */
  readonly promotions: readonly Promotion[];
  readonly rates: readonly ExchangeRate[];
  /** Base units ordered earlier in a period, where a tier counts them: "item/month/BOLT", "group/year/FASTENERS". */
  readonly earlier: ReadonlyMap<string, number>;
  /** Bundles, substitutes and successors of the items, and what of them the buyer has agreed to. */
  readonly relations: ItemRelations;
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
    readonly item_class: string | null;
    readonly price_group: string | null;
    readonly units: Readonly<Record<string, number>>;
  }[];
  readonly prices: readonly (PriceRow & { readonly itemId: string })[];
  readonly rules: readonly StoredRule[] | null;
}

/** Decimals come as text: as JSON's numbers they would be floats. */
const factsOf = `
  with ref as materialized (
    select customer_id, qualifier, value, item_id from item_cross_reference
    where value = any(${unseenList(':values')}) and (customer_id is null or customer_id = :customerId)),
  found as materialized (
    select i.* from item i where i.id in (select unnest(${unseenList(':values')}) union select item_id from ref))
  select
    (select coalesce(json_agg(ref), '[]') from ref) as refs,
    (select coalesce(json_agg(json_build_object('id', f.id, 'description', f.description, 'base_unit', f.base_unit,
        'units_per_carton', f.units_per_carton, 'backorderable', f.backorderable, 'active', f.active,
        'item_class', f.item_class, 'price_group', f.price_group,
        'units', (select coalesce(json_object_agg(u.unit, u.factor), '{}') from item_unit u where u.item_id = f.id))), '[]')
      from found f) as items,
    (select coalesce(json_agg(json_build_object('priceId', p.id, 'itemId', p.item_id, 'source',
        case when p.price_list_id is null then 'contract' else 'list' end, 'listId', p.price_list_id, 'unit', p.unit,
        'minimumQuantity', p.minimum_quantity::text, 'unitPrice', p.unit_price::text, 'validFrom', p.valid_from,
        'validTo', p.valid_to, 'version', p.version, 'currency', coalesce(p.currency, c.currency, l.currency, own.currency),
        'tierOver', p.tier_over, 'tierPeriod', p.tier_period,
        'contract', case when c.id is null then null else json_build_object('contractId', c.id, 'name', c.name,
          'validFrom', c.valid_from, 'validTo', c.valid_to, 'minimumOrderQuantity', c.minimum_order_quantity) end)), '[]')
      from found f cross join lateral (
        select * from price where price_list_id = ${unseen(':priceListId', 'text')} and item_id = f.id and superseded_at is null
        union all select * from price where customer_id = ${unseen(':customerId', 'text')} and item_id = f.id and superseded_at is null) p
      left join price_list l on l.id = p.price_list_id left join price_contract c on c.id = p.contract_id
      left join customer own on own.id = p.customer_id) as prices,
    (select json_agg(r) from (
      select distinct on (kind, scope) kind, scope, version, body, withdrawn from (
        select * from rule where kind in ('promotion', 'exchange-rate')
        union all select * from rule where kind = 'supply-agreement' and scope = any(${unseenList(':whose')})
        union all select related.* from found f join rule related on related.scope = f.id
          and related.kind in ('bundle', 'substitution', 'supersession')) known
      where valid_from <= now() and ${hasBegunBy(unseen(':date', 'text'))} order by kind, scope, version desc) r
      where not withdrawn) as rules`;

/** A chain of stand-ins is followed so far. */
const MOST_ROUNDS = 5;

/**
 * Reads all that the lines of one request need, in one query whatever their number; where items have bundles,
 * substitutes or successors that the buyer has agreed to, their facts as well.
 */
export async function readLineFacts(
  db: Db,
  customer: { readonly id: string; readonly price_list_id: string },
  lines: readonly Pick<OrderRequestLine, 'productIds'>[],
  /** The order's date and itself, where volumes of earlier orders are to be counted, and who sent it. */
  ordered: { readonly date: string; readonly orderId: string | null; readonly partnerId?: string | null },
): Promise<LineFacts> {
  const buyer = { customerId: customer.id, partnerId: ordered.partnerId ?? null };
  const values = new Set(lines.flatMap((line) => line.productIds.map((id) => id.value)));
  const read = async () => {
    const { rows } = await db.raw<{ rows: FactRows[] }>(factsOf, {
      values: [...values],
      customerId: customer.id,
      priceListId: customer.price_list_id,
      whose: [...scopesOf(buyer.customerId, buyer.partnerId)],
      date: ordered.date,
    });
    return rows[0] ?? { refs: [], items: [], prices: [], rules: null };
  };
  let rows = await read();
  const own = new Set(rows.items.map(({ id }) => id));
  let relations = new ItemRelations(rows.rules ?? [], buyer);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const more = relations.related(rows.items.map(({ id }) => id)).filter((id) => !values.has(id));
    if (more.length === 0) break;
    for (const id of more) values.add(id);
    rows = await read();
    relations = new ItemRelations(rows.rules ?? [], buyer);
  }
  const others = rows.items.map(({ id }) => id).filter((id) => !own.has(id));
  if (others.length > 0) {
    const names = await readBuyersNames(db, customer.id, others);
    relations = new ItemRelations(rows.rules ?? [], buyer, (itemId) => names.get(itemId) ?? []);
  }
  return factsFrom(
    rows,
    relations,
    await readEarlierVolumes(db, customer.id, rows.prices, itemsOf(rows), ordered),
  );
}

/** What a buyer calls items that it did not name. */
async function readBuyersNames(
  db: Db,
  customerId: string,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ProductId[]>> {
  const rows = (await db('item_cross_reference')
    .where({ customer_id: customerId })
    .whereIn('item_id', [...itemIds])
    .orderBy(['qualifier', 'value'])
    .select('item_id', 'qualifier', 'value')) as {
    item_id: string;
    qualifier: string;
    value: string;
  }[];
  const byItem = Map.groupBy(rows, (row) => row.item_id);
  return new Map(
    [...byItem].map(([itemId, names]) => [
      itemId,
      names.map(({ qualifier, value }) => ({ qualifier, value })),
    ]),
  );
}

function itemsOf({ items }: FactRows): ReadonlyMap<string, ItemFacts> {
  return new Map(
    items.map((row) => [
      row.id,
      {
        itemId: row.id,
        description: row.description,
        factors: { ...row.units, [row.base_unit]: 1 },
        baseUnit: row.base_unit,
        unitsPerCarton: row.units_per_carton,
        backorderable: row.backorderable,
        active: row.active,
        itemClass: row.item_class,
        priceGroup: row.price_group,
      },
    ]),
  );
}

function factsFrom(
  rows: FactRows,
  relations: ItemRelations,
  earlier: ReadonlyMap<string, number>,
): LineFacts {
  const own = new Map<string, string>();
  const common = new Map<string, string>();
  for (const row of rows.refs)
    (row.customer_id === null ? common : own).set(`${row.qualifier}\u0000${row.value}`, row.item_id);
  const items = itemsOf(rows);
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
    prices: Map.groupBy(rows.prices, (price) => price.itemId),
    promotions: promotionsOf(rows.rules ?? []),
    rates: exchangeRatesOf(rows.rules ?? []),
    earlier,
    relations,
  };
}

/** What the lines of one order are resolved by, besides the facts. */
export interface LineTerms {
  readonly policy: CustomerPolicy;
  readonly currency: string;
  /** Prices are of this day. */
  readonly date: string;
  /** What the purchase order is dated, where there is one. */
  readonly stated?: string;
}

/** A line to resolve with the number that it has on the order. */
export interface NumberedLine {
  readonly lineNumber: number;
  readonly line: OrderRequestLine;
}

/**
 * Applies the customer's rules to the lines of one order, together: a tier may count the quantity of all lines of an
 * item or of a price group.
 */
export function resolveLines(
  numbered: readonly NumberedLine[],
  facts: LineFacts,
  terms: LineTerms,
): readonly ResolvedLine[] {
  const known = numbered.map(({ line, lineNumber }) => identifyLine(line, lineNumber, facts, terms));
  const volumesOf = countVolumes(known, facts);
  const resolved = new Map<string, Map<string, PriceResolution>>();
  return known.map((line) => {
    if (line.item === null || line.rejection !== null) return line;
    if (line.supply?.kind === 'instead')
      return { ...line, ...priceSupplied(line, line.supply, facts, terms, volumesOf) };
    const { itemId, factors } = line.item;
    const ofItem = resolved.get(itemId) ?? new Map<string, PriceResolution>();
    resolved.set(itemId, ofItem);
    const priced = priceLine(line.request, line.lineNumber, {
      ...terms,
      factors,
      rows: facts.prices.get(itemId) ?? [],
      rates: facts.rates,
      volumes: volumesOf(line.item),
      resolved: ofItem,
    });
    return { ...line, ...priced };
  });
}

/** Which item a line means and how much of it, or why it cannot be taken. */
function identifyLine(
  line: OrderRequestLine,
  lineNumber: number,
  facts: LineFacts,
  { policy, date }: LineTerms,
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
    ...requestedDays(line.dates, policy.deliveryLeadDays),
    blanketLineId: null,
    blanketPeriod: null,
    requestedQuantity: null,
    periods: [],
    supply: null,
  } satisfies ResolvedLine;
  const reject = (code: 'R2' | 'IR', text: string): ResolvedLine => ({ ...base, rejection: { code, text } });
  const hold = (code: string, text: string): ResolvedLine => ({
    ...base,
    holds: [{ type: 'item', lineNumber, reason: { code, text } }],
  });
  if (!isPositive(line.quantity)) return reject('IR', `the quantity ${line.quantity} is not above zero`);
  const found = [...new Set(line.productIds.map(facts.itemOf).filter((id) => id !== undefined))];
  const ids = line.productIds.map((id) => `${id.qualifier} ${id.value}`).join(', ');
  if (found.length > 1)
    return hold(
      'item-ids-differ',
      `The ids of line ${lineNumber} (${ids}) point to different items: ${found.join(', ')}`,
    );
  const item = found[0] === undefined ? undefined : facts.items.get(found[0]);
  const successor = item === undefined ? null : facts.relations.successorOf(item, date);
  if (item && successor?.kind === 'not-agreed') {
    const text = `item ${item.itemId} is superseded by ${successor.by}: order that number`;
    return successor.otherwise === 'reject'
      ? reject('R2', text)
      : hold('superseded', `Line ${lineNumber}: ${text}`);
  }
  if (item === undefined || (!item.active && successor?.kind !== 'agreed')) {
    const text = `the item is not known: ${ids || 'no item id was given'}`;
    return policy.unknownItem === 'reject'
      ? reject('R2', text)
      : hold('unknown-item', `Line ${lineNumber}: ${text}`);
  }
  const converted = toBaseUnits({ value: line.quantity, unit: line.unit }, item.factors);
  if (converted.kind === 'unknown-unit')
    return { ...reject('IR', `item ${item.itemId} is not sold in unit ${line.unit}`), item };
  if (converted.kind === 'not-exact')
    return {
      ...reject('IR', `${line.quantity} ${line.unit} is not a whole number of the item's base units`),
      item,
    };
  const identified: ResolvedLine = {
    ...base,
    item,
    unitFactor: item.factors[line.unit] ?? 1,
    baseUnits: converted.baseUnits,
  };
  if (successor?.kind !== 'agreed') return identified;
  return (
    supplyInstead(identified, successor.standIn, facts) ??
    reject('R2', `item ${item.itemId} is superseded by ${successor.standIn.itemId}, which is not sold`)
  );
}
