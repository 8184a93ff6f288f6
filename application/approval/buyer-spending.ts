import type { Db, Tx } from '../../db/connection';
import {
  decideSpending,
  fitsBudget,
  type SpendingDecision,
  whyNotApprove,
} from '../../domain/approval/spending';
import type { HoldRequest } from '../../domain/order/hold-types';
import type { OrderRequest } from '../../domain/order/order-request';
import type { HoldDecision } from '../../domain/order/progress';
import { localDateIn } from '../../domain/shared/dates';
import { formatMinor } from '../../domain/shared/money';
import { lockCreditAccount } from '../credit/check-credit';
import type { CustomerRow } from '../customer/customer-record';
import { openHolds, supersedeHolds } from '../hold/open-holds';
import { whoAsked } from '../hold/who-asked';
import type { OrderRow } from '../order/order-record';
import { readHoldTypes } from '../rules/rules';
import { type Capacity, capacitiesOf } from './judge-authority';

export const BUYER_APPROVAL = 'buyer-approval';

interface PersonRow {
  readonly person: string;
  readonly limit_minor: number | null;
  readonly cost_centre: string | null;
  readonly may_approve: boolean;
  readonly approves_up_to_minor: number | null;
}

interface Budget {
  readonly id: string;
  readonly amountMinor: number;
  readonly spentMinor: number;
}

/** What an order of a buyer's person is measured by; its budget stays locked until the transaction ends. */
export interface BuyerSpending {
  readonly person: string;
  readonly limitMinor: number | null | undefined;
  readonly costCentre: string | null;
  readonly budget: Budget | 'none-now' | null;
}

/**
 * Locks the budget that an order is booked on, after the credit account and before any stock (decision 0001). Null
 * where the buyer's company has set nothing, or no person of it orders: then it costs no statement either.
 */
export async function lockSpending(
  tx: Tx,
  request: OrderRequest,
  customer: CustomerRow,
  now: string,
): Promise<BuyerSpending | null> {
  const { buyer } = request;
  if (buyer === undefined || !customer.has_spending_rules || request.usage === 'T') return null;
  const row = await findPersonRow(tx, customer.id, buyer.person);
  const costCentre = buyer.costCentre ?? row?.cost_centre ?? null;
  // Of the day it is ordered on: the date on the purchase order is the buyer's to choose.
  const day = localDateIn(now, customer.entity_time_zone);
  const planned = costCentre === null ? null : await lockBudgetOf(tx, customer.id, costCentre, day);
  // Nor is a budget evaded by naming a cost centre that has none.
  const isElsewhere = planned === null && costCentre !== (row?.cost_centre ?? null);
  const budget = isElsewhere && (await plansBudgets(tx, customer.id)) ? 'none-now' : planned;
  return { person: buyer.person, limitMinor: row?.limit_minor, costCentre, budget };
}

export const findPersonRow = async (db: Db, customerId: string, person: string) =>
  (await db('buyer_person').where({ customer_id: customerId, person }).first()) as PersonRow | undefined;

export const plansBudgets = async (db: Db, customerId: string): Promise<boolean> =>
  (await db('buyer_budget').where({ customer_id: customerId, removed_at: null }).first('id')) !== undefined;

/** Read again under the lock: what others took while this one waited counts. */
async function lockBudgetOf(
  tx: Tx,
  customerId: string,
  costCentre: string,
  day: string,
): Promise<Budget | 'none-now' | null> {
  const planned = (await tx('buyer_budget')
    .where({ customer_id: customerId, cost_centre: costCentre, removed_at: null })
    .orderBy('valid_from')
    .select('id', 'valid_from', 'valid_to')) as { id: string; valid_from: string; valid_to: string }[];
  if (planned.length === 0) return null;
  const current = planned.find((one) => one.valid_from <= day && day <= one.valid_to);
  if (!current) return 'none-now';
  // Removed while this one waited for it: another may have been planned instead.
  return (await lockBudget(tx, current.id)) ?? lockBudgetOf(tx, customerId, costCentre, day);
}

/** Null: it is removed. */
async function lockBudget(tx: Tx, id: string): Promise<Budget | null> {
  const row = (await tx('buyer_budget')
    .where({ id, removed_at: null })
    .forNoKeyUpdate()
    .first('amount_minor')) as { amount_minor: number } | undefined;
  return row ? { id, amountMinor: row.amount_minor, spentMinor: await spentOf(tx, id) } : null;
}

export async function spentOf(db: Db, budgetId: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { spent: number }[] }>(
    'select coalesce(sum(amount_minor), 0)::bigint as spent from buyer_budget_entry where budget_id = ?',
    [budgetId],
  );
  return rows[0]?.spent ?? 0;
}

export const decideBuyer = (spending: BuyerSpending, totalMinor: number): SpendingDecision =>
  decideSpending({ totalMinor, limitMinor: spending.limitMinor, budget: spending.budget });

