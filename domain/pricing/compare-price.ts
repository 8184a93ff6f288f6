import { Decimal } from 'decimal.js';
import { compareDecimals, decimalDifference, scaleDecimal, type UnitPrice } from '../shared/money';

/**
 * Element 639 codes that say for how many units a price stands. A code that is not here has no divisor and needs a
 * person: prices by weight or length, and retail prices (RE, RC, RD, RM), which are not what the buyer pays.
 */
const priceBasisDivisors: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [1, ' PE WE LE TE QE CA CP CT FX QT WH UM NT'],
      [10, 'PN'],
      [12, 'PD LD TD WD'],
      [100, 'HP LC QH TC WC'],
      [144, 'PG'],
      [1000, 'TP LM QS TM WM'],
      [10_000, 'TT'],
      [100_000, 'HT'],
    ] as const
  ).flatMap(([divisor, codes]) => codes.split(' ').map((code) => [code, divisor])),
);

/** How many units the price of a purchase order line is for; undefined when the code is not known. */
export function priceBasisDivisor(code: string | undefined): number | undefined {
  return priceBasisDivisors[code ?? ''];
}

export interface PriceTolerance {
  /** Percent of our price, "1.5". */
  readonly percent: string;
  /** Per unit of the purchase order's price basis, in major units, "0.05". */
  readonly absolute: string;
}

export interface PriceComparison {
  readonly agrees: boolean;
  readonly difference: string;
  readonly allowed: string;
  /** Ours, in the purchase order's price basis. */
  readonly ourPrice: UnitPrice;
}

/** The purchase order's price stands while it is within the larger of the percent and the absolute tolerance. */
export function comparePrice(
  poPrice: UnitPrice,
  ourUnitPrice: UnitPrice,
  priceBasis: number,
  tolerance: PriceTolerance,
): PriceComparison {
  const ourPrice = scaleDecimal(ourUnitPrice, priceBasis, 1);
  const difference = decimalDifference(poPrice, ourPrice);
  const allowed = Decimal.max(scaleDecimal(ourPrice, tolerance.percent, 100), tolerance.absolute).toFixed();
  return { agrees: compareDecimals(difference, allowed) <= 0, difference, allowed, ourPrice };
}
