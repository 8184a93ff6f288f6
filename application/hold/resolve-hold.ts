import type { Tx } from '../../db/connection';
import type { HoldType } from '../../domain/order/hold-types';
import type { HoldDecision, HoldDecisionOutcome } from '../../domain/order/progress';
import { isFinal } from '../../domain/order/states';
import { formatMinor } from '../../domain/shared/money';
import { BUYER_APPROVAL } from '../approval/buyer-spending';
import { resumeChange } from '../change/hold-change';
import { whyNotByHand } from '../change/judge-modification';
import { reholdChanged, rulesBefore } from '../change/rehold-changed';
import { validateChangedOrder } from '../change/validate-change';
import { assessCreditOf, checkCreditOf } from '../credit/assess-credit-of-order';
import { afterCreditDecision, closeCreditCase } from '../credit/credit-cases';
import { choosePart, releasePart } from '../credit/decide-credit-part';
import { requestPrepayment } from '../credit/request-prepayment';
import { readCustomer } from '../customer/customer-record';
import { answerAfterHold, flowedOn } from '../order/answer-order';
import { headNumber, lockOrder, type OrderRow } from '../order/order-record';
import { settleState } from '../order/settle-state';
import { settlePrice } from '../pricing/settle-price';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { readHoldTypes } from '../rules/rules';
import { BY_HAND } from './apply-hold';
import {
  type HoldRow,
  judgeHoldDecision,
  namedFor,
  type Permission,
  refuse,
  totalOf,
} from './judge-hold-decision';
import { openFollowing } from './open-following';
import { isHeld } from './open-holds';
import { clearOverdueHolds } from './overdue-holds';
import { rejectFor, whyNotRejected } from './reject-held';

/**
 * A person's decision on a hold. Checked under the order's lock, so that of two who decide at once the second hears
 * that it is decided. Releasing the last hold checks credit again: the order becomes part of the exposure.
 */
export async function resolveHold(tx: Tx, decision: HoldDecision, now: string): Promise<HoldDecisionOutcome> {
  const place = (await tx('hold').where({ id: decision.holdId }).first('order_id')) as
    | { order_id: string }
    | undefined;
  if (!place) return refuse('unknown-hold', `There is no hold ${decision.holdId}`);
  const order = await lockOrder(tx, place.order_id);
  const hold = (await tx('hold').where({ id: decision.holdId }).forUpdate().first()) as HoldRow;
  if (hold.status !== 'open')
    return refuse(
      'already-decided',
      `The hold is ${hold.status} already${hold.resolved_by ? `, by ${hold.resolved_by}` : ''}`,
    );
  if (isFinal(order.state)) return refuse('order-closed', `The order is ${order.state}`);
  const grown = whyGrown(order, hold, decision);
  if (grown !== null) return refuse('grown-meanwhile', grown);
  const types = await readHoldTypes(tx);
  if (decision.action === 'release-part' || decision.action === 'request-prepayment')
    return decideCreditTerms(tx, order, hold, decision, types, now);
  const judged = await judgeHoldDecision(tx, order, hold, decision, types, now);
  if (judged.kind !== 'may') return judged;
  const forbidden =
    decision.action === 'reject'
      ? await whyNotRejected(tx, order, hold)
      : await whyNotLifted(tx, order, hold, decision);
  if (forbidden !== null) return refuse('not-releasable', forbidden);
  await tx('hold')
    .where({ id: hold.id })
    .update({
      status: decision.action === 'release' ? 'released' : 'rejected',
      resolved_at: now,
      resolved_by: decision.person,
      in_name_of: judged.by.inNameOf,
      resolution_reason: decision.reason,
      reason: JSON.stringify(withTotal(hold, order)),
    });
  await keepDecision(tx, order, hold, decision, judged, now);
  if (hold.type === 'credit') await afterCreditDecision(tx, order, hold, decision, now);
  await clearOverdueHolds(tx, now, order.id);
  if (decision.action === 'release') await releaseFrom(tx, order, hold, now, types);
  else await rejectFor(tx, order, hold, { text: decision.reason, by: decision.person }, now);
  return {
    kind: 'resolved',
    holdId: hold.id,
    status: decision.action === 'release' ? 'released' : 'rejected',
  };
}

/** A change may have come between the look and the decision: nobody releases more than they saw. */
function whyGrown(order: OrderRow, hold: HoldRow, { action, seenTotalMinor }: HoldDecision): string | null {
  const totalMinor = totalOf(hold, order);
  if (action === 'reject' || seenTotalMinor === undefined || totalMinor <= seenTotalMinor) return null;
  const { currency } = order;
  return `It came to ${formatMinor(seenTotalMinor, currency)} ${currency} when you looked at it, and comes to ${formatMinor(totalMinor, currency)} by now: look at it again`;
}

/** Of a hold that a person has put on: whether the table of changes lets it be lifted now. */
const whyNotLifted = async (
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  { action }: HoldDecision,
): Promise<string | null> =>
  action === 'release' && hold.reason.code === BY_HAND && hold.shipment_id === null
    ? whyNotByHand(tx, order, hold.line_number, 'unhold')
    : null;

