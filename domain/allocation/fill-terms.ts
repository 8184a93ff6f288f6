import type { Allocation, AllocationPlan } from './allocate';

/** What an order takes of what it wants where not all of it is there. */
export interface FillTerms {
  /** Nothing is taken unless everything of the order is there: it waits as a whole. */
  readonly shipComplete: boolean;
  /** Of a line, or of the order, at least so much at once, else nothing. null: whatever is there. */
  readonly minimum:
    | { readonly of: 'line' | 'order'; readonly percent: number }
    | { readonly of: 'line'; readonly quantity: number }
    | null;
  /** What then is missing waits, or is cancelled at once: fill or kill. */
  readonly rest: 'backorder' | 'cancel';
}

export interface FillLine {
  readonly lineNumber: number;
  /** Base units that are wanted in all. */
  readonly ordered: number;
  /** Of that, what the line has already: reserved, released, shipped. */
  readonly before: number;
  /** Base units of one ordered unit, in which a minimum quantity is said. */
  readonly multiple: number;
}

/**
 * Takes back what a plan gives to lines that stay below their minimum, or all of it where the order does. A line that
 * is asked for less than its minimum needs no more than itself. What was taken once counts: a minimum is for the
 * beginning, the rest follows as it comes.
 */
export function applyFillTerms(
  plan: AllocationPlan,
  lines: readonly FillLine[],
  terms: Pick<FillTerms, 'minimum'>,
): AllocationPlan {
  const { minimum } = terms;
  if (minimum === null) return plan;
  const taken = new Map<number, number>();
  for (const { lineNumber, quantity } of plan.allocations)
    taken.set(lineNumber, (taken.get(lineNumber) ?? 0) + quantity);
  const has = (line: FillLine) => line.before + (taken.get(line.lineNumber) ?? 0);
  if (minimum.of === 'order') {
    const ordered = lines.reduce((sum, line) => sum + line.ordered, 0);
    const filled = lines.reduce((sum, line) => sum + has(line), 0);
    return reaches(filled, ordered, minimum.percent) ? plan : without(plan, () => true);
  }
  const below = new Set(
    lines
      .filter((line) =>
        'percent' in minimum
          ? !reaches(has(line), line.ordered, minimum.percent)
          : has(line) < Math.min(line.ordered, minimum.quantity * line.multiple),
      )
      .map((line) => line.lineNumber),
  );
  return below.size === 0 ? plan : without(plan, ({ lineNumber }) => below.has(lineNumber));
}

const reaches = (filled: number, ordered: number, percent: number) =>
  BigInt(filled) * 100n >= BigInt(ordered) * BigInt(percent);

function without(plan: AllocationPlan, isTakenBack: (allocation: Allocation) => boolean): AllocationPlan {
  const shortages = new Map(plan.shortages.map((one) => [one.lineNumber, { ...one }]));
  for (const allocation of plan.allocations.filter(isTakenBack)) {
    const { lineNumber, itemId, quantity } = allocation;
    const before = shortages.get(lineNumber)?.quantity ?? 0;
    shortages.set(lineNumber, { lineNumber, itemId, quantity: before + quantity });
  }
  return {
    ...plan,
    allocations: plan.allocations.filter((allocation) => !isTakenBack(allocation)),
    shortages: [...shortages.values()].toSorted((a, b) => a.lineNumber - b.lineNumber),
  };
}
