import type { Db } from '../../db/connection';
import { unseenList } from '../../db/one-plan';
import { isLineHeld, wasHeldSince } from '../../db/repositories/held-lines';

/** What makes the order in which lines that wait for an item are served. */
export type QueueBy = 'age' | 'priority' | 'requested-date' | 'fair-share';

/** An order that says nothing about its class stands in the middle. Lower classes are served first. */
export const MIDDLE_CLASS = 5;

/**
 * Common table expressions over :itemIds, :usage, :now: `waiting`, each line that waits; `keeps`, what is kept of the
 * items and still counts (a share of a line that no longer waits, or is or was on hold since, counts for nothing, nor
 * does what has expired).
 */
export const WAITING_AND_KEEPS = `
  waiting as materialized (
    select id, order_id, line_number, split_from, destination, supply, item_id, deliver_by, unit_factor, promised_on, queued_at, ordered - cancelled - reserved - released - shipped as quantity,
      ${isLineHeld('order_line')} as held
    from order_line where item_id = any(${unseenList(':itemIds')}) and ordered > cancelled + reserved + released + shipped and rejection_code is null),
  keeps as materialized (
    select k.id, k.kind, k.item_id, k.node_id, k.cart_id, k.customer_id, k.channel, k.order_line_id, w.order_id,
      case when k.kind = 'order' then least(k.quantity, w.quantity) else k.quantity end as quantity
    from stock_keep k
      left join (select waiting.id, waiting.order_id, waiting.line_number, waiting.split_from, waiting.quantity from waiting join orders on orders.id = waiting.order_id
        where orders.state in ('placed', 'confirmed', 'fulfilling') and not waiting.held) w on k.kind = 'order' and w.id = k.order_line_id
    where k.item_id = any(${unseenList(':itemIds')}) and k.usage = :usage and k.quantity > 0 and (k.until is null or k.until > cast(:now as timestamptz))
      and (k.kind <> 'order' or (w.id is not null and not ${wasHeldSince('w', 'k.kept_at')}))),
  shares as (select order_line_id, sum(quantity) as quantity from keeps where kind = 'order' group by 1)`;

/**
 * The queue of each item, after the two above: who waits for how much beyond what is kept for it already, and by what
 * its place is decided. Orders and lines on hold keep nobody waiting; :orderId, where it is one, stands in the queue all the same.
 * The rule of the item goes before that of its class, and that before the one for everything. An order that asks for more
 * of an item by a change, and has to wait for it, stands in the item's queue as of then.
 */
export const QUEUE = `
  queue_rules as (
    select scope, body ->> 'by' as by from (select distinct on (scope) scope, body, withdrawn from rule
      where kind = 'backorder-queue' and valid_from <= now() order by scope, version desc) latest where not withdrawn),
  queue_by as (
    select i.id as item_id, coalesce(
      (select by from queue_rules where scope = 'item/' || i.id),
      (select by from queue_rules where scope = 'class/' || i.item_class),
      (select by from queue_rules where scope = '*'), 'age') as by
    from item i where i.id = any(:itemIds)),
  queue as (
    select w.item_id, w.order_id, w.id as line_id, w.line_number, w.unit_factor, w.promised_on, w.quantity - coalesce(s.quantity, 0) as quantity,
      coalesce(s.quantity, 0) as share, b.by,
      max(coalesce(w.queued_at, o.placed_at)) over (partition by w.item_id, w.order_id) as placed_at,
      case when b.by = 'priority' then coalesce((c.policy ->> 'backorderPriority')::int, ${MIDDLE_CLASS}) else 0 end as class,
      case when b.by = 'requested-date'
        then coalesce(min(coalesce(w.deliver_by, o.deliver_by)) over (partition by w.item_id, w.order_id), 'infinity'::date)
        else '-infinity'::date end as wanted_on
    from waiting w join orders o on o.id = w.order_id join customer c on c.id = o.customer_id
      join queue_by b on b.item_id = w.item_id left join shares s on s.order_line_id = w.id
    where o.usage = :usage and o.type <> 'blanket'
      and ((o.state in ('placed', 'confirmed', 'fulfilling') and not w.held) or o.id = cast(:orderId as uuid)))`;

