import type { Db } from '../connection';
import { add, cutPage, type PageRequest, type Visibility, visibleOrders, whereOf } from './visibility';

export interface StoreStandingRow {
  readonly state: string;
  readonly acceptBy: string | null;
  readonly pickupUntil: string | null;
  readonly arrivedAt: string | null;
  readonly bringOutBy: string | null;
  readonly closedAt: string | null;
  readonly hasCode: boolean;
  /** Of a pickup that was picked: base units off the shelf, and those that the store was asked for. */
  readonly ready: number | null;
  readonly asked: number | null;
}

export interface ShipmentViewRow {
  readonly id: string;
  readonly order_id: string;
  readonly order_number: string;
  readonly shipment_number: string;
  readonly sequence: number;
  readonly node_id: string;
  readonly node_name: string;
  readonly by_supplier: boolean;
  readonly state: string;
  readonly method: 'ship' | 'pickup';
  /** Of one that a store works. */
  readonly store: StoreStandingRow | null;
  readonly carrier: unknown;
  readonly tracking_number: string | null;
  readonly bill_of_lading: string | null;
  readonly warehouse_reference: string | null;
  readonly planned_at: string;
  readonly released_at: string | null;
  readonly shipped_at: string | null;
  readonly delivered_at: string | null;
  readonly estimated_delivery: string | null;
  readonly lines: readonly {
    lineNumber: number;
    itemId: string;
    quantity: number;
    shipped: number;
    shortReason: string | null;
  }[];
  readonly packages: readonly {
    sscc: string;
    trackingNumber: string | null;
    trackingStatus: string | null;
    weightGrams: number;
    cartonType: string | null;
    contents: unknown;
  }[];
}

export const shipmentColumns = `s.id, s.order_id, o.order_number, s.shipment_number, s.sequence, s.node_id, n.name as node_name, n.supplier_partner is not null as by_supplier, s.state, s.method, s.carrier,
  (select json_build_object('state', t.state, 'acceptBy', t.accept_by, 'pickupUntil', t.pickup_until, 'arrivedAt', t.arrived_at, 'bringOutBy', t.bring_out_by,
    'closedAt', t.closed_at, 'hasCode', t.code_hash is not null,
    'ready', (select sum((p ->> 'quantity')::bigint) from jsonb_array_elements(t.picked) p where t.method = 'pickup'),
    'asked', (select sum(coalesce(p ->> 'asked', p ->> 'quantity')::bigint) from jsonb_array_elements(t.picked) p where t.method = 'pickup')) from store_task t where t.shipment_id = s.id) as store, s.tracking_number,
  s.bill_of_lading, s.warehouse_reference, s.planned_at, s.released_at, s.shipped_at, s.delivered_at, s.estimated_delivery,
  coalesce((select json_agg(json_build_object('lineNumber', l.line_number, 'itemId', l.item_id, 'quantity', l.quantity, 'shipped', l.shipped,
    'shortReason', l.short_reason) order by l.line_number) from shipment_line l where l.shipment_id = s.id), '[]') as lines,
  coalesce((select json_agg(json_build_object('sscc', p.sscc, 'trackingNumber', p.tracking_number, 'trackingStatus', p.tracking_status, 'weightGrams', p.weight_grams, 'cartonType', p.carton_type, 'contents', p.contents)
    order by p.sequence) from package p where p.shipment_id = s.id), '[]') as packages`;
const shipmentSource = 'from shipment s join orders o on o.id = s.order_id join node n on n.id = s.node_id';

/** For the shipments of one order, inside of a query that has it as `alias`. */
export const shipmentsOf = (alias: string) =>
  `from shipment s join node n on n.id = s.node_id where s.order_id = ${alias}.id`;

export async function listShipments(
  db: Db,
  visible: Visibility,
  filter: { readonly orderId?: string; readonly state?: string },
  page: PageRequest,
) {
  const where = visibleOrders(visible);
  if (filter.orderId !== undefined) add(where, 's.order_id = ?', filter.orderId);
  if (filter.state !== undefined) add(where, 's.state = ?', filter.state);
  if (page.after !== null) add(where, 's.id < ?', page.after);
  const { rows } = await db.raw<{ rows: ShipmentViewRow[] }>(
    `select ${shipmentColumns} ${shipmentSource} ${whereOf(where)} order by s.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findShipment(
  db: Db,
  visible: Visibility,
  shipmentId: string,
): Promise<ShipmentViewRow | undefined> {
  const where = visibleOrders(visible);
  add(where, 's.id = ?', shipmentId);
  const { rows } = await db.raw<{ rows: ShipmentViewRow[] }>(
    `select ${shipmentColumns} ${shipmentSource} ${whereOf(where)}`,
    where.values as never,
  );
  return rows[0];
}
