import type { LocalDate } from '../shared/dates';
import { beyondPromises, type PromisedUnits } from './set-aside';

/** Stock of an item at a node, as it stands. Base units. */
export interface NodePosition {
  readonly nodeId: string;
  /** Lower is preferred: what waiting orders were promised is set aside at the least preferred nodes first. */
  readonly rank: number;
  /**
   * A supplier that ships to customers: on hand is what it said that it has, reserved what it was asked for since, and it
   * sells so many units together and no fewer than the least. null: a node of the company.
   */
  readonly supplier: { readonly unitFactor: number; readonly minimum: number } | null;
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

/**
 * on hand - reserved - safety - kept + inbound until the date - promised = available, never below zero; of a supplier in
 * whole units of its own.
 */
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
 * theirs first, from the nodes that each may have it from. What a shortage of safety stock or of a keep swallows of what
 * comes in is not available either.
 * @param waiting base units that orders wait for, beyond the shares that are kept for them
 * @param dates ascending, the first is today
 * @param mayHave whether who asks may have it from a node: what others wait for is set aside elsewhere first
 */
export function availableToPromise(
  positions: readonly NodePosition[],
  waiting: readonly Omit<PromisedUnits, 'itemId'>[],
  dates: readonly LocalDate[],
  mayHave: (nodeId: string) => boolean = () => true,
): readonly NodePromise[] {
  const promised = waiting.map((one) => ({ ...one, itemId: '' }));
  const nodes = positions.map(({ nodeId, rank, supplier }) => ({
    nodeId,
    rank,
    isSupplier: supplier !== null,
  }));
  const sold = new Map(positions.map(({ nodeId, supplier }) => [nodeId, supplier]));
  const byDate = dates.map((date) => {
    const standing = positions.map((position) => standingAt(position, date));
    const free = standing.map(({ nodeId, free: available }) => ({ itemId: '', nodeId, available }));
    const left = new Map(
      beyondPromises(free, nodes, promised, ({ nodeId }) => mayHave(nodeId)).map((one) => [
        one.nodeId,
        one.available,
      ]),
    );
    return new Map(
      standing.map(({ nodeId, free: all, own, ...figures }) => {
        const rest = left.get(nodeId) ?? 0;
        const available = wholeUnits(rest + own, sold.get(nodeId) ?? null);
        return [nodeId, { date, ...figures, promised: all - rest, available }];
      }),
    );
  });
  return positions.map(({ nodeId }) => ({
    nodeId,
    dates: byDate.flatMap((of) => of.get(nodeId) ?? []),
  }));
}

/** What of it a supplier sells: whole units of its own, none where it would be fewer than it sells at least. */
export function wholeUnits(base: number, supplier: NodePosition['supplier']): number {
  if (supplier === null) return base;
  const units = Math.floor(base / supplier.unitFactor);
  return units < supplier.minimum ? 0 : units * supplier.unitFactor;
}

/** A node's figures on a day; `free` for anybody, `own` for the one who asks besides. */
function standingAt(position: NodePosition, date: LocalDate) {
  const { nodeId, onHand, reserved, safety, carts, reserves, shares } = position;
  const inbound = inboundUntil(position, date);
  const kept = carts + reserves + shares - position.own;
  return {
    nodeId,
    onHand,
    reserved,
    safety,
    kept,
    inbound,
    free: Math.max(0, onHand - reserved - safety - kept - position.own + inbound),
    own: Math.min(position.own, Math.max(0, onHand - reserved)),
  };
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
