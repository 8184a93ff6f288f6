import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { toJson } from '../../db/json';
import { customerPolicySchema } from '../customer/customer-policy';
import { creditHolds } from '../hold/decide-holds';
import { openHolds, ownOpenHolds } from '../hold/open-holds';
import type { OrderRow } from '../order/order-record';
import { recordDecisions, recordEvents } from '../record/keep-history';
import { readHoldTypes } from '../rules/rules';
import { type CheckQuestion, type CreditCheck, checkCredit, judge } from './check-credit';
import { closeCreditCase, openCreditCases, releaseByRule } from './credit-cases';
import { ranksBehindOthers } from './credit-queue';
import { lowerCreditApprovals } from './lower-approvals';
import { readExposure } from './read-exposure';

/** What came of an assessment, for whoever settles the order's state and answers it. */
export interface CreditAssessed {
  /** Credit holds were opened or closed. */
  readonly changed: boolean;
  /** Holds of lines among them, which wait no longer. */
  readonly linesFreed: boolean;
}

const UNCHANGED: CreditAssessed = { changed: false, linesFreed: false };

/**
 * Credit on every step that raises exposure: opens or closes the order's credit hold; the caller settles the state.
 * @param inTurn the order's turn has come in the queue of its account; else one that ranks before it goes first
 */
export async function assessCreditOf(
  tx: Tx,
  order: OrderRow,
  now: string,
  { inTurn = false }: { readonly inTurn?: boolean } = {},
): Promise<CreditAssessed> {
  // What is called off a blanket order takes credit, not the frame itself.
  if (order.type === 'blanket') return UNCHANGED;
  const check = await checkCreditOf(tx, order, now);
  const approved = await standingApproval(tx, order, check);
  const passes = check.decision.kind === 'within-limit' || isPaidFor(check);
  if (passes) return letThrough(tx, order, check, inTurn, now);
  if (approved) return closeHolds(tx, order, check, { why: 'what was released stands', whole: false }, now);
  if (check.release === null) return hold(tx, order, check, now);
  if (!inTurn && (await givesWay(tx, order))) return UNCHANGED;
  const { id, credit_account_id: creditAccountId, total_minor: totalMinor } = order;
  const released = await releaseByRule(tx, { id, creditAccountId, totalMinor }, check, now);
  const closed = await closeHolds(
    tx,
    order,
    check,
    { why: 'a rule let the order through', whole: true },
    now,
  );
  return { ...closed, changed: closed.changed || released };
}

/** The check of an order as it stands, all of it, or as it would stand at another total. */
export async function checkCreditOf(
  tx: Tx,
  order: OrderRow,
  now: string,
  totalMinor = order.total_minor,
): Promise<CreditCheck> {
  return checkCredit(tx, await questionOf(tx, order, totalMinor), now);
}

/** The same with nothing locked, for whoever only asks. */
export async function foreseeCreditOf(
  db: Db,
  order: OrderRow,
  now: string,
  totalMinor = order.total_minor,
): Promise<CreditCheck> {
  const question = await questionOf(db, order, totalMinor);
  return judge(await readExposure(db, order.credit_account_id, order.usage, order.id, now), question, now);
}

async function questionOf(db: Db, order: OrderRow, totalMinor: number): Promise<CheckQuestion> {
  const customer = (await db('customer').where({ id: order.customer_id }).first('policy')) as {
    policy: unknown;
  };
  const policy = customerPolicySchema.parse(customer.policy);
  return {
    accountId: order.credit_account_id,
    usage: order.usage,
    orderId: order.id,
    orderMinor: Math.max(0, totalMinor - order.invoiced_minor),
    totalMinor,
    currency: order.currency,
    maximumAgeSeconds: policy.receivablesMaximumAgeSeconds,
  };
}

/** Money that is there needs no credit. A block is not about money. */
const isPaidFor = ({ prepaid, decision }: CreditCheck): boolean =>
  prepaid && !(decision.kind === 'held' && decision.reasons.includes('account-blocked'));

/**
 * A person's release, or that of a hold's own rule when nobody decides in time, stands for the amount and the reasons it
 * was given for. It falls with the order and does not rise again: one made smaller and then larger needs a new one.
 */
