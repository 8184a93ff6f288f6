import type { Tx } from '../../db/connection';
import { nextLook, type RejectReason, rejectReasons } from '../../domain/fulfilment/store-task';
import { addSeconds, type Instant } from '../../domain/shared/dates';
import { lockOrder } from '../order/order-record';
import { raiseException } from '../record/raise-exception';
import { giveUpPickup, sourceElsewhere } from './decline-store-task';
import { moveTask, onClock, type StoreTaskRow, tellTask } from './store-tasks';
import { takeInShortPickup } from './take-in-short-pickup';
import { tellPickup } from './tell-pickup';

/** Who has come and waits in the car is not turned away by the end of the window. */
const GRACE_SECONDS = 3600;

/**
 * What is due of an order's store tasks: an offer that nobody accepted, a reminder, the end of a pickup window, a buyer
 * who waits outside for too long, and what the store has said that the order does not know yet. Done again it finds
 * nothing. Locks: the order, its tasks, then what follows from them.
 */
export async function keepStoreTasks(tx: Tx, orderId: string, now: Instant): Promise<void> {
  await lockOrder(tx, orderId);
  const due = (await tx('store_task')
    .where({ order_id: orderId })
    .andWhere('next_at', '<=', now)
    .orderBy('id')
    .forUpdate()) as StoreTaskRow[];
  for (const task of due) await keepTask(tx, task, now);
}

async function keepTask(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  switch (task.state) {
    case 'offered':
      return task.method === 'pickup' ? escalate(tx, task, now) : timeOut(tx, task, now);
    case 'rejected':
      await tx('store_task').where({ id: task.id }).update({ next_at: null });
      return task.method === 'pickup'
        ? giveUpPickup(tx, task, `${task.node_id} cannot do it: ${whyOf(task)}`, now)
        : sourceElsewhere(tx, task, now);
    case 'ready':
      return keepPickup(tx, task, now);
    default:
      await tx('store_task').where({ id: task.id }).update({ next_at: null });
  }
}

const clockOf = ({ terms }: StoreTaskRow, at: string | null, now: Instant) =>
  onClock(at ?? now, terms.timeZone);

const whyOf = ({ reason }: StoreTaskRow) =>
  rejectReasons[reason as RejectReason]?.text ?? 'it was not accepted';

async function timeOut(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  const closed = { closed_at: now, closed_by: 'hub', reason: 'timed-out', left_out: true, next_at: null };
  const timedOut = await moveTask(tx, task, 'timed-out', closed);
  const text = `Nobody in ${task.node_id} accepted ${task.release_number} by ${clockOf(task, task.accept_by, now)}`;
  await tellTask(tx, task, { kind: 'store-timed-out', actor: 'hub', text }, now);
  await sourceElsewhere(tx, timedOut, now);
}

/** No other node can do a pickup: a person calls the store, and the offer stands. */
async function escalate(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  await tx('store_task').where({ id: task.id }).update({ next_at: null });
  const text = `Nobody in ${task.node_id} has accepted the pickup ${task.release_number} by ${clockOf(task, task.accept_by, now)}: call the store, or cancel it`;
  await raiseException(tx, {
    kind: 'pickup-not-accepted',
    subjectKey: task.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 3600),
    orderId: task.order_id,
    priority: 2,
    text,
  });
  await tellTask(tx, task, { kind: 'store-late', actor: 'hub', text }, now);
}

async function keepPickup(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  await takeInShortPickup(tx, task, now);
  const isDue = (at: string | null) => at !== null && Date.parse(at) <= Date.parse(now);
  let { pickup_until: pickupUntil } = task;
  if (isDue(task.bring_out_by)) {
    await tellWaiting(tx, task, now);
    const grace = addSeconds(now, GRACE_SECONDS);
    if (pickupUntil !== null && Date.parse(pickupUntil) < Date.parse(grace)) pickupUntil = grace;
  }
  const bringOutBy = isDue(task.bring_out_by) ? null : task.bring_out_by;
  if (isDue(pickupUntil) && bringOutBy === null) {
    const closed = { closed_at: now, closed_by: 'hub', reason: 'no-show', next_at: null, code_hash: null };
    const gone = await moveTask(tx, task, 'no-show', closed);
    return giveUpPickup(tx, gone, `nobody picked it up by ${clockOf(task, task.pickup_until, now)}`, now);
  }
  if (isDue(task.remind_at)) await remind(tx, task, now);
  const remindAt = isDue(task.remind_at) ? null : task.remind_at;
  // While a buyer waits outside the window does not end.
  const until = isDue(pickupUntil) ? null : pickupUntil;
  await tx('store_task')
    .where({ id: task.id })
    .update({
      pickup_until: pickupUntil,
      remind_at: remindAt,
      bring_out_by: bringOutBy,
      next_at: nextLook({ remindAt, pickupUntil: until, bringOutBy }),
    });
}

async function tellWaiting(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  const text = `The buyer of ${task.release_number} has been waiting at ${task.node_id} since ${clockOf(task, task.arrived_at, now)}: have it brought out`;
  await raiseException(tx, {
    kind: 'curbside-waiting',
    subjectKey: task.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 300),
    orderId: task.order_id,
    priority: 1,
    text,
  });
  await tellTask(tx, task, { kind: 'curbside-late', actor: 'hub', text }, now);
}

async function remind(tx: Tx, task: StoreTaskRow, now: Instant): Promise<void> {
  await tellPickup(tx, task, 'pickup.reminder', 'Your order is still waiting to be picked up.', now);
  const text = `The buyer is reminded: ${task.release_number} is kept at ${task.node_id} until ${clockOf(task, task.pickup_until, now)}`;
  const data = { pickupUntil: task.pickup_until };
  return tellTask(tx, task, { kind: 'pickup-reminder', actor: 'hub', text, data }, now);
}