/** The hold that only the buyer's own approvers resolve. */
export function spendingHolds(
  spending: BuyerSpending | null,
  totalMinor: number,
  currency: string,
): readonly HoldRequest[] {
  if (spending === null) return [];
  const decision = decideBuyer(spending, totalMinor);
  if (decision.kind === 'within') return [];
  const { budget, limitMinor = null, costCentre, person } = spending;
  const left = budget !== null && budget !== 'none-now' ? budget.amountMinor - budget.spentMinor : null;
  const figures = [
    ...(decision.code === 'over-spending-limit' && limitMinor !== null
      ? [`limit ${formatMinor(limitMinor, currency)} ${currency}`]
      : []),
    ...(decision.code === 'over-budget' && left !== null
      ? [`left ${formatMinor(left, currency)} ${currency}`]
      : []),
  ].join(', ');
  return [
    {
      type: BUYER_APPROVAL,
      lineNumber: null,
      reason: {
        code: decision.code,
        text: `${decision.text}${figures === '' ? '' : ` (${figures})`}`,
        details: { totalMinor, limitMinor, costCentre, budgetLeftMinor: left, person },
      },
    },
  ];
}

/** Books a new order: what goes by the person's word alone takes its budget at once, what waits takes nothing. */
export async function bookSpending(
  tx: Tx,
  orderId: string,
  spending: BuyerSpending | null,
  totalMinor: number,
  now: string,
): Promise<void> {
  if (spending === null) return;
  const { budget, costCentre, person } = spending;
  const budgetId = budget !== null && budget !== 'none-now' ? budget.id : null;
  const within = decideBuyer(spending, totalMinor).kind === 'within';
  await tx('orders')
    .where({ id: orderId })
    .update({
      cost_centre: costCentre,
      buyer_budget_id: budgetId,
      buyer_approved_minor: within ? totalMinor : null,
    });
  if (within && budgetId !== null)
    await takeFromBudget(
      tx,
      { budgetId, orderId, amountMinor: totalMinor, reason: 'placed', by: person },
      now,
    );
}

interface Taking {
  readonly budgetId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly reason: string;
  readonly by: string;
}

async function takeFromBudget(tx: Tx, taking: Taking, now: string): Promise<void> {
  if (taking.amountMinor === 0) return;
  await tx('buyer_budget_entry').insert({
    budget_id: taking.budgetId,
    order_id: taking.orderId,
    amount_minor: taking.amountMinor,
    reason: taking.reason,
    done_by: taking.by,
    done_at: now,
  });
}

/**
 * An order that was approved and has changed: what it came down gives back to its budget, what it has grown to needs a
 * new approval and takes nothing until then.
 */
export async function followSpending(tx: Tx, order: OrderRow, now: string): Promise<OrderRow> {
  const approved = order.buyer_approved_minor;
  if (approved === null || order.total_minor === approved) return order;
  if (order.total_minor > approved) {
    const reason = {
      code: 'order-grew',
      text: 'The order has grown beyond what was approved in the buyer’s company',
      details: { totalMinor: order.total_minor, approvedMinor: approved },
    };
    await openHolds(
      tx,
      order.id,
      [{ type: BUYER_APPROVAL, lineNumber: null, reason }],
      await readHoldTypes(tx),
      now,
    );
    return order;
  }
  // What was approved of a change that is still to be done is not given to others before it is.
  const neededMinor = Math.max(order.total_minor, await approvedOfChanges(tx, order.id));
  if (neededMinor >= approved) return order;
  await supersedeHolds(tx, order.id, [BUYER_APPROVAL], 'the order is within what was approved again', now);
  await tx('orders').where({ id: order.id }).update({ buyer_approved_minor: neededMinor });
  if (order.buyer_budget_id !== null)
    await takeFromBudget(
      tx,
      {
        budgetId: order.buyer_budget_id,
        orderId: order.id,
        amountMinor: neededMinor - approved,
        reason: 'given back',
        by: 'hub',
      },
      now,
    );
  return { ...order, buyer_approved_minor: neededMinor };
}

/** What an order would come to with a change that its approver has agreed to and that nothing has come of yet. */
async function approvedOfChanges(tx: Tx, orderId: string): Promise<number> {
  const { rows } = await tx.raw<{ rows: { minor: number }[] }>(
    `select coalesce(max((h.reason #>> '{details,totalMinor}')::bigint), 0)::bigint as minor
     from hold h join order_change c on c.id = h.change_id
     where h.order_id = ? and h.type = ? and h.status = 'released' and c.status in ('held', 'pending')`,
    [orderId, BUYER_APPROVAL],
  );
  return rows[0]?.minor ?? 0;
}

/** A change was decided: what was approved for it and is not needed goes back to the budget at once. */
export async function giveBackUnneeded(tx: Tx, order: OrderRow, now: string): Promise<void> {
  if (order.buyer_approved_minor === null) return;
  const current = (await tx('orders').where({ id: order.id }).first()) as OrderRow;
  if (current.buyer_approved_minor !== null && current.total_minor < current.buyer_approved_minor)
    await followSpending(tx, current, now);
}

