import type { LineSupply } from '../../domain/order/line-supply';
import type { OrderState } from '../../domain/order/states';
import type { Db } from '../connection';
import { type HoldRow, holdColumns } from './hold-views';
import { type InvoiceViewRow, selectInvoicesOf } from './invoice-views';
import { type ShipmentViewRow, shipmentColumns, shipmentsOf } from './shipment-views';
import {
  add,
  cutPage,
  type PageRequest,
  prefixPattern,
  type Visibility,
  visibleOrders,
  whereOf,
} from './visibility';

export interface OrderSummaryRow {
  readonly id: string;
  readonly order_number: string;
  readonly po_number: string;
  readonly release_number: string | null;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly partner_id: string | null;
  readonly channel: string;
  readonly type: string;
  readonly usage: 'P' | 'T';
  readonly state: OrderState;
  readonly currency: string;
  readonly total_minor: number;
  readonly line_count: number;
  readonly open_holds: readonly string[];
  readonly deliver_by: string | null;
  readonly placed_at: string;
  readonly updated_at: string;
}

const summaryColumns = `o.id, o.order_number, o.po_number, o.release_number, o.customer_id, c.name as customer_name, o.partner_id, o.channel,
  o.type, o.usage, o.state, o.currency, o.total_minor, o.deliver_by, o.placed_at, o.updated_at,
  (select count(*)::int from order_line l where l.order_id = o.id) as line_count,
  array(select distinct h.type from hold h where h.order_id = o.id and h.status = 'open' order by h.type) as open_holds`;

export interface OrderFilter {
  readonly purchaseOrderNumber?: string;
  readonly states?: readonly string[];
  readonly customerId?: string;
  readonly usage?: 'P' | 'T';
  readonly type?: string;
  /** Start of a purchase order number or of an order number. */
  readonly search?: string;
}

