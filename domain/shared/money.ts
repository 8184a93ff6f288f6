import { Decimal } from 'decimal.js';

/** ISO 4217 code. */
export type Currency = string;
/** An amount in the currency's smallest unit (cents for USD, whole yen for JPY); always a safe integer. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}
/** A decimal string with up to six places, for example "12.3450": never a float. */
export type UnitPrice = string;

/** ISO 4217, minor units: currencies by their places behind the point; the rest have two. */
const currenciesWith: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const places: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(currenciesWith).flatMap(([count, codes]) =>
    codes.split(' ').map((code) => [code, Number(count)]),
  ),
);

export function currencyPlaces(currency: Currency): number {
  return places[currency] ?? 2;
}

const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

/** Smallest units in one of a currency: 100 cents in a dollar. */
const minorUnits = (currency: Currency): number => 10 ** currencyPlaces(currency);

/**
 * THE rounding of the hub: half away from zero (2.5 is 3, -2.5 is -3). Whatever is rounded anywhere goes through here;
 * where that is, docs/decisions/0029 says.
 */
const round = (value: Decimal, decimalPlaces: number): Decimal =>
  value.toDecimalPlaces(decimalPlaces, Decimal.ROUND_HALF_UP);

/**
 * The same of a product of a plain whole number and a plain decimal, where all of it fits a double exactly: most lines
 * are 24 at 11.45, and an order may have 10,000 of them. null: it takes the long way.
 * @param scaleBy by which power of ten the product is multiplied before it is rounded to a whole number
 */
function roundedProduct(whole: number, decimal: string, scaleBy: number): number | null {
  const read = digitsOf(decimal);
  if (read === null || !Number.isSafeInteger(whole)) return null;
  const product = Math.abs(whole) * read.digits;
  const excess = read.places - scaleBy;
  if (product > MOST_EXACT) return null;
  // Twice the remainder against the divisor says which way: half goes away from zero.
  const divisor = TENS[Math.max(0, excess)] ?? 0;
  const rest = product % divisor;
  const rounded =
    excess <= 0 ? product * (TENS[-excess] ?? 0) : (product - rest) / divisor + (2 * rest >= divisor ? 1 : 0);
  if (divisor === 0 || rounded > MOST_EXACT) return null;
  return read.negative === whole < 0 || rounded === 0 ? rounded : -rounded;
}

interface Digits {
  readonly digits: number;
  readonly places: number;
  readonly negative: boolean;
}
/** The prices and percentages of an order are few. */
const MOST_REMEMBERED = 10_000;
const remembered = new Map<string, Digits | null>();

function digitsOf(decimal: string): Digits | null {
  const known = remembered.get(decimal);
  if (known !== undefined) return known;
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(decimal);
  const [, sign, units = '', fraction = ''] = found ?? [];
  const read = found && { digits: Number(units + fraction), places: fraction.length, negative: sign === '-' };
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(decimal, read);
  return read;
}

const MOST_EXACT = Number.MAX_SAFE_INTEGER;
const TENS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
const wholeNumber = /^\d{1,9}$/;

/** A decimal string to so many places. */
export function roundDecimal(value: string, decimalPlaces: number): string {
  return round(new Exact(value), decimalPlaces).toFixed();
}

/** A line's amount is rounded once, at its end; everything above a line is a sum of amounts that are already rounded. */
export function roundToMinor(amount: Decimal.Value, currency: Currency): number {
  const minor = round(new Exact(amount).times(minorUnits(currency)), 0).toNumber();
  if (!Number.isSafeInteger(minor))
    throw new RangeError(`an amount of ${String(amount)} ${currency} is beyond what can be held exactly`);
  return minor;
}

/**
 * quantity x unit price / price basis, rounded once.
 * @param priceBasis how many units the price is for: 1, or 100 for element 639 = HP (per hundred)
 */
export function lineAmountMinor(
  quantity: string,
  unitPrice: UnitPrice,
  currency: Currency,
  priceBasis = 1,
): number {
  if (priceBasis === 1 && wholeNumber.test(quantity)) {
    const quick = roundedProduct(Number(quantity), unitPrice, currencyPlaces(currency));
    if (quick !== null) return quick;
  }
  const exact = new Exact(quantity).times(unitPrice);
  return roundToMinor(priceBasis === 1 ? exact : exact.dividedBy(priceBasis), currency);
}

/** "1234.50" for 123450 USD; "1234" for 1234 JPY. */
export function formatMinor(amountMinor: number, currency: Currency): string {
  return new Exact(amountMinor).dividedBy(minorUnits(currency)).toFixed(currencyPlaces(currency));
}

/** Reads "1234.50" into minor units; undefined when it has more places than the currency. */
export function parseMinor(text: string, currency: Currency): number | undefined {
  if (!/^-?\d{1,15}(\.\d{1,6})?$/.test(text)) return undefined;
  const exact = new Exact(text).times(minorUnits(currency));
  return exact.isInteger() ? exact.toNumber() : undefined;
}

export function sumMinor(amounts: readonly number[]): number {
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  if (!Number.isSafeInteger(sum)) throw new RangeError('a sum of amounts is beyond what can be held exactly');
  return sum;
}

/**
 * Share of an order-level amount that belongs to the first `partMinor` of `wholeMinor`, cumulatively: the shares of
 * successive invoices (share up to now minus share up to before) add up to `amountMinor` exactly, whatever the split.
 */
export function cumulativeShareMinor(amountMinor: number, partMinor: number, wholeMinor: number): number {
  if (wholeMinor === 0 || partMinor === wholeMinor) return amountMinor;
  return round(new Exact(amountMinor).times(partMinor).dividedBy(wholeMinor), 0).toNumber();
}

/** A percentage of an amount, rounded once. */
export function percentOfMinor(amountMinor: number, percent: string): number {
  return (
    roundedProduct(amountMinor, percent, -2) ??
    round(new Exact(amountMinor).times(percent).times('0.01'), 0).toNumber()
  );
}

export function compareDecimals(a: string, b: string): number {
  if (a === b) return 0;
  return new Exact(a).comparedTo(b);
}

/** |a - b| as a decimal string. */
export function decimalDifference(a: string, b: string): string {
  return new Exact(a).minus(b).abs().toFixed();
}

/** `part` in percent of `whole` to two places, never less than it is: what is beyond a bound by a hair is beyond it. */
export const percentAtLeast = (part: number, whole: number): string =>
  new Exact(part).times(100).dividedBy(whole).toDecimalPlaces(2, Decimal.ROUND_UP).toFixed();

/** a x b / c, exact to `scale` places (half away from zero). */
export function scaleDecimal(a: string, b: string | number, c: string | number, scale = 6): string {
  return round(new Exact(a).times(b).dividedBy(c), scale).toFixed();
}
