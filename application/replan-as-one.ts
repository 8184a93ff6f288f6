import type { Tx } from '../db/connection';
import type { Allocation, AllocationPlan, Demand } from '../domain/allocation/allocate';
import type { UnfilledReason } from '../domain/allocation/constraints';
import { demandOf } from './demands';
import { recordEvents } from './keep-history';
import { type OrderRow, readLines, waitingUnits } from './order-record';
import { giveBackStock, takeStock } from './take-stock';

/** What the order asks of its shipments together: another choice of nodes for all of it may do. */
const ofTheWhole: readonly (UnfilledReason | undefined)[] = [
  'single-node',
  'maximum-shipments',
  'ship-together',
  'ship-complete-line',
  'constraints-together',
];

/** Units of the order that lie where they are keep more of it from coming. */
export const isInItsOwnWay = ({ shortages, own }: AllocationPlan): boolean =>
  own === undefined && shortages.some(({ reason }) => ofTheWhole.includes(reason));

class NotAsOne extends Error {}

/**
 * Plans what a change asks for together with all that the order has reserved and in no shipment, as if none of it lay
 * anywhere yet. Where that has everything, what was reserved moves; otherwise nothing has changed. The caller holds the
 * stock of all items of the order.
 * @returns where the demands come from then; null: not all of it can be had as one
 */
export async function replanAsOne(
  tx: Tx,
  order: OrderRow,
  demands: readonly Demand[],
  planFor: (tx: Tx, demands: readonly Demand[]) => Promise<AllocationPlan>,
  now: string,
): Promise<AllocationPlan | null> {
  const lines = (await readLines(tx, order.id)).filter((line) => line.rejection_code === null);
  const had = lines.filter((line) => line.reserved > 0 && line.item_id !== null);
  const isAsked = new Set(demands.map(({ lineNumber }) => lineNumber));
  // Who waits keeps a place among others: their share is not weighed here.
  const othersWait = lines.some((line) => waitingUnits(line) > 0 && !isAsked.has(line.line_number));
  if (had.length === 0 || othersWait) return null;
  try {
    return await tx.transaction(async (trying) => {
      for (const line of had) await giveBackStock(trying, order, line.id, line.reserved);
      const units = new Map(had.map((line) => [line.line_number, line.reserved]));
      const together = [
        ...demands.map((one) => ({ ...one, quantity: one.quantity + (units.get(one.lineNumber) ?? 0) })),
        ...had.filter((line) => !isAsked.has(line.line_number)).map((line) => demandOf(line, line.reserved)),
      ];
      const plan = await planFor(trying, together);
      if (plan.shortages.length > 0 || plan.own !== undefined) throw new NotAsOne();
      const { kept, more } = divided(plan.allocations, units);
      await takeStock(
        trying,
        order,
        { ...plan, allocations: kept },
        new Map(had.map((line) => [line.line_number, line.id])),
      );
      const nodes = [...new Set(plan.allocations.map(({ nodeId }) => nodeId))].sort().join(', ');
      await recordEvents(trying, [
        {
          orderId: order.id,
          at: now,
          kind: 'sourced-again',
          actor: 'hub',
          text: `What was reserved was sourced again together with what a change asks for: all comes from ${nodes}`,
        },
      ]);
      return { ...plan, allocations: more };
    });
  } catch (error) {
    if (error instanceof NotAsOne) return null;
    throw error;
  }
}

/** Of each line first the units that it had; what is beyond them is what was asked for. */
function divided(allocations: readonly Allocation[], had: ReadonlyMap<number, number>) {
  const open = new Map(had);
  const kept: Allocation[] = [];
  const more: Allocation[] = [];
  for (const one of allocations) {
    const first = Math.min(one.quantity, open.get(one.lineNumber) ?? 0);
    open.set(one.lineNumber, (open.get(one.lineNumber) ?? 0) - first);
    if (first > 0) kept.push({ ...one, quantity: first });
    if (one.quantity > first) more.push({ ...one, quantity: one.quantity - first });
  }
  return { kept, more };
}
