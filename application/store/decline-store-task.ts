import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { type RejectReason, rejectReasons } from '../../domain/fulfilment/store-task';
import { type OrderRequest, pickupOf } from '../../domain/order/order-request';
import { isFinal } from '../../domain/order/states';
import { beOf, countOf } from '../../domain/shared/count';
import { addSeconds, type Instant } from '../../domain/shared/dates';
import { coverShortfall } from '../backorder/cover-shortfall';
import { lockForCover } from '../backorder/lock-for-cover';
import { wakeWaitingOrders } from '../backorder/wake-waiting-orders';
import { lockCreditAccount } from '../credit/check-credit';
import { withCreditPending } from '../credit/credit-pending';
import { cancelShipment } from '../fulfilment/release-shipment';
import { answerOrder } from '../order/answer-order';
import { retotal } from '../order/give-up-lines';
import { freeReserved, giveUpUnits } from '../order/give-up-units';
import {
  headNumber,
  lockShipment,
  type OrderLineRow,
  type OrderRow,
  readLines,
  type ShipmentLineRow,
  saveOrder,
} from '../order/order-record';
import { tellChangedPromise } from '../order/report-order-status';
import { settleState } from '../order/settle-state';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { raiseException } from '../record/raise-exception';
import { moveStock } from '../stock/move-stock';
import { lockStock } from '../stock/take-stock';
import type { StoreTaskRow } from './store-tasks';
import { tellPickup } from './tell-pickup';

/**
 * A store has declined what it was to ship: its stock is given back and the order sourced again in the same transaction,
 * so that no unit is ever for two nodes. The store is left out for this order (`store_task.left_out`); what nobody else
 * has waits, or is cancelled where the buyer takes no backorders.
 */
export async function sourceElsewhere(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  const { order, shipment, lines } = await lockShipment(tx, task.shipment_id);
  if (shipment.state === 'planned' || shipment.state === 'released')
    await cancelShipment(tx, order, shipment, lines, now);
  if (isFinal(order.state)) return;
  await lockForCover(tx, order);
  const freed = await freeAtNode(tx, order, task.node_id);
  if (freed.length === 0) return;
  if (isGone(task)) {
    const units = freed.map(({ line, quantity }) => ({
      line: { ...line, item_id: line.item_id ?? '' },
      quantity,
    }));
    await lowerLevels(tx, order, task, units, now);
  }
  const lineIds = freed.map(({ line }) => line.id);
  const begun = (await readLines(tx, order.id)).some((line) => line.shipped > 0);
  const { order: sourced, instead, ...uncovered } = await coverShortfall(tx, order, lineIds, { begun }, now);
  const units = freed.reduce((sum, { quantity }) => sum + quantity, 0);
  const covered = units - uncovered.waiting - uncovered.cancelled;
  const text = `Of ${countOf(units, 'unit')} that ${task.node_id} does not ship ${covered} ${beOf(covered)} sourced elsewhere, ${uncovered.waiting} ${uncovered.waiting === 1 ? 'waits' : 'wait'}, ${uncovered.cancelled} ${beOf(uncovered.cancelled)} cancelled`;
  await keepDecision(tx, task, freed, { ...uncovered, covered, text }, now);
  await recordEvents(tx, [{ orderId: order.id, at: now, kind: 're-sourced', actor: 'hub', text }]);
  const saved = await saveOrder(tx, sourced, await retotal(tx, sourced), now);
  await settleState(tx, saved, {}, now);
  await wakeWaitingOrders(
    tx,
    freed.map(({ line }) => line.item_id),
    order,
    now,
  );
  if ((instead || uncovered.waiting + uncovered.cancelled > 0) && order.final_answer_at !== null)
    await tellChangedPromise(tx, order.id, now);
}

interface Freed {
  readonly line: OrderLineRow;
  readonly quantity: number;
}

