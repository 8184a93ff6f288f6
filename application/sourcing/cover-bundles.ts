import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { ComponentSupply } from '../../domain/order/line-supply';
import type { LineFacts, ResolvedLine } from '../order/resolve-lines';
import type { StandIn } from './item-relations';
import { partOfLine } from './part-of-line';

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

interface Covering {
  readonly facts: LineFacts;
  readonly currency: string;
  readonly replan: (lines: readonly ResolvedLine[]) => Promise<AllocationPlan>;
}

/** All lines as they are to be supplied, and what of that there is stock for. */
interface Standing {
  readonly current: readonly ResolvedLine[];
  readonly best: AllocationPlan;
}

/**
 * Supplies something else for components of bundles that are short, where the buyer has agreed to it for the component.
 * All bundles of a line are of one make where the agreement is of whole lines, or where all of them are short; otherwise
 * those that are short are of another make, which is a group of components of its own. No other line may lack more than
 * before. What a bundle costs, and how that is shared, stays.
 */
export async function coverBundles(
  lines: readonly ResolvedLine[],
  plan: AllocationPlan,
  covering: Covering,
): Promise<CoveredBundles> {
  let standing: Standing = { current: lines, best: plan };
  const tried: TriedComponent[] = [];
  for (const bundle of wholeBundles(lines)) {
    const missing = missingOf(bundle, standing.best);
    if (missing === 0) continue;
    const asWhole = makesOf(
      bundle,
      covering.facts,
      (line, cover) => cover === 'whole-line' || missing * line.unitFactor === line.baseUnits,
    );
    const made = await firstWhole(bundle, asWhole, standing, covering);
    const asParts = made ? [] : makesOf(bundle, covering.facts, (_, cover) => cover === 'short-part');
    if (asParts.length > 0) standing = await coverInParts(bundle, asParts, standing, covering, tried);
    else {
      standing = made ?? standing;
      for (const { line, standIn } of made?.make ?? asWhole.filter((make) => make.length === 1).flat()) {
        const units = missing * line.unitFactor;
        tried.push({ line, standIn, missing: units, covers: made === null ? 0 : units });
      }
    }
  }
  return { lines: standing.current, plan: standing.best, tried };
}

interface Swap {
  readonly line: ComponentLine;
  readonly standIn: StandIn;
}
/** Components that come as something else; the others are what the bundle says. */
type Make = readonly Swap[];

/** Those in which the fewest components are replaced first, each by the stand-in that is tried first. */
function makesOf(
  bundle: readonly ComponentLine[],
  facts: LineFacts,
  isAgreed: (line: ComponentLine, cover: StandIn['cover']) => boolean,
): readonly Make[] {
  const makes = bundle.reduce<readonly Make[]>(
    (all, line) => {
      const agreed = standInsOfComponent(line, facts).filter(
        ({ cover, itemId }) => facts.items.get(itemId)?.active === true && isAgreed(line, cover),
      );
      const further = agreed.flatMap((standIn) => all.map((make) => [...make, { line, standIn }]));
      return [...all, ...further].toSorted((a, b) => a.length - b.length).slice(0, MOST_MAKES + 1);
    },
    [[]],
  );
  return makes.filter((make) => make.length > 0);
}

async function firstWhole(
  bundle: readonly ComponentLine[],
  makes: readonly Make[],
  { current, best }: Standing,
  { facts, replan }: Covering,
): Promise<(Standing & { readonly make: Make }) | null> {
  for (const make of makes) {
    const swapped = current.map((line) => inMake(line, make, facts));
    const trial = await replan(swapped);
    if (missingOf(ofBundle(swapped, bundle), trial) > 0 || othersLackMore(best, trial, bundle)) continue;
    return { current: swapped, best: trial, make };
  }
  return null;
}

