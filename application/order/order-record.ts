import type { Db, Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import type { FulfilmentMethod } from '../../domain/fulfilment/store-task';
import type { LinePeriod } from '../../domain/order/call-off-periods';
import type { LineSupply } from '../../domain/order/line-supply';
import type { KeptSegment, Party, Reference } from '../../domain/order/order-request';
import {
  assertOrderTransition,
  assertShipmentTransition,
  type OrderState,
  type ShipmentState,
} from '../../domain/order/states';
import type { StandingAdjustment } from '../../domain/pricing/agree-adjustments';
import type { PartDestination } from './split-lines';

/**
 * Of `reservation`, as text: a plan that serves every value of a parameter cannot use the index over the active ones,
 * and would read every reservation there ever was.
 */
export const ACTIVE = "status = 'active'";

export interface OrderRow {
  readonly id: string;
  readonly order_number: string;
  readonly entity_id: string;
  readonly customer_id: string;
  readonly credit_account_id: string;
  readonly partner_id: string | null;
  readonly channel: string;
  /** The person who ordered, where one did by name. */
  readonly placed_by: string | null;
  /** Of a buyer's own person: where the order is booked in the buyer's company, and the total that is approved there. */
  readonly cost_centre: string | null;
  readonly buyer_budget_id: string | null;
  /** Null: nothing is approved, or nothing has to be. */
  readonly buyer_approved_minor: number | null;
  readonly usage: 'P' | 'T';
  readonly type: string;
  readonly po_number: string;
  readonly release_number: string | null;
  readonly po_date: string;
  /** `pricedOn`. */
  readonly price_date: string | null;
  readonly currency: string;
  readonly state: OrderState;
  readonly version: number;
  readonly request: unknown;
  readonly ship_to: unknown;
  readonly terms: unknown;
  /** `readChargeTerms`. */
  readonly charge_terms: unknown;
  readonly deliver_by: string | null;
  readonly ship_not_before: string | null;
  readonly cancel_after: string | null;
  readonly release_at: string;
  readonly subtotal_minor: number;
  readonly charges: unknown;
  readonly adjustments: readonly StandingAdjustment[];
  /** Of a release: the blanket order that it calls off. */
  readonly blanket_id: string | null;
  /** `readFillTerms`. */
  readonly fill: unknown;
  /** How many shipments a person lets it have, whatever else says; null: nobody has decided. */
  readonly shipments_allowed: number | null;
  /** A sample that is settled by its shipment. */
  readonly without_invoice: boolean;
  readonly charges_minor: number;
  readonly tax_minor: number;
  readonly total_minor: number;
  readonly invoiced_minor: number;
  /** What of it waits for credit on lines of its own, while the rest was let through. */
  readonly credit_pending_minor: number;
  readonly answer_due_at: string | null;
  readonly answer_count: number;
  readonly final_answer_at: string | null;
  readonly document_id: string | null;
  readonly placed_at: string;
}

/** Quantities are base units but for `quantity`, which is in the ordered unit. */
export interface OrderLineRow {
  readonly id: string;
  readonly order_id: string;
  readonly line_number: number;
  readonly buyer_line_number: string | null;
  readonly item_id: string | null;
  readonly product_ids: readonly { readonly qualifier: string; readonly value: string }[];
  readonly description: string | null;
  readonly quantity: string;
  /** What was ordered, where `quantity` is that rounded up to whole packs. */
  readonly requested_quantity: string | null;
  readonly unit: string;
  readonly unit_factor: number;
  readonly ordered: number;
  readonly cancelled: number;
  /** Element 668 of what was cancelled; null: deleted (ID). */
  readonly cancel_code: string | null;
  readonly reserved: number;
  readonly released: number;
  readonly shipped: number;
  readonly invoiced: number;
  readonly requested_price: string | null;
  readonly price_basis_code: string | null;
  readonly price_basis: number;
  readonly unit_price: string | null;
  readonly amount_minor: number;
  readonly price_decision: unknown;
  readonly rejection: string | null;
  readonly rejection_code: string | null;
  readonly references_: readonly Reference[];
  readonly dates: readonly { readonly qualifier: string; readonly date: string }[];
  readonly split_from: number | null;
  readonly destination: PartDestination | null;
  readonly parties: readonly Party[];
  readonly kept: readonly KeptSegment[];
  readonly ship_not_before: string | null;
  readonly deliver_by: string | null;
  /** What is still open of it then is cancelled. */
  readonly cancel_after: string | null;
  /** The day by which a line that waits is to leave, by what is expected to come in; null: nothing known covers it. */
  readonly promised_on: string | null;
  /** The last such day that its buyer was told. */
  readonly promise_told_on: string | null;
  /** What its supplier sends on another day than was reckoned with, in base units, as the buyer was told it. */
  readonly rescheduled: readonly { readonly units: number; readonly on: string }[] | null;
  readonly blanket_line_id: string | null;
  /** Of a release's line: the first day of the period that it is called off in. */
  readonly blanket_period: string | null;
  /** Of a blanket order's line. */
  readonly periods: readonly LinePeriod[] | null;
  /** Where something else is supplied than was ordered. */
  readonly supply: LineSupply | null;
}

/** The number by which a line is spoken of: its own, or that of its first part where it goes to several places. */
export const headNumber = (line: OrderLineRow): number => line.split_from ?? line.line_number;

/** Base units that nobody has for it yet: its backorder. */
export const waitingUnits = (
  line: Pick<OrderLineRow, 'ordered' | 'cancelled' | 'reserved' | 'released' | 'shipped'>,
): number => line.ordered - line.cancelled - line.reserved - line.released - line.shipped;

export class UnknownRecord extends Error {
  constructor(what: string, id: string) {
    super(`there is no ${what} ${id}`);
    this.name = 'UnknownRecord';
  }
}

/**
 * Every use case that changes an order takes this lock first: an order has one writer at a time. Its key stays free:
 * what only refers to the order (a payment's event) need not wait, or it could deadlock over an invoice that it holds.
 */
export async function lockOrder(tx: Tx, orderId: string): Promise<OrderRow> {
  const row = await tx<OrderRow>('orders').where({ id: orderId }).forNoKeyUpdate().first();
  if (!row) throw new UnknownRecord('order', orderId);
  return row as OrderRow;
}

export async function readLines(db: Db, orderId: string): Promise<readonly OrderLineRow[]> {
  return (await db('order_line').where({ order_id: orderId }).orderBy('line_number')) as OrderLineRow[];
}

export type OrderPatch = Partial<{
  state: OrderState;
  subtotal_minor: number;
  charges: string;
  adjustments: string;
  charges_minor: number;
  tax_minor: number;
  total_minor: number;
  invoiced_minor: number;
  answer_count: number;
  final_answer_at: string;
  closed_at: string;
  release_at: string;
  workflow_started_at: string;
  shipments_allowed: number;
  ship_to: string;
  cancel_after: string | null;
  deliver_by: string | null;
  ship_not_before: string | null;
  terms: string;
  request: string;
}>;

/**
 * Writes a change by compare-and-set on the version, with the state's transition checked against THE table.
 * @param together what else is written with it, as one statement; run by this
 */
export async function saveOrder(
  tx: Tx,
  order: OrderRow,
  patch: OrderPatch,
  now: string,
  together: WriteTogether = new WriteTogether(),
): Promise<OrderRow> {
  if (patch.state !== undefined && patch.state !== order.state)
    assertOrderTransition(order.state, patch.state);
  const [saved] = await together.runWith<OrderRow>(
    tx,
    tx('orders')
      .where({ id: order.id, version: order.version })
      .update({ ...patch, version: order.version + 1, updated_at: now })
      .returning('*'),
  );
  if (!saved) throw new Error(`order ${order.id} was changed by another writer at version ${order.version}`);
  return saved;
}

export interface ShipmentRow {
  readonly id: string;
  readonly order_id: string;
  readonly shipment_number: string;
  readonly sequence: number;
  readonly node_id: string;
  readonly usage: 'P' | 'T';
  readonly state: ShipmentState;
  readonly method: FulfilmentMethod;
  readonly carrier: unknown;
  readonly label: unknown;
  readonly warehouse_reference: string | null;
  readonly planned_at: string;
  readonly released_at: string | null;
  readonly shipped_at: string | null;
  readonly bill_of_lading: string | null;
  readonly tracking_number: string | null;
  readonly confirm: unknown;
  readonly recall_requested_at: string | null;
  /** Where it goes, when that is not the order's ship-to. */
  readonly ship_to: Party | null;
  /** The day it is wanted on, when that is not the order's. */
  readonly deliver_by: string | null;
}

export interface ShipmentLineRow {
  readonly shipment_id: string;
  readonly order_line_id: string;
  readonly line_number: number;
  readonly item_id: string;
  readonly quantity: number;
  readonly shipped: number;
  readonly short_reason: string | null;
}

/** Locks a shipment under its order: order first, always, so that two use cases never wait for each other. */
export async function lockShipment(
  tx: Tx,
  shipmentId: string,
): Promise<{
  readonly order: OrderRow;
  readonly shipment: ShipmentRow;
  readonly lines: readonly ShipmentLineRow[];
}> {
  // Two statements, sent at once: only one that begins under the order's lock sees what the lock's last holder wrote.
  const [order, [row]] = (await Promise.all([
    tx<OrderRow>('orders')
      .where('id', tx('shipment').where({ id: shipmentId }).select('order_id'))
      .forNoKeyUpdate()
      .first(),
    tx('shipment')
      .where({ id: shipmentId })
      .forUpdate()
      .select(
        'shipment.*',
        tx.raw(
          `(select jsonb_agg(to_jsonb(l) order by l.line_number) from shipment_line l where l.shipment_id = shipment.id) as lines`,
        ),
      ),
  ])) as [
    OrderRow | undefined,
    readonly (ShipmentRow & { readonly lines: readonly ShipmentLineRow[] | null })[],
  ];
  if (!order) throw new UnknownRecord('shipment', shipmentId);
  if (!row) throw new UnknownRecord('shipment', shipmentId);
  const { lines, ...shipment } = row;
  return { order, shipment, lines: lines ?? [] };
}

/** The shipment's next state, with what else is written of it. */
export function addShipmentMove(
  tx: Tx,
  together: WriteTogether,
  shipment: ShipmentRow,
  to: ShipmentState,
  patch: Readonly<Record<string, unknown>> = {},
): WriteTogether {
  assertShipmentTransition(shipment.state, to);
  return together.query(
    tx('shipment')
      .where({ id: shipment.id })
      .update({ ...patch, state: to }),
  );
}

export async function moveShipment(tx: Tx, shipment: ShipmentRow, to: ShipmentState): Promise<void> {
  await addShipmentMove(tx, new WriteTogether(), shipment, to).run(tx);
}
