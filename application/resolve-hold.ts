import type { Tx } from '../db/connection';
import { authorityOver } from '../domain/approval/authority';
import type { HoldType } from '../domain/order/hold-types';
import type { HoldDecision, HoldDecisionOutcome } from '../domain/order/progress';
import { isFinal } from '../domain/order/states';
import { answerAfterHold } from './answer-order';
import { assessCreditOf, checkCreditOf } from './assess-credit-of-order';
import { BUYER_APPROVAL, judgeBuyer, takeApproved } from './buyer-spending';
import { lockCreditAccount } from './check-credit';
import { afterCreditDecision, closeCreditCase } from './credit-cases';
import { withCreditPending } from './credit-pending';
import { choosePart, releasePart } from './decide-credit-part';
import { giveUpLines, retotal } from './give-up-lines';
import { rejectChange, resumeChange } from './hold-change';
import {
  type AuthorityMatter,
  type Capacity,
  capacitiesOf,
  judgeCapacities,
  mayReject,
  overLimitPercentOf,
  versionsOf,
} from './judge-authority';
import { recordDecisions, recordEvents } from './keep-history';
import { isHeld, openHolds, ownOpenHolds } from './open-holds';
import {
  headNumber,
  lockOrder,
  type OrderLineRow,
  type OrderRow,
  readLines,
  saveOrder,
} from './order-record';
import { requestPrepayment } from './request-prepayment';
import { readAuthorities, readHoldTypes } from './rules';
import { settlePrice } from './settle-price';
import { settleState } from './settle-state';
import { addressed } from './split-lines';

interface HoldRow {
  readonly id: string;
  readonly order_id: string;
  readonly line_number: number | null;
  readonly shipment_id: string | null;
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
      readonly overMinor?: number;
      readonly limitMinor?: number;
    };
  };
  readonly applied_by: string | null;
  readonly resolved_by: string | null;
  readonly approvals: readonly {
    readonly person: string;
    readonly inNameOf?: string | null;
    readonly at: string;
    readonly reason: string;
    /** What the order came to when it was approved; approvals of a smaller order are void. */
    readonly totalMinor?: number;
  }[];
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
  const types = await readHoldTypes(tx);
  if (decision.action === 'release-part' || decision.action === 'request-prepayment')
    return decideCreditTerms(tx, order, hold, decision, types, now);
  const judged = await judge(tx, order, hold, decision, types, now);
  if (judged.kind !== 'may') return judged;
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
  if (hold.type === 'credit') await afterCreditDecision(tx, order, hold, decision);
  if (decision.action === 'release') await releaseFrom(tx, order, hold, now, types);
  else await rejectFor(tx, order, hold, { text: decision.reason, by: decision.person }, now);
  return {
    kind: 'resolved',
    holdId: hold.id,
    status: decision.action === 'release' ? 'released' : 'rejected',
  };
}

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
    const judged = await judge(tx, order, hold, { ...decision, action: 'reject' }, types, now);
    if (judged.kind !== 'may') return judged;
    return requestPrepayment(tx, order, hold, { ...decision, terms }, judged, now);
  }
  const chosen = await choosePart(tx, order, terms);
  if (chosen.kind === 'refused') return chosen;
  const { part } = chosen;
  const overMinor = Math.max(
    0,
    (hold.reason.details?.overMinor ?? 0) - (order.total_minor - part.releasedMinor),
  );
  // The person's word is asked for what is released, not for the order as a whole.
  const asked = { ...order, total_minor: part.releasedMinor };
  const details = { ...hold.reason.details, overMinor };
  const matter = { ...hold, reason: { ...hold.reason, details } };
  const judged = await judge(tx, asked, matter, { ...decision, action: 'release' }, types, now);
  if (judged.kind !== 'may') return judged;
  const by = { ruleVersion: judged.ruleVersion, roles: judged.by.roles, inNameOf: judged.by.inNameOf };
  return releasePart(tx, order, hold, part, { ...decision, terms }, by, now);
}

