import type { Tx } from '../../db/connection';
import type { OwnKeep } from '../../domain/allocation/draw-keeps';
import { QUEUE, WAITING_AND_KEEPS, WAITING_LINE, type WaitingLine } from '../backorder/backorder-queue';

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
  /** Lines of an order that are changed: what they wait for themselves is theirs, and part of what they ask for. */
  readonly changing?: { readonly orderId: string; readonly lineNumbers: readonly number[] };
  readonly now: string;
}

/** Units that lines ahead wait for, which all may come from the same nodes. */
export interface UnitsAhead {
  readonly itemId: string;
  readonly quantity: number;
  /** null: the company restricts no line to some of its nodes. */
  readonly line: WaitingLine | null;
}

/** What stands between the level and a claimant. */
export interface StockStanding {
  /** What those ahead wait for, by all that decides where it may come from. */
  readonly ahead: readonly UnitsAhead[];
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
  readonly line: WaitingLine | null;
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
     ${claimant.waitingOrderId === null ? (claimant.changing === undefined ? AHEAD_OF_NEWCOMER : AHEAD_OF_CHANGE) : AHEAD_IN_QUEUE}
     union all
     select 'kept', item_id, node_id, id, kind, coalesce(cart_id = cast(:cartId as uuid) or customer_id = :customerId or channel = :channel
         or order_id = cast(:orderId as uuid), false), quantity, null
     from keeps`,
    {
      itemIds: [...itemIds],
      usage: claimant.usage,
      now: claimant.now,
      orderId: claimant.waitingOrderId,
      cartId: claimant.cartId ?? null,
      customerId: claimant.customerId,
      channel: claimant.channel,
      ...(claimant.changing && {
        changedOrderId: claimant.changing.orderId,
        changedLines: claimant.changing.lineNumbers,
      }),
    } as never,
  );
  return standingOf(rows);
}

const ahead = (from: string) => `
  select 'ahead' as what, item_id as "itemId", null as "nodeId", null::uuid as "keepId", null as kind, false as "isOwn",
    sum(quantity)::bigint as quantity, line
  from (${from}) as others group by item_id, line having sum(quantity) > 0`;

const ofOthers = `
  select w.item_id, w.quantity - coalesce(s.quantity, 0) as quantity, ${WAITING_LINE} as line
  from waiting w join orders o on o.id = w.order_id join customer c on c.id = o.customer_id left join shares s on s.order_line_id = w.id
  where o.usage = :usage and o.type <> 'blanket' and o.state in ('placed', 'confirmed', 'fulfilling') and not w.held`;

const AHEAD_OF_NEWCOMER = ahead(ofOthers);

const AHEAD_OF_CHANGE = ahead(`${ofOthers}
    and not (w.order_id = cast(:changedOrderId as uuid) and w.line_number = any(:changedLines))`);

const AHEAD_IN_QUEUE = ahead(`
  select q.item_id, q.quantity, ${WAITING_LINE} as line
  from queue q join (select distinct on (item_id) * from queue where order_id = cast(:orderId as uuid)) mine on mine.item_id = q.item_id
    join waiting w on w.id = q.line_id join orders o on o.id = w.order_id join customer c on c.id = o.customer_id
  where q.order_id <> mine.order_id and (q.by = 'fair-share'
    or (q.class, q.wanted_on, q.placed_at, q.order_id) < (mine.class, mine.wanted_on, mine.placed_at, mine.order_id))`);

function standingOf(rows: readonly StandingRow[]): StockStanding {
  const ahead: UnitsAhead[] = [];
  const kept = new Map<string, { all: number; own: number }>();
  const own: OwnKeep[] = [];
  for (const { what, itemId, nodeId, keepId, kind, isOwn, quantity, line } of rows) {
    if (what === 'ahead' || nodeId === null || keepId === null || kind === null) {
      ahead.push({ itemId, quantity, line });
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
  return { ahead, kept, own };
}
