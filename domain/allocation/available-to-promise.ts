import type { LocalDate } from '../shared/dates';

/** Stock of an item at a node, as it stands. Base units. */
export interface NodePosition {
  readonly nodeId: string;
  /** Lower is preferred: what waiting orders were promised is set aside at the least preferred nodes first. */
  readonly rank: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly safety: number;
  /** Kept for carts, for customers and channels, and as shares of waiting lines. */
  readonly carts: number;
  readonly reserves: number;
  readonly shares: number;
  /** Of carts and reserves, what is kept for the one who asks. */
  readonly own: number;
  /** Still to come, none of it before today. */
  readonly inbound: readonly { readonly date: LocalDate; readonly quantity: number }[];
}

/** on hand - reserved - safety - kept + inbound until the date - promised = available, never below zero. */
export interface PromiseFigures {
  readonly date: LocalDate;
  readonly onHand: number;
  readonly reserved: number;
  readonly safety: number;
  readonly kept: number;
  readonly inbound: number;
  /** Set aside here for orders that wait. */
  readonly promised: number;
  readonly available: number;
}

export interface NodePromise {
  readonly nodeId: string;
  readonly dates: readonly PromiseFigures[];
}

/**
 * Available-to-promise of an item by node and date, for somebody who comes now: everything that orders wait for is
 * theirs first, wherever it lies. What a shortage of safety stock or of a keep swallows of what comes in is not
 * available either.
 * @param waiting base units that orders wait for, beyond the shares that are kept for them
 * @param dates ascending, the first is today
 */
export function availableToPromise(
  positions: readonly NodePosition[],
  waiting: number,
  dates: readonly LocalDate[],
): readonly NodePromise[] {
  const worstFirst = positions.toSorted(
    (a, b) => b.rank - a.rank || (a.nodeId < b.nodeId ? 1 : a.nodeId > b.nodeId ? -1 : 0),
  );
  const figures = new Map<string, PromiseFigures[]>(positions.map(({ nodeId }) => [nodeId, []]));
  for (const date of dates) {
    let owed = waiting;
    for (const position of worstFirst) {
      const inbound = inboundUntil(position, date);
      const { onHand, reserved, safety, carts, reserves, shares } = position;
      const kept = carts + reserves + shares - position.own;
      const free = Math.max(0, onHand - reserved - safety - kept - position.own + inbound);
      const promised = Math.min(owed, free);
      owed -= promised;
      const own = Math.min(position.own, Math.max(0, onHand - reserved));
      figures.get(position.nodeId)?.push({
        date,
        onHand,
        reserved,
        safety,
        kept,
        inbound,
        promised,
        available: free - promised + own,
      });
    }
  }
  return positions.map(({ nodeId }) => ({ nodeId, dates: figures.get(nodeId) ?? [] }));
}

function inboundUntil({ inbound }: NodePosition, date: LocalDate): number {
  return inbound.reduce((sum, one) => (one.date <= date ? sum + one.quantity : sum), 0);
}

/** Today and every later day on which something comes in, up to a day. */
export function datesOfChange(
  positions: readonly NodePosition[],
  today: LocalDate,
  until: LocalDate,
): readonly LocalDate[] {
  const days = positions.flatMap(({ inbound }) => inbound.map(({ date }) => date));
  return [today, ...new Set(days.filter((day) => day > today && day <= until))].sort();
}
