import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface CreditAccountRow {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly limit_minor: number;
  readonly blocked: boolean;
}

export async function listCreditAccounts(db: Db, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  if (page.after !== null) add(where, 'a.id > ?', page.after);
  const { rows } = await db.raw<{ rows: CreditAccountRow[] }>(
    `select a.id, a.name, a.currency, a.limit_minor, a.blocked from credit_account a ${whereOf(where)} order by a.id limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findCreditAccounts(
  db: Db,
  ids: readonly string[],
): Promise<readonly CreditAccountRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.raw<{ rows: CreditAccountRow[] }>(
    'select id, name, currency, limit_minor, blocked from credit_account where id = any(?)',
    [ids as never],
  );
  return rows;
}

export interface OpenOrderRow {
  readonly id: string;
  readonly order_number: string;
  readonly state: string;
  readonly open_minor: number;
  /** Held and not promised: shown, not counted. */
  readonly pending: boolean;
}

/** The orders behind an account's exposure, largest first. */
export async function listOpenOrdersOfAccount(
  db: Db,
  accountId: string,
  limit: number,
): Promise<readonly OpenOrderRow[]> {
  const { rows } = await db.raw<{ rows: OpenOrderRow[] }>(
    `select id, order_number, state, greatest(total_minor - invoiced_minor, 0)::bigint as open_minor, (state = 'held' and final_answer_at is null) as pending
     from orders where credit_account_id = ? and usage = 'P' and state in ('placed', 'held', 'confirmed', 'fulfilling')
     order by open_minor desc, id limit ?`,
    [accountId, limit],
  );
  return rows;
}
