import type { Tx } from '../db/connection';
import { decideAuthority, mayDecide } from '../domain/approval/authority';
import type { HoldDecision, HoldDecisionOutcome } from '../domain/order/progress';
import { isFinal } from '../domain/order/states';
import { answerAfterHold } from './answer-order';
import { assessCreditOf } from './assess-order';
import { lockCreditAccount, readExposure } from './check-credit';
import { giveUpLines, retotal } from './give-up-lines';
import { rejectChange, resumeChange } from './hold-change';
import { recordDecisions, recordEvents } from './keep-history';
import { hasOpenHold, ownOpenHolds } from './open-holds';
import {
  headNumber,
  lockOrder,
  type OrderLineRow,
  type OrderRow,
  readLines,
  saveOrder,
} from './order-record';
import { readAuthorities } from './rules';
import { settlePrice } from './settle-price';
import { settleState } from './settle-state';
import { addressed } from './split-lines';

interface HoldRow {
  readonly id: string;
  readonly order_id: string;
  readonly line_number: number | null;
  readonly type: string;
  /** The change that waits for it; null: the order does. */
  readonly change_id: string | null;
  readonly status: string;
  readonly reason: {
    readonly code: string;
    readonly details?: {
      readonly totalMinor?: number;
      readonly ourPrice?: string;
      readonly noPrice?: boolean;
    };
  };
  readonly resolved_by: string | null;
  readonly approvals: readonly { readonly person: string; readonly at: string; readonly reason: string }[];
}

type Refusal = Extract<HoldDecisionOutcome, { kind: 'refused' }>;
const refuse = (code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', code, text });

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
  const refusal = await checkAuthority(tx, order, hold, decision, now);
  if (refusal) return refusal;
  await tx('hold')
    .where({ id: hold.id })
    .update({
      status: decision.action === 'release' ? 'released' : 'rejected',
      resolved_at: now,
      resolved_by: decision.person,
      resolution_reason: decision.reason,
      reason: JSON.stringify(withTotal(hold, order)),
    });
  await keepDecision(tx, order, hold, decision, now);
  if (decision.action === 'release') await releaseFrom(tx, order, hold, now);
  else await rejectFor(tx, order, hold, { text: decision.reason, by: decision.person }, now);
  return {
    kind: 'resolved',
    holdId: hold.id,
    status: decision.action === 'release' ? 'released' : 'rejected',
  };
}

/** What was approved is the order as it stood then, or as it would stand with the change. */
const totalOf = (hold: HoldRow, order: OrderRow): number =>
  hold.change_id === null ? order.total_minor : (hold.reason.details?.totalMinor ?? order.total_minor);

const withTotal = (hold: HoldRow, order: OrderRow) => ({
  ...hold.reason,
  details: { ...hold.reason.details, totalMinor: totalOf(hold, order) },
});

async function checkAuthority(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  decision: HoldDecision,
  now: string,
): Promise<HoldDecisionOutcome | null> {
  const authorities = await readAuthorities(tx);
  if (decision.action === 'reject') {
    return mayDecide(authorities, hold.type, decision.roles)
      ? null
      : refuse('not-authorised', `None of your roles may decide a hold of type "${hold.type}"`);
  }
  const unfit = await notReleasable(tx, order, hold);
  if (unfit) return unfit;
  const earlierApprovals = hold.approvals.map((approval) => approval.person);
  const authority = decideAuthority(authorities, {
    holdType: hold.type,
    totalMinor: totalOf(hold, order),
    person: decision.person,
    roles: decision.roles,
    earlierApprovals,
  });
  if (authority.kind === 'sufficient') return null;
  if (authority.kind === 'refused') return refuse(authority.code, authority.text);
  const approvals = [...hold.approvals, { person: decision.person, at: now, reason: decision.reason }];
  await tx('hold')
    .where({ id: hold.id })
    .update({ approvals: JSON.stringify(approvals) });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-approved-once',
      actor: decision.person,
      text: `${decision.person} approves the ${hold.type} hold; a second person has to agree: ${decision.reason}`,
      data: { holdId: hold.id },
    },
  ]);
  return { kind: 'needs-second-person', holdId: hold.id };
}

