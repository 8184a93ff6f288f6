import type { Tx } from '../../db/connection';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { cutKeeps } from './keep-stock';

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

interface Level {
  readonly item_id: string;
  readonly node_id: string;
  readonly usage: 'P' | 'T';
  readonly on_hand: number;
  readonly reserved: number;
}

/**
 * Moves levels, each with a movement that tells why, under locks in (item, node) order; a few statements, however many
 * there are. A level never falls below what is reserved: what orders were promised is found out when it is picked, or by
 * a person before. What comes in wakes the orders that wait for it.
 */
export async function moveStock(
  tx: Tx,
  moves: readonly StockMove[],
  now: string,
): Promise<readonly Shortfall[]> {
  const wanted = moves.filter(({ quantity }) => quantity !== 0);
  if (wanted.length === 0) return [];
  const free = new Map(
    (await lockLevels(tx, wanted)).map((level) => [keyOf(level), level.on_hand - level.reserved]),
  );
  const made: StockMove[] = [];
  const shortfalls: Shortfall[] = [];
  for (const move of wanted) {
    const key = keyOf({ item_id: move.itemId, node_id: move.nodeId, usage: move.usage });
    const there = free.get(key) ?? 0;
    const moved = Math.max(move.quantity, -there);
    free.set(key, there + moved);
    if (moved !== move.quantity) shortfalls.push({ move, missing: moved - move.quantity });
    if (moved !== 0) made.push({ ...move, quantity: moved });
  }
  await writeLevels(tx, made);
  await keepMovements(tx, made, now);
  const lowered = made.filter((move) => move.quantity < 0);
  if (lowered.length > 0) await cutKeeps(tx, lowered, now);
  for (const usage of ['P', 'T'] as const) {
    const arrived = made.filter((move) => move.usage === usage && move.quantity > 0);
    if (arrived.length > 0)
      await wakeWaitingOrders(
        tx,
        arrived.map(({ itemId }) => itemId),
        { usage },
        now,
      );
  }
  return shortfalls;
}

const keyOf = (level: Pick<Level, 'item_id' | 'node_id' | 'usage'>): string =>
  [level.item_id, level.node_id, level.usage].join('\u0000');

async function lockLevels(tx: Tx, moves: readonly StockMove[]): Promise<readonly Level[]> {
  // At every node: what comes in at one may be shared out together with what is free at another.
  const { rows } = await tx.raw<{ rows: Level[] }>(
    `select s.item_id, s.node_id, s.usage, s.on_hand, s.reserved from stock s
     where (s.item_id, s.usage) in
       (select m."itemId", m.usage from jsonb_to_recordset(cast(? as jsonb)) as m("itemId" text, usage text))
     order by s.item_id, s.node_id, s.usage for update of s`,
    [JSON.stringify(moves)],
  );
  return rows;
}

/** A level that is not there yet begins with what comes in. */
async function writeLevels(tx: Tx, moves: readonly StockMove[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.raw(
    `with moved as (
       select m."itemId" as item_id, m."nodeId" as node_id, m.usage, sum(m.quantity)::bigint as quantity
       from jsonb_to_recordset(cast(:moves as jsonb)) as m("itemId" text, "nodeId" text, usage text, quantity bigint)
       group by 1, 2, 3
     ), changed as (
       update stock s set on_hand = s.on_hand + moved.quantity from moved
       where s.item_id = moved.item_id and s.node_id = moved.node_id and s.usage = moved.usage
       returning s.item_id, s.node_id, s.usage
     )
     insert into stock (item_id, node_id, usage, on_hand)
     select item_id, node_id, usage, quantity from moved
     where not exists (select from changed c where c.item_id = moved.item_id and c.node_id = moved.node_id and c.usage = moved.usage)
     order by item_id, node_id, usage
     on conflict (item_id, node_id, usage) do update set on_hand = stock.on_hand + excluded.on_hand`,
    { moves: JSON.stringify(moves) },
  );
}

async function keepMovements(tx: Tx, moves: readonly StockMove[], now: string): Promise<void> {
  if (moves.length === 0) return;
  await tx.raw(
    `insert into stock_movement (item_id, node_id, usage, quantity, reason, reference, at)
     select m."itemId", m."nodeId", m.usage, m.quantity, m.reason, m.reference, cast(:now as timestamptz)
     from jsonb_to_recordset(cast(:moves as jsonb))
       as m("itemId" text, "nodeId" text, usage text, quantity bigint, reason text, reference text)`,
    { moves: JSON.stringify(moves), now },
  );
}
