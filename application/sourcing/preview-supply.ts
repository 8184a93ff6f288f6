import type { Tx } from '../../db/connection';
import { countBundles } from '../../domain/order/line-supply';
import type { OrderRequest } from '../../domain/order/order-request';
import { fromBaseUnits } from '../../domain/shared/quantity';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';
import { assessLines } from '../order/assess-lines';
import { plannerFor } from '../order/plan-new-order';
import type { ResolvedLine } from '../order/resolve-lines';
import { coverShortages, standInItems } from './cover-shortages';

/** What would be supplied for a line, and how much of it is there. */
export interface LinePreview {
  readonly lineNumber: number;
  readonly quantity: string;
  readonly unit: string;
  /** In the ordered unit; of a bundle whole ones only. */
  readonly available: string;
  readonly concerns: readonly string[];
  readonly supplied: readonly {
    readonly itemId: string | null;
    readonly description: string | null;
    /** Base units of it. */
    readonly quantity: number;
    readonly available: number;
    /** Base units for one ordered unit. */
    readonly unitFactor: number;
    readonly unitPrice: string | null;
    readonly amountMinor: number;
    readonly supply: ResolvedLine['supply'];
  }[];
}

/**
 * What an order would be supplied with if it came now: bundles in components, successors of old numbers, what comes
 * instead of what is short. By the same rules and the same stock as an order, under the same locks, and nothing is
 * written. The caller's transaction ends with it.
 */
export async function previewSupply(
  tx: Tx,
  request: OrderRequest,
  customer: CustomerRow,
  policy: CustomerPolicy,
  now: string,
): Promise<{ readonly agreement: string | null; readonly lines: readonly LinePreview[] }> {
  const assessed = await assessLines(tx, request, customer, policy, now);
  const { facts, terms } = assessed;
  const alive = assessed.lines.filter((line) => line.rejection === null);
  const plan = plannerFor(tx, {
    request,
    cartId: null,
    shipTo: assessed.shipTo,
    policy,
    alsoLock: standInItems(alive, facts),
    now,
  });
  const planAlive = (lines: readonly ResolvedLine[]) => plan(lines.filter((line) => line.rejection === null));
  const covered = await coverShortages(assessed.lines, await planAlive(alive), facts, terms, planAlive);
  const allocated = new Map<number, number>();
  for (const { lineNumber, quantity } of covered.plan.allocations)
    allocated.set(lineNumber, (allocated.get(lineNumber) ?? 0) + quantity);
  const groups = Map.groupBy(covered.lines, (line) => line.splitFrom ?? line.lineNumber);
  return {
    agreement: facts.relations.agreement?.name ?? null,
    lines: [...groups]
      .map(([lineNumber, parts]) => previewOf(lineNumber, parts, allocated, request))
      .toSorted((a, b) => a.lineNumber - b.lineNumber),
  };
}

function previewOf(
  lineNumber: number,
  parts: readonly ResolvedLine[],
  allocated: ReadonlyMap<number, number>,
  request: OrderRequest,
): LinePreview {
  const asked = request.lines[lineNumber - 1];
  const availableOf = (line: ResolvedLine) => allocated.get(line.lineNumber) ?? 0;
  const components = Map.groupBy(
    parts.filter(({ supply }) => supply?.kind === 'component'),
    ({ supply }) => (supply?.kind === 'component' ? supply.key : 0),
  );
  const bundles = [...components.values()].reduce(
    (sum, lines) =>
      sum +
      countBundles(
        lines.map((line) => ({
          per: line.unitFactor,
          ordered: line.baseUnits,
          cancelled: 0,
          released: 0,
          shipped: 0,
          reserved: availableOf(line),
        })),
      ).reserved,
    0,
  );
  const others = parts.filter(({ supply }) => supply?.kind !== 'component');
  // Each part has its own base units for one ordered unit.
  const available = others.reduce(
    (sum, line) => sum + Number(fromBaseUnits(availableOf(line), 'x', { x: line.unitFactor })),
    bundles,
  );
  return {
    lineNumber,
    quantity: asked?.quantity ?? '0',
    unit: asked?.unit ?? '',
    available: String(available),
    concerns: parts.flatMap(({ rejection, holds }) => [
      ...(rejection === null ? [] : [rejection.text]),
      ...holds.map(({ reason }) => reason.text),
    ]),
    supplied: parts
      .filter(({ rejection }) => rejection === null)
      .map((line) => ({
        itemId: line.item?.itemId ?? null,
        description: line.item?.description ?? null,
        quantity: line.baseUnits,
        available: availableOf(line),
        unitFactor: line.unitFactor,
        unitPrice: line.unitPrice,
        amountMinor: line.amountMinor,
        supply: line.supply,
      })),
  };
}
