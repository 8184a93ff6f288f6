import { addDays, type Instant, type LocalDate, localDateIn, localTimeIn } from '../shared/dates';

/** When a place works. */
export interface WorkCalendar {
  /** 1 Monday to 7 Sunday. */
  readonly workingDays: readonly number[];
  readonly holidays: readonly LocalDate[];
}

export const everyDay: WorkCalendar = { workingDays: [1, 2, 3, 4, 5, 6, 7], holidays: [] };

const dayMs = 86_400_000;
/** Days since 1970-01-01: dates as numbers, to be subtracted. */
export const dayNumber = (date: LocalDate): number => Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);

/** ISO: 1970-01-01 was a Thursday. */
const weekday = (date: LocalDate) => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;

export const isWorkingDay = (calendar: WorkCalendar, date: LocalDate): boolean =>
  calendar.workingDays.includes(weekday(date)) && !calendar.holidays.includes(date);

/** A calendar without a working day in so long has none. */
const FARTHEST_DAYS = 400;

/** The first working day from `date` on, it included. */
export function workingDayFrom(calendar: WorkCalendar, date: LocalDate): LocalDate {
  let day = date;
  for (let tried = 0; tried < FARTHEST_DAYS && !isWorkingDay(calendar, day); tried++) day = addDays(day, 1);
  return day;
}

/** The `count`th working day after `date`. */
export function workingDaysAfter(calendar: WorkCalendar, date: LocalDate, count: number): LocalDate {
  let day = date;
  for (let n = 0; n < count; n++) day = workingDayFrom(calendar, addDays(day, 1));
  return day;
}

export interface Departure {
  readonly timeZone: string;
  readonly calendar: WorkCalendar;
  /** Working days between the order's day and the day it leaves. */
  readonly leadDays: number;
  /** HHMM on the node's clock: later orders count from the next working day; null: none. */
  readonly cutOff: string | null;
  /** It may not leave before, in the node's days. */
  readonly notBefore: LocalDate | null;
}

/** The day on which a node can let goods go that it hears of now. */
export function shipDay(
  now: Instant,
  { timeZone, calendar, leadDays, cutOff, notBefore }: Departure,
): LocalDate {
  const today = localDateIn(now, timeZone);
  const isLate = cutOff !== null && isWorkingDay(calendar, today) && localTimeIn(now, timeZone) > cutOff;
  const first = workingDayFrom(calendar, isLate ? addDays(today, 1) : today);
  const ready = workingDaysAfter(calendar, first, leadDays);
  return notBefore !== null && notBefore > ready ? workingDayFrom(calendar, notBefore) : ready;
}

/** The ship-to's own day on which it arrives, after so many working days of the carrier. */
export const arrivalDay = (leaves: LocalDate, transitDays: number, carrier: WorkCalendar): LocalDate =>
  workingDaysAfter(carrier, leaves, transitDays);
