import type { Db } from '../../db/connection';
import {
  findOrder,
  type OrderLineViewRow,
  type OrderRowFull,
  type OrderSummaryRow,
  type WholeOrderRow,
} from '../../db/repositories/order-views';
import type { Visibility } from '../../db/repositories/visibility';
import { validityOf } from '../../domain/order/call-off-periods';
import { isFinal } from '../../domain/order/states';
import type { LineStatusName, OrderLineView, OrderSummaryView, OrderView } from '../contract/orders';
import { unnaming } from './hide-suppliers';
import { holdView } from './hold-view';
import { holdForBuyers, typeForBuyers } from './holds-for-buyers';
import { invoiceSummaryView } from './invoice-view';
import { moneyOf } from './money';
import { priceDecisionView } from './price-decision-view';
import { shipmentView } from './shipment-view';
import { supplyView } from './supply-view';

/** Who looks. */
export interface Audience {
  readonly ownStaff: boolean;
}

export function orderSummaryView(row: OrderSummaryRow, audience: Audience): OrderSummaryView {
  return {
    id: row.id,
    orderNumber: row.order_number,
    purchaseOrderNumber: row.po_number,
    releaseNumber: row.release_number,
    customer: { id: row.customer_id, name: row.customer_name },
    partnerId: row.partner_id,
    channel: row.channel,
    type: row.type,
    usage: row.usage,
    state: row.state,
    total: moneyOf(row.total_minor, row.currency),
    lineCount: row.line_count,
    openHolds: audience.ownStaff ? [...row.open_holds] : [...new Set(row.open_holds.map(typeForBuyers))],
    deliverBy: row.deliver_by,
    placedAt: row.placed_at,
    updatedAt: row.updated_at,
  };
}

/** What nothing covers yet; of a blanket order nothing is meant to be covered. */
export const backorderedOf = (line: OrderLineViewRow, type: string) =>
  type === 'blanket'
    ? 0
    : Math.max(0, line.ordered - line.cancelled - line.reserved - line.released - line.shipped);

/** One word for where a line stands: the furthest step that all of what is still wanted has reached, or partly. */
export function lineStatusOf(line: OrderLineViewRow, type: string): LineStatusName {
  if (line.rejection !== null) return 'rejected';
  const wanted = line.ordered - line.cancelled;
  if (wanted === 0) return 'cancelled';
  if (type === 'blanket') return line.called_off >= wanted ? 'called-off' : 'to-call-off';
  if (line.invoiced === wanted) return 'invoiced';
  if (line.shipped === wanted) return 'shipped';
  if (line.shipped > 0) return 'partly-shipped';
  if (line.released > 0) return 'at-warehouse';
  if (line.reserved === wanted) return 'reserved';
  return line.reserved > 0 ? 'partly-reserved' : 'backordered';
}

function lineView(
  line: OrderLineViewRow,
  type: string,
  currency: string,
  audience: Audience,
  beyondShipments: ReadonlySet<number>,
): OrderLineView {
  return {
    lineNumber: line.line_number,
    buyerLineNumber: line.buyer_line_number,
    itemId: line.item_id,
    description: line.description,
    productIds: line.product_ids,
    status: lineStatusOf(line, type),
    quantity: line.quantity,
    unit: line.unit,
    baseUnit: line.base_unit,
    unitFactor: line.unit_factor,
    counts: {
      ordered: line.ordered,
      cancelled: line.cancelled,
      reserved: line.reserved,
      backordered: backorderedOf(line, type),
      released: line.released,
      shipped: line.shipped,
      invoiced: line.invoiced,
      calledOff: line.called_off,
      remaining: type === 'blanket' ? Math.max(0, line.ordered - line.cancelled - line.called_off) : 0,
    },
    requestedPrice: line.requested_price,
    unitPrice: line.unit_price,
    priceBasis: line.price_basis,
    amount: moneyOf(line.amount_minor, currency),
    priceDecision: priceDecisionView(line.price_decision, audience),
    rejection: line.rejection,
    promisedOn: backorderedOf(line, type) > 0 ? line.promised_on : null,
    waitsForShipment: beyondShipments.has(line.line_number),
    rescheduled: [...(line.rescheduled ?? [])],
    dates: line.dates,
    destination: line.destination ?? null,
    parties: line.parties,
    references: line.line_references,
    kept: line.kept,
    periods: (line.periods ?? []).map((period) => {
      const calledOff = line.called_by_period?.[period.from] ?? 0;
      return { ...period, calledOff, remaining: Math.max(0, period.maximum - calledOff) };
    }),
    calledOffIn: line.blanket_period,
    partOf: line.split_from,
    supply: supplyView(line.supply, line.unit_factor, audience),
    reservations: [...line.reservations],
  };
}

/** Once goods are with a warehouse a cancel may still be tried: it recalls them first. */
const mayCancel = (row: OrderRowFull, lines: readonly OrderLineViewRow[]) =>
  !isFinal(row.state) && lines.some((line) => line.ordered - line.cancelled > line.shipped);

/** An order with everything on it, or undefined where it is not there or not the caller's to see. */
export async function readOrderView(
  db: Db,
  visible: Visibility,
  orderId: string,
  audience: Audience,
): Promise<OrderView | undefined> {
  const row = await findOrder(db, visible, orderId);
  return row && orderView(row, audience);
}

/** The same of one that was placed in this transaction. */
export async function readNewOrderView(db: Db, orderId: string, audience: Audience): Promise<OrderView> {
  const row = await findOrder(db, {}, orderId, true);
  if (!row) throw new Error(`order ${orderId} is gone`);
  return orderView(row, audience);
}

function orderView(row: WholeOrderRow, audience: Audience): OrderView {
  const { currency, lines, holds, shipments, invoices } = row;
  const valid = row.type === 'blanket' ? validityOf(row.order_dates ?? []) : { from: null, to: null };
  const beyondShipments = new Set(row.beyond_shipments?.map(({ lineNumber }) => lineNumber));
  const unnamed = unnaming(audience.ownStaff ? [] : row.supplier_nodes);
  return {
    ...orderSummaryView(row, audience),
    version: row.version,
    entityId: row.entity_id,
    creditAccountId: row.credit_account_id,
    externalReference: row.external_reference,
    purchaseOrderDate: row.po_date,
    shipTo: row.ship_to,
    pickupAt: row.pickup_at,
    terms: row.terms,
    notes: Array.isArray(row.notes) ? row.notes.map(String) : [],
    references: row.order_references ?? [],
    parties: row.order_parties ?? [],
    kept: row.order_kept ?? [],
    validFrom: valid.from,
    validTo: valid.to,
    shipNotBefore: row.ship_not_before,
    cancelAfter: row.cancel_after,
    releaseAt: row.release_at,
    answerDueAt: row.answer_due_at,
    finalAnswerAt: row.final_answer_at,
    closedAt: row.closed_at,
    workflowStartedAt: row.workflow_started_at,
    subtotal: moneyOf(row.subtotal_minor, currency),
    charges: row.charges,
    chargesTotal: moneyOf(row.charges_minor, currency),
    tax: moneyOf(row.tax_minor, currency),
    lines: lines
      .map((line) => lineView(line, row.type, currency, audience, beyondShipments))
      .map((line) => ({ ...line, reservations: unnamed(line.reservations) })),
    holds: holds.map(holdView).map((hold) => (audience.ownStaff ? hold : holdForBuyers(hold))),
    shipments: shipments.map((one) => shipmentView(one, audience)),
    invoices: invoices.map(invoiceSummaryView),
    documentId: row.document_id,
    canCancel: mayCancel(row, lines),
  };
}
