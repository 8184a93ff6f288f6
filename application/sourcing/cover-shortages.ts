import type { AllocationPlan } from '../../domain/allocation/allocate';
import { compareDecimals } from '../../domain/shared/money';
import type { LineFacts, LineTerms, ResolvedLine } from '../order/resolve-lines';
import { isAgreedByItself } from '../pricing/agreed-by-itself';
import { countVolumes } from '../pricing/count-volumes';
import type { Decision } from '../record/keep-history';
import { coverBundles, standInsOfComponent, wholeBundles } from './cover-bundles';
import type { StandIn } from './item-relations';
import { partOfLine } from './part-of-line';
import { priceSupplied, supplyInstead } from './supply-instead';

export interface Covered {
  readonly lines: readonly ResolvedLine[];
  readonly plan: AllocationPlan;
  readonly decisions: readonly Omit<Decision, 'orderId' | 'decidedAt' | 'decidedBy'>[];
}

/** Items that may be supplied instead of those of the lines: their stock is locked with that of the lines. */
export const standInItems = (lines: readonly ResolvedLine[], facts: LineFacts): readonly string[] =>
  [
    ...coverable(lines).flatMap((line) => standInsOf(line, facts)),
    ...wholeBundles(lines)
      .flat()
      .flatMap((line) => standInsOfComponent(line, facts)),
  ].map(({ itemId }) => itemId);

/** Lines that are an item of their own: neither a part of one nor a component, nor supplied by something else already. */
function coverable(lines: readonly ResolvedLine[]): readonly ResolvedLine[] {
  const inParts = new Set(lines.flatMap((line) => line.splitFrom ?? []));
  return lines.filter(
    (line) =>
      line.rejection === null &&
      line.item !== null &&
      line.splitFrom === null &&
      !inParts.has(line.lineNumber) &&
      line.supply === null &&
      line.blanketLineId === null &&
      line.baseUnits % line.unitFactor === 0,
  );
}

const standInsOf = ({ item }: ResolvedLine, facts: LineFacts): readonly StandIn[] =>
  item === null ? [] : facts.relations.standInsFor(item);

/** null: it is passed over, while its turn comes and goes. */
export type StandInChoice = StandIn | null;

export interface CoverOptions {
  /** Of which lines what is tried, by line number; without them all that are items of their own. */
  readonly candidates?: ReadonlyMap<number, readonly StandInChoice[]>;
  /** A stand-in costs no more than the line does: that price is confirmed. */
  readonly atMostTheLinesPrice?: boolean;
}

/**
 * Supplies something else where an item is short and the buyer has agreed to it: the first that is there, for the whole
 * line or for the part that is missing. What no stand-in covers stays short. All that is tried is locked already.
 * @param replan what other lines could have of the stock that is locked
 */
export async function coverShortages(
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  facts: LineFacts,
  terms: LineTerms,
  replan: (lines: readonly ResolvedLine[]) => Promise<AllocationPlan>,
  options: CoverOptions = {},
): Promise<Covered> {
  const candidates =
    options.candidates ??
    new Map<number, readonly StandInChoice[]>(
      coverable(lines).map((line) => [line.lineNumber, standInsOf(line, facts)]),
    );
  const swapping = { facts, terms, capped: options.atMostTheLinesPrice === true };
  const rounds = Math.max(0, ...[...candidates.values()].map((all) => all.length));
  const bundles = options.candidates
    ? null
    : await coverBundles(lines, plan, { facts, currency: terms.currency, replan });
  const tried: Tried[] = (bundles?.tried ?? []).map(({ line, standIn, covers, missing }) =>
    triedOf(line, standIn, covers, missing),
  );
  let current = bundles?.lines ?? lines;
  let best = bundles?.plan ?? plan;
  for (let round = 0; round < rounds; round += 1) {
    const swaps = best.shortages.flatMap(({ lineNumber, quantity }): Swap[] => {
      const line = current.find((one) => one.lineNumber === lineNumber);
      const standIn = candidates.get(lineNumber)?.[round];
      if (!line || !standIn || line.supply !== null) return [];
      // A whole line that another stand-in covers in part stays as it is.
      if (standIn.cover === 'whole-line' && line.baseUnits !== originalOf(lines, lineNumber)) return [];
      const missing = standIn.cover === 'whole-line' ? line.baseUnits : quantity;
      return [{ line, standIn, missing }];
    });
    if (swaps.length === 0) continue;
    const trial = await replan(withSwaps(current, swaps, swapping));
    const fitting = swaps.flatMap((swap) => fit(swap, current, swaps, trial, facts, tried));
    if (fitting.length === 0) continue;
    current = withSwaps(current, fitting, swapping);
    best = await replan(current);
  }
  if (tried.length === 0) return { lines, plan, decisions: [] };
  return { lines: current, plan: best, decisions: [decisionOf(tried, facts)] };
}

const originalOf = (lines: readonly ResolvedLine[], lineNumber: number) =>
  lines.find((line) => line.lineNumber === lineNumber)?.baseUnits;