type Refused = {
  readonly kind: 'refused';
  readonly code: 'not-authorised' | 'over-authority' | 'own-order' | 'budget-exhausted';
  readonly text: string;
};

/** Whether somebody of the buyer's company may decide: as themselves or, where that is not enough, as a substitute. */
export async function judgeBuyer(
  tx: Tx,
  order: OrderRow,
  decision: HoldDecision,
  { totalMinor, changeId }: { readonly totalMinor: number; readonly changeId: string | null },
  now: string,
): Promise<{ readonly kind: 'may'; readonly by: Capacity } | Refused> {
  if (decision.customerId === undefined || decision.customerId !== order.customer_id)
    return { kind: 'refused', code: 'not-authorised', text: 'Only the buyer’s own company decides this' };
  const capacities = await capacitiesOf(tx, decision, BUYER_APPROVAL, now);
  const requestedBy = decision.action === 'reject' ? [] : await whoAsked(tx, order, changeId);
  let closest: Refused | null = null;
  for (const by of capacities) {
    const row = await findPersonRow(tx, order.customer_id, by.inNameOf ?? by.person);
    const why = whyNotApprove({
      totalMinor: decision.action === 'reject' ? 0 : totalMinor,
      approver: row && { mayApprove: row.may_approve, upToMinor: row.approves_up_to_minor },
      person: by.person,
      inNameOf: by.inNameOf,
      requestedBy,
    });
    if (why === null) return { kind: 'may', by };
    if (closest === null || closest.code === 'not-authorised') closest = { kind: 'refused', ...why };
  }
  return closest as Refused;
}

/** Takes what an approved order, or the order with an approved change, needs of its budget, which is never overdrawn: null where it fits. */
export async function takeApproved(
  tx: Tx,
  order: OrderRow,
  person: string,
  totalMinor: number,
  now: string,
): Promise<Refused | null> {
  const more = totalMinor - (order.buyer_approved_minor ?? 0);
  if (order.cost_centre !== null && more > 0) {
    // The account before the budget, as everywhere: the credit is looked at again when the order goes on.
    await lockCreditAccount(tx, order.credit_account_id);
    const refused = await takeMore(tx, order, { person, totalMinor, more }, now);
    if (refused) return refused;
  }
  await tx('orders').where({ id: order.id }).update({ buyer_approved_minor: totalMinor });
  return null;
}

interface More {
  readonly person: string;
  readonly totalMinor: number;
  readonly more: number;
}

async function takeMore(
  tx: Tx,
  order: OrderRow,
  { person, totalMinor, more }: More,
  now: string,
): Promise<Refused | null> {
  const own = order.buyer_budget_id === null ? null : await lockBudget(tx, order.buyer_budget_id);
  const budget = own ?? (await lockBudgetInstead(tx, order, now));
  // An order is on one budget: of a removed one it takes nothing more, and what it took there moves with it. One that had
  // none when it was placed is on the one that was planned since.
  const amountMinor = own ? more : totalMinor;
  if (budget !== null && !fitsBudget(budget, amountMinor)) {
    const left = formatMinor(budget.amountMinor - budget.spentMinor, order.currency);
    const text = `The budget of ${order.cost_centre ?? ''} has ${left} ${order.currency} left: raise it, order less, or reject`;
    return { kind: 'refused', code: 'budget-exhausted', text };
  }
  if (!own && (order.buyer_budget_id !== null || budget !== null))
    await moveToBudget(tx, order, budget?.id ?? null, now);
  if (budget !== null)
    await takeFromBudget(
      tx,
      { budgetId: budget.id, orderId: order.id, amountMinor, reason: 'approved', by: person },
      now,
    );
  return null;
}

/** The budget that a cost centre has now, where the order had none or its own was removed; null: none, and the approver's word is enough. */
async function lockBudgetInstead(tx: Tx, order: OrderRow, now: string): Promise<Budget | null> {
  if (order.cost_centre === null) return null;
  const { time_zone: zone } = (await tx('customer as c')
    .join('selling_entity as e', 'e.id', 'c.entity_id')
    .where({ 'c.id': order.customer_id })
    .first('e.time_zone')) as { time_zone: string };
  const found = await lockBudgetOf(tx, order.customer_id, order.cost_centre, localDateIn(now, zone));
  return found === 'none-now' ? null : found;
}

async function moveToBudget(tx: Tx, order: OrderRow, instead: string | null, now: string): Promise<void> {
  if (order.buyer_budget_id !== null)
    await takeFromBudget(
      tx,
      {
        budgetId: order.buyer_budget_id,
        orderId: order.id,
        amountMinor: -(order.buyer_approved_minor ?? 0),
        reason: 'moved: the budget was removed',
        by: 'hub',
      },
      now,
    );
  await tx('orders').where({ id: order.id }).update({ buyer_budget_id: instead });
}
