/** A line of an order of which something is to leave. */
export interface LeavingLine {
  readonly lineNumber: number;
  /** Some of it is not there yet, or may not leave yet. */
  readonly isBehind: boolean;
  /** All that is behind is a day that was asked for and has not come: a delivery of its own. */
  readonly isOnlyEarly: boolean;
  /** It leaves whole or not at all. */
  readonly complete: boolean;
  /** Lines with the same word leave in one shipment, whole, or not at all. */
  readonly together: string | null;
}

/**
 * The lines of which nothing leaves now: of an order that ships complete none while something is missing, of lines that
 * ship together none while one of them is behind, and none of a line that ships complete while it is behind itself.
 */
export function stayingLines(
  lines: readonly LeavingLine[],
  { shipComplete }: { readonly shipComplete: boolean },
): ReadonlySet<number> {
  const all = (some: readonly LeavingLine[]) => new Set(some.map(({ lineNumber }) => lineNumber));
  if (shipComplete && lines.some(({ isBehind, isOnlyEarly }) => isBehind && !isOnlyEarly)) return all(lines);
  const words = new Set(lines.flatMap(({ isBehind, together }) => (isBehind ? (together ?? []) : [])));
  return all(
    lines.filter(
      ({ isBehind, complete, together }) =>
        (complete && isBehind) || (together !== null && words.has(together)),
    ),
  );
}

/** Shipments of an order, as far as their number matters. */
export interface ShipmentCounts {
  /** Those there are already. */
  readonly begun: number;
  /** Those that could leave now. */
  readonly ready: number;
  /** Of these, those that something on hold would be in: without it they are one more. */
  readonly besideHeld: number;
  /** Of what is reserved and may not leave yet. */
  readonly later: number;
  /** Something of the order is not there yet. */
  readonly isMissing: boolean;
}

/**
 * How many of the shipments that could leave now do. While something of the order is missing, the last one that its
 * maximum allows is kept for that: what left before it would be the end, and the rest could never follow. What is on hold
 * keeps the one that it will be, and no other: only what it would leave with waits for it, where there is none to spare.
 */
export function shipmentsThatLeave(
  { begun, ready, besideHeld, later, isMissing }: ShipmentCounts,
  maximumShipments: number | null,
): number {
  if (maximumShipments === null) return ready;
  const left = Math.max(0, maximumShipments - begun - later);
  if (isMissing) return Math.min(ready, Math.max(0, left - 1));
  // Those that nothing on hold is in are as many, whenever they leave.
  const apart = ready - besideHeld;
  return apart + Math.min(besideHeld, Math.max(0, left - apart));
}
