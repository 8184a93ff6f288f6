import type { Db } from '../connection';
import { isOpenOrder } from '../open-order-sql';
import { ASKED_SINCE } from './asked-of-suppliers';
import { isLineHeld, wasHeldSince } from './held-lines';
import { add, type Conditions, cutPage, type PageRequest, prefixPattern, whereOf } from './visibility';

export interface StockViewRow {
  readonly item_id: string;
  readonly item_class: string | null;
  readonly description: string;
  readonly base_unit: string;
  readonly node_id: string;
  readonly node_name: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly safety: number;
  readonly carts: number;
  readonly kept: number;
  readonly in_transit: number;
  readonly inbound: number;
  readonly backordered: number;
  /** When a supplier said that it has so many; null: a node of the company. */
  readonly reported_at: string | null;
}

export interface StockFilter {
  readonly itemId?: string;
  readonly nodeId?: string;
  readonly search?: string;
  readonly usage: 'P' | 'T';
}

/** What a line still waits for: base units that nothing has covered yet. */
const backordered = `(select coalesce(sum(l.ordered - l.cancelled - l.reserved - l.released - l.shipped), 0)::bigint
  from order_line l join orders o on o.id = l.order_id
  where l.item_id = s.item_id and l.ordered > l.cancelled + l.reserved + l.released + l.shipped
    and o.usage = s.usage and o.type <> 'blanket' and ${isOpenOrder('o')})`;

/** Kept for carts; for customers, channels and waiting lines; what has run out or whose line no longer waits is not. */
const kept = (kinds: string) => `(select coalesce(sum(case when k.kind = 'order'
    then least(k.quantity, greatest(0, l.ordered - l.cancelled - l.reserved - l.released - l.shipped)) else k.quantity end), 0)::bigint
  from stock_keep k left join order_line l on l.id = k.order_line_id left join orders ko on ko.id = l.order_id
  where k.item_id = s.item_id and k.node_id = s.node_id and k.usage = s.usage and k.quantity > 0 and k.kind in (${kinds})
    and (k.until is null or k.until > now())
    and (k.kind <> 'order' or (l.rejection_code is null and ko.state in ('placed', 'confirmed', 'fulfilling') and not ${isLineHeld('l')}
      and not ${wasHeldSince('l', 'k.kept_at')})))`;
const coming = (
  condition: string,
) => `(select coalesce(sum(b.quantity - b.received), 0)::bigint from inbound_stock b
  where b.item_id = s.item_id and b.node_id = s.node_id and b.usage = s.usage and b.quantity > b.received and ${condition})`;

/** What the company has, and what suppliers of its items said that they have. */
const levels = `(
  select item_id, node_id, usage, on_hand, reserved, safety, null::timestamptz as reported_at, '[]'::jsonb as inbound from stock
  union all
  select s.item_id, s.node_id, s.usage, s.quantity, 0, 0, s.reported_at, s.inbound from supplier_stock s
    join item_supplier x on x.item_id = s.item_id and x.node_id = s.node_id and x.active)`;

export async function listStock(db: Db, filter: StockFilter, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  add(where, 's.usage = ?', filter.usage);
  if (filter.itemId !== undefined) add(where, 's.item_id = ?', filter.itemId);
  if (filter.nodeId !== undefined) add(where, 's.node_id = ?', filter.nodeId);
  addSearch(where, 's.item_id', filter.search);
  if (page.after !== null) {
    const [itemId = '', nodeId = ''] = page.after.split('|');
    add(where, '(s.item_id, s.node_id) > (?, ?)', itemId, nodeId);
  }
  const { rows } = await db.raw<{ rows: StockViewRow[] }>(
    `select s.item_id, i.item_class, i.description, i.base_unit, s.node_id, n.name as node_name, s.on_hand, s.safety, s.reported_at,
       case when s.reported_at is null then s.reserved else ${ASKED_SINCE} end::bigint as reserved, ${kept(`'cart'`)} as carts,
       ${kept(`'customer', 'channel', 'order'`)} as kept, ${coming(`b.kind = 'transfer'`)} as in_transit,
       (${coming(`b.kind = 'purchase'`)} + (select coalesce(sum(d.quantity), 0) from jsonb_to_recordset(s.inbound) as d(date date, quantity bigint)
         where d.date >= (now() at time zone n.time_zone)::date))::bigint as inbound, ${backordered} as backordered
     from ${levels} s join item i on i.id = s.item_id join node n on n.id = s.node_id ${whereOf(where)} order by s.item_id, s.node_id limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => `${row.item_id}|${row.node_id}`);
}

function addSearch(where: Conditions, itemId: string, search: string | undefined): void {
  if (search === undefined) return;
  const pattern = prefixPattern(search);
  add(where, `(${itemId} ilike ? or i.description ilike ?)`, pattern, `%${pattern}`);
}

export interface StockedItemRow {
  readonly item_id: string;
  readonly description: string;
  readonly base_unit: string;
}

/** Active items that are, or were, at some node, or of which a supplier that ships them has said what it has. */
export async function listStockedItems(db: Db, filter: Omit<StockFilter, 'nodeId'>, page: PageRequest) {
  const where: Conditions = { sql: ['i.active'], values: [] };
  add(
    where,
    `(exists (select from stock s where s.item_id = i.id and s.usage = ?)
      or exists (select from supplier_stock s join item_supplier x on x.item_id = s.item_id and x.node_id = s.node_id and x.active
        where s.item_id = i.id and s.usage = ?))`,
    filter.usage,
    filter.usage,
  );
  if (filter.itemId !== undefined) add(where, 'i.id = ?', filter.itemId);
  addSearch(where, 'i.id', filter.search);
  if (page.after !== null) add(where, 'i.id > ?', page.after);
  const { rows } = await db.raw<{ rows: StockedItemRow[] }>(
    `select i.id as item_id, i.description, i.base_unit from item i ${whereOf(where)} order by i.id limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.item_id);
}
