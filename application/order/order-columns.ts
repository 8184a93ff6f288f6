import { requestedDays } from '../../domain/order/requested-days';
import type { OrderState } from '../../domain/order/states';
import { addSeconds, endOfLocalDay, startOfLocalDay } from '../../domain/shared/dates';
import type { ChargeTerms } from '../customer/customer-policy';
import type { NewOrder } from './new-order';
import type { ResolvedLine } from './resolve-lines';

export const columnsOf = <Row extends object>(row: Row) => Object.keys(row) as (keyof Row & string)[];

export function orderValues(
  order: NewOrder,
  orderId: string,
  orderNumber: string,
  state: OrderState,
): Record<string, unknown> {
  const { request, customer, policy, totals, now } = order;
  const zone = customer.entity_time_zone;
  const {
    shipNotBefore: notBefore,
    deliverBy,
    cancelAfter,
  } = requestedDays(request.dates, policy.deliveryLeadDays);
  // One that had passed when the order came holds it instead: whether it is still wanted is asked, not decided by the clock.
  const cancelAt = cancelAfter ? endOfLocalDay(cancelAfter, zone) : null;
  const shipNotBefore = notBefore ? startOfLocalDay(notBefore, zone) : null;
  const answerWithin = policy.answerWithinSeconds ?? request.answerWithinSeconds ?? null;
  const windowEnds = addSeconds(now, policy.changeWindowSeconds);
  return {
    id: orderId,
    order_number: orderNumber,
    entity_id: customer.entity_id,
    customer_id: customer.id,
    credit_account_id: customer.credit_account_id,
    partner_id: request.partnerId ?? null,
    channel: request.channel,
    placed_by: request.placedBy ?? null,
    external_reference: request.externalReference ?? null,
    type: request.type,
    usage: request.usage,
    po_number: request.purchaseOrderNumber,
    release_number: request.releaseNumber ?? null,
    po_date: request.purchaseOrderDate,
    price_date: order.priceDate === request.purchaseOrderDate ? null : order.priceDate,
    currency: customer.currency,
    state,
    request,
    ship_to: order.shipTo,
    terms: customer.terms,
    charge_terms: { charges: policy.charges, taxPercent: policy.taxPercent } satisfies ChargeTerms,
    deliver_by: deliverBy,
    ship_not_before: shipNotBefore,
    cancel_after: cancelAt !== null && cancelAt > now ? cancelAt : null,
    release_at: shipNotBefore && shipNotBefore > windowEnds ? shipNotBefore : windowEnds,
    subtotal_minor: totals.subtotalMinor,
    charges: totals.charges,
    adjustments: order.adjustments,
    blanket_id: order.blanketId,
    fill: request.fill ?? policy.fill,
    without_invoice: order.withoutInvoice,
    charges_minor: totals.chargesMinor,
    tax_minor: totals.taxMinor,
    total_minor: state === 'rejected' ? 0 : totals.totalMinor,
    answer_due_at: request.partnerId && answerWithin !== null ? addSeconds(now, answerWithin) : null,
    document_id: request.documentId ?? null,
    placed_at: now,
    updated_at: now,
    closed_at: state === 'rejected' ? now : null,
  };
}

/** A line for a statement of its own, which takes JSON as text. */
export function lineColumns(
  line: ResolvedLine,
  orderId: string,
  reserved: number,
  when: PlaceAndTime,
): Record<string, unknown> {
  const values = Object.entries(lineValues(line, orderId, reserved, when));
  return Object.fromEntries(
    values.map(([column, value]) => [
      column,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}

interface PlaceAndTime {
  /** Of the selling entity: a last day ends there. */
  readonly zone: string;
  readonly now: string;
}

export function lineValues(
  line: ResolvedLine,
  orderId: string,
  reserved: number,
  { zone, now }: PlaceAndTime,
): Record<string, unknown> {
  // A last day that had passed when the order came holds it instead, as the order's own does.
  const cancelAt = line.cancelAfter === null ? null : endOfLocalDay(line.cancelAfter, zone);
  const { request } = line;
  return {
    order_id: orderId,
    line_number: line.lineNumber,
    buyer_line_number: request.buyerLineNumber ?? null,
    item_id: line.item?.itemId ?? null,
    product_ids: request.productIds,
    description: request.description ?? line.item?.description ?? null,
    quantity: request.quantity,
    requested_quantity: line.requestedQuantity,
    unit: request.unit,
    unit_factor: line.unitFactor,
    ordered: line.rejection ? 0 : line.baseUnits,
    reserved,
    requested_price: request.unitPrice ?? null,
    price_basis_code: request.priceBasisCode ?? null,
    price_basis: line.priceBasis,
    unit_price: line.unitPrice,
    amount_minor: line.rejection ? 0 : line.amountMinor,
    price_decision: line.priceDecision,
    cancelled: line.cancelled ?? 0,
    cancel_code: line.cancelled === undefined ? null : 'IR',
    rejection: line.rejection?.text ?? null,
    rejection_code: line.rejection?.code ?? null,
    references_: request.references,
    dates: request.dates,
    split_from: line.splitFrom,
    destination: line.destination,
    parties: request.parties ?? [],
    // Of a line in parts the first one keeps what was said of the whole.
    kept: line.splitFrom === null ? (request.kept ?? []) : [],
    ship_not_before: line.shipNotBefore,
    deliver_by: line.deliverBy,
    cancel_after: cancelAt !== null && cancelAt > now ? cancelAt : null,
    blanket_line_id: line.blanketLineId,
    blanket_period: line.blanketPeriod,
    periods: line.blanketLineId === null && line.periods.length > 0 ? line.periods : null,
    supply: line.supply,
  };
}