/** Some causes cannot be waved through: a line without an item or a price has nothing to ship or to bill. */
async function notReleasable(tx: Tx, order: OrderRow, hold: HoldRow): Promise<Refusal | null> {
  if (hold.line_number === null) return null;
  if (hold.change_id !== null) {
    return hold.reason.details?.noPrice === true
      ? refuse(
          'not-releasable',
          `With the change line ${hold.line_number} has no price: reject the hold, or maintain the price and have the change sent again`,
        )
      : null;
  }
  const line = (await readLines(tx, order.id)).find((row) => row.line_number === hold.line_number);
  if (hold.type === 'item' && (line?.item_id ?? null) === null)
    return refuse(
      'not-releasable',
      `Line ${hold.line_number} has no item: reject the hold, or correct the cross-reference and have the partner send it again`,
    );
  if (hold.type === 'ship-to') {
    const missing = await missingLocations(tx, order, hold.line_number);
    if (missing.length > 0)
      return refuse(
        'not-releasable',
        `${missing.join(', ')} of line ${hold.line_number} ${missing.length === 1 ? 'is' : 'are'} not among the customer's locations: nobody would know where to send it. Add what is missing, or reject the hold`,
      );
  }
  if (hold.type === 'price' && (line?.unit_price ?? null) === null)
    return refuse(
      'not-releasable',
      `Line ${hold.line_number} has no price: reject the hold, or maintain the price and have the partner send it again`,
    );
  return null;
}

/** Locations of a line, by their ids, that the record has no address for. */
async function missingLocations(tx: Tx, order: OrderRow, lineNumber: number): Promise<readonly string[]> {
  const parts = (await readLines(tx, order.id)).filter((row) => headNumber(row) === lineNumber);
  const missing: string[] = [];
  for (const { destination } of parts) {
    if (destination?.as !== 'ship-to') continue;
    const party = await addressed(tx, order.customer_id, destination);
    if (party.address === undefined) missing.push(party.id ?? '');
  }
  return missing;
}

async function keepDecision(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  decision: HoldDecision,
  now: string,
): Promise<void> {
  const exposure =
    hold.type === 'credit' ? await readExposure(tx, order.credit_account_id, order.usage, order.id) : null;
  const authorities = await readAuthorities(tx);
  const versions = authorities
    .filter((a) => decision.roles.includes(a.role))
    .map((a) => `${a.role} v${a.version}`);
  await recordDecisions(tx, [
    {
      orderId: order.id,
      kind: 'approval',
      rule: `authority:${hold.type}`,
      ruleVersion: versions.join(', '),
      inputs: {
        holdId: hold.id,
        reason: hold.reason,
        totalMinor: totalOf(hold, order),
        exposure,
        roles: decision.roles,
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
      text: `${decision.person} ${verb} the ${hold.type} hold: ${decision.reason}`,
      data: { holdId: hold.id },
    },
  ]);
}

async function releaseFrom(tx: Tx, order: OrderRow, hold: HoldRow, now: string): Promise<void> {
  if (hold.change_id !== null) return resumeChange(tx, hold.change_id);
  let current = order;
  if (hold.type === 'price') current = await settlePrice(tx, order, hold, now);
  if (hold.type !== 'credit' && !(await hasOpenHold(tx, order.id))) await assessCreditOf(tx, current, now);
  const settled = await settleState(tx, current, {}, now);
  await answerAfterHold(tx, order, settled, { refused: false }, now);
}

/** Rejecting a line's hold rejects the line; an order's hold, what is still open of the order; a change's, the change. */
export async function rejectFor(
  tx: Tx,
  order: OrderRow,
  hold: Pick<HoldRow, 'id' | 'line_number' | 'type' | 'change_id'>,
  why: { readonly text: string; readonly by: string },
  now: string,
): Promise<void> {
  // What was confirmed before the change stays confirmed.
  if (hold.change_id !== null) return rejectChange(tx, order, hold.change_id, why, now);
  // The account before any stock, as everywhere: its credit may be looked at again below.
  await lockCreditAccount(tx, order.credit_account_id);
  const lines = await readLines(tx, order.id);
  const affected = lines.filter(
    (line: OrderLineRow) =>
      line.rejection_code === null && (hold.line_number === null || headNumber(line) === hold.line_number),
  );
  await giveUpLines(tx, order, affected, { code: 'IR', text: `${hold.type}: ${why.text}` }, now);
  const gone = ownOpenHolds(tx, order.id);
  if (hold.line_number !== null) gone.andWhere({ line_number: hold.line_number });
  await gone.update({
    status: 'superseded',
    resolved_at: now,
    resolved_by: 'hub',
    resolution_reason: `what it stood for was rejected: ${why.text}`,
  });
  const current = await saveOrder(tx, order, await retotal(tx, order), now);
  // A line fewer may bring the rest of the order within its limits, or free it altogether.
  if (hold.line_number !== null && !(await hasOpenHold(tx, order.id))) await assessCreditOf(tx, current, now);
  const settled = await settleState(tx, current, {}, now);
  await answerAfterHold(tx, order, settled, { refused: true }, now);
}
