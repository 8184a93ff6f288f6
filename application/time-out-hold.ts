import type { Tx } from '../db/connection';
import { isFinal } from '../domain/order/states';
import { addSeconds } from '../domain/shared/dates';
import { recordEvents } from './keep-history';
import { lockOrder } from './order-record';
import { raiseException } from './raise-exception';
import { rejectFor } from './resolve-hold';

interface HoldRow {
  readonly id: string;
  readonly order_id: string;
  readonly line_number: number | null;
  readonly type: string;
  readonly change_id: string | null;
  readonly role: string;
  readonly status: string;
  readonly escalated_at: string | null;
}

async function lockHold(tx: Tx, holdId: string) {
  const place = (await tx('hold').where({ id: holdId }).first('order_id')) as
    | { order_id: string }
    | undefined;
  if (!place) return null;
  const order = await lockOrder(tx, place.order_id);
  const hold = (await tx('hold').where({ id: holdId }).forUpdate().first()) as HoldRow;
  return { order, hold };
}

/** Nobody decided by the due time: an exception says so to the hold's owners. */
export async function escalateHold(tx: Tx, holdId: string, now: string): Promise<void> {
  const found = await lockHold(tx, holdId);
  if (!found || found.hold.status !== 'open' || found.hold.escalated_at !== null) return;
  const { order, hold } = found;
  await tx('hold').where({ id: holdId }).update({ escalated_at: now });
  await raiseException(tx, {
    kind: 'hold-overdue',
    subjectKey: holdId,
    ownerRole: hold.role,
    dueAt: addSeconds(now, 3600),
    orderId: order.id,
    priority: 2,
    text: `Order ${order.order_number} (purchase order ${order.po_number}) still waits for a decision on its ${hold.type} hold: decide it in the queue of held orders`,
  });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-escalated',
      actor: 'hub',
      text: `The ${hold.type} hold is overdue and was escalated`,
      data: { holdId },
      once: `escalated/${holdId}`,
    },
  ]);
}

/** Nobody decided until it expired: what it stood for is refused, and its stock is free for others. */
export async function expireHold(tx: Tx, holdId: string, now: string): Promise<void> {
  const found = await lockHold(tx, holdId);
  if (!found || found.hold.status !== 'open' || isFinal(found.order.state)) return;
  const { order, hold } = found;
  await tx('hold').where({ id: holdId }).update({
    status: 'expired',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: 'nobody decided in time',
  });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-expired',
      actor: 'hub',
      text: `The ${hold.type} hold expired without a decision`,
      data: { holdId },
    },
  ]);
  await rejectFor(tx, order, hold, { text: 'nobody decided in time', by: 'hub' }, now);
}
