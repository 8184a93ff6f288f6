import { addDays, type LocalDate } from '../shared/dates';

/** Which day decides the prices that are valid: the company's choice, not that of who writes the purchase order. */
export interface PriceDateTerms {
  readonly by: 'order-date' | 'receipt-date';
  /** An order date further than so many days from the day that the order came decides nothing. */
  readonly withinDays: number;
}

/**
 * @param ordered what the purchase order says
 * @param received the day that it came, where it is sold from
 */
export function priceDateOf(
  { by, withinDays }: PriceDateTerms,
  ordered: LocalDate,
  received: LocalDate,
): LocalDate {
  const stands =
    by === 'order-date' &&
    addDays(received, -withinDays) <= ordered &&
    ordered <= addDays(received, withinDays);
  return stands ? ordered : received;
}

/** Of an order in the record: the day that its prices, promotions, volumes, costs and rates are of. */
export const pricedOn = (order: {
  readonly po_date: LocalDate;
  /** null: that of its purchase order. */
  readonly price_date: LocalDate | null;
}): LocalDate => order.price_date ?? order.po_date;