async function standingApproval(tx: Tx, order: OrderRow, check: CreditCheck): Promise<boolean> {
  const rows = await lowerCreditApprovals(tx, order);
  const { decision } = check;
  if (decision.kind !== 'held') return rows.some(({ stands }) => stands);
  return rows.some(
    ({ stands, reasons, code }) =>
      stands && decision.reasons.every((reason) => (reasons ?? [code]).includes(reason)),
  );
}

async function letThrough(
  tx: Tx,
  order: OrderRow,
  check: CreditCheck,
  inTurn: boolean,
  now: string,
): Promise<CreditAssessed> {
  const open = await ownOpenHolds(tx, order.id).where({ type: 'credit' }).first('id');
  if (!open) return UNCHANGED;
  if (!inTurn && !check.prepaid && (await givesWay(tx, order))) return UNCHANGED;
  const why = check.prepaid ? 'the order is paid in advance' : 'the account has the headroom now';
  const closed = await closeHolds(tx, order, check, { why, whole: true }, now);
  await keepDecision(tx, order, check, now);
  return closed;
}

/** What waits and is not first in the queue of its account is looked at in its turn, which comes at once. */
async function givesWay(tx: Tx, order: OrderRow): Promise<boolean> {
  if (!(await ranksBehindOthers(tx, order))) return false;
  const { credit_account_id: creditAccountId } = order;
  await addJob(tx, 'recheck-credit', { creditAccountId }, { key: creditAccountId });
  return true;
}

/**
 * `whole`: its lines' own holds as well, nothing of the order waits for credit any more. Of the order as such nothing
 * does in any case, so that a payment that was asked for is not waited for either.
 */
async function closeHolds(
  tx: Tx,
  order: OrderRow,
  check: CreditCheck,
  { why, whole }: { readonly why: string; readonly whole: boolean },
  now: string,
): Promise<CreditAssessed> {
  const closed = (await ownOpenHolds(tx, order.id)
    .where({ type: 'credit' })
    .modify((q) => !whole && q.whereNull('line_number'))
    .update({
      status: check.prepaid ? 'released' : 'superseded',
      resolved_at: now,
      resolved_by: 'hub',
      resolution_reason: why,
    })
    .returning(['id', 'line_number'])) as { id: string; line_number: number | null }[];
  await tx('prepayment_request')
    .where({ order_id: order.id, status: 'open' })
    .update({ status: check.prepaid ? 'paid' : 'withdrawn', closed_at: now });
  if (whole && order.credit_pending_minor > 0)
    await tx('orders').where({ id: order.id }).update({ credit_pending_minor: 0 });
  for (const { id } of closed) {
    await closeCreditCase(
      tx,
      id,
      { action: check.prepaid ? 'release' : 'superseded', reason: why },
      check.prepaid ? 'prepaid' : 'headroom',
      check,
      now,
    );
  }
  await recordEvents(
    tx,
    closed.map(({ id }) => ({
      orderId: order.id,
      at: now,
      kind: check.prepaid ? 'hold-released' : 'hold-superseded',
      actor: 'hub',
      text: `The credit hold is gone: ${why}`,
      data: { holdId: id },
    })),
  );
  return {
    changed: closed.length > 0,
    linesFreed: closed.some(({ line_number: line }) => line !== null),
  };
}

async function hold(tx: Tx, order: OrderRow, check: CreditCheck, now: string): Promise<CreditAssessed> {
  const holds = creditHolds(check, order.total_minor);
  const opened = await openHolds(tx, order.id, holds, await readHoldTypes(tx), now);
  if (opened === 0) {
    // Who decides has the figures in front of them as they are now, not as they were when the hold began.
    await ownOpenHolds(tx, order.id)
      .where({ type: 'credit', line_number: null })
      .update({ reason: toJson(holds[0]?.reason) });
    return UNCHANGED;
  }
  await openCreditCases(tx, { id: order.id, creditAccountId: order.credit_account_id }, check, now);
  await keepDecision(tx, order, check, now);
  return { changed: true, linesFreed: false };
}

async function keepDecision(tx: Tx, order: OrderRow, check: CreditCheck, now: string): Promise<void> {
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'credit',
      rule: 'exposure-within-limit',
      ruleVersion: `account ${check.accountVersion}`,
      inputs: check.inputs,
      outcome: check.decision,
      decidedAt: now,
      decidedBy: 'hub',
    },
  ]);
}
