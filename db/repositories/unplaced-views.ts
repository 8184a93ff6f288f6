import type { Db } from '../connection';
import { add, cutPage, type PageRequest, type Visibility, visibleOrders, whereOf } from './visibility';

export interface UnplacedViewRow {
  readonly id: string;
  readonly number: string;
  readonly type: 'draft' | 'quote';
  readonly state: string;
  readonly version: number;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly usage: 'P' | 'T';
  readonly currency: string;
  readonly po_number: string;
  readonly line_count: number;
  readonly total_minor: number | null;
  readonly expires_at: string;
  readonly order_id: string | null;
  readonly order_number: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
}

const columns = `u.id, u.number, u.type, u.state, u.version, u.customer_id, c.name as customer_name, u.usage, u.currency,
  coalesce(u.request ->> 'purchaseOrderNumber', '') as po_number, jsonb_array_length(u.request -> 'lines') as line_count,
  (u.quoted ->> 'totalMinor')::bigint as total_minor, u.expires_at, u.order_id, o.order_number, u.created_by, u.created_at, u.updated_at`;
const from = `from unplaced_order u join customer c on c.id = u.customer_id left join orders o on o.id = u.order_id`;

/** Newest first. */
export async function listUnplaced(
  db: Db,
  visible: Visibility,
  filter: { readonly type: 'draft' | 'quote'; readonly state?: string; readonly customerId?: string },
  page: PageRequest,
) {
  const where = visibleOrders(visible, 'u');
  add(where, 'u.type = ?', filter.type);
  if (filter.state !== undefined) add(where, 'u.state = ?', filter.state);
  if (filter.customerId !== undefined) add(where, 'u.customer_id = ?', filter.customerId);
  if (page.after !== null) add(where, 'u.id < ?', page.after);
  const { rows } = await db.raw<{ rows: UnplacedViewRow[] }>(
    `select ${columns} ${from} ${whereOf(where)} order by u.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export interface WholeUnplacedRow extends UnplacedViewRow {
  readonly request: unknown;
  readonly quoted: unknown;
  readonly history: readonly {
    readonly at: string;
    readonly kind: string;
    readonly actor: string;
    readonly text: string;
  }[];
}

export async function findUnplaced(
  db: Db,
  visible: Visibility,
  type: 'draft' | 'quote',
  id: string,
): Promise<WholeUnplacedRow | undefined> {
  const where = visibleOrders(visible, 'u');
  add(where, 'u.type = ?', type);
  add(where, 'u.id = ?', id);
  const { rows } = await db.raw<{ rows: WholeUnplacedRow[] }>(
    `select ${columns}, u.request, u.quoted, coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'actor', e.actor, 'text', e.text) order by e.id)
       from unplaced_order_event e where e.unplaced_order_id = u.id), '[]') as history ${from} ${whereOf(where)}`,
    where.values as never,
  );
  const row = rows[0];
  return (
    row && { ...row, history: row.history.map((one) => ({ ...one, at: new Date(one.at).toISOString() })) }
  );
}