/** What was approved is the order as it stood then, or as it would stand with the change. */
const totalOf = (hold: Pick<HoldRow, 'change_id' | 'reason'>, order: OrderRow): number =>
  hold.change_id === null ? order.total_minor : (hold.reason.details?.totalMinor ?? order.total_minor);

export const withTotal = (hold: Pick<HoldRow, 'change_id' | 'reason'>, order: OrderRow) => ({
  ...hold.reason,
  details: { ...hold.reason.details, totalMinor: totalOf(hold, order) },
});

interface Permission {
  readonly kind: 'may';
  readonly by: Capacity;
  readonly ruleVersion: string;
}

/** Whether the person's word stands, as their own or as a substitute's; the first of two approvals is kept here. */
async function judge(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  decision: HoldDecision,
  types: ReadonlyMap<string, HoldType>,
  now: string,
): Promise<Permission | Exclude<HoldDecisionOutcome, { kind: 'resolved' }>> {
  if (hold.type === BUYER_APPROVAL) return judgeApprover(tx, order, hold, decision, now);
  const type = types.get(hold.type);
  const authorities = type ? authorityOver(await readAuthorities(tx), type) : [];
  const capacities = await capacitiesOf(tx, decision, hold.type, now);
  if (decision.action === 'reject') {
    const by = mayReject(authorities, capacities, hold.type);
    return by
      ? { kind: 'may', by, ruleVersion: versionsOf(authorities, by.roles) }
      : refuse('not-authorised', `None of your roles may decide a hold of type "${hold.type}"`);
  }
  const unfit = (await notReleasable(tx, order, hold)) ?? (await notYet(tx, hold, type));
  if (unfit) return unfit;
  const judged = judgeCapacities(authorities, capacities, await matterOf(tx, order, hold));
  const { capacity, ruleVersion } = judged;
  if (judged.decision.kind === 'refused') return refuse(judged.decision.code, judged.decision.text);
  if (judged.decision.kind === 'sufficient') return { kind: 'may', by: capacity, ruleVersion };
  return keepFirstApproval(tx, order, hold, decision, capacity, now);
}

/** The buyer's own company decides; what it approves is taken from its budget in the same breath. */
async function judgeApprover(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  decision: HoldDecision,
  now: string,
): Promise<Permission | Refusal> {
  const totalMinor = totalOf(hold, order);
  const judged = await judgeBuyer(tx, order, decision, totalMinor, now);
  if (judged.kind !== 'may') return judged;
  const refusal =
    decision.action === 'release' ? await takeApproved(tx, order, decision.person, totalMinor, now) : null;
  return refusal ?? { ...judged, ruleVersion: `company ${order.customer_id}` };
}

async function matterOf(tx: Tx, order: OrderRow, hold: HoldRow): Promise<AuthorityMatter> {
  const account = (await tx('credit_account').where({ id: order.credit_account_id }).first('risk_class')) as
    | { risk_class: string | null }
    | undefined;
  return {
    holdType: hold.type,
    totalMinor: totalOf(hold, order),
    currency: order.currency,
    riskClass: account?.risk_class ?? null,
    overLimitPercent: overLimitPercentOf(hold.reason.details ?? {}),
    // What was approved was no larger order than this one: an approval of a smaller one is void.
    earlierApprovals: hold.approvals.filter(
      ({ totalMinor }) => totalMinor === undefined || totalMinor >= totalOf(hold, order),
    ),
    // Who put a hold on by hand may lift it again.
    requestedBy: hold.applied_by === null ? order.placed_by : null,
  };
}

/** Types that its rule wants resolved first are still open on the same order. */
async function notYet(tx: Tx, hold: HoldRow, type: HoldType | undefined): Promise<Refusal | null> {
  if (!type || type.resolvedAfter.length === 0) return null;
  const before = (await ownOpenHolds(tx, hold.order_id)
    .whereIn('type', [...type.resolvedAfter])
    .distinct('type')) as { type: string }[];
  if (before.length === 0) return null;
  const names = before.map((one) => `"${one.type}"`).join(', ');
  return refuse(
    'not-releasable',
    `A "${hold.type}" hold is released only after ${names}: resolve that first`,
  );
}

