import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { StoreTaskState } from '../../domain/fulfilment/store-task';
import { isFinal } from '../../domain/order/states';
import { countOf, pastBeOf } from '../../domain/shared/count';
import { addSeconds } from '../../domain/shared/dates';
import { coverWaitingLines } from '../backorder/cover-waiting-lines';
import { readFillingTerms } from '../backorder/filling-terms';
import { lockForCover } from '../backorder/lock-for-cover';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { lockOrder } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { clearException, raiseException } from '../record/raise-exception';
import { lockStock } from '../stock/take-stock';
import { sourceElsewhere } from '../store/decline-store-task';
import { lockTask, moveTask, tellTask, wakeOrder } from '../store/store-tasks';

export type NodeSwitched =
  | { readonly kind: 'switched'; readonly active: boolean; readonly ordersToSource: number }
  | { readonly kind: 'unknown-node' };

/**
 * Closes a node, or opens it again. What is reserved at a closed one and has no shipment yet is sourced again by a job,
 * one order after the other, and so is what a store was asked to ship and has not taken off the shelf; other shipments that are
 * planned or at the warehouse stay, and somebody is told of them.
 */
export async function switchNode(
  tx: Tx,
  nodeId: string,
  { active, person, reason }: { readonly active: boolean; readonly person: string; readonly reason: string },
  now: string,
): Promise<NodeSwitched> {
  const changed = await tx('node').where({ id: nodeId }).update({ active });
  if (changed === 0) return { kind: 'unknown-node' };
  if (active) {
    await clearException(tx, 'node-closed', nodeId, 'The node is open again', now);
    const items = (await tx('stock')
      .where({ node_id: nodeId })
      .distinct('item_id')
      .pluck('item_id')) as string[];
    for (const usage of ['P', 'T'] as const) {
      await lockStock(tx, items, usage);
      await wakeWaitingOrders(tx, items, { usage }, now);
    }
    return { kind: 'switched', active, ordersToSource: 0 };
  }
  const orders = (await tx('reservation')
    .where({ node_id: nodeId, status: 'active', shipment_id: null })
    .andWhere('quantity', '>', 0)
    .select('order_id')
    .union(openOffers(tx).where({ node_id: nodeId }).select('order_id'))) as { order_id: string }[];
  const planned = (await tx('shipment')
    .where({ node_id: nodeId })
    .whereIn('state', ['planned', 'released'])
    .whereNotExists(openOffers(tx).whereRaw('store_task.shipment_id = shipment.id'))
    .pluck('shipment_number')) as string[];
  if (planned.length > 0) {
    await raiseException(tx, {
      kind: 'node-closed',
      subjectKey: nodeId,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 14_400),
      priority: 2,
      text: `${nodeId} was closed by ${person} (${reason}) with ${countOf(planned.length, 'shipment')} on their way through it: ${planned.slice(0, 20).join(', ')}${planned.length > 20 ? ', ...' : ''}. Settle with the warehouse whether they leave; change or cancel those orders where they do not`,
    });
  }
  await addJob(tx, 'leave-closed-nodes', { nodeId }, { key: nodeId });
  return { kind: 'switched', active, ordersToSource: orders.length };
}

/**
 * What a store was asked to ship and nobody there has taken off the shelf, accepted or not. A pickup has no other place to
 * come from.
 */
const openOffers = (db: Db) =>
  db('store_task')
    .whereIn('store_task.state', [...notPicked])
    .where({ 'store_task.method': 'ship' });

const notPicked: readonly StoreTaskState[] = ['offered', 'accepted'];

/**
 * Offers that stand at stores which are closed, each rejected in the store's name and sourced again at once: nobody is
 * there to say no. The store is not left out for these orders: it is closed, and may open again before they are served.
 * @returns how many offers were looked at
 */
export async function leaveClosedStores(db: Db, now: string, limit = 500): Promise<number> {
  const offers = (await openOffers(db)
    .join('node', 'node.id', 'store_task.node_id')
    .where({ 'node.active': false })
    .orderBy('store_task.id')
    .limit(limit)
    .select('store_task.id', 'store_task.order_id')) as { id: string; order_id: string }[];
  for (const { id, order_id: orderId } of offers)
    await db.transaction((tx) => declineForClosed(tx, { taskId: id, orderId }, now));
  return offers.length;
}

