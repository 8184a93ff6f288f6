import type { Db, Tx } from '../../db/connection';
import { spentOf } from './buyer-spending';
import { keepSettingEvent } from './keep-buyer-settings';

export interface BuyerPersonRow {
  readonly person: string;
  readonly limit_minor: number | null;
  readonly cost_centre: string | null;
  readonly may_approve: boolean;
  readonly approves_up_to_minor: number | null;
  readonly saved_by: string;
  readonly saved_at: string;
  readonly version: number;
}

export interface BuyerBudgetRow {
  readonly id: string;
  readonly cost_centre: string;
  readonly valid_from: string;
  readonly valid_to: string;
  readonly amount_minor: number;
  readonly currency: string;
  readonly saved_by: string;
  readonly version: number;
  readonly spent_minor: number;
}

export interface BuyerSettingEvent {
  readonly at: string;
  readonly by: string;
  readonly kind: 'limit-set' | 'limit-removed' | 'budget-set' | 'budget-removed';
  readonly subject: string;
  readonly reason: string | null;
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
  /** The newest first. */
  readonly history: readonly BuyerSettingEvent[];
}> {
  const people = (await db('buyer_person')
    .where({ customer_id: customerId })
    .orderBy('person')) as BuyerPersonRow[];
  const { rows } = await db.raw<{ rows: BuyerBudgetRow[] }>(
    `select b.*, coalesce((select sum(e.amount_minor) from buyer_budget_entry e where e.budget_id = b.id), 0)::bigint as spent_minor
     from buyer_budget b where b.customer_id = ? and b.removed_at is null order by b.cost_centre, b.valid_from`,
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
  const history = (await db('buyer_setting_event')
    .where({ customer_id: customerId })
    .orderBy('id', 'desc')
    .limit(50)
    .select({
      at: 'done_at',
      by: 'done_by',
      kind: 'kind',
      subject: 'subject',
      reason: 'reason',
    })) as BuyerSettingEvent[];
  return { people, budgets: rows, withoutLimit, history };
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
    .merge({ ...row, version: tx.raw('buyer_person.version + 1') });
  const { saved_by, saved_at, ...detail } = row;
  await keepSettingEvent(tx, { customerId, kind: 'limit-set', subject: wanted.person, detail, by, at: now });
  return { kind: 'saved' };
}

/**
 * The version of a person's limit, which nobody else changes before the transaction ends; null: there is none. All limits
 * of the company are locked, in one order: of two approvers who are removed at once one stays.
 */
export async function lockBuyerPerson(tx: Tx, customerId: string, person: string): Promise<number | null> {
  const rows = (await tx('buyer_person')
    .where({ customer_id: customerId })
    .orderBy('person')
    .forUpdate()
    .select('person', 'version')) as { person: string; version: number }[];
  return rows.find((one) => one.person === person)?.version ?? null;
}

/** The version of a budget, from which nothing is taken before the transaction ends; null: there is none, or it is removed. */
export async function lockBuyerBudget(tx: Tx, customerId: string, budgetId: string): Promise<number | null> {
  await lockPlanning(tx, customerId);
  const row = (await tx('buyer_budget')
    .where({ id: budgetId, customer_id: customerId, removed_at: null })
    .forNoKeyUpdate()
    .first('version')) as { version: number } | undefined;
  return row?.version ?? null;
}

/** Budgets of a company are planned one after the other, so that no two periods overlap. */
const lockPlanning = (tx: Tx, customerId: string) =>
  tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`budget/${customerId}`]);

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
  await lockPlanning(tx, customerId);
  const { budgetId } = wanted;
  const overlapping = await tx('buyer_budget')
    .where({ customer_id: customerId, cost_centre: wanted.costCentre, removed_at: null })
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
  const { saved_by, saved_at, ...detail } = row;
  const event = { customerId, kind: 'budget-set', subject: wanted.costCentre, detail, by, at: now } as const;
  if (budgetId === undefined) {
    await tx('buyer_budget').insert({ customer_id: customerId, currency: customer.currency, ...row });
    await keepSettingEvent(tx, event);
    return { kind: 'saved' };
  }
  if ((await lockBuyerBudget(tx, customerId, budgetId)) === null)
    return { kind: 'refused', text: 'There is no such budget' };
  if ((await spentOf(tx, budgetId)) > wanted.amountMinor)
    return { kind: 'refused', text: 'More of it is spent already' };
  await tx('buyer_budget')
    .where({ id: budgetId })
    .update({ ...row, version: tx.raw('version + 1') });
  await keepSettingEvent(tx, event);
  return { kind: 'saved' };
}