/** Those bundles of a line that lack something, make by make: of each so many as are there. */
async function coverInParts(
  bundle: readonly ComponentLine[],
  makes: readonly Make[],
  before: Standing,
  { facts, currency, replan }: Covering,
  tried: TriedComponent[],
): Promise<Standing> {
  let standing = before;
  for (const make of makes) {
    const own = ofBundle(standing.current, bundle);
    const missing = missingOf(own, standing.best);
    if (missing === 0) break;
    // All of them in another make was looked at before.
    const most = standing === before ? Math.min(missing, bundlesOf(own) - 1) : missing;
    const divided = (units: number) => divide(standing.current, own, make, units, { facts, currency });
    const asked = most > 0 ? divided(most) : null;
    const got = asked === null ? 0 : most - missingOf(asked.made, await replan(asked.lines));
    const part = got > 0 ? divided(got) : null;
    const found = part && (await replan(part.lines));
    const covers =
      part !== null &&
      found !== null &&
      missingOf(part.made, found) === 0 &&
      missingOf(part.kept, found) <= missing - got &&
      !othersLackMore(standing.best, found, [...part.kept, ...part.made]);
    if (covers) standing = { current: part.lines, best: found };
    for (const { line, standIn } of make)
      tried.push({
        line,
        standIn,
        missing: missing * line.unitFactor,
        covers: covers ? got * line.unitFactor : 0,
      });
  }
  return standing;
}

interface Divided {
  readonly lines: readonly ResolvedLine[];
  /** What stays of the make that it is, and what is of the other one. */
  readonly kept: readonly ComponentLine[];
  readonly made: readonly ComponentLine[];
}

/** So many bundles of another make, as components with numbers of their own; all of them: in the lines that they have. */
function divide(
  current: readonly ResolvedLine[],
  own: readonly ComponentLine[],
  make: Make,
  units: number,
  { facts, currency }: Pick<Covering, 'facts' | 'currency'>,
): Divided {
  const [first] = own as [ComponentLine];
  const whole = bundlesOf(own);
  if (units === whole) {
    const lines = current.map((line) => inMake(line, make, facts));
    return { lines, kept: [], made: ofBundle(lines, own) };
  }
  const next = Math.max(...current.map(({ lineNumber }) => lineNumber)) + 1;
  const partOf = (line: ComponentLine, bundles: number) =>
    partOfLine(line, bundles * line.unitFactor, currency) as ComponentLine;
  const made = own.map((line, at) => {
    const part = inMake(partOf(line, units), make, facts) as ComponentLine;
    const supply = { ...part.supply, key: next };
    const head = first.splitFrom ?? first.lineNumber;
    return { ...part, lineNumber: next + at, splitFrom: head, supply, holds: [] };
  });
  const numbers = new Set(own.map(({ lineNumber }) => lineNumber));
  const rest = current.map((line) =>
    numbers.has(line.lineNumber) ? partOf(line as ComponentLine, whole - units) : line,
  );
  return { lines: [...rest, ...made], kept: ofBundle(rest, own), made };
}

const bundlesOf = ([first]: readonly ComponentLine[]): number =>
  first === undefined ? 0 : first.baseUnits / first.unitFactor;

/** The lines of a bundle's components as they are now. */
const ofBundle = (
  lines: readonly ResolvedLine[],
  bundle: readonly ComponentLine[],
): readonly ComponentLine[] =>
  lines.filter(isComponent).filter((line) => bundle.some((one) => one.lineNumber === line.lineNumber));

/** Whether lines other than those of a bundle would lack more than they did. */
function othersLackMore(
  before: AllocationPlan,
  after: AllocationPlan,
  bundle: readonly ComponentLine[],
): boolean {
  const own = new Set(bundle.map(({ lineNumber }) => lineNumber));
  const lacked = new Map(before.shortages.map(({ lineNumber, quantity }) => [lineNumber, quantity]));
  return after.shortages.some(
    ({ lineNumber, quantity }) => !own.has(lineNumber) && quantity > (lacked.get(lineNumber) ?? 0),
  );
}

/** Ordered units of the bundle that lack some component. */
const missingOf = (bundle: readonly ComponentLine[], plan: AllocationPlan): number =>
  Math.max(
    0,
    ...bundle.map((line) =>
      Math.ceil(
        plan.shortages
          .filter(({ lineNumber }) => lineNumber === line.lineNumber)
          .reduce((sum, { quantity }) => sum + quantity, 0) / line.unitFactor,
      ),
    ),
  );

/**
 * A line as it is in a make: a component's with what comes instead, of which one ordered unit is so many base units;
 * any other as it is.
 */
function inMake(line: ResolvedLine, make: Make, facts: LineFacts): ResolvedLine {
  const standIn = make.find((one) => one.line.lineNumber === line.lineNumber)?.standIn;
  const item = standIn && facts.items.get(standIn.itemId);
  if (standIn === undefined || item === undefined || line.item === null || !isComponent(line)) return line;
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
