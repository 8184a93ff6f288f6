import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import type { WriteTogether } from '../../db/repositories/write-together';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import { isFinal } from '../../domain/order/states';
import { countOf } from '../../domain/shared/count';
import { addSeconds } from '../../domain/shared/dates';
import { lockOrder, type OrderRow, saveOrder } from '../order/order-record';
import { recordEvents } from '../record/keep-history';
import { clearException, raiseException } from '../record/raise-exception';

const USED_UP = 'shipments-used-up';

/**
 * There is stock for what an order waits for, but it would take more shipments than are allowed: only a person can say
 * whether the order may have one more. Nothing is asked of orders that have no maximum.
 */
export async function tellUsedUp(
  tx: Tx,
  order: Pick<OrderRow, 'id' | 'order_number'>,
  plan: AllocationPlan,
  now: string,
): Promise<void> {
  const by = plan.sourcing?.constraints['maximum-shipments'];
  if (by === undefined) return;
  const stuck = plan.shortages.filter(
    ({ reason }) => reason === 'maximum-shipments' || reason === 'constraints-together',
  );
  if (stuck.length === 0)
    return clearException(tx, USED_UP, order.id, 'It no longer waits for one more shipment', now);
  const what = stuck.map((one) => `line ${one.lineNumber}: ${one.quantity} of ${one.itemId}`).join('; ');
  await raiseException(tx, {
    kind: USED_UP,
    subjectKey: order.id,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 86_400),
    priority: 2,
    orderId: order.id,
    data: { lines: stuck, maximumAskedBy: by },
    text: `${order.order_number} has stock for what it waits for, but no shipment left for it (at most ${plan.sourcing?.maximumShipments}, asked for by ${by}): ${what}. Allow it one more on the order's page, cancel the rest, or bring the goods to the node that it ships from`,
  });
}

/** Lines, by number, that wait for nothing but one more shipment. */
export async function readUsedUp(tx: Tx, orderId: string): Promise<ReadonlySet<number>> {
  const open = (await tx('exception')
    .where({ kind: USED_UP, subject_key: orderId })
    .whereRaw(`status = 'open'`)
    .first('data')) as { data: { lines: readonly { lineNumber: number }[] } } | undefined;
  return new Set(open?.data.lines.map(({ lineNumber }) => lineNumber));
}

/** Nothing waits any more of an order that has come to its end. */
export const addNothingUsedUp = (together: WriteTogether, orderId: string, now: string): WriteTogether =>
  together.add(
    `update exception set status = 'resolved', resolved_at = ?, resolved_by = 'hub', resolution = 'The order has come to its end'
     where kind = '${USED_UP}' and subject_key = ? and status = 'open'`,
    [now, orderId],
  );

/** A change may have taken away what the order waited for. */
export async function clearIfNothingWaits(tx: Tx, orderId: string, now: string): Promise<void> {
  await tx('exception')
    .where({ kind: USED_UP, subject_key: orderId })
    .whereRaw(`status = 'open'`)
    .whereNotExists(
      tx('order_line')
        .where({ order_id: orderId, rejection_code: null })
        .whereRaw('ordered > cancelled + reserved + released + shipped'),
    )
    .update({
      status: 'resolved',
      resolved_at: now,
      resolved_by: 'hub',
      resolution: 'Nothing of it waits any more',
    });
}

export type ShipmentsAllowed =
  | { readonly kind: 'allowed'; readonly maximumShipments: number }
  | { readonly kind: 'refused'; readonly text: string };

/** A person decides how many shipments an order may have; from then on only that counts for it. */
export async function allowShipments(
  tx: Tx,
  orderId: string,
  wanted: { readonly maximumShipments: number; readonly person: string; readonly reason: string },
  now: string,
): Promise<ShipmentsAllowed> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state))
    return {
      kind: 'refused',
      text: `Order ${order.order_number} is ${order.state}: nothing more of it ships.`,
    };
  const { begun } = (await tx('shipment')
    .where({ order_id: orderId })
    .whereNot({ state: 'cancelled' })
    .first(tx.raw('count(*)::int as begun'))) as { begun: number };
  const { maximumShipments, person, reason } = wanted;
  if (maximumShipments < begun)
    return {
      kind: 'refused',
      text: `Order ${order.order_number} has ${countOf(begun, 'shipment')} already.`,
    };
  await saveOrder(tx, order, { shipments_allowed: maximumShipments }, now);
  const text = `${person} lets it have ${countOf(maximumShipments, 'shipment')}: ${reason}`;
  await recordEvents(tx, [
    { orderId, at: now, kind: 'shipments-allowed', actor: person, text, data: { maximumShipments } },
  ]);
  await clearException(tx, USED_UP, orderId, text, now);
  await addJob(tx, 'signal-order', { orderId }, { key: orderId });
  return { kind: 'allowed', maximumShipments };
}
