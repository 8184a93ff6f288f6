import type { Db } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import { type GivenPromotions, givePromotions } from '../pricing/give-promotions';
import { promotionTermsOf, readBudgets } from '../pricing/promotion-budget';
import { type AgreedContent, agreeContent } from './agree-content';
import { type CallOffTerms, showBlanketPrices } from './call-off-blanket';
import { showSamplePrices } from './price-sample';
import { type ResolvedLine, readLineFacts, resolveLines } from './resolve-lines';

export interface PricedBasket {
  readonly given: GivenPromotions;
  readonly agreed: AgreedContent;
}

/**
 * Prices lines as an order of that date would have them, with the reasons. Nothing is reserved, locked or written; what
 * is left of a promotion's budget is what is left now.
 * @param quoted of a quote, whose prices have no promotion beside them as those of its order have none: what a person
 * gives instead, by line number, a decimal a unit. Absent: the basket is to be ordered as it stands
 */
export async function quotePrices(
  db: Db,
  request: OrderRequest,
  customer: CustomerRow,
  policy: CustomerPolicy,
  date: string,
  quoted?: ReadonlyMap<number, string>,
): Promise<PricedBasket> {
  const { currency } = customer;
  const facts = await readLineFacts(db, customer, request.lines, { date, orderId: null });
  const numbered = request.lines.map((line, i) => {
    const unitPrice = quoted?.get(i + 1);
    return { line: unitPrice === undefined ? line : { ...line, unitPrice }, lineNumber: i + 1 };
  });
  const listed = resolveLines(numbered, facts, { policy, currency, date }).map((line): ResolvedLine => {
    if (quoted?.has(line.lineNumber) !== true) return line;
    // A price that a person gives stands against the list: that is what it was given for.
    const priceDecision = { ...line.priceDecision, stands: 'quote' };
    return { ...line, priceDecision, holds: line.holds.filter((hold) => hold.type !== 'price') };
  });
  const resolved = await asItsType(db, request, listed, { currency, policy });
  const promotions = quoted === undefined ? facts.promotions : [];
  const terms = promotionTermsOf(request, customer, policy, { date, promotions });
  const given = givePromotions(resolved, { ...terms, available: await readBudgets(db, terms) });
  const alive = given.lines.filter((line) => !line.rejection);
  return { given, agreed: agreeContent(request, alive, customer, policy, given.standing) };
}

/** Samples cost what the rule for samples says, releases what their blanket order does. */
async function asItsType(
  db: Db,
  request: OrderRequest,
  lines: readonly ResolvedLine[],
  terms: Omit<CallOffTerms, 'today'>,
): Promise<readonly ResolvedLine[]> {
  if (request.type === 'sample') return showSamplePrices(db, request, lines, terms);
  if (request.type === 'release') return showBlanketPrices(db, request, lines, terms);
  return lines;
}