/** Newest first. */
export async function listOrders(db: Db, visible: Visibility, filter: OrderFilter, page: PageRequest) {
  const where = visibleOrders(visible);
  if (filter.purchaseOrderNumber !== undefined) add(where, 'o.po_number = ?', filter.purchaseOrderNumber);
  if (filter.states !== undefined) add(where, 'o.state = any(?)', filter.states);
  if (filter.customerId !== undefined) add(where, 'o.customer_id = ?', filter.customerId);
  if (filter.usage !== undefined) add(where, 'o.usage = ?', filter.usage);
  if (filter.type !== undefined) add(where, 'o.type = ?', filter.type);
  if (filter.search !== undefined) {
    const pattern = prefixPattern(filter.search);
    add(where, '(o.po_number like ? or o.order_number like ?)', pattern, pattern);
  }
  if (page.after !== null) add(where, 'o.id < ?', page.after);
  const { rows } = await db.raw<{ rows: OrderSummaryRow[] }>(
    `select ${summaryColumns} from orders o join customer c on c.id = o.customer_id ${whereOf(where)} order by o.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export interface OrderLineViewRow {
  readonly line_number: number;
  readonly buyer_line_number: string | null;
  readonly item_id: string | null;
  readonly description: string | null;
  readonly product_ids: unknown;
  readonly quantity: string;
  readonly unit: string;
  readonly base_unit: string | null;
  readonly unit_factor: number;
  readonly ordered: number;
  readonly cancelled: number;
  readonly reserved: number;
  readonly released: number;
  readonly shipped: number;
  readonly invoiced: number;
  readonly requested_price: string | null;
  readonly unit_price: string | null;
  readonly price_basis: number;
  readonly amount_minor: number;
  readonly price_decision: unknown;
  readonly rejection: string | null;
  /** The day by which what waits is promised. */
  readonly promised_on: string | null;
  readonly rescheduled: readonly { readonly units: number; readonly on: string }[] | null;
  readonly dates: unknown;
  readonly destination: unknown;
  readonly parties: unknown;
  readonly line_references: unknown;
  readonly kept: unknown;
  /** Of a blanket order: base units that its releases have called off. */
  readonly called_off: number;
  readonly periods:
    | readonly { readonly from: string; readonly to: string | null; readonly maximum: number }[]
    | null;
  /** Base units by the first day of the period; null where the line has none. */
  readonly called_by_period: Readonly<Record<string, number>> | null;
  readonly blanket_period: string | null;
  /** Where something else is supplied than was ordered. */
  readonly supply: LineSupply | null;
  readonly split_from: number | null;
  readonly reservations: readonly { readonly nodeId: string; readonly quantity: number }[];
}

export interface OrderRowFull extends OrderSummaryRow {
  readonly version: number;
  readonly entity_id: string;
  readonly credit_account_id: string;
  readonly external_reference: string | null;
  readonly po_date: string;
  readonly ship_to: unknown;
  readonly terms: unknown;
  readonly notes: unknown;
  readonly order_references: unknown;
  readonly order_parties: unknown;
  readonly order_kept: unknown;
  /** The store at which all of it is picked up that names no other. */
  readonly pickup_at: { readonly id: string; readonly name: string } | null;
  readonly ship_not_before: string | null;
  readonly cancel_after: string | null;
  readonly release_at: string;
  readonly answer_due_at: string | null;
  readonly final_answer_at: string | null;
  readonly closed_at: string | null;
  readonly workflow_started_at: string | null;
  readonly subtotal_minor: number;
  readonly charges: unknown;
  readonly charges_minor: number;
  readonly tax_minor: number;
  readonly document_id: string | null;
}

/** Decimals are text and trimmed: 12.500000 is "12.5". */
const lineColumns = `l.line_number, l.buyer_line_number, l.item_id, coalesce(l.description, i.description) as description, l.product_ids,
  trim_scale(l.quantity)::text as quantity, l.unit, i.base_unit, l.unit_factor, l.ordered, l.cancelled, l.reserved, l.released, l.shipped, l.invoiced,
  trim_scale(l.requested_price)::text as requested_price, trim_scale(l.unit_price)::text as unit_price, l.price_basis, l.amount_minor,
  l.price_decision, l.supply, l.split_from, l.rejection, l.promised_on, l.rescheduled, l.dates, l.destination, l.parties, l.references_ as line_references, l.kept,
  (select coalesce(sum(r.ordered - r.cancelled), 0)::bigint from order_line r where r.blanket_line_id = l.id and r.rejection_code is null) as called_off,
  l.periods, l.blanket_period, case when l.periods is not null then coalesce((select jsonb_object_agg(p.day, p.units) from (
    select r.blanket_period as day, sum(r.ordered - r.cancelled) as units from order_line r
    where r.blanket_line_id = l.id and r.rejection_code is null and r.blanket_period is not null group by 1) p), '{}') end as called_by_period,
  coalesce((select json_agg(json_build_object('nodeId', r.node_id, 'quantity', r.quantity) order by r.node_id)
    from reservation r where r.order_id = l.order_id and r.order_line_id = l.id and r.status = 'active' and r.quantity > 0), '[]') as reservations`;

/** Rows as JSON inside of one row: an order with all that hangs on it is one round trip and one plan. */
const jsonOf = (rows: string) => `coalesce((select json_agg(x) from (${rows}) x), '[]')`;

const wholeOrder = (
  shipments: string,
  invoices: string,
  beyondShipments: string,
) => `select ${summaryColumns}, o.version, o.entity_id, o.credit_account_id, o.external_reference, o.po_date, o.ship_to, o.terms,
  o.request -> 'notes' as notes, o.request -> 'dates' as order_dates, o.request -> 'references' as order_references, o.request -> 'parties' as order_parties,
  (select json_build_object('id', n.id, 'name', n.name) from node n where n.id = o.request ->> 'pickupAt') as pickup_at,
  o.request -> 'kept' as order_kept, o.ship_not_before, o.cancel_after, o.release_at, o.answer_due_at, o.final_answer_at, o.closed_at,
  o.workflow_started_at, o.subtotal_minor, o.charges, o.charges_minor, o.tax_minor, o.document_id,
  ${jsonOf(`select ${lineColumns} from order_line l left join item i on i.id = l.item_id where l.order_id = o.id order by l.line_number`)} as lines,
  ${jsonOf(`select ${holdColumns} from hold h where h.order_id = o.id order by h.opened_at, h.id`)} as holds,
  ${shipments} as shipments, ${invoices} as invoices, ${beyondShipments} as beyond_shipments,
  (select coalesce(json_agg(n.id), '[]') from node n where n.supplier_partner is not null) as supplier_nodes
  from orders o join customer c on c.id = o.customer_id`;

const anyOrder = wholeOrder(
  jsonOf(`select ${shipmentColumns} ${shipmentsOf('o')} order by s.sequence`),
  jsonOf(`${selectInvoicesOf('o')} order by v.id`),
  `(select e.data -> 'lines' from exception e where e.kind = 'shipments-used-up' and e.subject_key = o.id::text and e.status = 'open')`,
);
const newOrder = wholeOrder(`'[]'::json`, `'[]'::json`, 'null::json');

export interface WholeOrderRow extends OrderRowFull {
  readonly order_dates: readonly { readonly qualifier: string; readonly date: string }[] | null;
  readonly lines: readonly OrderLineViewRow[];
  readonly holds: readonly HoldRow[];
  readonly shipments: readonly ShipmentViewRow[];
  readonly invoices: readonly InvoiceViewRow[];
  /** Lines that wait for nothing but one more shipment than the order may have. */
  readonly beyond_shipments: readonly { readonly lineNumber: number }[] | null;
  /** Those that suppliers ship from. */
  readonly supplier_nodes: readonly string[];
}

/** JSON writes instants with an offset and microseconds; everywhere else they are ISO 8601 in UTC. */
function withInstants<Row>(rows: readonly Row[], columns: readonly (keyof Row)[]): readonly Row[] {
  return rows.map((row) => {
    const instants = columns.map((column) => [
      column,
      row[column] === null ? null : new Date(String(row[column])).toISOString(),
    ]);
    return { ...row, ...Object.fromEntries(instants) };
  });
}

/** @param isNew it was placed in this transaction: nothing of it was shipped or invoiced */
export async function findOrder(
  db: Db,
  visible: Visibility,
  orderId: string,
  isNew = false,
): Promise<WholeOrderRow | undefined> {
  const where = visibleOrders(visible);
  add(where, 'o.id = ?', orderId);
  const { rows } = await db.raw<{ rows: WholeOrderRow[] }>(
    `${isNew ? newOrder : anyOrder} ${whereOf(where)}`,
    where.values as never,
  );
  const row = rows[0];
  return (
    row && {
      ...row,
      holds: withInstants(row.holds, ['opened_at', 'due_at', 'expires_at', 'escalated_at', 'resolved_at']),
      shipments: withInstants(row.shipments, ['planned_at', 'released_at', 'shipped_at']),
      invoices: withInstants(row.invoices, ['issued_at', 'posted_at']),
    }
  );
}

/** Whether an order is there and may be seen. */
export async function isOrderVisible(db: Db, visible: Visibility, orderId: string): Promise<boolean> {
  const where = visibleOrders(visible);
  add(where, 'o.id = ?', orderId);
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from orders o ${whereOf(where)}`,
    where.values as never,
  );
  return rows.length > 0;
}

/** The order that a number or a purchase order number names, where it is the only one; for people who type one. */
export async function findOrderIdsByNumber(
  db: Db,
  visible: Visibility,
  number: string,
): Promise<readonly string[]> {
  const where = visibleOrders(visible);
  add(where, '(o.order_number = ? or o.po_number = ?)', number, number);
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select o.id from orders o ${whereOf(where)} order by o.id desc limit 20`,
    where.values as never,
  );
  return rows.map((row) => row.id);
}
