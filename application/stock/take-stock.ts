import type { Tx } from '../../db/connection';
import { WriteTogether } from '../../db/repositories/write-together';
import type { AllocationPlan, Demand } from '../../domain/allocation/allocate';
import { drawKeeps, freeToSell } from '../../domain/allocation/draw-keeps';
import { safetyStockOf } from '../../domain/allocation/safety-stock';
import { ACTIVE } from '../order/order-record';
import type { OrderToSource } from '../sourcing/order-to-source';
import { sourceStock } from '../sourcing/source-stock';
import { readSourcingFacts } from '../sourcing/sourcing-facts';
import { trialOf } from '../sourcing/try-sourcing';
import type { Asker } from './asker';
import { lockItems } from './lock-items';
import { readStanding, type StockClaimant, standingKey } from './stock-standing';

interface StockRow {
  readonly item_id: string;
  readonly node_id: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly safety: number;
  readonly item_class: string | null;
  readonly weight_grams: number;
}

/** Who the stock is for, and what binds the order. */
export interface Claimant extends StockClaimant {
  /** Items that may come instead: locked with the others, for stock is locked in one order. */
  readonly alsoLock?: readonly string[];
  /** What the order asks of its shipments; a cart is none yet. */
  readonly order?: OrderToSource;
  /** Whose cart it is: the rules of its order hold for it already. */
  readonly asker?: Asker;
  /** Units that the order has just given back to be planned anew (`standingKey`): nobody else's, whoever waits. */
  readonly givenBack?: ReadonlyMap<string, number>;
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
  const locked = [...new Set([...itemIds, ...(claimant.alsoLock ?? [])])];
  // Sent at once, run in this order: what others change under the locks is read after them, what they do not before, so
  // that others wait no longer than they have to.
  const [facts, stock, { ahead, kept, own }] = await Promise.all([
    readSourcingFacts(tx, locked),
    readLocked(tx, locked, claimant.usage),
    readStanding(tx, itemIds, claimant),
  ]);
  if (facts.supply.length > 0) await lockItems(tx, 'supplier_stock', locked, claimant.usage);
  const { plan, order } = await sourceStock(tx, demands, {
    usage: claimant.usage,
    now: claimant.now,
    customerId: claimant.customerId,
    channel: claimant.channel,
    order: claimant.order,
    asker: claimant.asker,
    items: new Map(
      stock.map((row) => [row.item_id, { itemClass: row.item_class, weightGrams: row.weight_grams }]),
    ),
    availability: stock.map((row) => {
      const key = standingKey(row.item_id, row.node_id);
      const keeps = kept.get(key) ?? { all: 0, own: 0 };
      const givenBack = claimant.givenBack?.get(key) ?? 0;
      const place = { itemId: row.item_id, itemClass: row.item_class, nodeId: row.node_id };
      const safety = safetyStockOf(facts.safety, place, row.safety).units;
      const position = { onHand: row.on_hand, reserved: row.reserved, safety };
      const free = freeToSell({ ...position, kept: keeps.all + givenBack, own: keeps.own + givenBack });
      return { itemId: row.item_id, nodeId: row.node_id, ...free };
    }),
    ahead,
    facts,
  });
  const isNew = claimant.order?.orderId === null;
  return {
    ...plan,
    ...(own.length > 0 && { own }),
    // Other rules are tried on the lines of an order, not on what bundles are folded into.
    ...(isNew && demands.every(({ bundle }) => bundle === undefined) && trialOf(order, plan, facts)),
  };
}

/** A function of its own, so that it is sent when it is called: a query by itself is sent only when it is waited for. */
async function readLocked(
  tx: Tx,
  itemIds: readonly string[],
  usage: StockClaimant['usage'],
): Promise<readonly StockRow[]> {
  return (await tx('stock')
    .join('item', 'item.id', 'stock.item_id')
    .whereIn('stock.item_id', itemIds)
    .andWhere({ usage })
    .orderBy(['stock.item_id', 'stock.node_id'])
    .forUpdate('stock')
    .select(
      'stock.item_id',
      'stock.node_id',
      'stock.on_hand',
      'stock.reserved',
      'stock.safety',
      'item.item_class',
      'item.weight_grams',
    )) as StockRow[];
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
  addDrawnKeeps(together, plan);
  return together.insert(
    'reservation',
    ['order_id', 'order_line_id', 'item_id', 'node_id', 'usage', 'quantity', 'ship_on', 'apart'],
    plan.allocations.map((a) => ({
      order_id: order.id,
      order_line_id: lineIds.get(a.lineNumber),
      item_id: a.itemId,
      node_id: a.nodeId,
      usage: order.usage,
      quantity: a.quantity,
      ship_on: a.shipOn ?? null,
      apart: a.apart ?? null,
    })),
  );
}

/** What is taken comes out of what was kept for it; the database refuses to draw more than there is. */
export function addDrawnKeeps(together: WriteTogether, plan: AllocationPlan): void {
  const drawn = drawKeeps(plan.allocations, plan.own ?? []);
  if (drawn.length === 0) return;
  together.add(
    `update stock_keep set quantity = stock_keep.quantity - drawn.quantity from jsonb_to_recordset(cast(? as jsonb)) as drawn("keepId" uuid, quantity bigint)
     where stock_keep.id = drawn."keepId"`,
    [JSON.stringify(drawn)],
  );
}

/** Locks the stock of items, then what suppliers say they have of them, in (item, node) order before several lines of them are touched one by one. */
export async function lockStock(
  tx: Tx,
  itemIds: readonly (string | null)[],
  usage: 'P' | 'T',
): Promise<void> {
  await lockItems(tx, 'stock', itemIds, usage);
  await lockItems(tx, 'supplier_stock', itemIds, usage);
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
  order: { readonly id: string; readonly usage: 'P' | 'T' },
  orderLineId: string,
  baseUnits: number,
): Promise<number> {
  const rows = (await tx('reservation')
    .where({ order_id: order.id, order_line_id: orderLineId, shipment_id: null })
    .whereRaw(ACTIVE)
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
