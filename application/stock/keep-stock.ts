import type { Tx } from '../../db/connection';
import { freeToSell } from '../../domain/allocation/draw-keeps';
import { safetyStockOf } from '../../domain/allocation/safety-stock';
import { beyondPromises } from '../../domain/allocation/set-aside';
import type { OrderChannel, Usage } from '../../domain/order/order-request';
import { addSeconds } from '../../domain/shared/dates';
import { WAITING_AND_KEEPS } from '../backorder/backorder-queue';
import { promisedOf } from '../backorder/promised-units';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { raiseException } from '../record/raise-exception';
import { readSourcingFacts } from '../sourcing/sourcing-facts';
import { readStanding, standingKey } from './stock-standing';
import { lockStock } from './take-stock';

export type KeptFor =
  | { readonly kind: 'customer'; readonly customerId: string }
  | { readonly kind: 'channel'; readonly channel: OrderChannel };

export interface StockToKeep {
  readonly for: KeptFor;
  readonly itemId: string;
  readonly nodeId: string;
  readonly usage: Usage;
  /** Base units. */
  readonly quantity: number;
  /** An instant; null: until it is drawn. */
  readonly until: string | null;
  readonly reason: string;
  readonly person: string;
}

export type KeepOutcome =
  | { readonly kind: 'kept'; readonly keepId: string }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown-item' | 'unknown-node' | 'unknown-customer' | 'stock-short';
      readonly text: string;
    };

/**
 * Keeps units at a node for a customer or a channel: others see them no more, orders of those they are for draw them
 * down first. Only what is free and promised to nobody who waits can be kept.
 */
export async function keepStock(tx: Tx, wanted: StockToKeep, now: string): Promise<KeepOutcome> {
  const unknown = await whatIsUnknown(tx, wanted);
  if (unknown !== null) return unknown;
  await lockStock(tx, [wanted.itemId], wanted.usage);
  const free = await freeToKeep(tx, wanted, now);
  if (free < wanted.quantity) {
    const text = `${free} of ${wanted.itemId} at ${wanted.nodeId} are free to be kept, ${wanted.quantity} are wanted`;
    return { kind: 'refused', code: 'stock-short', text };
  }
  const [row] = (await tx('stock_keep')
    .insert({
      kind: wanted.for.kind,
      customer_id: wanted.for.kind === 'customer' ? wanted.for.customerId : null,
      channel: wanted.for.kind === 'channel' ? wanted.for.channel : null,
      item_id: wanted.itemId,
      node_id: wanted.nodeId,
      usage: wanted.usage,
      kept: wanted.quantity,
      quantity: wanted.quantity,
      until: wanted.until,
      reason: wanted.reason,
      kept_by: wanted.person,
      kept_at: now,
    })
    .returning('id')) as [{ id: string }];
  return { kind: 'kept', keepId: row.id };
}

async function whatIsUnknown(tx: Tx, { for: keptFor, itemId, nodeId }: StockToKeep) {
  const refuse = (code: 'unknown-item' | 'unknown-node' | 'unknown-customer', text: string) =>
    ({ kind: 'refused', code, text }) as const;
  if (!(await tx('item').where({ id: itemId }).first('id')))
    return refuse('unknown-item', `There is no item ${itemId}`);
  if (!(await tx('node').where({ id: nodeId }).first('id')))
    return refuse('unknown-node', `There is no node ${nodeId}`);
  if (
    keptFor.kind === 'customer' &&
    !(await tx('customer').where({ id: keptFor.customerId, active: true }).first('id'))
  )
    return refuse('unknown-customer', `There is no active customer ${keptFor.customerId}`);
  return null;
}

/** Nobody's waiting is jumped: what orders wait for, at whatever node, stays free for them. */
async function freeToKeep(tx: Tx, { itemId, nodeId, usage }: StockToKeep, now: string): Promise<number> {
  const levels = (await tx('stock')
    .where({ item_id: itemId, usage })
    .select('node_id', 'on_hand', 'reserved', 'safety')) as {
    node_id: string;
    on_hand: number;
    reserved: number;
    safety: number;
  }[];
  const nobody = { usage, customerId: null, channel: null, waitingOrderId: null, now };
  const { ahead, kept } = await readStanding(tx, [itemId], nobody);
  const facts = await readSourcingFacts(tx, [itemId]);
  const { item_class: itemClass } = (await tx('item').where({ id: itemId }).first('item_class')) as {
    item_class: string | null;
  };
  const availability = levels.map((level) => {
    const nodeId = level.node_id;
    const keeps = kept.get(standingKey(itemId, nodeId)) ?? { all: 0, own: 0 };
    const safety = safetyStockOf(facts.safety, { itemId, itemClass, nodeId }, level.safety).units;
    const position = { onHand: level.on_hand, reserved: level.reserved, safety };
    return { itemId, nodeId, available: freeToSell({ ...position, kept: keeps.all, own: 0 }).available };
  });
  const promised = promisedOf(ahead, new Map([[itemId, { itemClass }]]), facts);
  const active = facts.nodes.filter((node) => node.active);
  const isThere = (at: { readonly nodeId: string }) => at.nodeId === nodeId;
  return beyondPromises(availability, active, promised, isThere).find(isThere)?.available ?? 0;
}

