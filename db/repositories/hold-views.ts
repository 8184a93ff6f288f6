import type { Db } from '../connection';
import {
  add,
  type Conditions,
  cutPage,
  type PageRequest,
  type Visibility,
  visibleOrders,
  whereOf,
} from './visibility';

export interface HoldRow {
  readonly id: string;
  readonly order_id: string;
  readonly line_number: number | null;
  readonly type: string;
  readonly status: string;
  readonly blocks: readonly string[];
  readonly reason: { readonly text?: unknown } | null;
  readonly role: string;
  readonly owner: string | null;
  readonly opened_at: string;
  readonly due_at: string;
  readonly expires_at: string | null;
  readonly escalated_at: string | null;
  readonly resolved_at: string | null;
  readonly resolved_by: string | null;
  readonly resolution_reason: string | null;
  readonly approvals: unknown;
  readonly shipment_id: string | null;
  readonly applied_by: string | null;
  readonly change_id: string | null;
  readonly in_name_of: string | null;
  readonly escalated_to: string | null;
  readonly escalate_at: string | null;
  readonly on_expiry: string;
}

export interface HeldOrderRow extends HoldRow {
  readonly order_number: string;
  readonly po_number: string;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly state: string;
  readonly currency: string;
  readonly total_minor: number;
  readonly placed_at: string;
  readonly placed_by: string | null;
  readonly credit_account_id: string;
  readonly usage: 'P' | 'T';
}

export const holdColumns = `h.id, h.order_id, h.line_number, h.type, h.status, h.blocks, h.reason, h.role, h.owner, h.opened_at, h.due_at, h.expires_at,
  h.escalated_at, h.resolved_at, h.resolved_by, h.resolution_reason, h.approvals,
  h.shipment_id, h.applied_by, h.change_id, h.in_name_of, h.escalated_to, h.escalate_at, h.on_expiry`;
const withOrder = `select ${holdColumns}, o.order_number, o.po_number, o.customer_id, c.name as customer_name, o.state, o.currency, o.total_minor,
  o.placed_at, o.placed_by, o.credit_account_id, o.usage
  from hold h join orders o on o.id = h.order_id join customer c on c.id = o.customer_id`;

export interface HoldFilter {
  readonly status: string;
  readonly type?: string;
  readonly role?: string;
  readonly orderId?: string;
}

/** Ordered by deadline, so the cursor is deadline and id. */
export async function listHeldOrders(db: Db, visible: Visibility, filter: HoldFilter, page: PageRequest) {
  const where: Conditions = visibleOrders(visible);
  add(where, 'h.status = ?', filter.status);
  if (filter.type !== undefined) add(where, 'h.type = ?', filter.type);
  if (filter.role !== undefined) add(where, 'h.role = ?', filter.role);
  if (filter.orderId !== undefined) add(where, 'h.order_id = ?', filter.orderId);
  if (page.after !== null) {
    const [dueAt = '', id = ''] = page.after.split('|');
    add(where, '(h.due_at, h.id) > (cast(? as timestamptz), cast(? as uuid))', dueAt, id);
  }
  const { rows } = await db.raw<{ rows: (HeldOrderRow & { cursor: string })[] }>(
    // The cursor keeps the microseconds that the view's own instants do not show.
    `select q.*, q.due_at::text || '|' || q.id as cursor from (${withOrder} ${whereOf(where)} order by h.due_at, h.id limit ?) q order by q.due_at, q.id`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.cursor);
}

export async function findHeldOrder(
  db: Db,
  visible: Visibility,
  holdId: string,
): Promise<HeldOrderRow | undefined> {
  const where = visibleOrders(visible);
  add(where, 'h.id = ?', holdId);
  const { rows } = await db.raw<{ rows: HeldOrderRow[] }>(
    `${withOrder} ${whereOf(where)}`,
    where.values as never,
  );
  return rows[0];
}
