import type { CarrierRate } from '../../domain/fulfilment/carrier-port';

/** A rate with the day on which it would deliver. */
export interface Quote extends CarrierRate {
  readonly estimatedDelivery: string;
}

/**
 * The cheapest service that arrives in time; the fastest when none does. Ties go to the faster one, then to the carrier
 * code, so that a second try chooses the same and the idempotency key still fits.
 */
export function chooseRate(
  quotes: readonly Quote[],
  deliverBy: string | undefined,
  silent: readonly string[],
): { readonly quote: Quote; readonly reason: string } {
  const inTime =
    deliverBy === undefined ? quotes : quotes.filter((quote) => quote.estimatedDelivery <= deliverBy);
  const [cheapest] = [...inTime].sort(byPrice);
  const [fastest] = [...quotes].sort(bySpeed);
  const quote = cheapest ?? fastest;
  if (!quote) throw new RangeError('there is no rate to choose from');
  const missing = silent.length > 0 ? `; no answer from ${silent.join(', ')}` : '';
  return {
    quote,
    reason: `${reasonOf(cheapest !== undefined, deliverBy)} of ${quotes.length} offers${missing}`,
  };
}

function reasonOf(inTime: boolean, deliverBy: string | undefined): string {
  if (deliverBy === undefined) return 'cheapest';
  return inTime ? `cheapest that arrives by ${deliverBy}` : `fastest, as none arrives by ${deliverBy},`;
}

function byPrice(a: Quote, b: Quote): number {
  return a.amountMinor - b.amountMinor || bySpeed(a, b);
}

function bySpeed(a: Quote, b: Quote): number {
  return a.transitDays - b.transitDays || compare(a.scac, b.scac) || compare(a.service, b.service);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
