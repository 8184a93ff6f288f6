import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, prefixPattern, whereOf } from './visibility';

export interface StockViewRow {
  readonly item_id: string;
  readonly description: string;
  readonly base_unit: string;
  readonly node_id: string;
  readonly node_name: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly safety: number;
  readonly backordered: number;
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
    and o.usage = s.usage and o.type <> 'blanket' and o.state in ('placed', 'held', 'confirmed', 'fulfilling'))`;

export async function listStock(db: Db, filter: StockFilter, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  add(where, 's.usage = ?', filter.usage);
  if (filter.itemId !== undefined) add(where, 's.item_id = ?', filter.itemId);
  if (filter.nodeId !== undefined) add(where, 's.node_id = ?', filter.nodeId);
  if (filter.search !== undefined) {
    add(
      where,
      '(s.item_id ilike ? or i.description ilike ?)',
      prefixPattern(filter.search),
      `%${prefixPattern(filter.search)}`,
    );
  }
  if (page.after !== null) {
    const [itemId = '', nodeId = ''] = page.after.split('|');
    add(where, '(s.item_id, s.node_id) > (?, ?)', itemId, nodeId);
  }
  const { rows } = await db.raw<{ rows: StockViewRow[] }>(
    `select s.item_id, i.description, i.base_unit, s.node_id, n.name as node_name, s.on_hand, s.reserved, s.safety, ${backordered} as backordered
     from stock s join item i on i.id = s.item_id join node n on n.id = s.node_id ${whereOf(where)} order by s.item_id, s.node_id limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => `${row.item_id}|${row.node_id}`);
}
