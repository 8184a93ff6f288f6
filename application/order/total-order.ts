import { type OrderCharge, signedSum } from '../../domain/invoicing/bill-shipment';
import {
  type AdjustedLine,
  chargesOf,
  type StandingAdjustment,
} from '../../domain/pricing/agree-adjustments';
import { scaleDecimal, sumMinor } from '../../domain/shared/money';
import { sumQuantities } from '../../domain/shared/quantity';
import type { ChargeTerms } from '../customer/customer-policy';

export interface OrderTotals {
  readonly subtotalMinor: number;
  readonly charges: readonly OrderCharge[];
  readonly chargesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/**
 * Order-level charges belong to an order that delivers something for money: what is given free has none. Allowances come
 * to no more than goods and charges do, so that no order, and with it no invoice of one, is below zero; where they would,
 * promotions stand before the others, for they have been counted against their budgets. Tax is on lines and charges,
 * rounded once.
 * @param adjustments what of the buyer's own allowances and charges stands
 */
export function totalOrder(
  lines: readonly AdjustedLine[],
  terms: ChargeTerms,
  adjustments: readonly StandingAdjustment[],
): OrderTotals {
  const subtotalMinor = sumMinor(lines.map((line) => line.amountMinor));
  const whole = joinParts(lines);
  const [promotions, others] = partition(adjustments, ({ promotion }) => promotion !== undefined);
  const promoted = chargesOf(promotions, whole, subtotalMinor);
  const ours = subtotalMinor === 0 ? [] : terms.charges;
  const asked =
    lines.length === 0
      ? []
      : withinWorth(
          [...ours, ...chargesOf(others, whole, subtotalMinor)],
          subtotalMinor + signedSum(promoted),
        );
  const charges = [...asked, ...promoted];
  const chargesMinor = signedSum(charges);
  const taxMinor = Number(scaleDecimal(String(subtotalMinor + chargesMinor), terms.taxPercent, 100, 0));
  return {
    subtotalMinor,
    charges,
    chargesMinor,
    taxMinor,
    totalMinor: subtotalMinor + chargesMinor + taxMinor,
  };
}

const partition = <T>(all: readonly T[], is: (one: T) => boolean) =>
  [all.filter(is), all.filter((one) => !is(one))] as const;

/** Allowances, one after the other, as far as what there is to allow them on goes. */
function withinWorth(charges: readonly OrderCharge[], goodsMinor: number): readonly OrderCharge[] {
  let leftMinor =
    goodsMinor +
    sumMinor(charges.filter(({ indicator }) => indicator === 'charge').map(({ amountMinor }) => amountMinor));
  return charges.flatMap((charge) => {
    if (charge.indicator === 'charge') return [charge];
    const amountMinor = Math.max(0, Math.min(charge.amountMinor, leftMinor));
    leftMinor -= amountMinor;
    return amountMinor === 0 && charge.amountMinor > 0 ? [] : [{ ...charge, amountMinor }];
  });
}

/** The parts of a line that goes to several places are one line to whoever charges or allows something for it. */
export function joinParts(lines: readonly AdjustedLine[]): readonly AdjustedLine[] {
  return [...Map.groupBy(lines, (line) => line.lineNumber).entries()].map(([lineNumber, parts]) => ({
    lineNumber,
    amountMinor: sumMinor(parts.map((part) => part.amountMinor)),
    quantity: sumQuantities(parts.map((part) => part.quantity)),
  }));
}
