import type { SupplierInvoiceState } from '../../domain/fulfilment/supplier-order';
import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface SupplierOrderViewRow {
  readonly id: string;
  readonly number: string;
  readonly order_id: string;
  readonly order_number: string;
  readonly partner_id: string;
  readonly partner_name: string;
  readonly node_id: string;
  readonly usage: 'P' | 'T';
  readonly state: string;
  readonly ship_to: unknown;
  readonly currency: string;
  readonly supplier_reference: string | null;
  readonly ordered_at: string;
  readonly answer_due_at: string;
  readonly acknowledged_at: string | null;
  readonly promised_on: string;
  readonly lines: readonly SupplierLineView[];
  readonly cancels: readonly {
    readonly number: number;
    readonly state: 'asked' | 'accepted' | 'refused';
    readonly askedAt: string;
    readonly answeredAt: string | null;
    readonly answer: string | null;
  }[];
  readonly invoices: readonly {
    readonly number: string;
    readonly state: SupplierInvoiceState;
    readonly currency: string;
    readonly totalMinor: number;
    readonly problems: readonly { readonly code: string; readonly text: string }[];
    readonly decidedBy: string | null;
    readonly reason: string | null;
    readonly erpDocument: string | null;
  }[];
}

interface SupplierLineView {
  readonly lineNumber: number;
  readonly orderLineNumber: number;
  readonly itemId: string;
  readonly supplierItemId: string;
  readonly unit: string;
  readonly unitFactor: number;
  readonly unitCost: string;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly billed: number;
  readonly promisedOn: string;
  readonly cancelReason: string | null;
}

const columns = `p.id, p.number, p.order_id, o.order_number, p.partner_id, t.name as partner_name, p.node_id, p.usage, p.state, p.ship_to, p.currency,
  p.supplier_reference, p.ordered_at, p.answer_due_at, p.acknowledged_at, p.promised_on,
  (select json_agg(json_build_object('lineNumber', l.line_number, 'orderLineNumber', ol.line_number, 'itemId', l.item_id, 'supplierItemId', l.supplier_item_id,
     'unit', l.unit, 'unitFactor', l.unit_factor, 'unitCost', trim_scale(l.unit_cost)::text, 'ordered', l.ordered, 'cancelled', l.cancelled,
     'shipped', l.shipped, 'billed', l.billed, 'promisedOn', l.promised_on, 'cancelReason', l.cancel_reason) order by l.line_number)
   from supplier_order_line l join order_line ol on ol.id = l.order_line_id where l.supplier_order_id = p.id) as lines,
  coalesce((select json_agg(json_build_object('number', x.number, 'state', x.state, 'askedAt', x.asked_at, 'answeredAt', x.answered_at, 'answer', x.answer)
     order by x.number) from supplier_cancel x where x.supplier_order_id = p.id), '[]') as cancels,
  coalesce((select json_agg(json_build_object('number', i.number, 'state', i.state, 'currency', i.currency, 'totalMinor', i.total_minor,
     'problems', i.problems, 'decidedBy', i.decided_by, 'reason', i.reason, 'erpDocument', i.erp_document) order by i.received_at)
   from supplier_invoice i where i.supplier_order_id = p.id), '[]') as invoices`;
const source =
  'from supplier_order p join orders o on o.id = p.order_id join partner t on t.id = p.partner_id';

/** The newest first. */
export async function listSupplierOrders(
  db: Db,
  filter: {
    readonly id?: string;
    readonly orderId?: string;
    readonly partnerId?: string;
    readonly state?: string;
  },
  page: PageRequest,
) {
  const where: Conditions = { sql: [], values: [] };
  if (filter.id !== undefined) add(where, 'p.id = ?', filter.id);
  if (filter.orderId !== undefined) add(where, 'p.order_id = ?', filter.orderId);
  if (filter.partnerId !== undefined) add(where, 'p.partner_id = ?', filter.partnerId);
  if (filter.state !== undefined) add(where, 'p.state = ?', filter.state);
  if (page.after !== null) add(where, 'p.id < ?', page.after);
  const { rows } = await db.raw<{ rows: SupplierOrderViewRow[] }>(
    `select ${columns} ${source} ${whereOf(where)} order by p.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export interface SupplierRow {
  readonly partner_id: string;
  readonly partner_name: string;
  readonly node_id: string;
  readonly node_name: string;
  readonly time_zone: string;
  readonly address: unknown;
  readonly rank: number;
  readonly version: number;
  /** What was agreed with it, as it is kept with the partner. */
  readonly agreed: unknown;
  readonly item_count: number;
  readonly open_orders: number;
}

/** Every supplier that ships to customers, by node. */
export async function listSuppliers(db: Db): Promise<readonly SupplierRow[]> {
  return (await db('node as n')
    .join('partner as t', 't.id', 'n.supplier_partner')
    .orderBy('n.id')
    .limit(1000)
    .select(
      't.id as partner_id',
      't.name as partner_name',
      'n.id as node_id',
      'n.name as node_name',
      'n.time_zone',
      'n.address',
      'n.rank',
      'n.supplier_version as version',
      db.raw(`coalesce(t.policy -> 'supplier', '{}') as agreed`),
      db.raw('(select count(*)::int from item_supplier i where i.node_id = n.id and i.active) as item_count'),
      db.raw(`(select count(*)::int from supplier_order p where p.node_id = n.id
        and p.state in ('sent', 'acknowledged', 'partly-shipped')) as open_orders`),
    )) as SupplierRow[];
}

export interface ItemSupplierRow {
  readonly item_id: string;
  readonly node_id: string;
  readonly supplier_item_id: string;
  readonly unit: string;
  readonly unit_factor: number;
  readonly unit_cost: string;
  readonly currency: string;
  readonly lead_days: number;
  readonly minimum_quantity: number;
  readonly sourcing: 'always' | 'when-short' | 'drop-ship-orders';
  readonly active: boolean;
  readonly version: number;
  readonly updated_at: string;
  readonly updated_by: string | null;
}

export async function listItemSuppliers(
  db: Db,
  filter: { readonly itemId?: string; readonly nodeId?: string },
): Promise<readonly ItemSupplierRow[]> {
  return (await db('item_supplier')
    .modify((query) => {
      if (filter.itemId !== undefined) query.where({ item_id: filter.itemId });
      if (filter.nodeId !== undefined) query.where({ node_id: filter.nodeId });
    })
    .orderBy(['item_id', 'node_id'])
    .limit(1000)
    .select('*', db.raw('trim_scale(unit_cost)::text as unit_cost'))) as ItemSupplierRow[];
}
