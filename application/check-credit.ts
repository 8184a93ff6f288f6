import type { Db, Tx } from '../db/connection';
import {
  assessCredit,
  type CreditDecision,
  computeExposure,
  type Exposure,
  type HubInvoice,
} from '../domain/credit/assess-credit';

interface AccountRow {
  readonly id: string;
  readonly currency: string;
  readonly limit_minor: number;
  readonly blocked: boolean;
  readonly version: number;
}

interface SnapshotRow {
  readonly as_of: string;
  readonly open_items: { invoiceNumber: string; openMinor: number }[];
  readonly unapplied_cash_minor: number;
  /** By invoice number; null where nothing was. */
  readonly settled: Readonly<Record<string, number>> | null;
}

/**
 * Locks the account: whoever decides on its headroom does so one after the other. Taken after the order's own lock
 * and before any stock lock, everywhere.
 */
export async function lockCreditAccount(tx: Tx, accountId: string): Promise<AccountRow> {
  // Not its key: an invoice that refers to the account need not wait, or it could deadlock over stock that it holds.
  const account = (await tx('credit_account').where({ id: accountId }).forNoKeyUpdate().first()) as
    | AccountRow
    | undefined;
  if (!account) throw new Error(`there is no credit account ${accountId}`);
  return account;
}

/** States whose order counts: a held order is pending, unless it was promised before. */
const counted = `(state in ('placed', 'confirmed', 'fulfilling') or (state = 'held' and final_answer_at is not null))`;

/** A payment whose day is still to come is a promise, and lowers nothing. */
const hasCome = 'c.effective_on <= current_date';

/** What settled invoices and the snapshot cannot know: remittances that the ERP has not booked, and what it booked since. */
const settledSince = `(
  select jsonb_object_agg(t.number, t.minor) from (
    select i.invoice_number as number, sum(c.amount_minor)::bigint as minor
    from cash_entry c join invoice i on i.id = c.invoice_id
    where c.credit_account_id = s.credit_account_id and c.usage = 'P' and ${hasCome}
      and (c.booked_at is null or c.booked_at > s.as_of)
    group by i.invoice_number) t) as settled`;

/** The account's exposure without one order. Test orders have their own, without receivables. */
export async function readExposure(
  db: Db,
  accountId: string,
  usage: 'P' | 'T',
  withoutOrderId: string | null,
): Promise<{ readonly exposure: Exposure; readonly asOf: string | null; readonly pendingMinor: number }> {
  const snapshot =
    usage === 'P'
      ? ((await db('receivables_snapshot as s')
          .where({ credit_account_id: accountId })
          .first('s.as_of', 's.open_items', 's.unapplied_cash_minor', db.raw(settledSince))) as
          | SnapshotRow
          | undefined)
      : undefined;
  const sums = (await db('orders')
    .where({ credit_account_id: accountId, usage })
    .whereNot({ type: 'blanket' })
    .whereIn('state', ['placed', 'held', 'confirmed', 'fulfilling'])
    .modify((q) => withoutOrderId && q.whereNot({ id: withoutOrderId }))
    .first(
      db.raw(
        `coalesce(sum(greatest(total_minor - invoiced_minor, 0)) filter (where ${counted}), 0)::bigint as open, count(*) filter (where ${counted}) as orders`,
      ),
      db.raw(`coalesce(sum(total_minor) filter (where not ${counted}), 0)::bigint as pending`),
    )) as { open: number; orders: number; pending: number };
  const invoices = (await db('invoice')
    .where({ credit_account_id: accountId, usage })
    .modify(
      (q) =>
        snapshot && q.andWhere((w) => w.whereNull('posted_at').orWhere('posted_at', '>=', snapshot.as_of)),
    )
    .select(
      'invoice_number as invoiceNumber',
      db.raw(`total_minor - coalesce((select sum(c.amount_minor) from cash_entry c
        where c.invoice_id = invoice.id and ${hasCome}), 0)::bigint as "totalMinor"`),
      'posted_at as postedAt',
    )) as HubInvoice[];
  const exposure = computeExposure({
    openOrders: sums.orders === 0 ? [] : [{ orderId: `${sums.orders} open orders`, openMinor: sums.open }],
    hubInvoices: invoices,
    receivables: snapshot
      ? {
          asOf: snapshot.as_of,
          openItems: snapshot.open_items.map(({ invoiceNumber, openMinor }) => ({
            invoiceNumber,
            openMinor: openMinor - Math.min(Math.max(openMinor, 0), snapshot.settled?.[invoiceNumber] ?? 0),
          })),
          unappliedCashMinor: snapshot.unapplied_cash_minor,
        }
      : null,
  });
  return { exposure, asOf: snapshot?.as_of ?? null, pendingMinor: sums.pending };
}

export interface CreditCheck {
  readonly decision: CreditDecision;
  readonly exposure: Exposure;
  readonly asOf: string | null;
  readonly accountVersion: number;
}

/** Decides whether an order's amount fits the account's headroom; the account stays locked until the transaction ends. */
export async function checkCredit(
  tx: Tx,
  question: {
    readonly accountId: string;
    readonly usage: 'P' | 'T';
    readonly orderId: string | null;
    readonly orderMinor: number;
    readonly maximumAgeSeconds: number;
  },
  now: string,
): Promise<CreditCheck> {
  const account = await lockCreditAccount(tx, question.accountId);
  const { exposure, asOf } = await readExposure(tx, question.accountId, question.usage, question.orderId);
  const ageSeconds =
    question.usage === 'T'
      ? 0
      : asOf === null
        ? null
        : Math.max(0, (Date.parse(now) - Date.parse(asOf)) / 1000);
  const decision = assessCredit({
    orderMinor: question.orderMinor,
    limitMinor: account.limit_minor,
    accountBlocked: account.blocked,
    exposure,
    receivablesAgeSeconds: ageSeconds,
    maximumAgeSeconds: question.maximumAgeSeconds,
  });
  return { decision, exposure, asOf, accountVersion: account.version };
}
