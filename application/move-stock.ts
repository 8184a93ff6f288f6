import type { Tx } from '../db/connection';
import { wakeWaitingOrders } from './give-up-lines';

export interface StockMove {
  readonly itemId: string;
  readonly nodeId: string;
  readonly usage: 'P' | 'T';
  /** Base units; negative where they are gone. */
  readonly quantity: number;
  /** received, counted, damaged, ...: why, in a word of the record. */
  readonly reason: string;
  /** What said so: with the reason, once for each item and node. */
  readonly reference: string;
}

/** A move that could not be made whole, because orders have been promised what is said to be gone. */
export interface Shortfall {
  readonly move: StockMove;
  readonly missing: number;
}

/**
 * Moves levels, each with a movement that tells why, under locks in (item, node) order. A level never falls below what
 * is reserved: what orders were promised is found out when it is picked, or by a person before. What comes in wakes
 * the orders that wait for it.
 */
export async function moveStock(
  tx: Tx,
  moves: readonly StockMove[],
  now: string,
): Promise<readonly Shortfall[]> {
  const sorted = moves
    .filter(({ quantity }) => quantity !== 0)
    .toSorted((a, b) => compare(a.itemId, b.itemId) || compare(a.nodeId, b.nodeId));
  const shortfalls: Shortfall[] = [];
  for (const move of sorted) {
    const moved = await moveOne(tx, move);
    if (moved !== move.quantity) shortfalls.push({ move, missing: moved - move.quantity });
    if (moved !== 0) await keepMovement(tx, move, moved, now);
  }
  for (const usage of ['P', 'T'] as const) {
    const arrived = sorted.filter((move) => move.usage === usage && move.quantity > 0);
    if (arrived.length > 0)
      await wakeWaitingOrders(tx, [...new Set(arrived.map(({ itemId }) => itemId))], { usage });
  }
  return shortfalls;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** @returns what was moved */
async function moveOne(tx: Tx, { itemId, nodeId, usage, quantity }: StockMove): Promise<number> {
  if (quantity > 0) {
    await tx('stock')
      .insert({ item_id: itemId, node_id: nodeId, usage, on_hand: quantity })
      .onConflict(['item_id', 'node_id', 'usage'])
      .merge({ on_hand: tx.raw('stock.on_hand + ?', [quantity]) });
    return quantity;
  }
  const level = (await tx('stock')
    .where({ item_id: itemId, node_id: nodeId, usage })
    .forUpdate()
    .first('on_hand', 'reserved')) as { on_hand: number; reserved: number } | undefined;
  const free = level ? level.on_hand - level.reserved : 0;
  const gone = Math.min(free, -quantity);
  if (gone > 0)
    await tx('stock').where({ item_id: itemId, node_id: nodeId, usage }).decrement('on_hand', gone);
  return gone === 0 ? 0 : -gone;
}

async function keepMovement(tx: Tx, move: StockMove, quantity: number, now: string): Promise<void> {
  await tx('stock_movement').insert({
    item_id: move.itemId,
    node_id: move.nodeId,
    usage: move.usage,
    quantity,
    reason: move.reason,
    reference: move.reference,
    at: now,
  });
}