async function keepFirstApproval(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  { person, reason }: HoldDecision,
  { inNameOf }: Capacity,
  now: string,
): Promise<HoldDecisionOutcome & { readonly kind: 'needs-second-person' }> {
  const approvals = [
    ...hold.approvals,
    { person, inNameOf, at: now, reason, totalMinor: totalOf(hold, order) },
  ];
  await tx('hold')
    .where({ id: hold.id })
    .update({ approvals: JSON.stringify(approvals) });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-approved-once',
      actor: person,
      text: `${named(person, inNameOf)} approves the ${hold.type} hold; a second person has to agree: ${reason}`,
      data: { holdId: hold.id },
    },
  ]);
  return { kind: 'needs-second-person', holdId: hold.id };
}

const named = (person: string, inNameOf: string | null) =>
  inNameOf === null ? person : `${person} (for ${inNameOf})`;

/** Some causes cannot be waved through: a line without an item or a price has nothing to ship or to bill. */
export async function notReleasable(
  tx: Tx,
  order: OrderRow,
  hold: Pick<HoldRow, 'line_number' | 'type' | 'change_id' | 'reason'>,
): Promise<Refusal | null> {
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
      text: `${named(decision.person, by.inNameOf)} ${verb} the ${hold.type} hold: ${decision.reason}`,
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
  if (hold.change_id !== null) return resumeChange(tx, hold.change_id);
  // What the release itself has written of the order stands beside what was read before it.
  let current: OrderRow =
    hold.type === BUYER_APPROVAL ? { ...order, buyer_approved_minor: order.total_minor } : order;
  if (hold.type === 'price') current = await settlePrice(tx, order, hold, now);
  await openFollowing(tx, order, hold, types ?? (await readHoldTypes(tx)), now);
  if (hold.type !== 'credit' && !(await isHeld(tx, order.id))) await assessCreditOf(tx, current, now);
  const settled = await settleState(tx, current, {}, now);
  await answerAfterHold(tx, order, settled, { refused: false, ofLine: wasAnsweredByLine(order, hold) }, now);
}

/** The order flowed on while the line waited: its answer said so of the line alone. */
const wasAnsweredByLine = (order: OrderRow, hold: Pick<HoldRow, 'line_number'>): boolean =>
  hold.line_number !== null && order.state !== 'held' && order.final_answer_at !== null;

/** A second look, where a rule wants one: opens on the same order, line or shipment. */
async function openFollowing(
  tx: Tx,
  order: OrderRow,
  hold: Pick<HoldRow, 'line_number' | 'shipment_id' | 'type'>,
  types: ReadonlyMap<string, HoldType>,
  now: string,
): Promise<void> {
  const following = [...types.values()].filter(({ opensAfter }) => opensAfter.includes(hold.type));
  const requests = following.map(({ type }) => ({
    type,
    lineNumber: hold.line_number,
    ...(hold.shipment_id !== null && { shipmentId: hold.shipment_id }),
    reason: { code: 'rule', text: `It follows on the release of the ${hold.type} hold` },
  }));
  await openHolds(tx, order.id, requests, types, now);
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
  const retotalled = await saveOrder(tx, order, await retotal(tx, order), now);
  const current = await withCreditPending(tx, retotalled);
  // A line fewer may bring the rest of the order within its limits, or free it altogether.
  if (hold.line_number !== null && !(await isHeld(tx, order.id))) await assessCreditOf(tx, current, now);
  const settled = await settleState(tx, current, {}, now);
  await answerAfterHold(tx, order, settled, { refused: true, ofLine: wasAnsweredByLine(order, hold) }, now);
}
