import type { Db, Tx } from '../db/connection';
import { spentOf } from './buyer-spending';

export interface BuyerPersonRow {
  readonly person: string;
  readonly limit_minor: number | null;
  readonly cost_centre: string | null;
  readonly may_approve: boolean;
  readonly approves_up_to_minor: number | null;
  readonly saved_by: string;
  readonly saved_at: string;
}

export interface BuyerBudgetRow {
  readonly id: string;
  readonly cost_centre: string;
  readonly valid_from: string;
  readonly valid_to: string;
  readonly amount_minor: number;
  readonly currency: string;
  readonly saved_by: string;
  readonly spent_minor: number;
}

export type Saved = { readonly kind: 'saved' } | { readonly kind: 'refused'; readonly text: string };

export async function readBuyerSettings(
  db: Db,
  customerId: string,
): Promise<{
  readonly people: readonly BuyerPersonRow[];
  readonly budgets: readonly BuyerBudgetRow[];
  /** Who has a key of the company and no limit. */
  readonly withoutLimit: readonly string[];
}> {
  const people = (await db('buyer_person')
    .where({ customer_id: customerId })
    .orderBy('person')) as BuyerPersonRow[];
  const { rows } = await db.raw<{ rows: BuyerBudgetRow[] }>(
    `select b.*, coalesce((select sum(e.amount_minor) from buyer_budget_entry e where e.budget_id = b.id), 0)::bigint as spent_minor
     from buyer_budget b where b.customer_id = ? order by b.cost_centre, b.valid_from`,
    [customerId],
  );
  const known = (await db('api_key')
    .where({ customer_id: customerId })
    .whereNotNull('person')
    .whereNull('revoked_at')
    .andWhere((q) => q.whereNull('expires_at').orWhere('expires_at', '>', db.fn.now()))
    .orderBy('person')
    .distinct('person')) as { person: string }[];
  const withoutLimit = known
    .map(({ person }) => person)
    .filter((name) => !people.some(({ person }) => person === name));
  return { people, budgets: rows, withoutLimit };
}

export async function saveBuyerPerson(
  tx: Tx,
  customerId: string,
  wanted: {
    readonly person: string;
    readonly limitMinor: number | null;
    readonly costCentre: string | null;
    readonly mayApprove: boolean;
    readonly approvesUpToMinor: number | null;
  },
  by: string,
  now: string,
): Promise<Saved> {
  const known = await tx('api_key').where({ person: wanted.person, customer_id: customerId }).first('id');
  if (!known) return { kind: 'refused', text: `Nobody called "${wanted.person}" has a key of this company` };
  const row = {
    limit_minor: wanted.limitMinor,
    cost_centre: wanted.costCentre,
    may_approve: wanted.mayApprove,
    approves_up_to_minor: wanted.approvesUpToMinor,
    saved_by: by,
    saved_at: now,
  };
  await tx('buyer_person')
    .insert({ customer_id: customerId, person: wanted.person, ...row })
    .onConflict(['customer_id', 'person'])
    .merge(row);
  return { kind: 'saved' };
}

/** A budget's periods never overlap, and none is lowered below what is spent. Saved one after the other. */
export async function saveBuyerBudget(
  tx: Tx,
  customerId: string,
  wanted: {
    readonly budgetId?: string;
    readonly costCentre: string;
    readonly from: string;
    readonly to: string;
    readonly amountMinor: number;
  },
  by: string,
  now: string,
): Promise<Saved> {
  if (wanted.to < wanted.from) return { kind: 'refused', text: 'The period ends before it begins' };
  const customer = (await tx('customer').where({ id: customerId }).first('currency')) as { currency: string };
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`budget/${customerId}`]);
  const { budgetId } = wanted;
  const overlapping = await tx('buyer_budget')
    .where({ customer_id: customerId, cost_centre: wanted.costCentre })
    .andWhere('valid_from', '<=', wanted.to)
    .andWhere('valid_to', '>=', wanted.from)
    .modify((q) => budgetId !== undefined && q.whereNot({ id: budgetId }))
    .first('valid_from', 'valid_to');
  if (overlapping)
    return { kind: 'refused', text: `${wanted.costCentre} has a budget in that period already` };
  const row = {
    cost_centre: wanted.costCentre,
    valid_from: wanted.from,
    valid_to: wanted.to,
    amount_minor: wanted.amountMinor,
    saved_by: by,
    saved_at: now,
  };
  if (budgetId === undefined) {
    await tx('buyer_budget').insert({ customer_id: customerId, currency: customer.currency, ...row });
    return { kind: 'saved' };
  }
  const there = await tx('buyer_budget')
    .where({ id: budgetId, customer_id: customerId })
    .forNoKeyUpdate()
    .first('id');
  if (!there) return { kind: 'refused', text: 'There is no such budget' };
  if ((await spentOf(tx, budgetId)) > wanted.amountMinor)
    return { kind: 'refused', text: 'More of it is spent already' };
  await tx('buyer_budget').where({ id: budgetId }).update(row);
  return { kind: 'saved' };
}
