/** The partner's own arithmetic: exact, on whole numbers, and written without a look at the hub's. */
interface Exact {
  readonly digits: bigint;
  readonly places: number;
}

function exact(text: string): Exact {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match || text.trim() === '') throw new RangeError(`"${text}" is not a number`);
  const [, sign = '', whole = '', fraction = ''] = match;
  return {
    digits: BigInt(`${sign}${whole}${fraction}` === sign ? '0' : `${sign}${whole}${fraction}`),
    places: fraction.length,
  };
}

/** quantity x price / basis in cents, half a cent rounded up. */
export function lineCents(quantity: string, price: string, basis = 1): number {
  const a = exact(quantity);
  const b = exact(price);
  const scale = 10n ** BigInt(a.places + b.places) * BigInt(basis);
  return Number((a.digits * b.digits * 100n * 2n + scale) / (2n * scale));
}

export function sameNumber(a: string, b: string): boolean {
  const x = exact(a);
  const y = exact(b);
  return x.digits * 10n ** BigInt(y.places) === y.digits * 10n ** BigInt(x.places);
}

export function sumOf(numbers: readonly string[]): string {
  const places = Math.max(0, ...numbers.map((one) => exact(one).places));
  const digits = numbers.reduce((sum, one) => {
    const { digits: own, places: ownPlaces } = exact(one);
    return sum + own * 10n ** BigInt(places - ownPlaces);
  }, 0n);
  return plain({ digits, places });
}

/** "12.50" and "12.5" are the same number: without what is not needed. */
export function tidy(text: string): string {
  return plain(exact(text));
}

function plain({ digits, places }: Exact): string {
  const text = digits.toString().padStart(places + 1, '0');
  if (places === 0) return text;
  return `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, '');
}

export function cents(amount: number): string {
  return `${Math.trunc(amount / 100)}.${String(Math.abs(amount % 100)).padStart(2, '0')}`;
}

/** Percent of an amount in cents, half a cent rounded up. */
export function percentOf(amountCents: number, percent: string): number {
  return lineCents(String(amountCents), percent, 10_000);
}

/** GS1 General Specifications: from the right, digits count three times and once in turn. */
export function hasCheckDigit(digits: string): boolean {
  const sum = [...digits]
    .toReversed()
    .reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return /^\d+$/.test(digits) && sum % 10 === 0;
}
