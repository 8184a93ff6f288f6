import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequestLine } from '../../domain/order/order-request';
import { comparePrice, type PriceComparison, priceBasisDivisor } from '../../domain/pricing/compare-price';
import {
  type ExchangeRate,
  type PriceResolution,
  type PriceRow,
  resolvePrice,
  type Volumes,
} from '../../domain/pricing/resolve-price';
import { lineAmountMinor, scaleDecimal } from '../../domain/shared/money';
import type { UnitFactors } from '../../domain/shared/quantity';
import type { CustomerPolicy } from '../customer/customer-policy';

/** What a line costs, whose price it is, and what speaks against it. */
export interface PricedLine {
  /** In the purchase order's price basis; null where neither side has a price. */
  readonly unitPrice: string | null;
  readonly priceBasis: number;
  readonly amountMinor: number;
  readonly price: PriceResolution | null;
  readonly priceDecision: Readonly<Record<string, unknown>>;
  readonly holds: readonly HoldRequest[];
}

/** What a line is priced by. */
export interface PricingTerms {
  readonly policy: CustomerPolicy;
  readonly currency: string;
  /** Prices are of this day. */
  readonly date: string;
  readonly stated?: string;
  readonly factors: UnitFactors;
  readonly rows: readonly PriceRow[];
  readonly rates: readonly ExchangeRate[];
  readonly volumes: Volumes;
  /** By quantity and unit: lines of one item that ask for the same have the same price for the same reasons. */
  readonly resolved?: Map<string, PriceResolution>;
}

/** Prices a line and compares with the purchase order's price; while they are apart the order's price is provisional. */
export function priceLine(
  line: OrderRequestLine,
  lineNumber: number,
  { rows, policy, resolved, ...terms }: PricingTerms,
): PricedLine {
  const { currency } = terms;
  const asked = `${line.quantity} ${line.unit}`;
  const price =
    resolved?.get(asked) ?? resolvePrice(rows, { ...terms, quantity: line.quantity, unit: line.unit });
  resolved?.set(asked, price);
  const basis = priceBasisDivisor(line.priceBasisCode);
  const priceBasis = basis ?? 1;
  const amountOf = (unitPrice: string) => lineAmountMinor(line.quantity, unitPrice, currency, priceBasis);
  const provisional: PricedLine = {
    unitPrice: line.unitPrice ?? null,
    priceBasis,
    amountMinor: line.unitPrice === undefined ? 0 : amountOf(line.unitPrice),
    price,
    priceDecision: {
      purchaseOrderPrice: line.unitPrice ?? null,
      priceBasis: line.priceBasisCode ?? null,
      resolution: price,
      tolerance: policy.priceTolerance,
    },
    holds: [],
  };
  if (basis === undefined) {
    const text = `the price basis ${line.priceBasisCode ?? ''} (element 639) has no rule`;
    return { ...provisional, holds: [priceHold(lineNumber, 'unknown-price-basis', text)] };
  }
  if (price.kind !== 'priced') {
    return { ...provisional, holds: [priceHold(lineNumber, price.kind, price.explanation)] };
  }
  if (line.unitPrice !== undefined)
    return compareWithOurs(provisional, line.unitPrice, price, lineNumber, policy);
  const ours = basis === 1 ? price.unitPrice : scaleDecimal(price.unitPrice, basis, 1);
  const priceDecision = { ...provisional.priceDecision, stands: 'ours', why: 'the order named no price' };
  return { ...provisional, unitPrice: ours, amountMinor: amountOf(ours), priceDecision };
}

function compareWithOurs(
  provisional: PricedLine,
  poPrice: string,
  price: Extract<PriceResolution, { kind: 'priced' }>,
  lineNumber: number,
  policy: CustomerPolicy,
): PricedLine {
  const comparison = comparePrice(poPrice, price.unitPrice, provisional.priceBasis, policy.priceTolerance);
  const decision = { ...provisional.priceDecision, ...comparison };
  if (comparison.agrees) return { ...provisional, priceDecision: { ...decision, stands: 'purchase-order' } };
  return {
    ...provisional,
    priceDecision: { ...decision, stands: 'undecided' },
    holds: [differenceHold(lineNumber, poPrice, comparison, price.explanation)],
  };
}

/** @param why how our price came about */
export function differenceHold(
  lineNumber: number,
  poPrice: string,
  { ourPrice, difference, allowed }: PriceComparison,
  why: string,
): HoldRequest {
  const text = `the order says ${plain(poPrice)}, our price is ${ourPrice} (${why}); ${difference} apart, ${allowed} allowed`;
  const details = { purchaseOrderPrice: poPrice, ourPrice, difference, allowed };
  return priceHold(lineNumber, 'price-mismatch', text, details);
}

/** "9.000000", as the record has it, as "9.00": never fewer places than were said. */
const plain = (price: string) => price.replace(/(\.\d{2}\d*?)0+$/, '$1');

export const priceHold = (
  lineNumber: number,
  code: string,
  text: string,
  details: Readonly<Record<string, unknown>> = {},
): HoldRequest => ({
  type: 'price',
  lineNumber,
  reason: { code, text: `Line ${lineNumber}: ${text}`, details },
});
