import type { Tx } from '../../db/connection';
import { type AllocationNode, type Availability, allocate } from '../../domain/allocation/allocate';
import { freeToSell } from '../../domain/allocation/draw-keeps';
import { shareInRounds } from '../../domain/allocation/fair-share';
import { safetyStockOf } from '../../domain/allocation/safety-stock';
import type { Usage } from '../../domain/order/order-request';
import { readSafetyRules } from '../stock/read-safety-stock';
import { readStanding, standingKey } from '../stock/stock-standing';
import { readQueues } from './backorder-queue';
import { type PlacedEntry, placeQueue } from './promised-units';

interface Level {
  readonly item_id: string;
  readonly item_class: string | null;
  readonly node_id: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly safety: number;
}

/**
 * Where an item's rule is fair share, what is free is shared among all lines that wait for it and kept for each until
 * its order takes it. It is decided once, here, under the stock's locks: so it does not matter who wakes first. A share
 * whose line no longer waits counts for nothing, and is shared out again the next time.
 */
export async function shareOut(tx: Tx, itemIds: readonly string[], usage: Usage, now: string): Promise<void> {
  const queues = (await readQueues(tx, itemIds, { usage, now })).filter(
    (entry) => entry.by === 'fair-share' && entry.quantity > 0,
  );
  if (queues.length === 0) return;
  const placed = await placeQueue(tx, queues);
  const items = [...new Set(queues.map((entry) => entry.itemId))];
  const levels = (await tx('stock')
    .join('item', 'item.id', 'stock.item_id')
    .whereIn('item_id', items)
    .andWhere({ usage })
    .select('item_id', 'item_class', 'node_id', 'on_hand', 'reserved', 'safety')) as Level[];
  const safety = await readSafetyRules(tx);
  const nodes = (await tx('node').where({ active: true }).select('id as nodeId', 'rank')) as {
    nodeId: string;
    rank: number;
  }[];
  const nobody = { usage, customerId: null, channel: null, waitingOrderId: null, now };
  const { kept } = await readStanding(tx, items, nobody);
  const availability = levels
    .filter((level) => nodes.some(({ nodeId }) => nodeId === level.node_id))
    .map((level) => {
      const keeps = kept.get(standingKey(level.item_id, level.node_id))?.all ?? 0;
      const place = { itemId: level.item_id, itemClass: level.item_class, nodeId: level.node_id };
      const { units } = safetyStockOf(safety, place, level.safety);
      const position = { onHand: level.on_hand, reserved: level.reserved, safety: units };
      const { available } = freeToSell({ ...position, kept: keeps, own: 0 });
      return { itemId: level.item_id, nodeId: level.node_id, available };
    });
  for (const itemId of items) {
    const queue = placed.filter((entry) => entry.itemId === itemId);
    const there = availability.filter((row) => row.itemId === itemId);
    await keepShares(tx, { itemId, usage, now }, queue, there, nodes);
  }
}

async function keepShares(
  tx: Tx,
  about: { readonly itemId: string; readonly usage: Usage; readonly now: string },
  queue: readonly PlacedEntry[],
  availability: readonly Availability[],
  nodes: readonly AllocationNode[],
): Promise<void> {
  const available = sumOf(availability);
  if (available <= 0) return;
  const allocations = sharesAtNodes(about.itemId, queue, availability, nodes);
  if (allocations.length === 0) return;
  const total = queue.reduce((sum, entry) => sum + entry.quantity, 0);
  await tx('stock_keep').insert(
    allocations.map(({ lineId, nodeId, quantity }) => ({
      kind: 'order',
      order_line_id: lineId,
      item_id: about.itemId,
      node_id: nodeId,
      usage: about.usage,
      kept: quantity,
      quantity,
      reason: `its share of ${available}, for which lines of ${total} in all wait`,
      kept_by: 'hub',
      kept_at: about.now,
    })),
  );
}

const sumOf = (rows: readonly Availability[]) => rows.reduce((sum, row) => sum + row.available, 0);

/** Each line's share, at nodes that it may come from. */
function sharesAtNodes(
  itemId: string,
  queue: readonly PlacedEntry[],
  availability: readonly Availability[],
  nodes: readonly AllocationNode[],
): readonly { readonly lineId: string; readonly nodeId: string; readonly quantity: number }[] {
  const free = { shipComplete: false, maximumShipments: null, promised: [] };
  const shares: { lineId: string; nodeId: string; quantity: number }[] = [];
  let left = availability;
  const freedom = (entry: PlacedEntry) => entry.nodes?.length ?? nodes.length;
  shareInRounds(
    queue,
    () => sumOf(left),
    (asked) => {
      // Who may come from few nodes chooses first.
      const inTurn = asked.toSorted((a, b) => freedom(a.want) - freedom(b.want));
      const demands = inTurn.map(({ want, quantity }, at) => ({
        lineNumber: at,
        itemId,
        quantity,
        multiple: want.multiple,
        nodes: want.nodes,
      }));
      const given = new Map<string, number>();
      for (const { lineNumber, nodeId, quantity } of allocate(demands, left, nodes, free).allocations) {
        const lineId = inTurn[lineNumber]?.want.lineId as string;
        shares.push({ lineId, nodeId, quantity });
        given.set(lineId, (given.get(lineId) ?? 0) + quantity);
        left = left.map((row) =>
          row.nodeId === nodeId ? { ...row, available: row.available - quantity } : row,
        );
      }
      return given;
    },
  );
  return [...Map.groupBy(shares, ({ lineId, nodeId }) => `${lineId} ${nodeId}`).values()].map((own) => ({
    ...(own[0] as (typeof own)[number]),
    quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
  }));
}
