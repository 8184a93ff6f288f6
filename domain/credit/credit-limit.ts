import type { LocalDate } from '../shared/dates';
import { sumMinor } from '../shared/money';

/** Days are those of the selling entity; the last one still counts. null: without an end. */
export interface StandingLimit {
  readonly limitMinor: number;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
}

/** On top of the standing limit, for a time, set by a person with a reason. */
export interface TemporaryLimit {
  readonly id: string;
  readonly amountMinor: number;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate;
}

export interface LimitInForce {
  readonly totalMinor: number;
  readonly standingMinor: number;
  readonly temporaryMinor: number;
  /** Ids of the temporary limits that count today. */
  readonly temporary: readonly string[];
  /** Why the standing limit does not count today, where it does not. */
  readonly lapsed: 'not-yet-valid' | 'expired' | null;
}

export const countsOn = (
  day: LocalDate,
  { validFrom, validTo }: Pick<StandingLimit, 'validFrom' | 'validTo'>,
): boolean => (validFrom === null || validFrom <= day) && (validTo === null || day <= validTo);

/** The limit of a day. One that has run out is no limit at all: nothing is free until somebody renews it. */
export function limitOn(
  day: LocalDate,
  standing: StandingLimit,
  temporary: readonly TemporaryLimit[],
): LimitInForce {
  const lapsed = countsOn(day, standing)
    ? null
    : standing.validFrom !== null && day < standing.validFrom
      ? 'not-yet-valid'
      : 'expired';
  const counting = temporary.filter((one) => countsOn(day, one));
  const standingMinor = lapsed === null ? standing.limitMinor : 0;
  const temporaryMinor = sumMinor(counting.map(({ amountMinor }) => amountMinor));
  return {
    totalMinor: standingMinor + temporaryMinor,
    standingMinor,
    temporaryMinor,
    temporary: counting.map(({ id }) => id),
    lapsed,
  };
}
