import type { Tx } from '../db/connection';
import { isFinal } from '../domain/order/states';
import { answerAfterHold } from './answer-order';
import { checkCredit } from './check-credit';
import { customerPolicySchema } from './customer-policy';
import { creditHolds } from './decide-holds';
import { lookAtWaitingChanges } from './hold-change';
import { recordDecisions } from './keep-history';
import { openHolds, ownOpenHolds, supersedeHolds } from './open-holds';
import { lockOrder, type OrderRow } from './order-record';
import { readHoldTypes } from './rules';
import { settleState } from './settle-state';

/** An assessment this fresh, of an order nobody has touched since it was placed, still stands. */
const freshSeconds = 60;

/**
 * Assesses an order again: when its workflow starts, when a payment or a new limit comes, before its release. A
 * credit hold whose cause is gone is closed, a new cause opens one. The order's own amount never counts against it.
 * `unlessFresh`: the assessment it was placed with will do; not after a wake, which may tell of what came since.
 */
export async function assessOrder(
  tx: Tx,
  orderId: string,
  now: string,
  { unlessFresh = false }: { readonly unlessFresh?: boolean } = {},
): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (isFinal(order.state)) return;
  const ageSeconds = (Date.parse(now) - Date.parse(order.placed_at)) / 1000;
  if (unlessFresh && order.version === 1 && ageSeconds < freshSeconds) return;
  await assessCreditOf(tx, order, now);
  await lookAtWaitingChanges(tx, order.id);
  const settled = await settleState(tx, order, {}, now);
  await answerAfterHold(tx, order, settled, { refused: false }, now);
}

/** Credit on every step that raises exposure: opens or closes the order's credit hold; the caller settles the state. */
export async function assessCreditOf(tx: Tx, order: OrderRow, now: string): Promise<void> {
  // What is called off a blanket order takes credit, not the frame itself.
  if (order.type === 'blanket') return;
  const customer = (await tx('customer').where({ id: order.customer_id }).first('policy')) as {
    policy: unknown;
  };
  const policy = customerPolicySchema.parse(customer.policy);
  const orderMinor = Math.max(0, order.total_minor - order.invoiced_minor);
  const check = await checkCredit(
    tx,
    {
      accountId: order.credit_account_id,
      usage: order.usage,
      orderId: order.id,
      orderMinor,
      maximumAgeSeconds: policy.receivablesMaximumAgeSeconds,
    },
    now,
  );
  if (check.decision.kind === 'within-limit') {
    await supersedeHolds(tx, order.id, ['credit'], 'the account has the headroom now', now);
    return;
  }
  if (await approvedFor(tx, order)) return;
  const holds = creditHolds(check, order.total_minor);
  const opened = await openHolds(tx, order.id, holds, await readHoldTypes(tx), now);
  if (opened === 0) {
    // Who decides has the figures in front of them as they are now, not as they were when the hold began.
    await ownOpenHolds(tx, order.id)
      .where({ type: 'credit' })
      .update({ reason: JSON.stringify(holds[0]?.reason) });
    return;
  }
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'credit',
      rule: 'exposure-within-limit',
      ruleVersion: `account ${check.accountVersion}`,
      inputs: { exposure: check.exposure, asOf: check.asOf },
      outcome: check.decision,
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
}

/** A person's release stands for the amount it was given for: an order that has grown since needs a new one. */
async function approvedFor(tx: Tx, order: OrderRow): Promise<boolean> {
  const released = (await tx('hold')
    .where({ order_id: order.id, type: 'credit', status: 'released' })
    .whereNull('change_id')
    .select('reason')) as { reason: { details?: { totalMinor?: number } } }[];
  return released.some((hold) => (hold.reason.details?.totalMinor ?? 0) >= order.total_minor);
}
