import { Decimal } from 'decimal.js';
import { type Currency, currencyPlaces } from '../shared/money';

/** What one unit of `from` is worth in `to`, as the company has stated it: a rule, kept with every decision. */
export interface ExchangeRate {
  readonly from: Currency;
  readonly to: Currency;
  /** Decimal string, for example "1.0834". */
  readonly rate: string;
  readonly version: number;
  readonly source: string;
}

const Exact = Decimal.clone({ precision: 60 });

/** The stated rate of a pair. The inverse of a stated one is nobody's statement, so it does not serve. */
export function findRate(
  rates: readonly ExchangeRate[],
  from: Currency,
  to: Currency,
): ExchangeRate | undefined {
  return rates.find((rate) => rate.from === from && rate.to === to);
}

/**
 * An amount in another currency, rounded once, away from zero at the half; undefined where no rate is stated.
 * @param rates those in force
 */
export function convertMinor(
  amountMinor: number,
  from: Currency,
  to: Currency,
  rates: readonly ExchangeRate[],
): number | undefined {
  if (from === to || amountMinor === 0) return amountMinor;
  const rate = findRate(rates, from, to);
  if (rate === undefined) return undefined;
  const converted = new Exact(amountMinor)
    .times(rate.rate)
    .times(new Exact(10).pow(currencyPlaces(to) - currencyPlaces(from)))
    .toDecimalPlaces(0, Decimal.ROUND_HALF_UP)
    .toNumber();
  if (!Number.isSafeInteger(converted))
    throw new RangeError(
      `${amountMinor} ${from} (minor units) is beyond what can be held exactly in ${to} at ${rate.rate}`,
    );
  return converted;
}
