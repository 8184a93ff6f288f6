import { type OrderCharge, signedSum } from '../domain/invoicing/bill-shipment';
import { type AdjustedLine, chargesOf, type StandingAdjustment } from '../domain/pricing/agree-adjustments';
import { scaleDecimal, sumMinor } from '../domain/shared/money';
import { sumQuantities } from '../domain/shared/quantity';
import type { CustomerPolicy } from './customer-policy';

export interface OrderTotals {
  readonly subtotalMinor: number;
  readonly charges: readonly OrderCharge[];
  readonly chargesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/**
 * Order-level charges belong to an order that delivers something; tax is on lines and charges, rounded once.
 * @param adjustments what of the buyer's own allowances and charges stands
 */
export function totalOrder(
  lines: readonly AdjustedLine[],
  policy: Pick<CustomerPolicy, 'charges' | 'taxPercent'>,
  adjustments: readonly StandingAdjustment[],
): OrderTotals {
  const subtotalMinor = sumMinor(lines.map((line) => line.amountMinor));
  const whole = joinParts(lines);
  const charges =
    lines.length === 0 ? [] : [...policy.charges, ...chargesOf(adjustments, whole, subtotalMinor)];
  const chargesMinor = signedSum(charges);
  const taxMinor = Number(scaleDecimal(String(subtotalMinor + chargesMinor), policy.taxPercent, 100, 0));
  return {
    subtotalMinor,
    charges,
    chargesMinor,
    taxMinor,
    totalMinor: Math.max(0, subtotalMinor + chargesMinor + taxMinor),
  };
}

/** The parts of a line that goes to several places are one line to whoever charges or allows something for it. */
export function joinParts(lines: readonly AdjustedLine[]): readonly AdjustedLine[] {
  return [...Map.groupBy(lines, (line) => line.lineNumber).entries()].map(([lineNumber, parts]) => ({
    lineNumber,
    amountMinor: sumMinor(parts.map((part) => part.amountMinor)),
    quantity: sumQuantities(parts.map((part) => part.quantity)),
  }));
}
