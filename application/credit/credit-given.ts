import type { Db } from '../../db/connection';
import { isOpenOrder } from '../../db/open-order-sql';
import { convertMinor, type ExchangeRate } from '../../domain/credit/convert-amount';
import { addSeconds } from '../../domain/shared/dates';

/** A way to let an account owe more, or owe it longer, than it may. */
export type CreditWay =
  | 'limit'
  | 'temporary-limit'
  | 'prepayment'
  | 'credit-memo'
  | 'dispute'
  | 'part-release';

export const DAYS_LOOKED_BACK = 30;

interface Given {
  readonly way: CreditWay;
  readonly currency: string;
  readonly minor: number;
}

/**
 * What one person has given an account by other ways than the one asked for, and what of it still counts: limits raised
 * within 30 days (in full where the person has put them in force again), temporary limits of the days from `from` to
 * `to`, payments of open orders booked by hand and credit memos of 30 days, disputes that last, and parts of orders whose
 * rest still waits, which a raise would let through as well.
 */
const givenSql = `with a as (select id, currency, limit_minor from credit_account where id = :account)
  select 'limit' as way, a.currency, case when bool_or(c.given_minor is not null) then a.limit_minor else greatest(0,
      a.limit_minor - coalesce((array_agg((c.before ->> 'limit_minor')::bigint order by c.id) filter (where c.before ->> 'limit_minor' is not null))[1], a.limit_minor)) end as minor
    from a left join credit_account_change c on c.credit_account_id = a.id and c.person = :person and c.at > :since group by a.currency, a.limit_minor
  union all select 'temporary-limit', a.currency, coalesce(sum(t.amount_minor), 0) from a join temporary_credit_limit t on t.credit_account_id = a.id
    where t.set_by = :person and t.withdrawn_at is null and t.valid_from <= coalesce(:to, t.valid_from) and t.valid_to >= :from group by a.currency
  union all select 'prepayment', o.currency, sum(c.amount_minor) from a join cash_entry c on c.credit_account_id = a.id join orders o on o.id = c.order_id
    where c.kind = 'prepayment' and c.recorded_by = :person and c.created_at > :since and ${isOpenOrder('o')} group by o.currency
  union all select 'credit-memo', m.currency, sum(m.amount_minor) from a join invoice_adjustment m on m.credit_account_id = a.id
    where m.recorded_by = :person and m.direction = 'out' and m.credit_or_debit = 'C' and m.recorded_at > :since group by m.currency
  union all select 'dispute', a.currency, sum(d.amount_minor) from a join invoice_dispute d on d.credit_account_id = a.id
    where d.opened_by = :person and d.closed_at is null and d.until >= :from and d.amount_minor is not null group by a.currency
  union all select 'part-release', o.currency, sum((h.reason #>> '{details,totalMinor}')::bigint) from a join orders o on o.credit_account_id = a.id
    join hold h on h.order_id = o.id and h.type = 'credit' and h.status = 'released' and h.resolved_by = :person
    where ${isOpenOrder('o')} and exists (
      select from hold r where r.order_id = o.id and r.type = 'credit' and r.status = 'open' and r.reason #>> '{details,ofHold}' = h.id::text)
    group by o.currency`;

export interface GivenQuestion {
  readonly creditAccountId: string;
  readonly person: string;
  /** Of what is being given: what is given in the same way is counted by whoever asks. */
  readonly way: CreditWay;
  readonly currency: string;
  /** The days for which it is given; without an end: from a day on. */
  readonly days: { readonly from: string; readonly to: string | null };
}

/** In the currency asked for; undefined where nobody has stated a rate for some of it. */
export async function readCreditGiven(
  db: Db,
  { creditAccountId, person, way, currency, days }: GivenQuestion,
  rates: readonly ExchangeRate[],
  now: string,
): Promise<number | undefined> {
  const { rows } = await db.raw<{ rows: Given[] }>(givenSql, {
    account: creditAccountId,
    person,
    since: addSeconds(now, -DAYS_LOOKED_BACK * 86_400),
    ...days,
  } as never);
  let sum = 0;
  for (const one of rows) {
    if (one.way === way) continue;
    const converted = convertMinor(Number(one.minor), one.currency, currency, rates);
    if (converted === undefined) return undefined;
    sum += converted;
  }
  return sum;
}
