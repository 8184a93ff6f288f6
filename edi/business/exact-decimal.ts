/** A decimal number without rounding: `units` / 10 ** `places`. The dictionary's numbers are read, nothing else. */
export interface ExactDecimal {
  readonly units: bigint;
  readonly places: number;
}

export const zero: ExactDecimal = { units: 0n, places: 0 };

/** A value of type R or N as sent; null for what is no plain number, and for one too long to be meant. */
export function readDecimal(text: string): ExactDecimal | null {
  const match = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?$/.exec(text);
  if (!match || (match[2] === '' && (match[3] ?? '') === '')) return null;
  const decimals = match[3] ?? '';
  const units = BigInt(`${match[2] ?? ''}${decimals}` || '0');
  return { units: match[1] === '-' ? -units : units, places: decimals.length };
}

/** N2 and the like: the decimals are implied. */
export const readImplied = (text: string, places: number): ExactDecimal | null =>
  /^-?\d{1,40}$/.test(text) ? { units: BigInt(text), places } : null;

function scaled({ units, places }: ExactDecimal, to: number): bigint {
  return units * 10n ** BigInt(to - places);
}

export function add(one: ExactDecimal, other: ExactDecimal): ExactDecimal {
  const places = Math.max(one.places, other.places);
  return { units: scaled(one, places) + scaled(other, places), places };
}

export const negate = ({ units, places }: ExactDecimal): ExactDecimal => ({ units: -units, places });

export const multiply = (one: ExactDecimal, other: ExactDecimal): ExactDecimal => ({
  units: one.units * other.units,
  places: one.places + other.places,
});

export function compare(one: ExactDecimal, other: ExactDecimal): -1 | 0 | 1 {
  const places = Math.max(one.places, other.places);
  const [a, b] = [scaled(one, places), scaled(other, places)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** To hundredths, half away from zero; `divisor` divides first (a price per hundred). */
export function toHundredths({ units, places }: ExactDecimal, divisor = 1n): bigint {
  const below = 10n ** BigInt(places) * divisor;
  const doubled = units * 200n;
  const size = doubled < 0n ? -doubled : doubled;
  const rounded = (size + below) / (2n * below);
  return units < 0n ? -rounded : rounded;
}

export function show({ units, places }: ExactDecimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const decimals = places === 0 ? '' : digits.slice(-places).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}

/** The sum, or null where one of them is no number. */
export function sum(texts: readonly string[]): ExactDecimal | null {
  let total = zero;
  for (const text of texts) {
    const one = readDecimal(text);
    if (one === null) return null;
    total = add(total, one);
  }
  return total;
}
