import {
  addDays,
  addSeconds,
  type Instant,
  instantOf,
  type LocalDate,
  localDateIn,
  type TimeZone,
} from '../shared/dates';

/** When a store is open, on its own clock. Days are 1 Monday to 7 Sunday; `from` and `to` are HHMM, `to` may be 2400. */
export interface OpeningHours {
  readonly open: readonly { readonly days: readonly number[]; readonly from: string; readonly to: string }[];
  readonly closedOn: readonly LocalDate[];
}

/** A store that does not open within so many days has no hours that a timer could run in. */
const DAYS_AHEAD = 60;

const weekday = (date: LocalDate) => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

/**
 * The instant at which a store has been open for so long since `from`: what is offered at night runs from the opening
 * in the morning. Without hours it is always open.
 * @param minutes of opening time
 */
export function afterOpenMinutes(
  from: Instant,
  minutes: number,
  hours: OpeningHours,
  zone: TimeZone,
): Instant {
  if (hours.open.length === 0) return addSeconds(from, minutes * 60);
  let leftMs = minutes * 60_000;
  const start = Date.parse(from);
  const first = localDateIn(from, zone);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const day = addDays(first, ahead);
    for (const [opens, closes] of openingsOn(day, hours, zone)) {
      const begin = Math.max(opens, start);
      if (closes <= begin) continue;
      if (begin + leftMs <= closes) return new Date(begin + leftMs).toISOString();
      leftMs -= closes - begin;
    }
  }
  // Closed for weeks: asked anyway, so that the order does not wait for ever.
  return addSeconds(from, minutes * 60);
}

/** Opening and closing instants of a day, in order. Where two openings overlap the later one begins when the first ends. */
function openingsOn(
  day: LocalDate,
  { open, closedOn }: OpeningHours,
  zone: TimeZone,
): readonly (readonly [number, number])[] {
  if (closedOn.includes(day)) return [];
  const spans = open
    .filter(({ days }) => days.includes(weekday(day)))
    .map(({ from, to }): [number, number] => [
      Date.parse(instantOf(day, from, zone)),
      Date.parse(to === '2400' ? instantOf(addDays(day, 1), '0000', zone) : instantOf(day, to, zone)),
    ])
    .sort(([a], [b]) => a - b);
  let end = Number.NEGATIVE_INFINITY;
  return spans.map(([opens, closes]) => {
    const span = [Math.max(opens, end), closes] as const;
    end = Math.max(end, closes);
    return span;
  });
}
