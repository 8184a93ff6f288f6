import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { HoldRequest } from '../../domain/order/hold-types';
import { openHolds } from '../hold/open-holds';
import { lockOrder, type OrderRow } from '../order/order-record';
import { readHoldTypes } from '../rules/rules';
import type { HoldOfChange } from './agree-holds';
import type { TriedChange } from './assess-change';
import { type ChangeRow, lockChange, refuseChange } from './close-change';

/** Opens the holds that a change has to wait for, with the total that is agreed to by releasing them. */
export async function keepWaiting(
  tx: Tx,
  order: OrderRow,
  change: ChangeRow,
  tried: Exclude<TriedChange, { kind: 'needs-recall' }>,
  now: string,
): Promise<void> {
  const { totalMinor } = tried.assessment.after;
  const unpriced = tried.assessment.after.lines.filter((line) => line.unitPrice === null);
  const requests = tried.caused.map((hold): HoldRequest => {
    const noPrice = unpriced.some((line) => line.lineNumber === hold.line_number);
    const details = { ...hold.reason.details, totalMinor, ...(noPrice && { noPrice }) };
    return {
      type: hold.type as HoldRequest['type'],
      lineNumber: hold.line_number,
      reason: { ...hold.reason, details },
    };
  });
  const there = await supersedeOthers(tx, change.id, tried.caused, now);
  const further = requests.filter(
    ({ type, lineNumber }) => !there.some((one) => one.type === type && one.line_number === lineNumber),
  );
  await openHolds(tx, order.id, further, await readHoldTypes(tx), now, change.id);
  for (const { type, lineNumber, reason } of requests) {
    // Who decides has the figures in front of them as they are now.
    await tx('hold')
      .where({ change_id: change.id, type, status: 'open', line_number: lineNumber })
      .update({ reason: JSON.stringify(reason) });
  }
}

/**
 * Looked at again, a change may wait for less than before.
 * @returns what it still waits for
 */
async function supersedeOthers(
  tx: Tx,
  changeId: string,
  caused: readonly HoldOfChange[],
  now: string,
): Promise<readonly HoldOfChange[]> {
  const open = (await tx('hold').where({ change_id: changeId, status: 'open' })) as (HoldOfChange & {
    id: string;
  })[];
  const gone = open.filter(
    (hold) => !caused.some((one) => one.type === hold.type && one.line_number === hold.line_number),
  );
  await tx('hold')
    .whereIn(
      'id',
      gone.map((hold) => hold.id),
    )
    .update({
      status: 'superseded',
      resolved_at: now,
      resolved_by: 'hub',
      resolution_reason: 'its cause is gone',
    });
  return open.filter((hold) => !gone.includes(hold));
}

/** A hold of a change was released. With the last one the change's turn has come again: it is decided anew as a whole. */
export async function resumeChange(tx: Tx, changeId: string): Promise<void> {
  const open = await tx('hold').where({ change_id: changeId, status: 'open' }).first('id');
  if (open) return;
  await tx('order_change').where({ id: changeId, status: 'held' }).update({ status: 'pending' });
}

/** A hold of a change was rejected or has expired: the change is, and the order stands as it was confirmed. */
export async function rejectChange(
  tx: Tx,
  order: OrderRow,
  changeId: string,
  why: { readonly text: string; readonly by: string },
  now: string,
): Promise<void> {
  const change = await lockChange(tx, changeId);
  if (change?.status !== 'held') return;
  await refuseChange(tx, order, change, { kind: 'refused', ...why }, now);
}

/**
 * A payment or a new limit may have freed changes that wait: they are decided anew, their holds stay open until then.
 * The caller holds the order's lock.
 */
export async function lookAtWaitingChanges(tx: Tx, orderId: string): Promise<void> {
  await tx('order_change')
    .where({ order_id: orderId, status: 'held' })
    .whereExists(
      tx('hold').where({ type: 'credit', status: 'open' }).whereRaw('hold.change_id = order_change.id'),
    )
    .update({ status: 'pending' });
}

/**
 * Takes a change back that is not decided yet, for whoever asked for it, and wakes the order.
 * @returns false where it was decided meanwhile
 */
export async function withdrawChange(
  tx: Tx,
  orderId: string,
  changeId: string,
  by: string,
  now: string,
): Promise<boolean> {
  const order = await lockOrder(tx, orderId);
  const change = await lockChange(tx, changeId);
  if (change?.order_id !== orderId || (change.status !== 'held' && change.status !== 'pending')) return false;
  await refuseChange(tx, order, change, { kind: 'withdrawn', text: `${by} has taken it back`, by }, now);
  await addJob(tx, 'signal-order', { orderId }, { key: orderId });
  return true;
}
