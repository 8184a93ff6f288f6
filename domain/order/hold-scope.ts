import type { HoldStep } from './hold-types';

/** An open hold, as far as it matters what it stops. */
export interface StandingHold {
  /** The head number of its line; null where it is not on a line. */
  readonly lineNumber: number | null;
  readonly shipmentId: string | null;
  readonly blocks: readonly string[];
}

/** What stops the order itself, as against a part of it while the rest flows on. */
const stopsTheOrder: readonly HoldStep[] = ['answer', 'release'];

const isOfOrder = (hold: StandingHold) => hold.lineNumber === null && hold.shipmentId === null;

/**
 * Whether a step of the whole order waits: a hold of the order blocks it, or holds block it for every one of its lines.
 * @param lines head numbers of the lines that are still to be delivered or were
 */
export function isStepBlocked(
  holds: readonly StandingHold[],
  lines: readonly number[],
  step: HoldStep,
): boolean {
  const blocking = holds.filter((hold) => hold.blocks.includes(step));
  if (blocking.some(isOfOrder)) return true;
  if (lines.length === 0) return false;
  const held = new Set(blocking.map((hold) => hold.lineNumber));
  return lines.every((line) => held.has(line));
}

/** Whether the order as such is on hold; it flows again when the last hold that does this is gone. */
export const isOrderHeld = (holds: readonly StandingHold[], lines: readonly number[]): boolean =>
  stopsTheOrder.some((step) => isStepBlocked(holds, lines, step));

/** Head numbers of lines for which a step waits. */
export const linesHeld = (holds: readonly StandingHold[], step: HoldStep): ReadonlySet<number> =>
  new Set(
    holds.flatMap(({ lineNumber, blocks }) =>
      lineNumber !== null && blocks.includes(step) ? [lineNumber] : [],
    ),
  );

/** Steps that wait for one shipment: by a hold of its own, or of a line that is in it. */
export function stepsHeldOf(
  holds: readonly StandingHold[],
  shipment: { readonly shipmentId: string; readonly lines: readonly number[] },
): readonly string[] {
  const own = holds.filter(
    ({ shipmentId, lineNumber }) =>
      shipmentId === shipment.shipmentId || (lineNumber !== null && shipment.lines.includes(lineNumber)),
  );
  return [...new Set(own.flatMap(({ blocks }) => blocks))].sort();
}
