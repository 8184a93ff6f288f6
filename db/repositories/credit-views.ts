import type { Db } from '../connection';
import { openOfOrder, openOrders, pendingOfOrder } from '../exposure-sql';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export async function listCreditAccountIds(db: Db, page: PageRequest) {
  const where: Conditions = { sql: [], values: [] };
  if (page.after !== null) add(where, 'a.id > ?', page.after);
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select a.id from credit_account a ${whereOf(where)} order by a.id limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export interface OpenOrderRow {
  readonly id: string;
  readonly order_number: string;
  readonly currency: string;
  readonly state: string;
  readonly open_minor: number;
  /** Held and not promised: shown, not counted. */
  readonly pending_minor: number;
}

/** The orders behind an account's exposure and those of the accounts under it, largest first. */
export async function listOpenOrdersOfAccount(
  db: Db,
  accountId: string,
  limit: number,
): Promise<readonly OpenOrderRow[]> {
  const { rows } = await db.raw<{ rows: OpenOrderRow[] }>(
    `select id, order_number, currency, state, (${openOfOrder()})::bigint as open_minor, (${pendingOfOrder()})::bigint as pending_minor
     from orders where credit_account_id in (select id from credit_account where ? = any(ancestor_ids || id))
       and usage = 'P' and ${openOrders()}
     order by greatest(${openOfOrder()}, ${pendingOfOrder()}) desc, id limit ?`,
    [accountId, limit],
  );
  return rows;
}

export interface AccountDetails {
  readonly parent_id: string | null;
  readonly limit_minor: number;
  readonly limit_valid_from: string | null;
  readonly limit_valid_to: string | null;
  readonly temporary_limits: readonly {
    readonly id: string;
    readonly amount_minor: number;
    readonly validFrom: string;
    readonly validTo: string;
    readonly reason: string;
    readonly setBy: string;
    readonly withdrawnAt: string | null;
  }[];
  readonly disputes: readonly {
    readonly id: string;
    readonly invoiceNumber: string;
    readonly amount_minor: number | null;
    readonly until: string;
    readonly reasonCode: string;
    readonly reason: string;
    readonly openedBy: string;
    readonly openedAt: string;
    readonly closedAt: string | null;
    readonly closedBy: string | null;
    readonly closingReason: string | null;
  }[];
  readonly changes: readonly {
    readonly at: string;
    readonly person: string;
    readonly reason: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
}

const SHOWN = 50;

/** What people have set on an account, newest first. */
export async function listAccountDetails(db: Db, accountId: string): Promise<AccountDetails | undefined> {
  const instant = (column: string) =>
    `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const { rows } = await db.raw<{ rows: AccountDetails[] }>(
    `select a.parent_id, a.limit_minor, a.limit_valid_from, a.limit_valid_to,
       coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'amount_minor', t.amount_minor, 'validFrom', t.valid_from, 'validTo', t.valid_to,
           'reason', t.reason, 'setBy', t.set_by, 'withdrawnAt', ${instant('t.withdrawn_at')}) order by t.id desc)
         from (select * from temporary_credit_limit where credit_account_id = a.id order by id desc limit ${SHOWN}) t), '[]') as temporary_limits,
       coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'invoiceNumber', d.invoice_number, 'amount_minor', d.amount_minor, 'until', d.until, 'reasonCode', d.reason_code, 'reason', d.reason,
           'openedBy', d.opened_by, 'openedAt', ${instant('d.opened_at')}, 'closedAt', ${instant('d.closed_at')}, 'closedBy', d.closed_by, 'closingReason', d.closing_reason) order by d.id desc)
         from (select * from invoice_dispute where credit_account_id = a.id order by id desc limit ${SHOWN}) d), '[]') as disputes,
       coalesce((select jsonb_agg(jsonb_build_object('at', ${instant('h.at')}, 'person', h.person, 'reason', h.reason, 'before', h.before, 'after', h.after) order by h.id desc)
         from (select * from credit_account_change where credit_account_id = a.id order by id desc limit ${SHOWN}) h), '[]') as changes
     from credit_account a where a.id = ?`,
    [accountId],
  );
  return rows[0];
}

export async function listChildAccounts(
  db: Db,
  accountId: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await db.raw<{ rows: { id: string; name: string }[] }>(
    'select id, name from credit_account where parent_id = ? order by id limit 500',
    [accountId],
  );
  return rows;
}
