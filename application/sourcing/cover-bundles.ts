import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { ComponentSupply } from '../../domain/order/line-supply';
import type { LineFacts, ResolvedLine } from '../order/resolve-lines';
import type { StandIn } from './item-relations';

/** A line of a component, with what it says of its bundle. */
type ComponentLine = ResolvedLine & { readonly supply: ComponentSupply };

export interface CoveredBundles {
  readonly lines: readonly ResolvedLine[];
  readonly plan: AllocationPlan;
  readonly tried: readonly TriedComponent[];
}

/** A stand-in of a component, and how much of what was missing it covers: base units of the component. */
export interface TriedComponent {
  readonly line: ResolvedLine;
  readonly standIn: StandIn;
  readonly covers: number;
  readonly missing: number;
}

/** A bundle of many components with many stand-ins each is not tried in every make. */
const MOST_MAKES = 24;

const isComponent = (line: ResolvedLine): line is ComponentLine => line.supply?.kind === 'component';

/** Bundles that are a line of their own, not a part of one that is split over places. */
export function wholeBundles(lines: readonly ResolvedLine[]): readonly (readonly ComponentLine[])[] {
  const groups = Map.groupBy(lines.filter(isComponent), ({ supply }) => supply.key);
  return [...groups]
    .filter(([key]) => {
      const parts = lines.filter((line) => line.lineNumber === key || line.splitFrom === key);
      return parts.every(
        (line) =>
          isComponent(line) &&
          line.supply.key === key &&
          line.rejection === null &&
          line.blanketLineId === null &&
          (line.lineNumber !== key || line.splitFrom === null),
      );
    })
    .map(([, components]) => components);
}

/** What the buyer has agreed to instead of a component; nothing where it is something else than the bundle says already. */
export const standInsOfComponent = ({ item, supply }: ComponentLine, facts: LineFacts): readonly StandIn[] =>
  item === null || supply.instead !== undefined ? [] : facts.relations.standInsFor(item);

/**
 * Supplies something else for components of bundles that are short, where the buyer has agreed to it for the component:
 * all bundles of a line are of one make, so that it is done where all of the line is missing, or where the agreement is
 * of whole lines, and only if the line then lacks nothing and no other line more than before. What the bundle costs, and
 * how that is shared, stays.
 */
export async function coverBundles(
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  facts: LineFacts,
  replan: (lines: readonly ResolvedLine[]) => Promise<AllocationPlan>,
): Promise<CoveredBundles> {
  let current = lines;
  let best = plan;
  const tried: TriedComponent[] = [];
  for (const bundle of wholeBundles(lines)) {
    const missing = missingOf(bundle, best);
    if (missing === 0) continue;
    const makes = makesOf(bundle, missing, facts);
    const made = await firstWhole(bundle, makes, { current, best, facts, replan });
    if (made !== null) ({ current, best } = made);
    const swaps = made?.make ?? makes.filter((make) => make.length === 1).flat();
    for (const { line, standIn } of swaps) {
      const units = missing * line.unitFactor;
      tried.push({ line, standIn, missing: units, covers: made === null ? 0 : units });
    }
  }
  return { lines: current, plan: best, tried };
}

interface Swap {
  readonly line: ComponentLine;
  readonly standIn: StandIn;
}
/** Components that come as something else; the others are what the bundle says. */
type Make = readonly Swap[];

/** Those in which the fewest components are replaced first, each by the stand-in that is tried first. */
function makesOf(bundle: readonly ComponentLine[], missing: number, facts: LineFacts): readonly Make[] {
  const makes = bundle.reduce<readonly Make[]>(
    (all, line) => {
      const agreed = standInsOfComponent(line, facts).filter(
        ({ cover, itemId }) =>
          facts.items.get(itemId)?.active === true &&
          (cover === 'whole-line' || missing * line.unitFactor === line.baseUnits),
      );
      const further = agreed.flatMap((standIn) => all.map((make) => [...make, { line, standIn }]));
      return [...all, ...further].toSorted((a, b) => a.length - b.length).slice(0, MOST_MAKES + 1);
    },
    [[]],
  );
  return makes.filter((make) => make.length > 0);
}

interface Standing {
  readonly current: readonly ResolvedLine[];
  readonly best: AllocationPlan;
  readonly facts: LineFacts;
  readonly replan: (lines: readonly ResolvedLine[]) => Promise<AllocationPlan>;
}

async function firstWhole(
  bundle: readonly ComponentLine[],
  makes: readonly Make[],
  { current, best, facts, replan }: Standing,
): Promise<(Pick<Standing, 'current' | 'best'> & { readonly make: Make }) | null> {
  const own = new Set(bundle.map(({ lineNumber }) => lineNumber));
  const others = new Map(best.shortages.map(({ lineNumber, quantity }) => [lineNumber, quantity]));
  for (const make of makes) {
    const swapped = current.map((line) => {
      const swap = make.find((one) => one.line.lineNumber === line.lineNumber);
      return swap === undefined ? line : withStandIn(swap, facts);
    });
    const trial = await replan(swapped);
    const isWhole = trial.shortages.every(
      ({ lineNumber, quantity }) => !own.has(lineNumber) && quantity <= (others.get(lineNumber) ?? 0),
    );
    if (isWhole) return { current: swapped, best: trial, make };
  }
  return null;
}

/** Ordered units of the bundle that lack some component. */
const missingOf = (bundle: readonly ComponentLine[], plan: AllocationPlan): number =>
  Math.max(
    ...bundle.map((line) =>
      Math.ceil(
        plan.shortages
          .filter(({ lineNumber }) => lineNumber === line.lineNumber)
          .reduce((sum, { quantity }) => sum + quantity, 0) / line.unitFactor,
      ),
    ),
  );

/** The component's line with what comes instead; one of its ordered unit is so many base units of that. */
function withStandIn({ line, standIn }: Swap, facts: LineFacts): ResolvedLine {
  const item = facts.items.get(standIn.itemId);
  if (item === undefined || line.item === null) return line;
  const { ratio, because, rule, version } = standIn;
  // By the ordered numbers only what also counts as the ordered one does: a notice says what is in the carton.
  const named = standIn.documents === 'ordered' && ratio === 1 ? line.item : item;
  return {
    ...line,
    item,
    request: { ...line.request, description: named.description },
    unitFactor: line.unitFactor * ratio,
    baseUnits: line.baseUnits * ratio,
    supply: {
      ...line.supply,
      ids: facts.relations.idsOf(named.itemId),
      baseUnit: named.baseUnit,
      instead: {
        of: line.item.itemId,
        because,
        rule,
        version,
        agreement: facts.relations.agreement?.name ?? '',
        ratio,
      },
    },
  };
}