/** Credit alone can be given in part, or for money in advance. */
async function decideCreditTerms(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  decision: HoldDecision,
  types: ReadonlyMap<string, HoldType>,
  now: string,
): Promise<HoldDecisionOutcome> {
  const { terms } = decision;
  if (hold.type !== 'credit' || hold.change_id !== null || hold.line_number !== null || !terms)
    return refuse(
      'not-releasable',
      'Only the credit hold of a whole order is released in part or for a prepayment',
    );
  if (terms.kind === 'prepayment') {
    // Who may say no may say "not before it is paid": nothing is let through by it.
    const judged = await judgeHoldDecision(tx, order, hold, { ...decision, action: 'reject' }, types, now);
    if (judged.kind !== 'may') return judged;
    return requestPrepayment(tx, order, hold, { ...decision, terms }, judged, now);
  }
  const chosen = await choosePart(tx, order, terms);
  if (chosen.kind === 'refused') return chosen;
  const { part } = chosen;
  // The person's word is asked for what is released, not for the order as a whole.
  const asked = { ...order, total_minor: part.releasedMinor };
  const lines = [...new Set(part.released.map(headNumber))];
  const release = { ...decision, action: 'release' } as const;
  const judged = await judgeHoldDecision(tx, asked, hold, release, types, now, lines);
  if (judged.kind !== 'may') return judged;
  const by = { ruleVersion: judged.ruleVersion, roles: judged.by.roles, inNameOf: judged.by.inNameOf };
  return releasePart(tx, order, hold, part, { ...decision, terms }, by, types, now);
}

export const withTotal = (hold: Pick<HoldRow, 'change_id' | 'reason'>, order: OrderRow) => ({
  ...hold.reason,
  details: { ...hold.reason.details, totalMinor: totalOf(hold, order) },
});

async function keepDecision(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  decision: HoldDecision,
  { by, ruleVersion }: Permission,
  now: string,
): Promise<void> {
  const check = hold.type === 'credit' ? await checkCreditOf(tx, order, now) : null;
  const { action, reason } = decision;
  if (check)
    await closeCreditCase(tx, hold.id, { action, reason }, decision.decisionCode ?? null, check, now);
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'approval',
      rule: `authority:${hold.type}`,
      ruleVersion,
      inputs: {
        holdId: hold.id,
        reason: hold.reason,
        totalMinor: totalOf(hold, order),
        exposure: check?.inputs ?? null,
        roles: by.roles,
        inNameOf: by.inNameOf,
      },
      outcome: { action: decision.action, reason: decision.reason },
      decidedAt: now,
      decidedBy: decision.person,
    },
  ]);
  const verb = decision.action === 'release' ? 'releases' : 'rejects';
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: `hold-${decision.action}d`,
      actor: decision.person,
      text: `${namedFor(decision.person, by.inNameOf)} ${verb} the ${hold.type} hold: ${decision.reason}`,
      data: { holdId: hold.id },
    },
  ]);
}

/** What follows from a hold's release: the price that stands, further holds, credit once nothing else stops the order. */
export async function releaseFrom(
  tx: Tx,
  order: OrderRow,
  hold: Pick<HoldRow, 'id' | 'line_number' | 'shipment_id' | 'change_id' | 'type' | 'reason'>,
  now: string,
  types?: ReadonlyMap<string, HoldType>,
): Promise<void> {
  if (hold.change_id !== null) {
    await openFollowing(tx, order, hold, types ?? (await readHoldTypes(tx)), now);
    return resumeChange(tx, hold.change_id);
  }
  // What the release itself has written of the order stands beside what was read before it.
  let current: OrderRow =
    hold.type === BUYER_APPROVAL ? { ...order, buyer_approved_minor: order.total_minor } : order;
  if (hold.type === 'price') current = await pricedAs(tx, order, hold, now);
  await openFollowing(tx, order, hold, types ?? (await readHoldTypes(tx)), now);
  const goesOn = hold.type !== 'credit' && !(await isHeld(tx, order.id));
  const linesFreed = goesOn && (await assessCreditOf(tx, current, now)).linesFreed;
  const settled = await settleState(tx, current, {}, now);
  await answerAfterHold(
    tx,
    order,
    settled,
    { refused: false, ofLine: (hold.line_number !== null || linesFreed) && flowedOn(order) },
    now,
  );
}

/** A price that makes the order larger is held against what a larger order is, as a change is. */
async function pricedAs(
  tx: Tx,
  order: OrderRow,
  hold: Pick<HoldRow, 'line_number' | 'reason'>,
  now: string,
): Promise<OrderRow> {
  const asked = await rulesBefore(tx, order);
  const priced = await settlePrice(tx, order, hold, now);
  if (priced.total_minor <= order.total_minor) return priced;
  const customer = await readCustomer(tx, order.customer_id, order.partner_id);
  if (customer) await validateChangedOrder(tx, order, priced, customer, now);
  await reholdChanged(tx, priced, asked, now);
  return priced;
}