/** Everything of the order that is reserved there to be shipped and is in no shipment. */
async function freeAtNode(tx: Tx, order: OrderRow, nodeId: string): Promise<readonly Freed[]> {
  const freed: Freed[] = [];
  for (const line of await readLines(tx, order.id)) {
    if (line.reserved === 0 || pickupOf(order.request as OrderRequest, headNumber(line)) !== null) continue;
    const quantity = await freeReserved(tx, order, line.id, nodeId, line.reserved);
    if (quantity === 0) continue;
    await tx('order_line').where({ id: line.id }).decrement('reserved', quantity);
    freed.push({ line, quantity });
  }
  return freed;
}

/** The store has declined because the goods are not there, or cannot be sold. */
const isGone = (task: StoreTaskRow): boolean =>
  rejectReasons[task.reason as RejectReason]?.lowersLevel === true;

/** What is not on the shelf is on nobody's: the level goes down with it, until it is counted. */
export async function lowerLevels(
  tx: Tx,
  order: OrderRow,
  task: StoreTaskRow,
  freed: readonly {
    readonly line: Pick<ShipmentLineRow, 'item_id' | 'line_number'>;
    readonly quantity: number;
  }[],
  now: Instant,
): Promise<void> {
  await moveStock(
    tx,
    freed.map(({ line, quantity }) => ({
      itemId: line.item_id,
      nodeId: task.node_id,
      usage: order.usage,
      quantity: -quantity,
      reason: 'short-pick',
      reference: `${task.release_number}/${line.line_number}`,
    })),
    now,
  );
  const text = freed.map(({ line, quantity }) => `${quantity} of ${line.item_id}`).join(', ');
  await raiseException(tx, {
    kind: 'short-pick',
    subjectKey: task.shipment_id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    orderId: order.id,
    priority: 4,
    text: `${task.node_id} could not pick ${text} for ${task.release_number}: the level was lowered by that much; have it counted`,
  });
}

function keepDecision(
  tx: Tx,
  task: StoreTaskRow,
  freed: readonly Freed[],
  outcome: unknown,
  now: Instant,
): Promise<void> {
  return recordDecisions(tx, [
    {
      orderId: task.order_id,
      kind: 'allocation',
      rule: 'store-declined',
      ruleVersion: String(task.terms.version),
      inputs: {
        releaseNumber: task.release_number,
        node: task.node_id,
        reason: task.reason,
        leftOut: [task.node_id],
        freed: freed.map(({ line, quantity }) => ({
          line: line.line_number,
          itemId: line.item_id,
          quantity,
        })),
      },
      outcome,
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
}

/** A pickup that will not be: cancelled, its stock for sale again, its credit free, and the buyer told. */
export async function giveUpPickup(tx: Tx, task: StoreTaskRow, why: string, now: Instant): Promise<void> {
  const { order, shipment, lines } = await lockShipment(tx, task.shipment_id);
  if (isFinal(order.state) || (shipment.state !== 'planned' && shipment.state !== 'released')) return;
  await lockCreditAccount(tx, order.credit_account_id);
  await cancelShipment(tx, order, shipment, lines, now);
  const items = lines.map((line) => line.item_id);
  await lockStock(tx, items, order.usage);
  const units = lines.map((line) => ({ orderLineId: line.order_line_id, quantity: line.quantity }));
  await giveUpUnits(tx, order, units, task.node_id);
  if (isGone(task)) await lowerLevels(tx, order, task, lines.map(asFreed), now);
  const text = `The pickup ${task.release_number} at ${task.node_id} is cancelled: ${why}`;
  const data = { shipmentId: shipment.id };
  await tellPickup(tx, task, 'pickup.cancelled', `Your pickup is cancelled: ${why}.`, now);
  await recordEvents(tx, [
    { orderId: order.id, at: now, kind: 'pickup-cancelled', actor: 'hub', text, data },
  ]);
  const saved = await saveOrder(tx, order, await retotal(tx, order), now);
  await settleState(tx, await withCreditPending(tx, saved), {}, now);
  await wakeWaitingOrders(tx, items, order, now);
  const creditAccountId = order.credit_account_id;
  if (order.final_answer_at !== null) await answerOrder(tx, order.id, 'update', now);
  await addJob(tx, 'recheck-credit', { creditAccountId }, { key: creditAccountId });
}

const asFreed = (line: ShipmentLineRow) => ({ line, quantity: line.quantity });
