import type { Tx } from '../../db/connection';
import type { ExpiryOutcome } from '../../domain/order/hold-types';
import { isFinal } from '../../domain/order/states';
import { addSeconds } from '../../domain/shared/dates';
import { checkCreditOf } from '../credit/assess-credit-of-order';
import { afterCreditDecision, closeCreditCase } from '../credit/credit-cases';
import { lookAgain } from '../credit/recheck-credit';
import { lockOrder, type OrderRow } from '../order/order-record';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { raiseException } from '../record/raise-exception';
import { readHoldTypes, readTypeOfHold } from '../rules/rules';
import { notReleasable, notYet } from './judge-hold-decision';
import { clearOverdueHolds } from './overdue-holds';
import { rejectFor, whyNotRejected } from './reject-held';
import { releaseFrom, withTotal } from './resolve-hold';

interface HoldRow {
  readonly id: string;
  readonly order_id: string;
  readonly line_number: number | null;
  readonly shipment_id: string | null;
  readonly type: string;
  readonly change_id: string | null;
  readonly role: string;
  readonly status: string;
  readonly reason: { readonly code: string };
  readonly escalation: { readonly to: readonly string[]; readonly againAfterSeconds: number };
  readonly escalation_level: number;
  readonly escalate_at: string | null;
  readonly expires_at: string | null;
  readonly on_expiry: ExpiryOutcome;
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

const isDue = (at: string | null, now: string): boolean => at !== null && Date.parse(at) <= Date.parse(now);

/**
 * Nobody decided by the due time: an exception says so, to the next role of the escalation or, where it names none, to
 * the hold's owners. Again after the rule's time while there is somebody left to escalate to.
 */
export async function escalateHold(tx: Tx, holdId: string, now: string): Promise<void> {
  const found = await lockHold(tx, holdId);
  if (!found || found.hold.status !== 'open' || !isDue(found.hold.escalate_at, now)) return;
  const { order, hold } = found;
  const { to, againAfterSeconds } = hold.escalation;
  const role = to[hold.escalation_level] ?? hold.role;
  const level = hold.escalation_level + 1;
  await tx('hold')
    .where({ id: holdId })
    .update({
      escalated_at: now,
      escalated_to: role,
      escalation_level: level,
      escalate_at: level < to.length ? addSeconds(now, againAfterSeconds) : null,
    });
  await raiseException(tx, {
    kind: 'hold-overdue',
    // Each step of the escalation is somebody else's.
    subjectKey: level === 1 ? holdId : `${holdId}/${level}`,
    ownerRole: role,
    dueAt: addSeconds(now, 3600),
    orderId: order.id,
    priority: level === 1 ? 2 : 1,
    text: `Order ${order.order_number} (purchase order ${order.po_number}) still waits for a decision on its ${hold.type} hold: decide it in the queue of held orders`,
  });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-escalated',
      actor: 'hub',
      text: `The ${hold.type} hold is overdue and was escalated to ${role}`,
      data: { holdId, role, level },
      once: `escalated/${holdId}/${level}`,
    },
  ]);
}

/** With its order, where its time is over and nobody has decided it. */
async function lockDue(tx: Tx, holdId: string, now: string) {
  const found = await lockHold(tx, holdId);
  if (!found || found.hold.status !== 'open' || isFinal(found.order.state)) return null;
  return isDue(found.hold.expires_at, now) ? found : null;
}

/** Nobody decided until it expired. What follows is the rule's: refused, let through, or held on with somebody told. */
export async function expireHold(tx: Tx, holdId: string, now: string): Promise<void> {
  const due = await lockDue(tx, holdId, now);
  // Money that came in the last moment has come in time, though nobody has looked since.
  const isCredits = due?.hold.type === 'credit' && due.hold.change_id === null;
  if (isCredits) await lookAgain(tx, due.order, now, { inTurn: false });
  const found = isCredits ? await lockDue(tx, holdId, now) : due;
  if (!found) return;
  const { order, hold } = found;
  if (hold.on_expiry === 'stays') return stay(tx, order, hold, now);
  // Nor is it let through before what its type is resolved after: that is still open.
  const letsGo = hold.on_expiry === 'release';
  if (letsGo && (await notYet(tx, hold, await readTypeOfHold(tx, hold.type, await readHoldTypes(tx)))))
    return stay(tx, order, hold, now);
  // A line without an item or a price has nothing to ship or to bill, whatever the rule would let through.
  const goesOn = letsGo && (await notReleasable(tx, order, hold)) === null;
  if (!goesOn && (await whyNotRejected(tx, order, hold)) !== null) return stay(tx, order, hold, now);
  await tx('prepayment_request')
    .where({ hold_id: holdId, status: 'open' })
    .update({ status: 'expired', closed_at: now });
  const reason = withTotal(hold, order);
  await tx('hold')
    .where({ id: holdId })
    .update({
      status: goesOn ? 'released' : 'expired',
      resolved_at: now,
      resolved_by: 'hub',
      resolution_reason: 'nobody decided in time',
      // A release by the hold's own rule stands as a person's does: for this amount and these reasons.
      reason: JSON.stringify({
        ...reason,
        details: { ...reason.details, ...(goesOn && { byExpiry: true }) },
      }),
    });
  if (hold.type === 'credit' && hold.change_id === null) await closeCase(tx, order, hold, goesOn, now);
  await clearOverdueHolds(tx, now, order.id);
  const followed = goesOn
    ? 'expired without a decision, and lets the order go on'
    : 'expired without a decision';
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-expired',
      actor: 'hub',
      text: `The ${hold.type} hold ${followed}`,
      data: { holdId },
    },
  ]);
  if (goesOn) await releaseFrom(tx, order, hold, now);
  else await rejectFor(tx, order, hold, { text: 'nobody decided in time', by: 'hub' }, now);
}

/** Nobody decided: the case ends all the same, with its figures and the rule by which it does. */
async function closeCase(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  goesOn: boolean,
  now: string,
): Promise<void> {
  const check = await checkCreditOf(tx, order, now);
  const outcome = { action: goesOn ? 'release' : 'reject', reason: 'nobody decided in time' };
  await closeCreditCase(tx, hold.id, outcome, 'expired', check, now);
  await afterCreditDecision(tx, order, hold, { action: goesOn ? 'release' : 'reject' }, now);
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'approval',
      rule: 'hold-type:credit',
      ruleVersion: 'as it was opened',
      inputs: { holdId: hold.id, reason: hold.reason, expiresAt: hold.expires_at, ...check.inputs },
      outcome,
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
}

async function stay(tx: Tx, order: OrderRow, hold: HoldRow, now: string): Promise<void> {
  await tx('hold').where({ id: hold.id }).update({ expires_at: null });
  await raiseException(tx, {
    kind: 'hold-overdue',
    subjectKey: `${hold.id}/expired`,
    ownerRole: hold.escalation.to.at(-1) ?? hold.role,
    dueAt: addSeconds(now, 3600),
    orderId: order.id,
    priority: 1,
    text: `Nobody has decided the ${hold.type} hold of order ${order.order_number} in its time, and it stays: decide it in the queue of held orders`,
  });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-expired',
      actor: 'hub',
      text: `The ${hold.type} hold was not decided in its time; it stays`,
      data: { holdId: hold.id },
    },
  ]);
}
