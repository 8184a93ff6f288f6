import { z } from 'zod';
import type { Db } from '../../db/connection';
import { countedOrder, openOfOrder, openOrders, pendingOfOrder } from '../../db/exposure-sql';
import { creditRuleKinds } from '../rules/credit-rules';
import { hasBegunBy } from '../rules/exchange-rate';

/**
 * A payment that is announced for a day still to come, where it is sold from, is a promise and lowers nothing. What a
 * person has booked by hand is there: their day may have begun earlier.
 */
const hasCome = '(c.effective_on <= (f.at at time zone e.time_zone)::date or c.recorded_by is not null)';

/** What settled invoices and the snapshot cannot know: remittances that the ERP has not booked, and what it booked since. */
const settledSince = `(select jsonb_object_agg(t.number, t.minor) from (
    select i.invoice_number as number, sum(c.amount_minor)::bigint as minor
    from cash_entry c join invoice i on i.id = c.invoice_id
    where c.credit_account_id = m.id and c.usage = 'P' and ${hasCome} and (c.booked_at is null or c.booked_at > s.as_of)
    group by i.invoice_number) t)`;

const ordersOf = `(select jsonb_agg(t) from (
    select currency, sum(${openOfOrder()})::bigint as open, count(*) filter (where ${countedOrder()}) as orders, sum(${pendingOfOrder()})::bigint as pending
    from orders where credit_account_id = m.id and usage = f.usage and ${openOrders()} and id is distinct from f.without_id
    group by currency) t)`;

const invoicesOf = `(select jsonb_agg(jsonb_build_object('number', i.invoice_number, 'currency', i.currency, 'postedAt', i.posted_at, 'dueDate', i.due_date,
      'minor', i.total_minor - coalesce((select sum(c.amount_minor) from cash_entry c where c.invoice_id = i.id and ${hasCome}), 0)))
    from invoice i where i.credit_account_id = m.id and i.usage = f.usage
      and coalesce(i.posted_at, 'infinity'::timestamptz) >= coalesce(s.as_of, '-infinity'::timestamptz))`;

const openMemo = `a.credit_account_id = m.id and a.usage = f.usage and a.direction = 'out' and a.credit_or_debit = 'C' and a.status = 'open'`;

const memosOf = `(select jsonb_agg(jsonb_build_object('number', a.adjustment_number, 'currency', a.currency, 'minor', a.amount_minor,
      'recordedAt', a.recorded_at, 'bookedAt', a.booked_at, 'invoiceId', a.invoice_id) order by a.id)
    from invoice_adjustment a where ${openMemo})`;

const prepayment = `c.credit_account_id = m.id and c.kind = 'prepayment' and c.usage = f.usage and ${hasCome}`;

/** By order. Of one that is over only what no snapshot can know. */
const prepaidOf = `(select jsonb_agg(jsonb_build_object('orderId', o.id, 'number', o.order_number, 'currency', o.currency, 'before', p.before, 'since', p.since,
      'counts', ${countedOrder('o')} and o.id is distinct from f.without_id, 'isOver', not (${openOrders('o')})) order by o.id)
    from (select c.order_id, coalesce(sum(c.amount_minor) filter (where c.created_at < s.as_of), 0)::bigint as before,
        coalesce(sum(c.amount_minor) filter (where s.as_of is null or c.created_at >= s.as_of), 0)::bigint as since
      from cash_entry c where ${prepayment} group by c.order_id) p
    join orders o on o.id = p.order_id where p.since > 0 or ${openOrders('o')})`;

/** Invoices with an open memo, and those of orders that were paid in advance: what the ERP has lowered them by tells what it has booked. */
const creditedOf = `(select jsonb_agg(jsonb_build_object('id', i.id, 'number', i.invoice_number, 'orderId', i.order_id, 'currency', i.currency, 'minor', i.total_minor,
      'postedAt', i.posted_at, 'booked', p.booked, 'bookedRemitted', p.remitted, 'since', p.since) order by i.id)
    from invoice i, lateral (select coalesce(sum(c.amount_minor) filter (where c.booked_at <= s.as_of), 0)::bigint as booked,
        coalesce(sum(c.amount_minor) filter (where c.booked_at <= s.as_of and c.remittance_id is not null), 0)::bigint as remitted,
        coalesce(sum(c.amount_minor) filter (where c.remittance_id is null and (s.as_of is null or c.booked_at is null or c.booked_at > s.as_of)), 0)::bigint as since
      from cash_entry c where c.invoice_id = i.id and ${hasCome}) p
    where i.id in (select a.invoice_id from invoice_adjustment a where ${openMemo}
      union select b.id from invoice b where b.order_id in (select c.order_id from cash_entry c join orders o on o.id = c.order_id where ${prepayment} and ${openOrders('o')})))`;

const disputesOf = `(select jsonb_agg(jsonb_build_object('number', d.invoice_number, 'minor', d.amount_minor, 'until', d.until)) from invoice_dispute d where d.credit_account_id = m.id and d.closed_at is null)`;

