/** A line that waits for an item. */
export interface WaitingWant {
  readonly lineId: string;
  /** Base units that are still wanted. */
  readonly quantity: number;
  /** Base units of one ordered unit: a case is given whole or not at all. */
  readonly multiple: number;
}

/**
 * Shares what there is in proportion to what each line still wants, in whole ordered units: first what the exact share
 * holds of them, then one more each to the largest remainders, as far as it reaches; equal remainders in the order in
 * which the wants stand. Nobody gets more than is wanted, nor an ordered unit or more beside the exact share.
 * @returns base units by line; lines that get nothing are not in it
 */
export function fairShare(available: number, wants: readonly WaitingWant[]): ReadonlyMap<string, number> {
  const total = wants.reduce((sum, want) => sum + want.quantity, 0);
  if (total <= available) return new Map(wants.map((want) => [want.lineId, want.quantity]));
  if (available <= 0) return new Map();
  let left = available;
  const shares = wants.map((want) => {
    // Counts multiply beyond what a double holds exactly.
    const exact = BigInt(available) * BigInt(want.quantity);
    const orderedUnit = BigInt(total) * BigInt(want.multiple);
    const given = Number(exact / orderedUnit) * want.multiple;
    left -= given;
    return { want, given, remainder: exact % orderedUnit, orderedUnit };
  });
  const byRemainder = shares
    .filter(({ remainder }) => remainder > 0n)
    // remainder / orderedUnit is a part of one ordered unit: a case's and a piece's compare.
    .toSorted((a, b) => sign(b.remainder * a.orderedUnit - a.remainder * b.orderedUnit));
  for (const share of byRemainder) {
    const more = Math.min(share.want.multiple, share.want.quantity - share.given);
    if (more > left) continue;
    share.given += more;
    left -= more;
  }
  return new Map(shares.filter(({ given }) => given > 0).map(({ want, given }) => [want.lineId, given]));
}

const sign = (value: bigint) => (value > 0n ? 1 : value < 0n ? -1 : 0);
