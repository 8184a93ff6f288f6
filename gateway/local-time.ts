import { type Instant, localDateIn, type TimeZone } from '../domain/shared/dates';

/** Date and time as an envelope shows them, in the zone of the one who writes. */
export function envelopeTime(
  instant: Instant,
  zone: TimeZone,
): { readonly date: string; readonly time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '00';
  return { date: localDateIn(instant, zone).replaceAll('-', ''), time: `${part('hour')}${part('minute')}` };
}