interface KeepRow {
  readonly id: string;
  readonly item_id: string;
  readonly usage: Usage;
  readonly quantity: number;
}

/** Ends what is kept for a customer or channel before its time; what is left of it is free again. Ending it twice is no harm. */
export async function endKeep(
  tx: Tx,
  keepId: string,
  now: string,
): Promise<{ readonly freed: number } | undefined> {
  const keep = (await tx('stock_keep')
    .where({ id: keepId })
    .whereIn('kind', ['customer', 'channel'])
    .first('id', 'item_id', 'usage', 'quantity')) as KeepRow | undefined;
  if (!keep) return undefined;
  await lockStock(tx, [keep.item_id], keep.usage);
  const freed = await emptyKeeps(tx, [keepId], now);
  await wakeWaitingOrders(tx, [keep.item_id], { usage: keep.usage }, now);
  return { freed };
}

/** The caller holds the stock's locks. @returns base units that are free again */
export async function emptyKeeps(tx: Tx, keepIds: readonly string[], now: string): Promise<number> {
  const { rows } = await tx.raw<{ rows: { freed: number }[] }>(
    `with open as (select id, quantity from stock_keep where id = any(:keepIds) and quantity > 0),
     emptied as (update stock_keep k set quantity = 0, ended_at = :now from open where k.id = open.id returning open.quantity)
     select coalesce(sum(quantity), 0)::bigint as freed from emptied`,
    { keepIds: [...keepIds], now } as never,
  );
  return rows[0]?.freed ?? 0;
}

/** What was kept for a customer or channel until a time that has come. */
export async function expireKeeps(tx: Tx, now: string, limit = 500): Promise<number> {
  const due = (await tx('stock_keep')
    .whereIn('kind', ['customer', 'channel'])
    .andWhere('quantity', '>', 0)
    .andWhere('until', '<=', now)
    .orderBy('until')
    .limit(limit)
    .select('id', 'item_id', 'usage', 'quantity')) as KeepRow[];
  for (const usage of ['P', 'T'] as const) {
    const keeps = due.filter((keep) => keep.usage === usage);
    if (keeps.length === 0) continue;
    const items = [...new Set(keeps.map((keep) => keep.item_id))];
    await lockStock(tx, items, usage);
    await emptyKeeps(
      tx,
      keeps.map((keep) => keep.id),
      now,
    );
    await wakeWaitingOrders(tx, items, { usage }, now);
  }
  return due.length;
}

interface CutKeep {
  readonly kind: string;
  readonly itemId: string;
  readonly nodeId: string;
  readonly cut: number;
}

/**
 * A level went down: what is kept is never more than is there and not reserved, so the keeps made last give way, and
 * somebody hears of it. The caller holds the stock's locks.
 */
export async function cutKeeps(
  tx: Tx,
  positions: readonly { readonly itemId: string; readonly nodeId: string; readonly usage: Usage }[],
  now: string,
): Promise<readonly CutKeep[]> {
  const rows: CutKeep[] = [];
  for (const [usage, own] of Map.groupBy(positions, (position) => position.usage)) {
    const itemIds = [...new Set(own.map((position) => position.itemId))];
    // What counts is what allocation counts: not what has run out, of a share no more than its line waits for.
    const cuts = await tx.raw<{ rows: CutKeep[] }>(
      `with ${WAITING_AND_KEEPS},
       standing as (
         select k.id, k.quantity, greatest(0, s.on_hand - s.reserved) as there,
           sum(k.quantity) over (partition by k.item_id, k.node_id order by r.kept_at, k.id) as running
         from keeps k join stock_keep r on r.id = k.id
           join stock s on s.item_id = k.item_id and s.node_id = k.node_id and s.usage = :usage
         where (k.item_id, k.node_id) in
           (select p."itemId", p."nodeId" from jsonb_to_recordset(cast(:positions as jsonb)) as p("itemId" text, "nodeId" text))),
       cuts as (select id, quantity, least(quantity, running - there) as cut from standing where running > there)
       update stock_keep k set quantity = cuts.quantity - cuts.cut from cuts where k.id = cuts.id
       returning k.kind, k.item_id as "itemId", k.node_id as "nodeId", cuts.cut::bigint as cut`,
      { itemIds, usage, now, positions: JSON.stringify(own) } as never,
    );
    rows.push(...cuts.rows);
  }
  for (const { kind, itemId, nodeId, cut } of rows) {
    await raiseException(tx, {
      kind: 'keep-cut',
      subjectKey: `${itemId}/${nodeId}/${kind}`,
      text: `${cut} of ${itemId} at ${nodeId} that were kept (${kind}) are not there any more: the level went down. Keep others, or tell those they were for`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 86_400),
      data: { itemId, nodeId, kind, cut },
    });
  }
  return rows;
}