interface Swap {
  readonly line: ResolvedLine;
  readonly standIn: StandIn;
  /** Base units of the line's own item. */
  readonly missing: number;
}

interface Tried {
  readonly line: number;
  readonly of: string;
  readonly by: string;
  readonly rule: string;
  readonly because: StandIn['because'];
  /** Base units of what was ordered that it covers. */
  readonly covers: number;
  readonly missing: number;
}

/** What of a swap the trial has stock for: all, whole ordered units of it, or nothing. */
function fit(
  swap: Swap,
  current: readonly ResolvedLine[],
  swaps: readonly Swap[],
  trial: AllocationPlan,
  facts: LineFacts,
  tried: Tried[],
): readonly Swap[] {
  const { line, standIn, missing } = swap;
  const number = numbersOf(current, swaps).get(line.lineNumber) as number;
  const sold = facts.items.get(standIn.itemId)?.active === true;
  const got = trial.allocations
    .filter((one) => one.lineNumber === number && one.itemId === standIn.itemId)
    .reduce((sum, one) => sum + one.quantity, 0);
  const whole = Math.floor(got / (line.unitFactor * standIn.ratio)) * line.unitFactor;
  const covers = !sold || (standIn.cover === 'whole-line' && whole < missing) ? 0 : Math.min(whole, missing);
  tried.push(triedOf(line, standIn, covers, missing));
  return covers === 0 ? [] : [{ ...swap, missing: covers }];
}

const triedOf = (
  { lineNumber, item }: ResolvedLine,
  { itemId: by, rule, version, because }: StandIn,
  covers: number,
  missing: number,
): Tried => ({
  line: lineNumber,
  of: item?.itemId ?? '',
  by,
  rule: `${rule} ${version}`,
  because,
  covers,
  missing,
});

/** The number of the line that has the stand-in: the line's own where nothing of the ordered item is left, else a new one. */
function numbersOf(current: readonly ResolvedLine[], swaps: readonly Swap[]): ReadonlyMap<number, number> {
  let next = Math.max(0, ...current.map((line) => line.lineNumber));
  return new Map(
    swaps.map(({ line, missing }) => {
      if (missing < line.baseUnits) next += 1;
      return [line.lineNumber, missing < line.baseUnits ? next : line.lineNumber];
    }),
  );
}

interface Swapping {
  readonly facts: LineFacts;
  readonly terms: LineTerms;
  readonly capped: boolean;
}

function withSwaps(
  current: readonly ResolvedLine[],
  swaps: readonly Swap[],
  { facts, terms, capped }: Swapping,
): readonly ResolvedLine[] {
  const numbers = numbersOf(current, swaps);
  const byLine = new Map(swaps.map((swap) => [swap.line.lineNumber, swap]));
  const volumesOf = countVolumes(current, facts);
  const further: ResolvedLine[] = [];
  const kept = current.map((line) => {
    const swap = byLine.get(line.lineNumber);
    if (swap === undefined) return line;
    const part = partOfLine(line, swap.missing, terms.currency);
    const instead = supplyInstead(part, swap.standIn, facts);
    if (instead?.supply?.kind !== 'instead') return line;
    // A price that was agreed by itself holds whatever is supplied.
    const anew = isAgreedByItself(line.priceDecision)
      ? instead
      : { ...instead, ...priceSupplied(instead, instead.supply, facts, terms, volumesOf) };
    const priced = capped && isDearer(anew, line) ? instead : anew;
    if (swap.missing === line.baseUnits) return { ...priced, holds: holdsOf(line, priced) };
    const lineNumber = numbers.get(line.lineNumber) as number;
    further.push({ ...priced, lineNumber, splitFrom: line.lineNumber, holds: [] });
    const rest = partOfLine(line, line.baseUnits - swap.missing, terms.currency);
    return { ...rest, holds: holdsOf(line, priced, line.holds) };
  });
  return [...kept, ...further];
}

const isDearer = (priced: ResolvedLine, line: ResolvedLine): boolean =>
  priced.unitPrice === null ||
  line.unitPrice === null ||
  priced.holds.length > 0 ||
  priced.priceBasis !== line.priceBasis ||
  compareDecimals(priced.unitPrice, line.unitPrice) > 0;

/** Holds are the whole line's: those of what was ordered, with what speaks against the stand-in's price. */
const holdsOf = (
  line: ResolvedLine,
  priced: ResolvedLine,
  standing: ResolvedLine['holds'] = line.holds.filter(({ type }) => type !== 'price'),
): ResolvedLine['holds'] => {
  const dearer = priced.holds.filter(({ type }) => !standing.some((hold) => hold.type === type));
  return [...standing, ...dearer];
};

function decisionOf(tried: readonly Tried[], facts: LineFacts): Covered['decisions'][number] {
  return {
    kind: 'substitution',
    rule: 'agreed-stand-in',
    ruleVersion: [...new Set(tried.map(({ rule }) => rule))].slice(0, 20).join(', '),
    inputs: { agreement: facts.relations.agreement },
    outcome: tried,
  };
}
