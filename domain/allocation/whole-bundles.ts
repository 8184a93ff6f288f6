import type { AllocationPlan, Availability, BundleDemand } from './allocate';
import type { SourcingCase, SourcingLine } from './sourcing-case';

/** Lines of components that are only any good together, as one line of their bundle. */
interface Fold {
  readonly line: SourcingLine;
  /** Of each component: its line, and its base units for one of the bundle's. */
  readonly components: readonly { readonly line: SourcingLine; readonly per: number }[];
}

export interface FoldedBundles {
  readonly order: SourcingCase;
  /** The plan in components again. */
  readonly unfold: (plan: AllocationPlan) => AllocationPlan;
}

/**
 * A bundle is to come from one node with all its components, or not at all: to whoever chooses nodes it is one line of
 * an item that a node has as often as its scarcest component allows. Where a component is wanted by several lines of an
 * order, each claims it in the order of the lines, from the preferred nodes first.
 *
 * What of a bundle has left without the rest (a short pick) is completed before whole ones are asked for again.
 * @param bundles by line number: what the line is a component of
 */
export function foldBundles(order: SourcingCase, bundles: ReadonlyMap<number, BundleDemand>): FoldedBundles {
  if (bundles.size === 0) return { order, unfold: (plan) => plan };
  const loose = order.lines.filter((line) => !bundles.has(line.lineNumber));
  const groups = Map.groupBy(
    order.lines.filter((line) => bundles.has(line.lineNumber)),
    (line) => (bundles.get(line.lineNumber) as BundleDemand).key,
  );
  const folds: Fold[] = [];
  const completing: SourcingLine[] = [];
  const postponed: SourcingLine[] = [];
  for (const lines of groups.values()) {
    const bundle = bundles.get((lines[0] as SourcingLine).lineNumber) as BundleDemand;
    const whole = lines.length < bundle.components ? 0 : Math.min(...lines.map(unitsOf));
    const behind = lines.filter((line) => unitsOf(line) > whole);
    if (behind.length === 0) {
      folds.push(foldOf(lines, bundle, whole));
      continue;
    }
    completing.push(...behind.map((line) => ({ ...line, quantity: line.quantity - whole * line.multiple })));
    if (whole > 0) postponed.push(...lines.map((line) => ({ ...line, quantity: whole * line.multiple })));
  }
  const lines = [...loose, ...completing, ...folds.map(({ line }) => line)].toSorted(
    (a, b) => a.lineNumber - b.lineNumber,
  );
  const plain = [...loose, ...completing];
  const folded = { ...order, lines, availability: claim(order, plain, folds) };
  return { order: folded, unfold: (plan) => unfold(plan, folds, postponed) };
}

/** Ordered units. */
const unitsOf = (line: SourcingLine) => Math.floor(line.quantity / line.multiple);

function foldOf(lines: readonly SourcingLine[], bundle: BundleDemand, whole: number): Fold {
  const components = lines.map((line) => ({ line, per: line.multiple / bundle.factor }));
  const first = lines.find((line) => line.lineNumber === bundle.key) ?? (lines[0] as SourcingLine);
  return {
    components,
    line: {
      ...first,
      itemId: virtualItem(bundle.item, components),
      soldAs: bundle.item,
      quantity: whole * bundle.factor,
      multiple: bundle.factor,
      weightGrams: components.reduce((sum, { line, per }) => sum + per * line.weightGrams, 0),
    },
  };
}

/** Bundles of one number but another make are not the same thing on a shelf. */
const virtualItem = (item: string, components: Fold['components']) =>
  `bundle ${item} of ${components.map(({ line, per }) => `${per} ${line.itemId}`).join(',')}`;

/** What nodes have of bundles and of everything else; what several lines need is divided among them. */
function claim(order: SourcingCase, plain: readonly SourcingLine[], folds: readonly Fold[]): Availability[] {
  const key = (itemId: string, nodeId: string) => JSON.stringify([itemId, nodeId]);
  const pool = new Map(
    order.availability.map((row) => [key(row.itemId, row.nodeId), row.available + (row.own ?? 0)]),
  );
  const nodes = order.nodes
    .toSorted((a, b) => a.rank - b.rank || (a.nodeId < b.nodeId ? -1 : 1))
    .map(({ nodeId }) => nodeId);
  const wanters = [
    ...[...Map.groupBy(plain, ({ itemId }) => itemId)].map(([itemId, lines]) => ({
      itemId,
      lines,
      needs: [{ itemId, per: 1 }],
    })),
    ...[...Map.groupBy(folds, ({ line }) => line.itemId)].map(([itemId, same]) => ({
      itemId,
      lines: same.map(({ line }) => line),
      needs: (same[0] as Fold).components.map(({ line, per }) => ({ itemId: line.itemId, per })),
    })),
  ].toSorted((a, b) => firstOf(a.lines) - firstOf(b.lines));
  const wantedBy = new Map<string, number>();
  for (const { needs } of wanters)
    for (const { itemId } of needs) wantedBy.set(itemId, (wantedBy.get(itemId) ?? 0) + 1);
  return wanters.flatMap(({ itemId, lines, needs }) => {
    const contended = needs.some((need) => (wantedBy.get(need.itemId) ?? 0) > 1);
    let open = lines.reduce((sum, line) => sum + line.quantity, 0);
    return nodes.map((nodeId): Availability => {
      const there = Math.min(
        ...needs.map((need) => Math.floor((pool.get(key(need.itemId, nodeId)) ?? 0) / need.per)),
      );
      if (!contended) return { itemId, nodeId, available: there };
      const available = Math.min(there, open);
      open -= available;
      for (const need of needs) {
        const at = key(need.itemId, nodeId);
        pool.set(at, (pool.get(at) ?? 0) - available * need.per);
      }
      return { itemId, nodeId, available };
    });
  });
}

const firstOf = (lines: readonly SourcingLine[]) => Math.min(...lines.map(({ lineNumber }) => lineNumber));

function unfold(
  plan: AllocationPlan,
  folds: readonly Fold[],
  postponed: readonly SourcingLine[],
): AllocationPlan {
  const byLine = new Map(folds.map((fold) => [fold.line.lineNumber, fold]));
  const inComponents = <Row extends { readonly lineNumber: number; readonly quantity: number }>(
    row: Row,
  ): readonly Row[] =>
    byLine.get(row.lineNumber)?.components.map(({ line, per }) => ({
      ...row,
      lineNumber: line.lineNumber,
      itemId: line.itemId,
      quantity: row.quantity * per,
    })) ?? [row];
  return {
    ...plan,
    allocations: plan.allocations.flatMap(inComponents),
    shortages: [
      ...plan.shortages.flatMap(inComponents),
      ...postponed.map(({ lineNumber, itemId, quantity }) => ({ lineNumber, itemId, quantity })),
    ],
  };
}
