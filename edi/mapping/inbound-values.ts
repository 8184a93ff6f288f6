import type { LocalDate } from '../../domain/shared/dates';
import { formatMinor, scaleDecimal } from '../../domain/shared/money';

/**
 * Element 373: CCYYMMDD, or YYMMDD before 4010. Without a century years up to 79 belong to this one: no purchase order
 * is older than the standard.
 * @returns undefined when it is not a day of the calendar
 */
export function readDate(text: string | undefined, century?: string): LocalDate | undefined {
  if (text === undefined || !/^(\d{6}|\d{8})$/.test(text)) return undefined;
  const full = text.length === 8 ? text : `${century ?? (text < '80' ? '20' : '19')}${text}`;
  const [year, month, day] = [full.slice(0, 4), full.slice(4, 6), full.slice(6, 8)];
  // Day 0 of the next month is the last of this one; Date takes years below 100 for those of the last century.
  const lastDay = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > lastDay) return undefined;
  return `${year}-${month}-${day}`;
}

/** An R element as a decimal string without leading zeros or a bare point: "0012" is "12", ".5" is "0.5". */
export function readDecimal(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(trimmed)) return trimmed;
  // X12.6 3.3.1.3: the point may stand first or last; exponents came with 5010.
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,2})?$/.test(trimmed)) return undefined;
  return scaleDecimal(trimmed, 1, 1, 20);
}

/** Places behind the point: unit prices may have six, elsewhere in the hub nothing finer can be kept. */
export function decimalPlaces(value: string): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

/** N2 elements (610): the last two digits are hundredths, whatever the currency. "1234" is "12.34". */
export function readHundredths(text: string): string {
  return /^-?\d{1,15}$/.test(text) ? formatMinor(Number(text), 'USD') : text;
}
