import type { Tx } from '../../db/connection';
import { lockBuyerBudget, lockBuyerPerson, type Saved } from './buyer-settings';
import { BUYER_APPROVAL, spentOf } from './buyer-spending';
import { keepSettingEvent } from './keep-buyer-settings';

interface Removal {
  readonly customerId: string;
  readonly reason: string;
  readonly by: string;
}

const nothingThere: Saved = { kind: 'refused', text: 'It is not there any more: somebody has removed it' };

/**
 * Takes a person's limit away: what they order needs approval from then on, or none where the company names nobody any
 * more. The last approver stays while orders wait, for nobody else could decide them.
 */
export async function removeBuyerPerson(
  tx: Tx,
  { customerId, person, reason, by }: Removal & { readonly person: string },
  now: string,
): Promise<Saved> {
  if ((await lockBuyerPerson(tx, customerId, person)) === null) return nothingThere;
  const people = (await tx('buyer_person').where({ customer_id: customerId }).select()) as {
    readonly person: string;
    readonly may_approve: boolean;
  }[];
  const row = people.find((one) => one.person === person);
  if (!row) return nothingThere;
  const othersApprove = people.some((one) => one.may_approve && one.person !== person);
  if (row.may_approve && !othersApprove) {
    const waiting = await countWaiting(tx, customerId);
    if (waiting > 0)
      return {
        kind: 'refused',
        text: `${person} alone may approve, and ${waiting} ${waiting === 1 ? 'order waits' : 'orders wait'} for approval: have them decided first, or name another approver`,
      };
  }
  await tx('buyer_person').where({ customer_id: customerId, person }).delete();
  const event = {
    customerId,
    kind: 'limit-removed',
    subject: person,
    detail: row,
    reason,
    by,
    at: now,
  } as const;
  await keepSettingEvent(tx, event);
  return { kind: 'saved' };
}

async function countWaiting(tx: Tx, customerId: string): Promise<number> {
  const { rows } = await tx.raw<{ rows: [{ waiting: number }] }>(
    `select count(*)::int as waiting from hold h join orders o on o.id = h.order_id
     where h.status = 'open' and h.type = ? and o.customer_id = ?`,
    [BUYER_APPROVAL, customerId],
  );
  return rows[0].waiting;
}

/**
 * Ends a budget. What approved orders have taken of it stays approved, and what they give back falls to nobody; an order
 * that waits is measured, once it is approved, by the budget that its cost centre has then (`application/approval/buyer-spending.ts`).
 */
export async function removeBuyerBudget(
  tx: Tx,
  { customerId, budgetId, reason, by }: Removal & { readonly budgetId: string },
  now: string,
): Promise<Saved> {
  if ((await lockBuyerBudget(tx, customerId, budgetId)) === null) return nothingThere;
  const row = (await tx('buyer_budget').where({ id: budgetId }).first()) as { readonly cost_centre: string };
  await tx('buyer_budget')
    .where({ id: budgetId })
    .update({ removed_at: now, version: tx.raw('version + 1') });
  const detail = { ...row, spent_minor: await spentOf(tx, budgetId) };
  const { cost_centre: subject } = row;
  await keepSettingEvent(tx, { customerId, kind: 'budget-removed', subject, detail, reason, by, at: now });
  return { kind: 'saved' };
}
