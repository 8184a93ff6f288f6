import type { Db, Tx } from '../../db/connection';
import { authorityOver } from '../../domain/approval/authority';
import type { HoldType } from '../../domain/order/hold-types';
import type { HoldDecision, HoldDecisionOutcome } from '../../domain/order/progress';
import { formatMinor } from '../../domain/shared/money';
import { BUYER_APPROVAL, judgeBuyer, takeApproved } from '../approval/buyer-spending';
import {
  type AuthorityMatter,
  type Capacity,
  capacitiesOf,
  judgeCapacities,
  mayReject,
  overLimitPercentOf,
  versionsOf,
} from '../approval/judge-authority';
import { checkCreditOf, foreseeCreditOf } from '../credit/assess-credit-of-order';
import { readAuthorityMoney } from '../credit/read-authority-money';
import { headNumber, type OrderRow, readLines } from '../order/order-record';
import { addressed } from '../order/split-lines';
import { recordEvents } from '../record/keep-history';
import { readAuthorities, readTypeOfHold } from '../rules/rules';
import { whoAsked } from './who-asked';

export interface HoldRow {
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
    /** What of the order it was about: approvals of other lines are void. Absent: of a change, or of old. */
    readonly lines?: readonly number[];
  }[];
}

type Refusal = Extract<HoldDecisionOutcome, { kind: 'refused' }>;

