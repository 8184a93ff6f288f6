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

/** A line that may have what it waits for from some nodes only. */
export interface PlacedWant extends WaitingWant {
  /** null: from any. */
  readonly nodes: readonly string[] | null;
}

/**
 * Shares what there is among lines of which some may not have it from everywhere: everyone's share of all of it first,
 * as far as it lies where they may have it from; what is left over then is shared anew among those who got theirs whole.
 * @param left what nobody has yet @param give the shares: what each line really got of its own
 * @returns base units by line
 */
export function shareInRounds<Want extends PlacedWant>(
  wants: readonly Want[],
  left: () => number,
  give: (
    shares: readonly { readonly want: Want; readonly quantity: number }[],
  ) => ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const got = new Map<string, number>();
  let open = wants.filter(({ quantity }) => quantity > 0);
  while (open.length > 0) {
    const shares = fairShare(left(), open);
    const asked = open.flatMap((want) => {
      const quantity = shares.get(want.lineId) ?? 0;
      return quantity > 0 ? [{ want, quantity }] : [];
    });
    const given = give(asked);
    for (const [lineId, units] of given) got.set(lineId, (got.get(lineId) ?? 0) + units);
    const lacking = asked.filter(({ want, quantity }) => (given.get(want.lineId) ?? 0) < quantity);
    if (lacking.length === 0) break;
    const done = new Set(lacking.map(({ want }) => want.lineId));
    open = open.flatMap((want) => {
      const quantity = want.quantity - (given.get(want.lineId) ?? 0);
      return done.has(want.lineId) || quantity === 0 ? [] : [{ ...want, quantity }];
    });
  }
  return got;
}
