import { splitRevenue } from '../order/line-supply';
import { type Currency, currencyPlaces, lineAmountMinor, scaleDecimal } from '../shared/money';

/** A bundle of which nothing more will leave, and not the same number of each component has left. */
export interface UnevenBundle {
  /** What its components come to as the order stands. */
  readonly amountMinor: number;
  /** What whole bundles were billed. */
  readonly billedMinor: number;
  /** Per component: how the bundle's amount is shared, and how many bundles' worth of it has left. */
  readonly components: readonly { readonly weight: number; readonly bundles: number }[];
}

/**
 * What is billed for components that left beyond whole bundles: what is left of the bundle's amount, over them in
 * proportion to their shares of it. With what whole bundles were billed it is the amount, to the cent.
 * @returns minor units per component, none below zero; 0 for one of which nothing is left over
 */
export function billLeftParts({ amountMinor, billedMinor, components }: UnevenBundle): readonly number[] {
  const whole = Math.min(...components.map(({ bundles }) => bundles));
  const weights = components.map(({ weight, bundles }) => weight * (bundles - whole));
  const open = Math.max(0, amountMinor - billedMinor);
  return weights.every((weight) => weight === 0) ? weights : splitRevenue(open, weights);
}

export interface ExactPrice {
  /** Up to 6 places. */
  readonly unitPrice: string;
  readonly priceBasis: number;
  /** Element 639, where the price is not for one. */
  readonly priceBasisCode: string | null;
}

const bases = [
  { priceBasis: 1, priceBasisCode: null },
  { priceBasis: 100, priceBasisCode: 'HP' },
  { priceBasis: 1000, priceBasisCode: 'TP' },
] as const;

/**
 * A price at which so many units come to the amount again, as whoever checks the invoice multiplies.
 * @returns null where there is none of 6 places
 */
export function exactPrice(amountMinor: number, units: number, currency: Currency): ExactPrice | null {
  const major = scaleDecimal(String(amountMinor), 1, 10 ** currencyPlaces(currency), 6);
  for (const basis of bases) {
    const unitPrice = scaleDecimal(major, basis.priceBasis, units, 6);
    if (lineAmountMinor(String(units), unitPrice, currency, basis.priceBasis) === amountMinor)
      return { ...basis, unitPrice };
  }
  return null;
}
