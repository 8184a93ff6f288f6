import type { MoneyView } from '../../../api/contract/common';
import { amountText, decimalsOf } from './amount';

const locale = 'en-US';
const moneyFormats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string, places = decimalsOf(currency)): Intl.NumberFormat {
  const name = `${currency}/${places}`;
  let format = moneyFormats.get(name);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: decimalsOf(currency),
      maximumFractionDigits: places,
    });
    moneyFormats.set(name, format);
  }
  return format;
}

/** The decimal text is formatted as text: no amount passes through a float. */
export const formatMoney = (money: MoneyView) =>
  moneyFormat(money.currency).format(money.amount as `${number}`);
/** An amount that is known in its smallest unit alone. */
export function formatMinorUnits(minor: number, currency: string): string {
  const text = `${minor < 0 ? '-' : ''}${amountText(Math.abs(minor), currency)}`;
  return moneyFormat(currency).format(text as `${number}`);
}
/** Up to six places, never fewer than its currency has. */
export const formatPrice = (price: string | null, currency: string) =>
  price === null ? '–' : moneyFormat(currency, 6).format(price as `${number}`);

const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
export const formatCount = (value: number | string) => counts.format(value as `${number}`);
/** "1 unit", "3 units", "no units"; `many` where it is not an s more. */
export const countOf = (count: number, one: string, many = `${one}s`) =>
  count === 0 ? `no ${many}` : `${formatCount(count)} ${count === 1 ? one : many}`;
/** Base units as the ordered unit has them. */
export const formatInUnit = (baseUnits: number, factor: number) => counts.format(baseUnits / factor);

const dateTimes = new Intl.DateTimeFormat(locale, {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
const dateTimesWithYear = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' });
const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
const datesWithYear = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
/** The time of day says nothing of another year, whose number does. */
export function formatInstant(instant: string): string {
  const at = new Date(instant);
  const isThisYear = at.getFullYear() === new Date().getFullYear();
  return isThisYear ? dateTimes.format(at) : datesWithYear.format(at);
}
/** With the zone that the reader's clock is in. */
export const formatInstantFully = (instant: string) => dateTimesWithYear.format(new Date(instant));
/** "America/Chicago": where the clock goes by which instants are said. */
export const timeZone = () => dateTimes.resolvedOptions().timeZone.replaceAll('_', ' ');
/** A date without a zone stays the day it says, wherever the reader is. */
export const formatDate = (date: string | null) =>
  date === null ? '–' : dates.format(new Date(`${date.slice(0, 10)}T00:00:00Z`));

const spans: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

/** "2 d 3 h", "45 min", "12 s". */
export function formatSpan(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [size, unit] of spans) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return parts.length === 0 ? `${rest} s` : parts.slice(0, 2).join(' ');
}

export const secondsSince = (instant: string, nowMs: number) => (nowMs - new Date(instant).getTime()) / 1000;

const abbreviations = new Map([
  ['edi', 'EDI'],
  ['api', 'API'],
  ['csv', 'CSV'],
]);
/** "credit-limit" as people read it. */
export const inWords = (name: string) => {
  const words = name.replaceAll('-', ' ').replaceAll('_', ' ');
  return abbreviations.get(words) ?? words.charAt(0).toUpperCase() + words.slice(1);
};
