import type { Tx } from '../db/connection';
import type { OwnKeep } from '../domain/allocation/draw-keeps';
import { QUEUE, WAITING_AND_KEEPS } from './backorder-queue';

/** Who the stock is for. */
export interface StockClaimant {
  readonly usage: 'P' | 'T';
  /** null: what is kept for a customer or a channel is not theirs (a cart). */
  readonly customerId: string | null;
  readonly channel: string | null;
  /** The cart that becomes the order. */
  readonly cartId?: string;
  /** The order whose waiting lines look again; null for one that is just being placed. */
  readonly waitingOrderId: string | null;
  readonly now: string;
}

/** What stands between the level and a claimant. */
export interface StockStanding {
  /** By item: units that those ahead wait for. */
  readonly promised: Readonly<Record<string, number>>;
  /** By item and node (`standingKey`): kept for anybody, and of that for the claimant. */
  readonly kept: ReadonlyMap<string, { readonly all: number; readonly own: number }>;
  readonly own: readonly OwnKeep[];
}

export const standingKey = (itemId: string, nodeId: string): string => `${itemId}\u0000${nodeId}`;

interface StandingRow {
  readonly what: 'ahead' | 'kept';
  readonly itemId: string;
  readonly nodeId: string | null;
  readonly keepId: string | null;
  readonly kind: OwnKeep['kind'] | null;
  readonly isOwn: boolean;
  readonly quantity: number;
}

/**
 * Who is before the claimant, in one query after the stock was locked: whoever is just being placed leaves what all
 * others wait for, whoever waits leaves what those before it in the item's queue wait for (fair share: all others, for
 * each has its share kept). What is kept for others is not there; what is kept for the claimant nobody else counts on.
 */
export async function readStanding(
  tx: Tx,
  itemIds: readonly string[],
  claimant: StockClaimant,
): Promise<StockStanding> {
  const { rows } = await tx.raw<{ rows: StandingRow[] }>(
    `with ${WAITING_AND_KEEPS}${claimant.waitingOrderId === null ? '' : `, ${QUEUE}`}
     ${claimant.waitingOrderId === null ? AHEAD_OF_NEWCOMER : AHEAD_IN_QUEUE}
     union all
     select 'kept', item_id, node_id, id, kind, coalesce(cart_id = cast(:cartId as uuid) or customer_id = :customerId or channel = :channel
         or order_id = cast(:orderId as uuid), false), quantity
     from keeps`,
    {
      itemIds: [...itemIds],
      usage: claimant.usage,
      now: claimant.now,
      orderId: claimant.waitingOrderId,
      cartId: claimant.cartId ?? null,
      customerId: claimant.customerId,
      channel: claimant.channel,
    } as never,
  );
  return standingOf(rows);
}

const AHEAD_OF_NEWCOMER = `
  select 'ahead' as what, w.item_id as "itemId", null as "nodeId", null::uuid as "keepId", null as kind, false as "isOwn",
    sum(w.quantity - coalesce(s.quantity, 0))::bigint as quantity
  from waiting w join orders o on o.id = w.order_id left join shares s on s.order_line_id = w.id
  where o.usage = :usage and o.type <> 'blanket' and o.state in ('placed', 'confirmed', 'fulfilling') group by w.item_id`;

const AHEAD_IN_QUEUE = `
  select 'ahead' as what, q.item_id as "itemId", null as "nodeId", null::uuid as "keepId", null as kind, false as "isOwn",
    sum(q.quantity)::bigint as quantity
  from queue q join (select distinct on (item_id) * from queue where order_id = cast(:orderId as uuid)) mine on mine.item_id = q.item_id
  where q.order_id <> mine.order_id and (q.by = 'fair-share'
    or (q.class, q.wanted_on, q.placed_at, q.order_id) < (mine.class, mine.wanted_on, mine.placed_at, mine.order_id))
  group by q.item_id`;

function standingOf(rows: readonly StandingRow[]): StockStanding {
  const promised: Record<string, number> = {};
  const kept = new Map<string, { all: number; own: number }>();
  const own: OwnKeep[] = [];
  for (const { what, itemId, nodeId, keepId, kind, isOwn, quantity } of rows) {
    if (what === 'ahead' || nodeId === null || keepId === null || kind === null) {
      promised[itemId] = quantity;
      continue;
    }
    const entry = kept.get(standingKey(itemId, nodeId)) ?? { all: 0, own: 0 };
    entry.all += quantity;
    if (isOwn) {
      entry.own += quantity;
      own.push({ keepId, kind, itemId, nodeId, quantity });
    }
    kept.set(standingKey(itemId, nodeId), entry);
  }
  return { promised, kept, own };
}
