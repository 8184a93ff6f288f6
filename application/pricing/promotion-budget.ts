import type { Db, Tx } from '../../db/connection';
import type { WriteTogether } from '../../db/repositories/write-together';
import type { OrderRequest } from '../../domain/order/order-request';
import { orderTypes } from '../../domain/order/order-types';
import {
  type AdjustedLine,
  promotionShares,
  type StandingAdjustment,
} from '../../domain/pricing/agree-adjustments';
import { type Availability, hasLimit, type Promotion, whyNotForOrder } from '../../domain/pricing/promotion';
import { lockCreditAccount } from '../credit/check-credit';
import type { CustomerPolicy } from '../customer/customer-policy';
import type { CustomerRow } from '../customer/customer-record';

export interface BudgetQuestion {
  readonly customerId: string;
  readonly customerGroups: readonly string[];
  readonly channel: string;
  readonly date: string;
  readonly currency: string;
  readonly usage: 'P' | 'T';
  readonly creditAccountId: string;
  /** Whose own use does not stand against it; null: not written yet. */
  readonly orderId: string | null;
  readonly promotions: readonly Promotion[];
}

interface BudgetRow {
  readonly promotion_id: string;
  readonly used_minor: number;
  readonly used_count: number;
  readonly own_minor: number;
  readonly own_uses: number;
  readonly customer_uses: number;
}

/**
 * Locks the budgets of what an order may have and says what is left of them. Whoever takes from a budget does so one
 * after the other, after the credit account and before any stock (decision 0001); what was given back meanwhile is
 * counted here. An order for which no promotion has a limit costs no statement.
 */
export async function lockBudgets(
  tx: Tx,
  question: BudgetQuestion,
): Promise<ReadonlyMap<string, Availability>> {
  const limited = limitedFor(question);
  if (limited.length === 0) return new Map();
  await lockCreditAccount(tx, question.creditAccountId);
  const ids = limited.map(({ promotionId }) => promotionId).sort();
  const key = { ids, usage: question.usage };
  await tx.raw(
    `insert into promotion_budget (promotion_id, usage) select unnest(cast(:ids as text[])), :usage order by 1 on conflict do nothing`,
    key as never,
  );
  await tx.raw(
    'select 1 from promotion_budget where promotion_id = any(:ids) and usage = :usage order by promotion_id for no key update',
    key as never,
  );
  await tx.raw(
    `with gone as (delete from promotion_give_back where promotion_id = any(:ids) and usage = :usage
       returning promotion_id, amount_minor, uses),
     sums as (select promotion_id, sum(amount_minor)::bigint as minor, sum(uses)::int as uses from gone group by promotion_id)
     update promotion_budget b set used_minor = b.used_minor - s.minor, used_count = b.used_count - s.uses
     from sums s where b.promotion_id = s.promotion_id and b.usage = :usage`,
    key as never,
  );
  return readAvailable(tx, limited, question);
}

/** What is asked of promotions and their budgets for lines that are no order yet. */
export function promotionTermsOf(
  request: OrderRequest,
  customer: CustomerRow,
  policy: CustomerPolicy,
  { date, promotions }: Pick<BudgetQuestion, 'date' | 'promotions'>,
) {
  return {
    customerId: customer.id,
    customerGroups: policy.groups,
    policy,
    channel: request.channel,
    usage: request.usage,
    date,
    currency: customer.currency,
    creditAccountId: customer.credit_account_id,
    orderId: null,
    promotions: orderTypes[request.type].promoted ? promotions : [],
  };
}

/** What is left of the limits, without a lock: for a price that is only asked for. */
export async function readBudgets(
  tx: Db,
  question: BudgetQuestion,
): Promise<ReadonlyMap<string, Availability>> {
  const limited = limitedFor(question);
  return limited.length === 0 ? new Map() : readAvailable(tx, limited, question);
}

const limitedFor = (question: BudgetQuestion) =>
  question.promotions.filter((one) => hasLimit(one) && whyNotForOrder(one, question) === null);

async function readAvailable(
  tx: Db,
  limited: readonly Promotion[],
  { usage, orderId, customerId }: BudgetQuestion,
): Promise<ReadonlyMap<string, Availability>> {
  const { rows } = await tx.raw<{ rows: BudgetRow[] }>(
    `select p.promotion_id, coalesce(b.used_minor, 0)::bigint - coalesce(g.minor, 0)::bigint as used_minor,
       coalesce(b.used_count, 0) - coalesce(g.uses, 0)::int as used_count,
       coalesce(u.amount_minor, 0)::bigint as own_minor, case when u.amount_minor > 0 then 1 else 0 end as own_uses,
       (select count(*)::int from promotion_use c where c.promotion_id = p.promotion_id and c.usage = :usage
          and c.customer_id = :customerId and c.amount_minor > 0 and (cast(:orderId as uuid) is null or c.order_id <> :orderId)) as customer_uses
     from (select unnest(cast(:ids as text[])) as promotion_id) p
     left join promotion_budget b on b.promotion_id = p.promotion_id and b.usage = :usage
     left join (select promotion_id, sum(amount_minor) as minor, sum(uses) as uses from promotion_give_back
       where usage = :usage group by promotion_id) g on g.promotion_id = p.promotion_id
     left join promotion_use u on u.promotion_id = p.promotion_id and u.order_id = :orderId and u.counted`,
    { ids: limited.map(({ promotionId }) => promotionId), usage, orderId, customerId } as never,
  );
  const found = new Map(rows.map((row) => [row.promotion_id, row]));
  return new Map(
    limited.map((one) => {
      const row = found.get(one.promotionId);
      const usedMinor = (row?.used_minor ?? 0) - (row?.own_minor ?? 0);
      const usedCount = (row?.used_count ?? 0) - (row?.own_uses ?? 0);
      const uses = [
        ...(one.maximumUses === null ? [] : [one.maximumUses - usedCount]),
        ...(one.maximumUsesPerCustomer === null
          ? []
          : [one.maximumUsesPerCustomer - (row?.customer_uses ?? 0)]),
      ];
      return [
        one.promotionId,
        {
          minor: one.maximumMinor === null ? null : Math.max(0, one.maximumMinor - usedMinor),
          uses: uses.length === 0 ? null : Math.max(0, Math.min(...uses)),
        },
      ];
    }),
  );
}

