import { scaleDecimal } from '../shared/money';

/** What the codes of a warehouse's documents do to stock that can be sold. */

/** Element 412: received, but not to be sold. The others (short, over, good, another container) change nothing of W0701. */
const notForSale: Readonly<Record<string, string>> = {
  '01': 'damaged',
  '04': 'of poor quality',
  '05': 'the wrong product',
  '08': 'rejected',
  '09': 'on hold',
  '10': 'scrapped',
  '12': 'over and returned',
  '13': 'without a ship notice',
};
const remarkable: Readonly<Record<string, string>> = { '02': 'short', '03': 'over', '16': 'not received' };

export function keptFromSale(condition: string): boolean {
  return Object.hasOwn(notForSale, condition);
}

export function conditionText(condition: string): string {
  return notForSale[condition] ?? remarkable[condition] ?? `in condition ${condition}`;
}

/** signed: W1902 says by its sign which way; in and out: the reason does, whatever the sign. report: no stock moves. */
export type AdjustmentDirection = 'signed' | 'in' | 'out' | 'report';

/**
 * Element 181: for most reasons the sign of the quantity says which way. A hold takes goods from sale, its end gives
 * them back, what was destroyed is gone: there many warehouses send the bare number.
 */
export function usualDirection(reason: string): AdjustmentDirection {
  if (reason === '05' || reason === '07') return 'out';
  if (reason === '55') return 'in';
  return 'signed';
}

/** Grams for element 188: pounds, kilograms, grams, ounces, tons. */
const gramsPer: Readonly<Record<string, string>> = {
  L: '453.59237',
  LB: '453.59237',
  K: '1000',
  KG: '1000',
  G: '1',
  O: '28.349523125',
  E: '1000000',
  S: '907184.74',
  T: '1016046.9088',
};

/** @returns undefined for a unit that is no weight */
export function gramsOf(weight: string, unit: string): number | undefined {
  const factor = gramsPer[unit];
  return factor === undefined ? undefined : Math.round(Number(scaleDecimal(weight, factor, '1', 0)));
}