/** Of a line that waits, what rules ask about it. */
export interface WaitingLine {
  /** The bundle that it is a component of, where that comes whole; null: itself. */
  readonly soldAs: string | null;
  readonly customer: string;
  readonly customerClass: string | null;
  readonly country: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly orderType: string;
  readonly channel: string;
  readonly pickupAt: string | null;
  /** Nodes that have declined to ship the order. */
  readonly declined: readonly string[];
  /** Suppliers' nodes that have refused the line. */
  readonly refusedBy: readonly string[];
}

/**
 * Over a line `w` that waits, its order `o` and customer `c`: null unless there are rules that could restrict it to some
 * nodes, stores where buyers pick up, or a supplier of the item, so that a queue of thousands is one row a company that
 * has none.
 */
export const WAITING_LINE = `case when exists (select 1 from rule where kind in ('sourcing', 'store-terms') and scope <> 'shadow')
    or w.item_id in (select item_id from item_supplier where active) then (
    select jsonb_build_object('customer', o.customer_id, 'customerClass', c.policy ->> 'customerClass',
      'country', place ->> 'country', 'state', place ->> 'region', 'postalCode', place ->> 'postalCode',
      'soldAs', case when w.supply ->> 'kind' = 'component' and w.supply -> 'apart' is distinct from 'true' then w.supply ->> 'bundle' end,
      'orderType', o.type, 'channel', o.channel,
      'pickupAt', coalesce(o.request -> 'lines' -> (coalesce(w.split_from, w.line_number) - 1) ->> 'pickupAt', o.request ->> 'pickupAt'),
      'declined', coalesce((select jsonb_agg(distinct t.node_id) from store_task t where t.order_id = o.id and t.left_out), '[]'),
      'refusedBy', coalesce((select jsonb_agg(distinct p.node_id) from supplier_order_line l join supplier_order p on p.id = l.supplier_order_id
        where l.order_line_id = w.id and l.refused), '[]'))
    from coalesce(case when w.destination ->> 'as' = 'ship-to' then w.destination -> 'party' -> 'address' end, o.ship_to -> 'address') as place) end`;

/** One line of an item's queue, in its order. Quantities are base units. */
export interface QueueEntry {
  readonly itemId: string;
  readonly orderId: string;
  readonly lineId: string;
  readonly lineNumber: number;
  readonly multiple: number;
  /** Waited for beyond its share. */
  readonly quantity: number;
  /** Kept for the line already, from a receipt that was shared out. */
  readonly share: number;
  readonly by: QueueBy;
  readonly promisedOn: string | null;
  /** null: the company restricts no line to some of its nodes. */
  readonly line: WaitingLine | null;
  readonly itemClass: string | null;
}

/** The queues of items, each in its order. @param orderId an order on hold that is to stand in them nevertheless */
export async function readQueues(
  db: Db,
  itemIds: readonly string[],
  about: { readonly usage: 'P' | 'T'; readonly now: string; readonly orderId?: string },
): Promise<readonly QueueEntry[]> {
  const { rows } = await db.raw<{ rows: QueueEntry[] }>(
    `with ${WAITING_AND_KEEPS}, ${QUEUE}
     select q.item_id as "itemId", q.order_id as "orderId", q.line_id as "lineId", q.line_number as "lineNumber", q.unit_factor as multiple,
       q.quantity::bigint as quantity, q.share::bigint as share, q.by, q.promised_on as "promisedOn", i.item_class as "itemClass", ${WAITING_LINE} as line
     from queue q join item i on i.id = q.item_id join waiting w on w.id = q.line_id join orders o on o.id = w.order_id
       join customer c on c.id = o.customer_id
     order by q.item_id, q.class, q.wanted_on, q.placed_at, q.order_id, q.line_number`,
    { itemIds: [...itemIds], usage: about.usage, now: about.now, orderId: about.orderId ?? null } as never,
  );
  return rows;
}
