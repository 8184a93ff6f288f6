import { type Instant, localDateIn, localTimeIn, type TimeZone } from '../domain/shared/dates';

/** Date and time as an envelope shows them, in the zone of the one who writes. */
export function envelopeTime(
  instant: Instant,
  zone: TimeZone,
): { readonly date: string; readonly time: string } {
  return { date: localDateIn(instant, zone).replaceAll('-', ''), time: localTimeIn(instant, zone) };
}