/** Whoever in the store takes it off the shelf in the same moment may be first: then it is theirs. */
async function declineForClosed(
  tx: Tx,
  { taskId, orderId }: { readonly taskId: string; readonly orderId: string },
  now: string,
): Promise<void> {
  await lockOrder(tx, orderId);
  const task = await lockTask(tx, { taskId, nodeId: null });
  const node = (await tx('node').where({ id: task?.node_id }).first('active')) as
    | { active: boolean }
    | undefined;
  if (!task || !notPicked.includes(task.state) || node?.active !== false) return;
  const closed = { closed_at: now, closed_by: 'hub', reason: 'closing', next_at: null };
  const declined = await moveTask(tx, task, task.state === 'offered' ? 'rejected' : 'recalled', closed);
  const text = `${task.node_id} is closed: ${task.release_number} is sourced elsewhere`;
  await tellTask(tx, task, { kind: 'store-rejected', actor: 'hub', text, data: { reason: 'closing' } }, now);
  await sourceElsewhere(tx, declined, now);
  await wakeOrder(tx, task);
}

/**
 * Orders that have something reserved at a closed node, each sourced again in a transaction of its own. One that was
 * being placed while the node was closed is found by the next sweep, and is never released from there before.
 * @returns how many orders were looked at
 */
export async function leaveClosedNodes(db: Db, now: string, limit = 500): Promise<number> {
  const orders = (await db('reservation')
    .join('node', 'node.id', 'reservation.node_id')
    .where({ 'node.active': false, 'reservation.status': 'active', 'reservation.shipment_id': null })
    .andWhere('reservation.quantity', '>', 0)
    .distinct('reservation.order_id')
    .orderBy('reservation.order_id')
    .limit(limit)
    .pluck('reservation.order_id')) as string[];
  for (const orderId of orders) await db.transaction((tx) => leaveClosedNodesOf(tx, orderId, now));
  return orders.length;
}

interface Stranded {
  readonly id: string;
  readonly order_line_id: string;
  readonly item_id: string;
  readonly node_id: string;
  readonly quantity: number;
}

/**
 * Gives back what an order has at closed nodes and sources it from the others, by the same rules as when it was placed
 * and at its own place in the queue. What nobody else has waits.
 * @returns base units that had to leave
 */
export async function leaveClosedNodesOf(tx: Tx, orderId: string, now: string): Promise<number> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state)) return 0;
  const stranded = (await tx('reservation')
    .join('node', 'node.id', 'reservation.node_id')
    .where({ order_id: orderId, status: 'active', shipment_id: null, 'node.active': false })
    .andWhere('quantity', '>', 0)
    .orderBy('reservation.id')
    .select('reservation.id', 'order_line_id', 'item_id', 'node_id', 'quantity')) as Stranded[];
  if (stranded.length === 0) return 0;
  await lockForCover(tx, order);
  const rows = JSON.stringify(stranded.map((row) => ({ ...row, quantity: Number(row.quantity) })));
  await tx.raw(
    `with gone as (select * from jsonb_to_recordset(cast(:rows as jsonb)) as g(id uuid, order_line_id uuid, item_id text, node_id text, quantity bigint)),
       levelled as (update stock s set reserved = s.reserved - t.quantity
         from (select item_id, node_id, sum(quantity)::bigint as quantity from gone group by 1, 2) t
         where s.item_id = t.item_id and s.node_id = t.node_id and s.usage = :usage),
       lowered as (update order_line l set reserved = l.reserved - t.quantity
         from (select order_line_id, sum(quantity)::bigint as quantity from gone group by 1) t where l.id = t.order_line_id)
     update reservation r set status = 'released', updated_at = cast(:now as timestamptz) from gone where r.id = gone.id`,
    { rows, usage: order.usage, now },
  );
  await coverWaitingLines(tx, order, await readFillingTerms(tx, order), {}, now);
  const units = stranded.reduce((sum, row) => sum + Number(row.quantity), 0);
  const nodes = [...new Set(stranded.map((row) => row.node_id))].sort().join(', ');
  await recordEvents(tx, [
    {
      orderId,
      at: now,
      kind: 'sourced-again',
      actor: 'hub',
      text: `${countOf(units, 'unit')} ${pastBeOf(units)} reserved at ${nodes}, which ${nodes.includes(',') ? 'are' : 'is'} closed, and ${pastBeOf(units)} sourced again`,
    },
  ]);
  await addJob(tx, 'signal-order', { orderId }, { key: orderId });
  return units;
}
