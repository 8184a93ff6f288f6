import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface StoreTaskViewRow {
  readonly id: string;
  readonly release_number: string;
  readonly shipment_id: string;
  readonly shipment_number: string;
  readonly shipment_state: string;
  readonly order_number: string;
  readonly po_number: string;
  readonly buyer: string;
  readonly node_id: string;
  readonly node_name: string;
  readonly time_zone: string;
  readonly method: 'ship' | 'pickup';
  readonly state: string;
  readonly offered_at: string;
  readonly accept_by: string | null;
  readonly accepted_by: string | null;
  readonly reason: string | null;
  readonly note: string | null;
  readonly carrier: { readonly scac?: string; readonly service?: string } | null;
  readonly pickup_until: string | null;
  readonly arrived_at: string | null;
  readonly arrival: string | null;
  readonly bring_out_by: string | null;
  readonly closed_at: string | null;
  readonly picked: readonly { readonly lineNumber: number; readonly quantity: number }[] | null;
  readonly lines: readonly {
    lineNumber: number;
    itemId: string;
    description: string;
    quantity: number;
    unitFactor: number;
  }[];
  readonly cartons: readonly { sscc: string; trackingNumber: string | null; weightGrams: number }[];
}

const tasks = `select t.id, t.release_number, t.shipment_id, s.shipment_number, s.state as shipment_state, o.order_number, o.po_number,
    c.name as buyer, t.node_id, n.name as node_name, n.time_zone, t.method, t.state, t.offered_at, t.accept_by, t.accepted_by, t.reason, t.note,
    s.carrier, t.pickup_until, t.arrived_at, t.arrival, t.bring_out_by, t.closed_at, t.picked,
    coalesce((select json_agg(json_build_object('lineNumber', l.line_number, 'itemId', l.item_id, 'description', i.description, 'quantity', l.quantity,
      'unitFactor', ol.unit_factor) order by l.line_number)
      from shipment_line l join order_line ol on ol.id = l.order_line_id join item i on i.id = l.item_id where l.shipment_id = s.id), '[]') as lines,
    coalesce((select json_agg(json_build_object('sscc', p.sscc, 'trackingNumber', p.tracking_number, 'weightGrams', p.weight_grams) order by p.sequence)
      from package p where p.shipment_id = s.id), '[]') as cartons
  from store_task t join shipment s on s.id = t.shipment_id join orders o on o.id = t.order_id join customer c on c.id = o.customer_id join node n on n.id = t.node_id`;

export interface StoreTaskFilter {
  /** Tasks of this node; null: of every one. */
  readonly nodeId: string | null;
  readonly open: boolean;
}

/** Open ones in the order in which they were offered; closed ones, the newest first. */
export async function listStoreTasks(db: Db, { nodeId, open }: StoreTaskFilter, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  add(where, `t.closed_at is ${open ? '' : 'not '}null`);
  if (nodeId !== null) add(where, 't.node_id = ?', nodeId);
  if (page.after !== null) add(where, `t.id ${open ? '>' : '<'} ?`, page.after);
  const { rows } = await db.raw<{ rows: StoreTaskViewRow[] }>(
    `${tasks} ${whereOf(where)} order by t.id ${open ? 'asc' : 'desc'} limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findStoreTask(
  db: Db,
  taskId: string,
  nodeId: string | null,
): Promise<StoreTaskViewRow | undefined> {
  const where: Conditions = { sql: [], values: [] };
  add(where, 't.id = ?', taskId);
  if (nodeId !== null) add(where, 't.node_id = ?', nodeId);
  const { rows } = await db.raw<{ rows: StoreTaskViewRow[] }>(
    `${tasks} ${whereOf(where)}`,
    where.values as never,
  );
  return rows[0];
}
