import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, prefixPattern, whereOf } from './visibility';

export interface PriceViewRow {
  readonly id: string;
  readonly price_list_id: string | null;
  readonly customer_id: string | null;
  readonly contract_id: string | null;
  readonly item_id: string;
  readonly description: string;
  readonly unit: string;
  readonly minimum_quantity: string;
  readonly unit_price: string;
  readonly currency: string;
  readonly own_currency: string | null;
  readonly tier_over: 'line' | 'item' | 'group';
  readonly tier_period: 'month' | 'quarter' | 'year' | null;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly version: number;
  readonly superseded_at: string | null;
  readonly changed_by: string;
  readonly changed_at: string;
}

export interface PriceFilter {
  readonly itemId?: string;
  readonly search?: string;
  readonly priceListId?: string;
  readonly customerId?: string;
  readonly contractId?: string;
  /** Versions that were replaced, too. */
  readonly history: boolean;
}

export async function listPrices(db: Db, filter: PriceFilter, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  if (!filter.history) where.sql.push('p.superseded_at is null');
  if (filter.itemId !== undefined) add(where, 'p.item_id = ?', filter.itemId);
  if (filter.search !== undefined) add(where, 'p.item_id ilike ?', prefixPattern(filter.search));
  if (filter.priceListId !== undefined) add(where, 'p.price_list_id = ?', filter.priceListId);
  if (filter.customerId !== undefined) add(where, 'p.customer_id = ?', filter.customerId);
  if (filter.contractId !== undefined) add(where, 'p.contract_id = ?', filter.contractId);
  if (page.after !== null) add(where, 'p.id < ?', page.after);
  const { rows } = await db.raw<{ rows: PriceViewRow[] }>(
    `select p.id, p.price_list_id, p.customer_id, p.contract_id, p.item_id, i.description, p.unit,
       p.minimum_quantity::text as minimum_quantity, p.unit_price::text as unit_price,
       coalesce(p.currency, k.currency, l.currency, c.currency) as currency,
       p.currency as own_currency, p.tier_over, p.tier_period, p.valid_from,
       p.valid_to, p.version, p.superseded_at, p.changed_by, p.changed_at
     from price p join item i on i.id = p.item_id left join price_list l on l.id = p.price_list_id
     left join customer c on c.id = p.customer_id left join price_contract k on k.id = p.contract_id
     ${whereOf(where)} order by p.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export interface ContractViewRow {
  readonly id: string;
  readonly customer_id: string;
  readonly name: string;
  readonly currency: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly minimum_order_quantity: number | null;
  readonly commitment_quantity: number | null;
  readonly version: number;
  readonly ordered: number;
  readonly prices: number;
}

/** With what was ordered at their prices, in base units: what a commitment is held against. */
export async function listContracts(
  db: Db,
  customerId: string | undefined,
): Promise<readonly ContractViewRow[]> {
  const { rows } = await db.raw<{ rows: ContractViewRow[] }>(
    `select k.id, k.customer_id, k.name, k.currency, k.valid_from, k.valid_to, k.minimum_order_quantity,
       k.commitment_quantity, k.version,
       (select count(*)::int from price p where p.contract_id = k.id and p.superseded_at is null) as prices,
       (select coalesce(sum(l.ordered - l.cancelled), 0)::bigint from orders o join order_line l on l.order_id = o.id
         where o.customer_id = k.customer_id and o.usage = 'P' and o.type <> 'blanket' and l.rejection_code is null
           and coalesce(o.price_date, o.po_date) >= k.valid_from and (k.valid_to is null or coalesce(o.price_date, o.po_date) <= k.valid_to)
           and l.price_decision -> 'resolution' ->> 'contractId' = k.id) as ordered
     from price_contract k where cast(:customerId as text) is null or k.customer_id = :customerId order by k.id limit 500`,
    { customerId: customerId ?? null } as never,
  );
  return rows;
}

export interface PromotionUseRow {
  readonly scope: string;
  readonly version: number;
  readonly body: unknown;
  readonly given_minor: number;
  readonly given_orders: number;
  readonly currencies: readonly string[];
}

/** Promotions in force with what orders have of them (usage P). */
export async function listPromotions(db: Db): Promise<readonly PromotionUseRow[]> {
  const { rows } = await db.raw<{ rows: PromotionUseRow[] }>(
    `select r.scope, r.version, r.body, coalesce(u.minor, 0)::bigint as given_minor, coalesce(u.orders, 0)::int as given_orders,
       coalesce(u.currencies, '{}') as currencies
     from (select distinct on (scope) scope, version, body, withdrawn from rule
       where kind = 'promotion' and valid_from <= now() order by scope, version desc) r
     left join (select p.promotion_id, sum(p.amount_minor) as minor, count(*) filter (where p.amount_minor > 0) as orders,
         array_agg(distinct o.currency) as currencies
       from promotion_use p join orders o on o.id = p.order_id where p.usage = 'P' group by 1) u on u.promotion_id = r.scope
     where not r.withdrawn order by r.scope limit 1000`,
  );
  return rows;
}