/** What one order takes of one promotion. */
export interface PromotionTake {
  readonly promotionId: string;
  readonly version: number;
  readonly amountMinor: number;
  readonly counted: boolean;
}

/** @param available the promotions whose budgets are locked */
export function takesOf(
  standing: readonly StandingAdjustment[],
  available: ReadonlyMap<string, Availability>,
): readonly PromotionTake[] {
  const given = standing.filter(({ promotion }) => promotion !== undefined);
  return [...Map.groupBy(given, ({ promotion }) => promotion?.id ?? '').entries()].map(
    ([promotionId, all]) => ({
      promotionId,
      version: all[0]?.promotion?.version ?? 0,
      amountMinor: all.reduce((sum, { amountMinor = 0 }) => sum + amountMinor, 0),
      counted: available.has(promotionId),
    }),
  );
}

interface OrderOfUse {
  readonly id: string;
  readonly customerId: string;
  readonly usage: 'P' | 'T';
}

const useOf = (order: OrderOfUse, take: PromotionTake, now: string) => ({
  promotion_id: take.promotionId,
  order_id: order.id,
  usage: order.usage,
  customer_id: order.customerId,
  version: take.version,
  amount_minor: take.amountMinor,
  counted: take.counted,
  changed_at: now,
});

/** What a new order takes, written with it. The budgets are locked. */
export function addTakes(
  together: WriteTogether,
  order: OrderOfUse,
  takes: readonly PromotionTake[],
  now: string,
): void {
  together.insert(
    'promotion_use',
    ['promotion_id', 'order_id', 'usage', 'customer_id', 'version', 'amount_minor', 'counted', 'changed_at'],
    takes.map((take) => useOf(order, take, now)),
  );
  const counted = takes.filter((take) => take.counted);
  if (counted.length === 0) return;
  together.add(
    `update promotion_budget b set used_minor = b.used_minor + t.minor, used_count = b.used_count + 1
     from jsonb_to_recordset(cast(? as jsonb)) as t(id text, minor bigint) where b.promotion_id = t.id and b.usage = ?`,
    [
      JSON.stringify(
        counted.map(({ promotionId, amountMinor }) => ({ id: promotionId, minor: amountMinor })),
      ),
      order.usage,
    ],
  );
}

interface UseRow {
  readonly promotion_id: string;
  readonly amount_minor: number;
  readonly counted: boolean;
}

/** What an order that is priced anew takes instead of what it took. The budgets are locked. */
export async function changeTakes(
  tx: Tx,
  order: OrderOfUse,
  takes: readonly PromotionTake[],
  now: string,
): Promise<void> {
  const before = new Map(
    ((await tx('promotion_use').where({ order_id: order.id })) as UseRow[]).map((row) => [
      row.promotion_id,
      row,
    ]),
  );
  for (const row of before.values()) {
    if (!takes.some((take) => take.promotionId === row.promotion_id)) await giveBack(tx, order, row, 0);
  }
  for (const take of takes) {
    const had = before.get(take.promotionId);
    await tx('promotion_use')
      .insert(useOf(order, take, now))
      .onConflict(['promotion_id', 'order_id'])
      .merge(['version', 'amount_minor', 'counted', 'changed_at']);
    const hadMinor = had?.counted ? had.amount_minor : 0;
    const more = (take.counted ? take.amountMinor : 0) - hadMinor;
    const uses = (take.counted && take.amountMinor > 0 ? 1 : 0) - (hadMinor > 0 ? 1 : 0);
    if (more !== 0 || uses !== 0)
      await tx('promotion_budget')
        .where({ promotion_id: take.promotionId, usage: order.usage })
        .update({
          used_minor: tx.raw('used_minor + ?', [more]),
          used_count: tx.raw('used_count + ?', [uses]),
        });
  }
}

/**
 * An order of which less is left keeps its share of what it was given; the rest goes back. It waits for no budget: the
 * next who takes counts it. Nothing is read where the order has no promotion.
 */
export async function giveBackBeyond(
  tx: Tx,
  order: OrderOfUse,
  standing: readonly StandingAdjustment[],
  lines: readonly AdjustedLine[],
  subtotalMinor: number,
): Promise<void> {
  if (!standing.some(({ promotion }) => promotion !== undefined)) return;
  const shares = promotionShares(standing, lines, subtotalMinor);
  for (const row of (await tx('promotion_use').where({ order_id: order.id })) as UseRow[])
    await giveBack(tx, order, row, shares.get(row.promotion_id) ?? 0);
}

async function giveBack(tx: Tx, order: OrderOfUse, use: UseRow, keptMinor: number): Promise<void> {
  if (keptMinor >= use.amount_minor) return;
  await tx('promotion_use')
    .where({ order_id: order.id, promotion_id: use.promotion_id })
    .update({ amount_minor: keptMinor, changed_at: tx.fn.now() });
  if (!use.counted) return;
  await tx('promotion_give_back').insert({
    promotion_id: use.promotion_id,
    usage: order.usage,
    order_id: order.id,
    amount_minor: use.amount_minor - keptMinor,
    uses: keptMinor === 0 ? 1 : 0,
  });
}
