import type { Tx } from '../../db/connection';
import { isFurtherComponent, shareOfBundle } from '../../domain/order/line-supply';
import type { AdjustedLine } from '../../domain/pricing/agree-adjustments';
import { lineAmountMinor } from '../../domain/shared/money';
import { fromBaseUnits } from '../../domain/shared/quantity';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { lowerCreditApprovals } from '../credit/lower-approvals';
import { type ChargeTerms, chargeTermsSchema, readCustomerPolicy } from '../customer/customer-policy';
import { giveBackBeyond } from '../pricing/promotion-budget';
import { giveBackStock, lockStock } from '../stock/take-stock';
import { readRemaining } from './call-off-blanket';
import type { OrderLineRow, OrderPatch, OrderRow } from './order-record';
import { headNumber, readLines } from './order-record';
import { joinParts, type OrderTotals, totalOrder } from './total-order';

export interface GivenUp {
  readonly lineNumber: number;
  /** Base units that will not be delivered any more. */
  readonly cancelled: number;
  /** Base units that can no longer be undone: at the warehouse or gone. */
  readonly kept: number;
}

/**
 * Cancels what is still open of lines, up to what can no longer be undone: reservations go back first, then the
 * quantity. What a warehouse holds has to be recalled before. Wakes the orders that wait for the stock that comes free.
 */
export async function giveUpLines(
  tx: Tx,
  order: OrderRow,
  lines: readonly OrderLineRow[],
  rejection: { readonly code: string; readonly text: string } | null,
  now: string,
): Promise<readonly GivenUp[]> {
  await lockStock(
    tx,
    lines.map((line) => line.item_id),
    order.usage,
  );
  // What of a blanket order was called off is the releases' by now.
  const remaining = order.type === 'blanket' ? await readRemaining(tx, order.id) : null;
  const results: GivenUp[] = [];
  for (const line of lines.toReversed()) {
    const given = await giveBackStock(tx, order, line.id, line.reserved);
    const kept =
      remaining === null
        ? line.released + line.shipped
        : line.ordered - line.cancelled - (remaining.get(line.id) ?? 0);
    const cancelled = line.ordered - line.cancelled - kept;
    await tx('order_line')
      .where({ id: line.id })
      .update({
        reserved: line.reserved - given,
        cancelled: line.ordered - kept,
        amount_minor: line.unit_price === null ? 0 : amountOf(line, kept, order.currency),
        ...(rejection && kept === 0 && { rejection: rejection.text, rejection_code: rejection.code }),
      });
    results.push({ lineNumber: line.line_number, cancelled, kept });
  }
  await wakeWaitingOrders(
    tx,
    lines.map((line) => line.item_id),
    order,
    now,
  );
  return results.toReversed();
}

export type PricedUnits = Pick<
  OrderLineRow,
  'unit' | 'unit_factor' | 'unit_price' | 'price_basis' | 'supply'
>;

/** The amount of part of a line, at the line's own price: of a bundle's component its share of so many bundles. */
export function amountOf(line: PricedUnits, baseUnits: number, currency: string): number {
  const quantity = fromBaseUnits(baseUnits, line.unit, { [line.unit]: line.unit_factor });
  if (line.unit_price === null) return 0;
  const amountMinor = lineAmountMinor(quantity, line.unit_price, currency, line.price_basis);
  return shareOfBundle(line.supply, amountMinor);
}

/** What an order is charged and taxed by: as it was placed; of one that does not know, what its customer has now. */
export const readChargeTerms = async (
  tx: Tx,
  order: Pick<OrderRow, 'charge_terms' | 'customer_id'>,
): Promise<ChargeTerms> =>
  order.charge_terms === null
    ? readCustomerPolicy(tx, order.customer_id)
    : chargeTermsSchema.parse(order.charge_terms);

interface Totalled {
  readonly left: readonly AdjustedLine[];
  readonly totals: OrderTotals;
}

/** What an order comes to as its lines stand now, with these of its allowances and charges. */
export const totalsOf = async (
  tx: Tx,
  order: OrderRow,
  adjustments: OrderRow['adjustments'],
): Promise<Totalled> => totalBy(await readChargeTerms(tx, order), await readLines(tx, order.id), adjustments);

/** What some of an order's lines come to where there are no others. */
export function totalBy(
  terms: ChargeTerms,
  lines: readonly OrderLineRow[],
  adjustments: OrderRow['adjustments'],
): Totalled {
  const left = lines
    .filter((line) => line.amount_minor !== 0)
    .map((line) => ({
      lineNumber: headNumber(line),
      amountMinor: line.amount_minor,
      quantity: isFurtherComponent(line.supply)
        ? '0'
        : fromBaseUnits(line.ordered - line.cancelled, line.unit, { [line.unit]: line.unit_factor }),
    }));
  return { left, totals: totalOrder(left, terms, adjustments) };
}

/** Totals of the order as its lines stand now; what promotions gave for what is gone goes back to them. */
export async function retotal(tx: Tx, order: OrderRow): Promise<OrderPatch> {
  const { left, totals } = await totalsOf(tx, order, order.adjustments);
  const ordering = { id: order.id, customerId: order.customer_id, usage: order.usage };
  await giveBackBeyond(tx, ordering, order.adjustments, joinParts(left), totals.subtotalMinor);
  const { subtotalMinor, totalMinor } = totals;
  // What was let through of it falls with it.
  if (totalMinor < order.total_minor)
    await lowerCreditApprovals(tx, { ...order, total_minor: totalMinor, subtotal_minor: subtotalMinor });
  return {
    subtotal_minor: subtotalMinor,
    charges: JSON.stringify(totals.charges),
    charges_minor: totals.chargesMinor,
    tax_minor: totals.taxMinor,
    total_minor: totalMinor,
  };
}
