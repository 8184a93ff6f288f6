import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import { decideFirstPrice, decideOverride, type OverrideReason } from '../../domain/pricing/override-price';
import { compareDecimals } from '../../domain/shared/money';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import { overrideQuestion } from '../pricing/override-line-price';
import { quotePrices } from './quote-prices';

/** Prices that a person gives for a quote, by line number, in which roles and why. */
export interface GivenPrices {
  readonly prices: ReadonlyMap<number, string>;
  readonly roles: readonly string[];
  readonly reason: OverrideReason;
}

/** Who let a quoted price through, by which rule; kept with the quote. */
export interface QuotedPrice {
  readonly lineNumber: number;
  readonly unitPrice: string;
  readonly ourPrice: string | null;
  readonly reason: OverrideReason;
  readonly person: string;
  readonly decision: object;
}

/**
 * A quoted price is a price that a person sets: away from ours it is within what the rules `price-override` let the
 * person set, and never below the margin floor unless they may go there. The customer orders at it without asking.
 */
export async function judgeQuotedPrices(
  db: Db,
  request: OrderRequest,
  { customer, policy }: { readonly customer: CustomerRow; readonly policy: CustomerPolicy },
  { prices, roles, reason }: GivenPrices,
  person: string,
  today: string,
): Promise<{
  readonly quoted: readonly QuotedPrice[];
  readonly refused: readonly { readonly line: number; readonly text: string }[];
}> {
  const { given } = await quotePrices(db, request, customer, policy, today, new Map());
  const order = {
    entity_id: customer.entity_id,
    currency: customer.currency,
    po_date: today,
    price_date: null,
  };
  const quoted: QuotedPrice[] = [];
  const refused: { readonly line: number; readonly text: string }[] = [];
  for (const { lineNumber, item, unitFactor, baseUnits, price, request: asked } of given.lines) {
    const unitPrice = prices.get(lineNumber);
    if (unitPrice === undefined || item === null) continue;
    const ourPrice = price !== null && 'unitPrice' in price ? price.unitPrice : null;
    if (ourPrice !== null && compareDecimals(ourPrice, unitPrice) === 0) continue;
    const line = {
      item_id: item.itemId,
      ordered: baseUnits,
      cancelled: 0,
      unit: asked.unit,
      unit_factor: unitFactor,
      unit_price: ourPrice,
      price_basis: 1,
      price_decision: { resolution: price },
      supply: null,
    };
    const { authorities, question } = await overrideQuestion(db, order, line, { unitPrice, reason, roles });
    const decide = ourPrice === null ? decideFirstPrice : decideOverride;
    const decision = decide(authorities, question);
    if (decision.kind === 'refused') refused.push({ line: lineNumber, text: decision.text });
    else quoted.push({ lineNumber, unitPrice, ourPrice, reason, person, decision });
  }
  return { quoted, refused };
}
