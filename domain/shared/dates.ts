/** A calendar date without a zone, "2026-11-22". What documents say; whose zone it is follows from its place. */
export type LocalDate = string;
/** An instant in UTC, ISO 8601 with a Z. */
export type Instant = string;
/** IANA name, "America/Chicago". */
export type TimeZone = string;

/** Making a formatter costs a hundred times what using it does; there are some hundred zones. */
function formatterIn(options: Intl.DateTimeFormatOptions): (zone: TimeZone) => Intl.DateTimeFormat {
  const known = new Map<TimeZone, Intl.DateTimeFormat>();
  return (zone) => {
    let found = known.get(zone);
    if (!found) {
      found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone, hourCycle: 'h23' });
      known.set(zone, found);
    }
    return found;
  };
}

const dayIn = formatterIn({ year: 'numeric', month: '2-digit', day: '2-digit' });
const clockIn = formatterIn({ hour: '2-digit', minute: '2-digit' });
const instantIn = formatterIn({
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const EARLIEST_QUARTERS = Date.UTC(1973, 0, 1);
const QUARTER_MS = 15 * 60_000;
const MOST_DATES = 1_000;
/** By zone and quarter of an hour: taking an instant apart costs more than the rest of what is asked with it. */
const datesKnown = new Map<string, LocalDate>();

/** The calendar date that an instant has in a zone. */
export function localDateIn(instant: Instant, zone: TimeZone): LocalDate {
  const at = Date.parse(instant);
  // Offsets from UTC are whole quarters of an hour everywhere since 1972.
  if (at < EARLIEST_QUARTERS) return dateOf(new Date(instant), zone);
  const key = `${zone} ${Math.floor(at / QUARTER_MS)}`;
  let date = datesKnown.get(key);
  if (date === undefined) {
    date = dateOf(new Date(instant), zone);
    if (datesKnown.size >= MOST_DATES) datesKnown.clear();
    datesKnown.set(key, date);
  }
  return date;
}

function dateOf(instant: Date, zone: TimeZone): LocalDate {
  const parts = dayIn(zone).formatToParts(instant);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** HHMM on the clock of the place. */
export function localTimeIn(instant: Instant, zone: TimeZone): string {
  const parts = clockIn(zone).formatToParts(new Date(instant));
  return parts
    .filter((p) => p.type === 'hour' || p.type === 'minute')
    .map((p) => p.value)
    .join('');
}

export function addDays(date: LocalDate, days: number): LocalDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

export function addSeconds(instant: Instant, seconds: number): Instant {
  return new Date(new Date(instant).getTime() + seconds * 1000).toISOString();
}

/** The instant at which a local day ends in its zone: a cancel-after of the 5th still holds at 23:59 there. */
export function endOfLocalDay(date: LocalDate, zone: TimeZone): Instant {
  return startOfLocalDay(addDays(date, 1), zone);
}

export function startOfLocalDay(date: LocalDate, zone: TimeZone): Instant {
  return instantOf(date, '0000', zone);
}

/** The instant of a clock in a zone. @param time HHMM or HHMMSS */
export function instantOf(date: LocalDate, time: string, zone: TimeZone): Instant {
  const [hours, minutes, seconds] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6) || '00'];
  const asUtc = Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`);
  // The offset is looked up twice: near a change of clocks the first guess may lie on the other side of it.
  const first = asUtc - offsetMs(asUtc, zone);
  return new Date(asUtc - offsetMs(first, zone)).toISOString();
}

function offsetMs(at: number, zone: TimeZone): number {
  const parts = instantIn(zone).formatToParts(new Date(at));
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - at
  );
}
