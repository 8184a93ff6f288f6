import type { LocalDate } from '../shared/dates';
import { fairShare, type WaitingWant } from './fair-share';

export interface Supply {
  readonly date: LocalDate;
  /** Base units. */
  readonly quantity: number;
}

/**
 * Pegs the lines that wait for an item to what is there and what is to come: the day on which each has all that it
 * waits for, by the rule by which it will be served then. Whoever is behind changes nothing for those before.
 * @param queue in its order; quantities beyond the share that is kept for the line
 * @param supplies ascending by date, the first is what is free today
 * @returns null for a line that nothing that is known of covers
 */
export function promiseBackorders(
  queue: readonly WaitingWant[],
  supplies: readonly Supply[],
  served: 'in-order' | 'fair-share',
): ReadonlyMap<string, LocalDate | null> {
  const promised = new Map<string, LocalDate | null>(queue.map(({ lineId }) => [lineId, null]));
  let open = queue.map((want) => ({ ...want }));
  let left = 0;
  for (const { date, quantity } of supplies) {
    left += quantity;
    const shares = served === 'fair-share' ? fairShare(left, open) : inOrder(left, open);
    for (const want of open) {
      const share = shares.get(want.lineId) ?? 0;
      want.quantity -= share;
      left -= share;
      if (want.quantity === 0) promised.set(want.lineId, date);
    }
    open = open.filter((want) => want.quantity > 0);
  }
  return promised;
}

function inOrder(available: number, wants: readonly WaitingWant[]): ReadonlyMap<string, number> {
  let left = available;
  return new Map(
    wants.map(({ lineId, quantity }) => {
      const share = Math.min(left, quantity);
      left -= share;
      return [lineId, share];
    }),
  );
}
