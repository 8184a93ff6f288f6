import { localDateIn } from '../../domain/shared/dates';

it('the date of an instant changes with the midnight of its zone, whatever was asked before', () => {
  const asked = [
    ['2026-11-22T18:14:59.999Z', 'Asia/Kathmandu', '2026-11-22'],
    ['2026-11-22T18:15:00.000Z', 'Asia/Kathmandu', '2026-11-23'],
    ['2026-11-22T18:15:00.000Z', 'America/Chicago', '2026-11-22'],
    ['2026-11-23T05:59:59.999Z', 'America/Chicago', '2026-11-22'],
    ['2026-11-23T06:00:00.000Z', 'America/Chicago', '2026-11-23'],
    // Liberia was 44 minutes and a half behind until 1972.
    ['1971-06-01T00:44:00.000Z', 'Africa/Monrovia', '1971-05-31'],
    ['1971-06-01T00:44:59.000Z', 'Africa/Monrovia', '1971-06-01'],
  ] as const;
  for (const round of [1, 2])
    for (const [instant, zone, date] of asked)
      expect([round, instant, zone, localDateIn(instant, zone)]).toEqual([round, instant, zone, date]);
});
