/** ISO 4217, as the hub counts (`domain/shared/money.ts`): browsers say of many currencies how cash is counted instead. */
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

/** How many decimals a currency has: JPY none, BHD three. */
export const decimalsOf = (currency: string): number => places[currency] ?? 2;

/**
 * A typed amount in the currency's smallest unit; null where it is none. Read as text: no amount passes through a float.
 * Commas between thousands are what people paste.
 */
export function minorOf(text: string, currency: string): number | null {
  const places = decimalsOf(currency);
  const found = /^(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return null;
  const [, whole = '', fraction = ''] = found;
  if (fraction.length > places) return null;
  const minor = Number(`${whole.replaceAll(',', '')}${fraction.padEnd(places, '0')}`);
  return Number.isSafeInteger(minor) ? minor : null;
}

/** An amount as it is typed, to begin an edit with. */
export function amountText(minor: number, currency: string): string {
  const places = decimalsOf(currency);
  const digits = String(minor).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
