import { type OrderCharge, signedSum } from '../domain/invoicing/bill-shipment';
import { scaleDecimal, sumMinor } from '../domain/shared/money';
import type { CustomerPolicy } from './customer-policy';

export interface OrderTotals {
  readonly subtotalMinor: number;
  readonly charges: readonly OrderCharge[];
  readonly chargesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/** Order-level charges belong to an order that delivers something; tax is on lines and charges, rounded once. */
export function totalOrder(lineAmounts: readonly number[], policy: CustomerPolicy): OrderTotals {
  const subtotalMinor = sumMinor(lineAmounts);
  const charges = lineAmounts.length === 0 ? [] : policy.charges;
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
