import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { isOpenOrder } from '../../db/open-order-sql';

/**
 * Orders that wait for credit in one family of accounts, in the order in which headroom that comes free is theirs: the
 * customer's priority (backorderPriority of its policy), the day the goods are wanted, the order's age.
 */
const queueSql = `select o.id, o.credit_account_id,
    row_number() over (order by coalesce((c.policy ->> 'backorderPriority')::int, 5), o.deliver_by nulls last, o.placed_at, o.id) as place
  from orders o join customer c on c.id = o.customer_id
  where o.usage = ? and ${isOpenOrder('o')}
    and o.credit_account_id in (select id from credit_account where root_id = (select root_id from credit_account where id = ?))
    and exists (select from hold h where h.order_id = o.id and h.type = 'credit' and h.status = 'open' and h.change_id is null)`;

/** First come those that rank first. */
export async function listCreditQueue(
  db: Db,
  accountId: string,
  usage: 'P' | 'T',
): Promise<readonly { readonly id: string; readonly place: number }[]> {
  const { rows } = await db.raw<{ rows: { id: string; place: number }[] }>(`${queueSql} order by place`, [
    usage,
    accountId,
  ]);
  return rows;
}

/** Whether another order of the family, waiting as well, is to be looked at before this one. */
export async function ranksBehindOthers(
  tx: Tx,
  order: { readonly id: string; readonly credit_account_id: string; readonly usage: 'P' | 'T' },
): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `select 1 from (${queueSql}) q where q.id = ? and q.place > 1`,
    [order.usage, order.credit_account_id, order.id],
  );
  return rows.length > 0;
}

/** The exposure of an account may have fallen, or its limit risen: its orders that wait are looked at in their order. */
export async function wakeCreditQueue(tx: Tx, creditAccountId: string): Promise<void> {
  if ((await familyOrdersOnHold(tx, creditAccountId)).length > 0)
    await addJob(tx, 'recheck-credit', { creditAccountId }, { key: creditAccountId });
}

/** Orders of the family of which something waits for credit: all of them, some of their lines or a change. */
export async function familyOrdersOnHold(
  db: Db,
  accountId: string,
): Promise<readonly { readonly id: string; readonly of_change: boolean }[]> {
  const { rows } = await db.raw<{ rows: { id: string; of_change: boolean }[] }>(
    `select o.id, bool_or(h.change_id is not null) as of_change from hold h join orders o on o.id = h.order_id
     where h.type = 'credit' and h.status = 'open' and o.credit_account_id in (
       select id from credit_account where root_id = (select root_id from credit_account where id = ?))
     group by o.id, o.placed_at order by o.placed_at, o.id`,
    [accountId],
  );
  return rows;
}
