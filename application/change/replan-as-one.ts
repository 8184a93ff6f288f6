import type { Tx } from '../../db/connection';
import type { Allocation, AllocationPlan, Demand } from '../../domain/allocation/allocate';
import type { UnfilledReason } from '../../domain/allocation/constraints';
import { type OrderLineRow, type OrderRow, readLines, waitingUnits } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { demandOf } from '../sourcing/demands';
import { standingKey } from '../stock/stock-standing';
import { giveBackStock, takeStock } from '../stock/take-stock';
import { type MovingOrder, someLose, WaitingBeside } from './waiting-beside';

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

/** Nothing that was given back to be planned anew stays so. */
class OnlyPlanned extends Error {
  readonly plan: AllocationPlan | null;
  constructor(plan: AllocationPlan | null) {
    super('it was only planned');
    this.name = 'OnlyPlanned';
    this.plan = plan;
  }
}

type PlanFor = (
  tx: Tx,
  demands: readonly Demand[],
  givenBack: ReadonlyMap<string, number>,
) => Promise<AllocationPlan>;

/**
 * Plans what a change asks for together with all that the order has reserved and in no shipment, as if none of it lay
 * anywhere yet. Nothing is written: `takeForChange` moves what the plan moves, once it is accepted. The caller holds the
 * stock of all items of the order.
 * @returns where the demands come from then; null: not all of it can be had as one, or a line of the order that waits
 *   would have to wait longer for it
 */
export async function replanAsOne(
  tx: Tx,
  moving: MovingOrder,
  demands: readonly Demand[],
  planFor: PlanFor,
): Promise<AllocationPlan | null> {
  const lines = moving.lines.filter((line) => line.rejection_code === null && line.item_id !== null);
  const had = movable(lines);
  if (had.length === 0) return null;
  const isAsked = new Set(demands.map(({ lineNumber }) => lineNumber));
  const others = lines.filter((line) => waitingUnits(line) > 0 && !isAsked.has(line.line_number));
  const beside = others.length === 0 ? null : await WaitingBeside.of(tx, moving, others);
  const before = await beside?.prospects(tx);
  const units = new Map(had.map((line) => [line.line_number, line.reserved]));
  const together = [
    ...demands.map((one) => ({ ...one, quantity: one.quantity + (units.get(one.lineNumber) ?? 0) })),
    ...had.filter((line) => !isAsked.has(line.line_number)).map((line) => demandOf(line, line.reserved)),
  ];
  const plan = await asIfGivenBack(tx, moving.order, had, async (trying, givenBack) => {
    const found = await planFor(trying, together, givenBack);
    if (found.shortages.length > 0 || found.own !== undefined) return null;
    const loses = before && beside && someLose(before, await beside.prospects(trying, found));
    return loses ? null : found;
  });
  if (plan === null) return null;
  const { kept, more } = divided(plan.allocations, units);
  return { ...plan, allocations: more, moved: kept };
}

const movable = (lines: readonly OrderLineRow[]) =>
  lines.filter((line) => line.rejection_code === null && line.reserved > 0 && line.item_id !== null);

async function asIfGivenBack(
  tx: Tx,
  order: OrderRow,
  had: readonly OrderLineRow[],
  plan: (trying: Tx, givenBack: ReadonlyMap<string, number>) => Promise<AllocationPlan | null>,
): Promise<AllocationPlan | null> {
  const givenBack = await reservedAt(tx, order);
  try {
    return await tx.transaction(async (trying) => {
      for (const line of had) await giveBackStock(trying, order, line.id, line.reserved);
      throw new OnlyPlanned(await plan(trying, givenBack));
    });
  } catch (error) {
    if (error instanceof OnlyPlanned) return error.plan;
    throw error;
  }
}

/** What the order has reserved and in no shipment, by item and node. */
async function reservedAt(tx: Tx, order: OrderRow): Promise<ReadonlyMap<string, number>> {
  const rows = (await tx('reservation')
    .where({ order_id: order.id, shipment_id: null, status: 'active' })
    .groupBy('item_id', 'node_id')
    .select('item_id', 'node_id', tx.raw('sum(quantity)::bigint as quantity'))) as {
    item_id: string;
    node_id: string;
    quantity: number;
  }[];
  return new Map(rows.map((row) => [standingKey(row.item_id, row.node_id), Number(row.quantity)]));
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

/**
 * Takes what a change was planned to have; what the order has reserved moves first, where the plan counts on that. The
 * caller has held the stock of all items of the order since it was planned.
 * @param lineIds of the lines that the plan's allocations are of
 */
export async function takeForChange(
  tx: Tx,
  order: OrderRow,
  plan: AllocationPlan,
  lineIds: ReadonlyMap<number, string>,
  now: string,
): Promise<void> {
  const { moved, ...more } = plan;
  if (moved !== undefined) {
    const had = movable(await readLines(tx, order.id)).filter((line) =>
      moved.some(({ lineNumber }) => lineNumber === line.line_number),
    );
    for (const line of had) await giveBackStock(tx, order, line.id, line.reserved);
    const ids = new Map(had.map((line) => [line.line_number, line.id]));
    await takeStock(tx, order, { ...more, allocations: moved }, ids);
    const nodes = [...new Set([...moved, ...more.allocations].map(({ nodeId }) => nodeId))].sort().join(', ');
    await recordEvents(tx, [
      {
        orderId: order.id,
        at: now,
        kind: 'sourced-again',
        actor: 'hub',
        text: `What was reserved was sourced again together with what a change asks for: all comes from ${nodes}`,
      },
    ]);
  }
  await takeStock(tx, order, more, lineIds);
}