export const refuse = (code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', code, text });

/** What was approved is the order as it stood then, or as it would stand with the change. */
export const totalOf = (hold: Pick<HoldRow, 'change_id' | 'reason'>, order: OrderRow): number =>
  hold.change_id === null ? order.total_minor : (hold.reason.details?.totalMinor ?? order.total_minor);

export interface Permission {
  readonly kind: 'may';
  readonly by: Capacity;
  readonly ruleVersion: string;
}

/** Whether the person's word stands, as their own or as a substitute's; the first of two approvals is kept here. */
export async function judgeHoldDecision(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  decision: HoldDecision,
  types: ReadonlyMap<string, HoldType>,
  now: string,
  /** Lines that are let through where not all of them are. */
  part: readonly number[] | null = null,
): Promise<Permission | Exclude<HoldDecisionOutcome, { kind: 'resolved' }>> {
  if (hold.type === BUYER_APPROVAL) return judgeApprover(tx, order, hold, decision, now);
  const type = await readTypeOfHold(tx, hold.type, types);
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
  const overLimitPercent = hold.type === 'credit' ? await percentOverLimit(tx, order, hold, now) : null;
  const lines = part ?? (await linesOf(tx, order, hold));
  const matter = await matterOf(tx, order, hold, { overLimitPercent, lines }, now);
  const judged = judgeCapacities(authorities, capacities, matter);
  const { capacity, ruleVersion } = judged;
  if (judged.decision.kind === 'refused') return refuse(judged.decision.code, judged.decision.text);
  if (judged.decision.kind === 'sufficient') return { kind: 'may', by: capacity, ruleVersion };
  return keepFirstApproval(tx, order, hold, { ...decision, lines, isPart: part !== null }, capacity, now);
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
  const judged = await judgeBuyer(tx, order, decision, { totalMinor, changeId: hold.change_id }, now);
  if (judged.kind !== 'may') return judged;
  const refusal =
    decision.action === 'release' ? await takeApproved(tx, order, decision.person, totalMinor, now) : null;
  return refusal ?? { ...judged, ruleVersion: `company ${order.customer_id}` };
}

/** As the account stands now, which others may have used since the hold began. It stays locked until the decision is kept. */
async function percentOverLimit(tx: Tx, order: OrderRow, hold: HoldRow, now: string): Promise<string> {
  const { decision } = await checkCreditOf(tx, order, now, totalOf(hold, order));
  return overLimitPercentOf(decision);
}

type Matter = Pick<HoldRow, 'type' | 'change_id' | 'applied_by' | 'reason' | 'approvals'>;

/** What a release lets through; null: of a change, which has lines of its own. */
async function linesOf(db: Db, order: OrderRow, hold: HoldPlace): Promise<readonly number[] | null> {
  if (hold.change_id !== null) return null;
  if (hold.line_number !== null) return [hold.line_number];
  const open = (await readLines(db, order.id)).filter(
    (line) => line.rejection_code === null && line.ordered > line.cancelled,
  );
  return [...new Set(open.map(headNumber))];
}
type HoldPlace = Pick<HoldRow, 'change_id' | 'line_number'>;

/** What a person's authority is measured by. */
async function matterOf(
  db: Db,
  order: OrderRow,
  hold: Matter,
  asked: { readonly overLimitPercent: string | null; readonly lines: readonly number[] | null },
  now: string,
): Promise<AuthorityMatter> {
  const account = (await db('credit_account').where({ id: order.credit_account_id }).first('risk_class')) as
    | { risk_class: string | null }
    | undefined;
  const totalMinor = totalOf(hold, order);
  return {
    holdType: hold.type,
    totalMinor,
    currency: order.currency,
    ...(await readAuthorityMoney(db, order.entity_id, now)),
    riskClass: account?.risk_class ?? null,
    overLimitPercent: asked.overLimitPercent,
    // What was approved was all of this and no less: an approval of a smaller order or of other lines is void.
    earlierApprovals: hold.approvals.filter(
      (one) =>
        (one.totalMinor === undefined || one.totalMinor >= totalMinor) &&
        (one.lines === undefined || (asked.lines?.every((line) => one.lines?.includes(line)) ?? true)),
    ),
    // Who put a hold on by hand may lift it again.
    requestedBy: hold.applied_by === null ? await whoAsked(db, order, hold.change_id) : [],
  };
}

/** What would be decided of a hold now, with nothing locked: who could decide it is asked before anybody does. */
export async function foreseeMatter(db: Db, holdId: string, now: string): Promise<AuthorityMatter> {
  const hold = (await db('hold').where({ id: holdId }).first()) as HoldRow;
  const order = (await db('orders').where({ id: hold.order_id }).first()) as OrderRow;
  const lines = await linesOf(db, order, hold);
  if (hold.type !== 'credit') return matterOf(db, order, hold, { overLimitPercent: null, lines }, now);
  const { decision } = await foreseeCreditOf(db, order, now, totalOf(hold, order));
  return matterOf(db, order, hold, { overLimitPercent: overLimitPercentOf(decision), lines }, now);
}

/** Types that its rule wants resolved first are still open on the same order, or on the change that waits for it too. */
export async function notYet(
  tx: Tx,
  hold: Pick<HoldRow, 'order_id' | 'change_id' | 'type'>,
  type: HoldType | undefined,
): Promise<Refusal | null> {
  if (!type || type.resolvedAfter.length === 0) return null;
  const before = (await tx('hold')
    .where({ order_id: hold.order_id, status: 'open' })
    .where((q) => q.whereNull('change_id').orWhere({ change_id: hold.change_id }))
    .whereIn('type', [...type.resolvedAfter])
    .distinct('type')) as { type: string }[];
  if (before.length === 0) return null;
  const names = before.map((one) => `"${one.type}"`).join(', ');
  return refuse(
    'not-releasable',
    `A "${hold.type}" hold is released only after ${names}: resolve that first`,
  );
}

type FirstApproval = Pick<HoldDecision, 'person' | 'reason'> & {
  readonly lines: readonly number[] | null;
  readonly isPart: boolean;
};

async function keepFirstApproval(
  tx: Tx,
  order: OrderRow,
  hold: HoldRow,
  { person, reason, lines, isPart }: FirstApproval,
  { inNameOf }: Capacity,
  now: string,
): Promise<HoldDecisionOutcome & { readonly kind: 'needs-second-person' }> {
  const approvals = [
    ...hold.approvals,
    {
      person,
      inNameOf,
      at: now,
      reason,
      totalMinor: totalOf(hold, order),
      ...(lines !== null && { lines }),
    },
  ];
  const what = isPart
    ? `line ${lines?.join(', ') ?? ''} (${formatMinor(totalOf(hold, order), order.currency)} ${order.currency}) of the ${hold.type} hold`
    : `the ${hold.type} hold`;
  await tx('hold')
    .where({ id: hold.id })
    .update({ approvals: JSON.stringify(approvals) });
  await recordEvents(tx, [
    {
      orderId: order.id,
      at: now,
      kind: 'hold-approved-once',
      actor: person,
      text: `${namedFor(person, inNameOf)} approves ${what}; a second person has to agree: ${reason}`,
      data: { holdId: hold.id },
    },
  ]);
  return { kind: 'needs-second-person', holdId: hold.id };
}

export const namedFor = (person: string, inNameOf: string | null) =>
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
