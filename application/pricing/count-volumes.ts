import type { Db } from '../../db/connection';
import { orderTypes } from '../../domain/order/order-types';
import { type PriceRow, type TierPeriod, type Volumes } from '../../domain/pricing/resolve-price';
import type { ItemFacts, LineFacts, ResolvedLine } from '../order/resolve-lines';

type Prices = LineFacts['prices'];

/** A sample is given, a frame only promised: neither is a volume that was bought. */
const countingTypes = Object.entries(orderTypes).flatMap(([type, rule]) =>
  rule.countsForTiers ? [type] : [],
);

/**
 * What the tiers of each item count: base units of the order's lines by item, price group and contract, and what was
 * ordered earlier. Each sum is made once, however many lines ask for it.
 */
export function countVolumes(
  lines: readonly ResolvedLine[],
  { prices, earlier }: Pick<LineFacts, 'prices' | 'earlier'>,
): (item: ItemFacts) => Volumes {
  const byItem = new Map<string, number>();
  const byGroup = new Map<string, number>();
  const contracts = new Map<string, number>();
  const add = (sums: Map<string, number>, key: string, units: number) =>
    sums.set(key, (sums.get(key) ?? 0) + units);
  for (const { item, rejection, baseUnits } of lines) {
    if (item === null || rejection !== null) continue;
    add(byItem, item.itemId, baseUnits);
    if (item.priceGroup !== null) add(byGroup, item.priceGroup, baseUnits);
  }
  for (const [itemId, units] of byItem)
    for (const contractId of contractsOf(prices, itemId)) add(contracts, contractId, units);
  return (item) => {
    const { itemId, priceGroup } = item;
    const before: Partial<Record<`${'item' | 'group'}/${TierPeriod}`, number>> = {};
    for (const row of earlier.size === 0 ? [] : (prices.get(itemId) ?? [])) {
      const key = periodKey(row, item);
      if (key !== null) before[key.short] = earlier.get(key.long) ?? 0;
    }
    const ofItem = byItem.get(itemId) ?? 0;
    return {
      item: ofItem,
      // An item without a group is a group of its own.
      group: priceGroup === null ? ofItem : (byGroup.get(priceGroup) ?? 0),
      before,
      contracts,
    };
  };
}

const contractsOf = (prices: Prices, itemId: string): ReadonlySet<string> =>
  new Set((prices.get(itemId) ?? []).flatMap(({ contract }) => (contract ? [contract.contractId] : [])));

/** Which earlier volume a row's tier counts; null where it counts none. */
function periodKey({ tierOver = 'line', tierPeriod = null }: PriceRow, { itemId, priceGroup }: ItemFacts) {
  if (tierOver === 'line' || tierPeriod === null) return null;
  const of =
    tierOver === 'group' && priceGroup !== null
      ? `group/${tierPeriod}/${priceGroup}`
      : `item/${tierPeriod}/${itemId}`;
  return { short: `${tierOver}/${tierPeriod}` as const, long: of };
}

/**
 * What the customer ordered in the current month, quarter and year of the order's date, where some price asks for it: by
 * the date of their prices, without what was cancelled or rejected, without the order itself. What is committed when the order is
 * priced counts; two orders priced at the same moment do not see each other.
 */
export async function readEarlierVolumes(
  db: Db,
  customerId: string,
  rows: readonly (PriceRow & { readonly itemId: string })[],
  items: ReadonlyMap<string, ItemFacts>,
  { date, orderId }: { readonly date: string; readonly orderId: string | null },
): Promise<ReadonlyMap<string, number>> {
  const wanted = rows.filter(
    ({ tierOver = 'line', tierPeriod = null }) => tierOver !== 'line' && tierPeriod !== null,
  );
  if (wanted.length === 0) return new Map();
  const itemIds = [...new Set(wanted.map((row) => row.itemId))];
  const groups = [...new Set(itemIds.flatMap((id) => items.get(id)?.priceGroup ?? []))];
  const { rows: found } = await db.raw<{
    rows: { item_id: string; price_group: string | null; period: TierPeriod; units: number }[];
  }>(
    `select l.item_id, i.price_group, p.period, sum(l.ordered - l.cancelled)::bigint as units
     from orders o join order_line l on l.order_id = o.id join item i on i.id = l.item_id
     join (select unnest(cast(:periods as text[])) as period) p
       on coalesce(o.price_date, o.po_date) >= date_trunc(p.period, cast(:date as date)) and coalesce(o.price_date, o.po_date) < date_trunc(p.period, cast(:date as date)) + cast('1 ' || case p.period when 'quarter' then 'month' else p.period end as interval) * case p.period when 'quarter' then 3 else 1 end
     where o.customer_id = :customerId and o.usage = 'P' and o.type = any(:types) and o.state not in ('rejected', 'cancelled')
       and l.rejection_code is null and (cast(:orderId as uuid) is null or o.id <> :orderId)
       and (l.item_id = any(:itemIds) or i.price_group = any(:groups))
     group by 1, 2, 3`,
    {
      types: countingTypes,
      periods: [...new Set(wanted.map(({ tierPeriod }) => tierPeriod))],
      date,
      customerId,
      orderId,
      itemIds,
      groups,
    } as never,
  );
  const sums = new Map<string, number>();
  for (const { item_id, price_group, period, units } of found) {
    sums.set(`item/${period}/${item_id}`, units);
    if (price_group === null) continue;
    const key = `group/${period}/${price_group}`;
    sums.set(key, (sums.get(key) ?? 0) + units);
  }
  return sums;
}
