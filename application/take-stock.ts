import type { Tx } from '../db/connection';
import { WriteTogether } from '../db/repositories/write-together';
import {
  type AllocationConstraints,
  type AllocationPlan,
  allocate,
  type Demand,
} from '../domain/allocation/allocate';

interface StockRow {
  readonly item_id: string;
  readonly node_id: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly safety: number;
}

/** Who the stock is for: a newcomer leaves what waiting orders were promised, a waiting order what older ones were. */
export interface Claimant {
  readonly usage: 'P' | 'T';
  readonly constraints: Omit<AllocationConstraints, 'promised'>;
  /** The order's own place in the queue of backorders; null for an order that is just being placed. */
  readonly waitingSince: { readonly placedAt: string; readonly orderId: string } | null;
}

/**
 * Plans what the demands can have, under row locks taken in (item, node) order, so that no two callers deadlock or
 * both take the last unit. Nothing is written yet: `takeStock` does that once the plan is accepted.
 */
export async function planStock(
  tx: Tx,
  demands: readonly Demand[],
  claimant: Claimant,
): Promise<AllocationPlan> {
  const itemIds = [...new Set(demands.map((demand) => demand.itemId))];
  if (itemIds.length === 0) return { allocations: [], shortages: [], considered: [] };
  const stock = (await tx('stock')
    .whereIn('item_id', itemIds)
    .andWhere({ usage: claimant.usage })
    .orderBy(['item_id', 'node_id'])
    .forUpdate()
    .select('item_id', 'node_id', 'on_hand', 'reserved', 'safety')) as StockRow[];
  const nodes = (await tx('node').where({ active: true }).select('id as nodeId', 'rank')) as {
    nodeId: string;
    rank: number;
  }[];
  return allocate(
    demands,
    stock.map((row) => ({
      itemId: row.item_id,
      nodeId: row.node_id,
      available: Math.max(0, row.on_hand - row.reserved - row.safety),
    })),
    nodes,
    { ...claimant.constraints, promised: await readPromised(tx, itemIds, claimant) },
  );
}

/**
 * Units of each item that orders ahead in the queue still wait for. Orders on hold do not keep others waiting: their
 * backorder takes its place when the hold is gone.
 */
async function readPromised(
  tx: Tx,
  itemIds: readonly string[],
  claimant: Claimant,
): Promise<Readonly<Record<string, number>>> {
  const since = claimant.waitingSince;
  // The waiting lines first, by their own small index: joined freely, the planner may walk all open orders instead.
  const { rows } = await tx.raw<{ rows: { itemId: string; waiting: number }[] }>(
    `with waiting as materialized (
       select order_id, item_id, ordered - cancelled - reserved - released - shipped as quantity from order_line
       where item_id = any(:itemIds) and ordered > cancelled + reserved + released + shipped and rejection_code is null)
     select waiting.item_id as "itemId", sum(waiting.quantity)::bigint as waiting
     from waiting join orders on orders.id = waiting.order_id
     where orders.usage = :usage and orders.type <> 'blanket' and orders.state in ('placed', 'confirmed', 'fulfilling')
       ${since ? 'and (orders.placed_at, orders.id) < (:placedAt::timestamptz, :orderId::uuid)' : ''}
     group by waiting.item_id`,
    { itemIds: [...itemIds], usage: claimant.usage, ...since },
  );
  return Object.fromEntries(rows.map((row) => [row.itemId, row.waiting]));
}

/** Writes an accepted plan: the level and one reservation a (line, node), which therefore always agree. */
export async function takeStock(
  tx: Tx,
  order: { readonly id: string; readonly usage: 'P' | 'T' },
  plan: AllocationPlan,
  lineIds: ReadonlyMap<number, string>,
): Promise<void> {
  if (plan.allocations.length > 0) await addTakenStock(new WriteTogether(), order, plan, lineIds).run(tx);
}

/** The same as part of a statement that writes more. */
export function addTakenStock(
  together: WriteTogether,
  order: { readonly id: string; readonly usage: 'P' | 'T' },
  plan: AllocationPlan,
  lineIds: ReadonlyMap<number, string>,
): WriteTogether {
  if (plan.allocations.length === 0) return together;
  const byKey = new Map<string, { itemId: string; nodeId: string; quantity: number }>();
  for (const { itemId, nodeId, quantity } of plan.allocations) {
    const entry = byKey.get(`${itemId}/${nodeId}`) ?? { itemId, nodeId, quantity: 0 };
    entry.quantity += quantity;
    byKey.set(`${itemId}/${nodeId}`, entry);
  }
  together.add(
    `update stock set reserved = reserved + taken.quantity from jsonb_to_recordset(cast(? as jsonb)) as taken("itemId" text, "nodeId" text, quantity bigint)
     where stock.item_id = taken."itemId" and stock.node_id = taken."nodeId" and stock.usage = ?`,
    [JSON.stringify([...byKey.values()]), order.usage],
  );
  return together.insert(
    'reservation',
    ['order_id', 'order_line_id', 'item_id', 'node_id', 'usage', 'quantity'],
    plan.allocations.map((a) => ({
      order_id: order.id,
      order_line_id: lineIds.get(a.lineNumber),
      item_id: a.itemId,
      node_id: a.nodeId,
      usage: order.usage,
      quantity: a.quantity,
    })),
  );
}

/** Locks the stock of items in (item, node) order before several lines of them are touched one by one. */
export async function lockStock(
  tx: Tx,
  itemIds: readonly (string | null)[],
  usage: 'P' | 'T',
): Promise<void> {
  await tx('stock')
    .whereIn(
      'item_id',
      itemIds.filter((id) => id !== null),
    )
    .andWhere({ usage })
    .orderBy(['item_id', 'node_id'])
    .forUpdate()
    .select('item_id');
}

interface ReservationRow {
  readonly id: string;
  readonly order_line_id: string;
  readonly item_id: string;
  readonly node_id: string;
  readonly quantity: number;
}

/**
 * Gives reserved but unreleased stock of a line back: newest reservation first. The caller has locked the item's stock.
 * @returns base units actually given back
 */
export async function giveBackStock(
  tx: Tx,
  order: { readonly usage: 'P' | 'T' },
  orderLineId: string,
  baseUnits: number,
): Promise<number> {
  const rows = (await tx('reservation')
    .where({ order_line_id: orderLineId, status: 'active', shipment_id: null })
    .orderBy('id', 'desc')
    .forUpdate()
    .select('id', 'order_line_id', 'item_id', 'node_id', 'quantity')) as ReservationRow[];
  let open = baseUnits;
  const giving: { row: ReservationRow; quantity: number }[] = [];
  for (const row of rows) {
    const quantity = Math.min(open, row.quantity);
    if (quantity > 0) giving.push({ row, quantity });
    open -= quantity;
  }
  for (const { row, quantity } of giving) {
    await tx('stock')
      .where({ item_id: row.item_id, node_id: row.node_id, usage: order.usage })
      .decrement('reserved', quantity);
    await tx('reservation')
      .where({ id: row.id })
      .update(
        quantity === row.quantity
          ? { status: 'released', updated_at: tx.fn.now() }
          : { quantity: row.quantity - quantity, updated_at: tx.fn.now() },
      );
  }
  return baseUnits - open;
}
