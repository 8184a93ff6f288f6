import { addDays, type LocalDate } from '../shared/dates';
import type { CallOffPeriod, OrderRequestLine, RequestDate } from './order-request';

/** Of a blanket order's line, in base units. */
export interface LinePeriod {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly maximum: number;
}

type Dates = readonly RequestDate[];
const firstOf = (dates: Dates, qualifiers: readonly string[]): LocalDate | null =>
  qualifiers
    .map((qualifier) => dates.find((date) => date.qualifier === qualifier)?.date)
    .find((date) => date !== undefined) ?? null;

/** Element 374: contract effective, effective; contract expiration, expiration. */
export const validityQualifiers = { from: ['092', '007'], to: ['093', '036'] } as const;

/** The days on which a blanket order may be called off, both included; null: without a beginning or an end. */
export function validityOf(dates: Dates): { readonly from: LocalDate | null; readonly to: LocalDate | null } {
  return { from: firstOf(dates, validityQualifiers.from), to: firstOf(dates, validityQualifiers.to) };
}

/**
 * The periods of a blanket order's line, in their order: as they are stated, or its deliveries (SCH): from the first
 * day of each to the day that it ends on, or to the day before the next one begins.
 */
export function periodsOf(line: Pick<OrderRequestLine, 'periods' | 'schedules'>): readonly CallOffPeriod[] {
  if (line.periods) return line.periods.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const starts = (line.schedules ?? []).flatMap(({ quantity, dates }) => {
    const from = firstOf(dates, ['037', '010', '002']);
    return from === null ? [] : [{ from, to: firstOf(dates, ['063']), maximum: quantity }];
  });
  const sorted = starts.sort((a, b) => (a.from < b.from ? -1 : 1));
  return sorted.map((one, i) => {
    const next = sorted[i + 1];
    return { ...one, to: one.to ?? (next ? addDays(next.from, -1) : null) };
  });
}

/** What is wrong with stated periods; null: nothing. */
export function whyNoPeriods(periods: readonly CallOffPeriod[]): string | null {
  for (const [i, { from, to }] of periods.entries()) {
    if (to !== null && to < from) return `the period from ${from} ends before it begins (${to})`;
    const next = periods[i + 1];
    if (next && (to === null || to >= next.from))
      return `the periods from ${from} and from ${next.from} overlap`;
  }
  return null;
}

export const periodAt = (periods: readonly LinePeriod[], day: LocalDate): LinePeriod | undefined =>
  periods.find(({ from, to }) => from <= day && (to === null || day <= to));

export const periodWords = ({ from, to }: Pick<LinePeriod, 'from' | 'to'>): string =>
  to === null ? `from ${from} on` : `${from} to ${to}`;
