import { Decimal } from 'decimal.js';
import type { LocalDate } from '../shared/dates';
import { compareDecimals, decimalDifference, scaleDecimal, type UnitPrice } from '../shared/money';
import type { UnitFactors } from '../shared/quantity';

/** One row of a price list or of a customer's contract. */
export interface PriceRow {
  readonly priceId: string;
  readonly source: 'contract' | 'list';
  readonly listId: string | null;
  /** The unit that the price is for. */
  readonly unit: string;
  /** Tier: from this quantity (in `unit`) on. */
  readonly minimumQuantity: string;
  readonly unitPrice: UnitPrice;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly version: number;
}

export interface PriceQuestion {
  readonly quantity: string;
  readonly unit: string;
  readonly factors: UnitFactors;
  /** The order date decides which prices are valid. */
  readonly date: LocalDate;
}

export type PriceResolution =
  | {
      readonly kind: 'priced';
      /** Per ordered unit. */
      readonly unitPrice: UnitPrice;
      readonly priceId: string;
      readonly source: 'contract' | 'list';
      readonly listId: string | null;
      readonly version: number;
      readonly tierFrom: string;
      readonly explanation: string;
    }
  | { readonly kind: 'no-price'; readonly explanation: string }
  /** The price's unit converts to the ordered one only with a rounding: nobody agreed to that price. */
  | { readonly kind: 'not-exact'; readonly explanation: string };

/**
 * A contract price beats the list; among rows of one source the highest tier reached wins, then the latest start,
 * then the lower id, so that the same rows in any order give the same price.
 */
export function resolvePrice(rows: readonly PriceRow[], question: PriceQuestion): PriceResolution {
  const ordered = question.factors[question.unit];
  if (ordered === undefined)
    return { kind: 'no-price', explanation: `unit ${question.unit} is not known for this item` };
  const valid = rows.filter(
    (row) => row.validFrom <= question.date && (row.validTo === null || question.date <= row.validTo),
  );
  const reached = valid.filter((row) => {
    const factor = question.factors[row.unit];
    return (
      factor !== undefined &&
      compareDecimals(scaleDecimal(question.quantity, ordered, factor), row.minimumQuantity) >= 0
    );
  });
  const best = reached.toSorted(byPrecedence(question.factors))[0];
  if (!best) {
    return {
      kind: 'no-price',
      explanation: `none of ${rows.length} prices is valid on ${question.date} for ${question.quantity} ${question.unit}`,
    };
  }
  const exact = new Decimal(best.unitPrice).times(ordered).dividedBy(question.factors[best.unit] ?? 1);
  const from = best.source === 'contract' ? 'the customer contract' : `price list ${best.listId ?? ''}`;
  const tier = `tier from ${new Decimal(best.minimumQuantity).toFixed()} ${best.unit}, valid from ${best.validFrom}${best.validTo ? ` to ${best.validTo}` : ''}`;
  if (exact.decimalPlaces() > 6) {
    return {
      kind: 'not-exact',
      explanation: `${best.unitPrice} per ${best.unit} of ${from} does not convert exactly to a price per ${question.unit}`,
    };
  }
  return {
    kind: 'priced',
    unitPrice: exact.toFixed(),
    priceId: best.priceId,
    source: best.source,
    listId: best.listId,
    version: best.version,
    tierFrom: new Decimal(best.minimumQuantity).toFixed(),
    explanation: `${exact.toFixed()} per ${question.unit} from ${from} (${tier})`,
  };
}

function byPrecedence(factors: UnitFactors): (a: PriceRow, b: PriceRow) => number {
  return (a, b) => {
    if (a.source !== b.source) return a.source === 'contract' ? -1 : 1;
    const tier = compareDecimals(baseTier(b, factors), baseTier(a, factors));
    if (tier !== 0) return tier;
    if (a.validFrom !== b.validFrom) return a.validFrom > b.validFrom ? -1 : 1;
    return a.priceId < b.priceId ? -1 : 1;
  };
}

const baseTier = (row: PriceRow, factors: UnitFactors) =>
  scaleDecimal(row.minimumQuantity, factors[row.unit] ?? 1, 1);

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