const temporaryOf = `(select jsonb_agg(jsonb_build_object('id', t.id, 'amountMinor', t.amount_minor, 'validFrom', t.valid_from, 'validTo', t.valid_to))
    from temporary_credit_limit t where t.credit_account_id = m.id and t.withdrawn_at is null)`;

const rulesInForce = `(select jsonb_agg(r) from (select distinct on (kind, scope) kind, scope, version, body, withdrawn from rule
    where kind in (${creditRuleKinds.map((kind) => `'${kind}'`).join(', ')}) and valid_from <= f.at and ${hasBegunBy(`to_char(f.at at time zone e.time_zone, 'YYYY-MM-DD')`)} order by kind, scope, version desc) r where not r.withdrawn)`;

/** Everything that a credit decision looks at, of the account and its whole family, in one statement and one moment. */
const familySql = `with f as (
    select cast(:account as text) as account_id, cast(:usage as text) as usage, cast(:without as uuid) as without_id, cast(:at as timestamptz) as at,
      (select root_id from credit_account where id = :account) as root_id)
  select m.id, m.name, m.currency, m.limit_minor, m.blocked, m.version, m.risk_class, m.limit_valid_from, m.limit_valid_to,
    m.ancestor_ids || m.id as path, e.time_zone, e.currency as entity_currency, exists (select from customer where credit_account_id = m.id) as trades,
    s.as_of, s.open_items, s.unapplied_cash_minor, ${settledSince} as settled, ${ordersOf} as orders, ${invoicesOf} as invoices,
    ${memosOf} as memos, ${prepaidOf} as prepaid, ${creditedOf} as credited, ${disputesOf} as disputes, ${temporaryOf} as temporary,
    case when m.id = f.account_id then ${rulesInForce} end as rules
  from f join credit_account m on m.root_id = f.root_id join selling_entity e on e.id = m.entity_id
  left join receivables_snapshot s on s.credit_account_id = m.id and f.usage = 'P'`;

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullable()
    .transform((items) => items ?? []);

const memberSchema = z.object({
  id: z.string(),
  name: z.string(),
  currency: z.string(),
  limit_minor: z.number(),
  blocked: z.boolean(),
  version: z.number(),
  risk_class: z.string().nullable(),
  limit_valid_from: z.string().nullable(),
  limit_valid_to: z.string().nullable(),
  path: z.array(z.string()),
  time_zone: z.string(),
  entity_currency: z.string(),
  trades: z.boolean(),
  as_of: z.string().nullable(),
  open_items: z
    .array(
      z.object({
        invoiceNumber: z.string(),
        openMinor: z.number(),
        dueDate: z.string().optional(),
        disputed: z.boolean().optional(),
      }),
    )
    .nullable(),
  unapplied_cash_minor: z.number().nullable(),
  settled: z.record(z.string(), z.number()).nullable(),
  orders: list(z.object({ currency: z.string(), open: z.number(), orders: z.number(), pending: z.number() })),
  invoices: list(
    z.object({
      number: z.string(),
      currency: z.string(),
      postedAt: z.string().nullable(),
      dueDate: z.string(),
      minor: z.number(),
    }),
  ),
  memos: list(
    z.object({
      number: z.string(),
      currency: z.string(),
      minor: z.number(),
      recordedAt: z.string(),
      bookedAt: z.string().nullable(),
      invoiceId: z.string().nullable(),
    }),
  ),
  prepaid: list(
    z.object({
      orderId: z.string(),
      number: z.string(),
      currency: z.string(),
      before: z.number(),
      since: z.number(),
      counts: z.boolean(),
      isOver: z.boolean(),
    }),
  ),
  credited: list(
    z.object({
      id: z.string(),
      number: z.string(),
      orderId: z.string(),
      currency: z.string(),
      minor: z.number(),
      postedAt: z.string().nullable(),
      booked: z.number(),
      bookedRemitted: z.number(),
      since: z.number(),
    }),
  ),
  disputes: list(z.object({ number: z.string(), minor: z.number().nullable(), until: z.string() })),
  temporary: list(
    z.object({ id: z.string(), amountMinor: z.number(), validFrom: z.string(), validTo: z.string() }),
  ),
  rules: list(z.object({ kind: z.string(), scope: z.string(), version: z.number(), body: z.unknown() })),
});

export type CreditMember = z.infer<typeof memberSchema>;

/** The account's whole family, itself among them; each as the record has it at one moment. */
export async function readCreditFamily(
  db: Db,
  accountId: string,
  usage: 'P' | 'T',
  withoutOrderId: string | null,
  at: string,
): Promise<readonly CreditMember[]> {
  const { rows } = await db.raw<{ rows: unknown[] }>(familySql, {
    account: accountId,
    usage,
    without: withoutOrderId,
    at,
  } as never);
  return rows.map((row) => memberSchema.parse(row));
}
