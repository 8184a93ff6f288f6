import { z } from 'zod';
import type { Db } from '../db/connection';
import { countedOrder, openOfOrder, openOrders, pendingOfOrder } from '../db/exposure-sql';
import type { OpenItem } from '../domain/credit/assess-ageing';
import {
  type Credit,
  computeExposure,
  type Exposure,
  type ExposureDocument,
} from '../domain/credit/assess-credit';
import { convertMinor, type ExchangeRate, findRate } from '../domain/credit/convert-amount';
import { type LimitInForce, limitOn, type TemporaryLimit } from '../domain/credit/credit-limit';
import { countOwnCredits, type OwnCredits } from '../domain/credit/own-credits';
import { localDateIn } from '../domain/shared/dates';
import { sumMinor } from '../domain/shared/money';
import { type CreditRules, creditRuleKinds, creditRulesOf } from './rules/credit-rules';

/** A payment whose day is still to come is a promise, and lowers nothing. */
const hasCome = 'c.effective_on <= current_date';

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

const disputesOf = `(select jsonb_agg(d.invoice_number) from invoice_dispute d where d.credit_account_id = m.id and d.closed_at is null)`;

const temporaryOf = `(select jsonb_agg(jsonb_build_object('id', t.id, 'amountMinor', t.amount_minor, 'validFrom', t.valid_from, 'validTo', t.valid_to))
    from temporary_credit_limit t where t.credit_account_id = m.id and t.withdrawn_at is null)`;

const rulesInForce = `(select jsonb_agg(r) from (select distinct on (kind, scope) kind, scope, version, body, withdrawn from rule
    where kind in (${creditRuleKinds.map((kind) => `'${kind}'`).join(', ')}) and valid_from <= f.at order by kind, scope, version desc) r where not r.withdrawn)`;

/** Everything that a credit decision looks at, of the account and its whole family, in one statement and one moment. */
const familySql = `with f as (
    select cast(:account as text) as account_id, cast(:usage as text) as usage, cast(:without as uuid) as without_id, cast(:at as timestamptz) as at,
      (select root_id from credit_account where id = :account) as root_id)
  select m.id, m.name, m.currency, m.limit_minor, m.blocked, m.version, m.risk_class, m.limit_valid_from, m.limit_valid_to,
    m.ancestor_ids || m.id as path, e.time_zone, exists (select from customer where credit_account_id = m.id) as trades,
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
  disputes: list(z.string()),
  temporary: list(
    z.object({ id: z.string(), amountMinor: z.number(), validFrom: z.string(), validTo: z.string() }),
  ),
  rules: list(z.object({ kind: z.string(), scope: z.string(), version: z.number(), body: z.unknown() })),
});
type Member = z.infer<typeof memberSchema>;

/** An account as it stands: its own figures and those of every account under it, in its own currency. */
export interface AccountStanding {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly version: number;
  readonly riskClass: string | null;
  readonly blocked: boolean;
  readonly path: readonly string[];
  readonly limit: LimitInForce;
  readonly exposure: Exposure;
  readonly pendingMinor: number;
  /** The oldest snapshot among the accounts that trade; null where one was never read. */
  readonly asOf: string | null;
  /** Of the account itself, without those under it. */
  readonly openItems: readonly OpenItem[];
  /** Rates that were used. */
  readonly rates: readonly ExchangeRate[];
  readonly missingRates: readonly string[];
}

export interface ExposureReading {
  /** The account first, then each above it up to the root. */
  readonly chain: readonly [AccountStanding, ...AccountStanding[]];
  readonly rules: CreditRules;
  readonly today: string;
  /** Paid in advance for the order in question: all of it, and what its invoices have not used up. */
  readonly prepaidMinor: number;
  readonly prepaidLeftMinor: number;
}

const iso = (at: string | null) => (at === null ? null : new Date(at).toISOString());

/** Amounts of one account in another account's currency; a pair without a stated rate is remembered, not guessed. */
class Conversion {
  readonly used = new Map<string, ExchangeRate>();
  readonly missing: Set<string>;
  readonly rates: readonly ExchangeRate[];
  readonly #to: string;

  constructor(rates: readonly ExchangeRate[], to: string, missing = new Set<string>()) {
    this.rates = rates;
    this.#to = to;
    this.missing = missing;
  }

  convert(amountMinor: number, from: string): number {
    const converted = convertMinor(amountMinor, from, this.#to, this.rates);
    if (from !== this.#to && amountMinor !== 0) {
      const rate = findRate(this.rates, from, this.#to);
      if (rate) this.used.set(`${from}-${this.#to}`, rate);
      else this.missing.add(`${from}-${this.#to}`);
    }
    return converted ?? 0;
  }
}

const ordersText = (count: number) => `${count} open ${count === 1 ? 'order' : 'orders'}`;

function openItemsOf(member: Member): readonly { invoiceNumber: string; openMinor: number }[] {
  return (member.open_items ?? []).map((item) => ({
    ...item,
    openMinor:
      item.openMinor - Math.min(Math.max(item.openMinor, 0), member.settled?.[item.invoiceNumber] ?? 0),
  }));
}

/** In the account's own currency, as the ERP keeps it. */
function ownCreditsOf(member: Member, { rates, missing }: Conversion): OwnCredits {
  const own = new Conversion(rates, member.currency, missing);
  return countOwnCredits(
    member.as_of === null
      ? null
      : {
          asOf: iso(member.as_of) as string,
          openItems: member.open_items ?? [],
          unappliedCashMinor: member.unapplied_cash_minor ?? 0,
        },
    {
      invoices: member.credited.map(
        ({ currency, minor, postedAt, booked, bookedRemitted, since, ...one }) => ({
          ...one,
          totalMinor: own.convert(minor, currency),
          postedAt: iso(postedAt),
          bookedMinor: own.convert(booked, currency),
          bookedRemittedMinor: own.convert(bookedRemitted, currency),
          sinceMinor: own.convert(since, currency),
        }),
      ),
      memos: member.memos.map(({ number, currency, minor, recordedAt, bookedAt, invoiceId }) => ({
        number,
        amountMinor: own.convert(minor, currency),
        recordedAt: iso(recordedAt),
        bookedAt: iso(bookedAt),
        invoiceId,
      })),
      prepaid: member.prepaid.map(({ number, currency, before, since, ...one }) => ({
        ...one,
        orderNumber: number,
        beforeMinor: own.convert(before, currency),
        sinceMinor: own.convert(since, currency),
      })),
    },
  );
}

function documentsOf(member: Member, conversion: Conversion): readonly ExposureDocument[] {
  const { memos, prepaid, otherCashMinor } = ownCreditsOf(member, conversion);
  const converted = (those: readonly Credit[]): readonly Credit[] =>
    those.map(({ number, amountMinor }) => ({
      number,
      amountMinor: conversion.convert(amountMinor, member.currency),
    }));
  return computeExposure({
    openOrders: member.orders
      .filter(({ orders }) => orders > 0)
      .map(({ currency, orders, open }) => ({
        orderId: currency === member.currency ? ordersText(orders) : `${ordersText(orders)} in ${currency}`,
        openMinor: conversion.convert(open, currency),
      })),
    hubInvoices: member.invoices.map(({ number, currency, postedAt, minor }) => ({
      invoiceNumber: number,
      totalMinor: conversion.convert(minor, currency),
      postedAt: iso(postedAt),
    })),
    receivables:
      member.as_of === null
        ? null
        : {
            asOf: member.as_of,
            openItems: openItemsOf(member).map(({ invoiceNumber, openMinor }) => ({
              invoiceNumber,
              openMinor: conversion.convert(openMinor, member.currency),
            })),
            unappliedCashMinor: conversion.convert(otherCashMinor, member.currency),
          },
    creditMemos: converted(memos),
    prepayments: converted(
      prepaid
        .filter(({ counts }) => counts)
        .map((order) => ({ number: order.orderNumber, amountMinor: order.leftMinor })),
    ),
  }).documents;
}

/** Of accounts below, a document says whose it is. */
const ofMember = (member: Member, of: Member, documents: readonly ExposureDocument[]) =>
  member.id === of.id
    ? documents
    : documents.map((document) => ({ ...document, id: `${member.id}: ${document.id}` }));

function openItems(member: Member): readonly OpenItem[] {
  const known = new Set(member.open_items?.map(({ invoiceNumber }) => invoiceNumber));
  const disputed = new Set(member.disputes);
  const dueOf = new Map((member.open_items ?? []).map((item) => [item.invoiceNumber, item] as const));
  return [
    ...openItemsOf(member).map(({ invoiceNumber, openMinor }) => ({
      number: invoiceNumber,
      openMinor,
      dueDate: dueOf.get(invoiceNumber)?.dueDate ?? null,
      disputed: disputed.has(invoiceNumber) || (dueOf.get(invoiceNumber)?.disputed ?? false),
    })),
    ...member.invoices
      .filter(({ number }) => !known.has(number))
      .map(({ number, minor, dueDate }) => ({
        number,
        openMinor: minor,
        dueDate,
        disputed: disputed.has(number),
      })),
  ];
}

function standingOf(
  of: Member,
  family: readonly Member[],
  rules: CreditRules,
  today: string,
): AccountStanding {
  const conversion = new Conversion(rules.rates, of.currency);
  const members = family.filter((member) => member.path.includes(of.id));
  const documents = members.flatMap((member) => ofMember(member, of, documentsOf(member, conversion)));
  const pending = members.flatMap(({ orders }) =>
    orders.map((one) => conversion.convert(one.pending, one.currency)),
  );
  const read = members.filter(({ id, trades }) => trades || id === of.id).map(({ as_of }) => as_of);
  return {
    id: of.id,
    name: of.name,
    currency: of.currency,
    version: of.version,
    riskClass: of.risk_class,
    blocked: of.blocked,
    path: of.path,
    limit: limitOn(
      today,
      { limitMinor: of.limit_minor, validFrom: of.limit_valid_from, validTo: of.limit_valid_to },
      of.temporary satisfies readonly TemporaryLimit[],
    ),
    exposure: { totalMinor: sumMinor(documents.map(({ amountMinor }) => amountMinor)), documents },
    pendingMinor: sumMinor(pending),
    asOf: read.reduce((oldest, at) => (oldest === null ? null : at === null || at < oldest ? at : oldest)),
    openItems: openItems(of),
    rates: [...conversion.used.values()],
    missingRates: [...conversion.missing],
  };
}

/**
 * The exposure of an account and of every account above it, without one order. Test orders have their own, without
 * receivables.
 * @param at the moment whose rules, limits and days count
 */
export async function readExposure(
  db: Db,
  accountId: string,
  usage: 'P' | 'T',
  withoutOrderId: string | null,
  at: string,
): Promise<ExposureReading> {
  const { rows } = await db.raw<{ rows: unknown[] }>(familySql, {
    account: accountId,
    usage,
    without: withoutOrderId,
    at,
  } as never);
  const family = rows.map((row) => memberSchema.parse(row));
  const own = family.find(({ id }) => id === accountId);
  if (!own) throw new Error(`there is no credit account ${accountId}`);
  const today = localDateIn(at, own.time_zone);
  const rules = creditRulesOf(own.rules, { id: own.id, riskClass: own.risk_class }, today);
  const chain = own.path
    .toReversed()
    .flatMap((id) => family.find((member) => member.id === id) ?? [])
    .map((member) => standingOf(member, family, rules, today));
  const ownMoney = ownCreditsOf(own, new Conversion(rules.rates, own.currency)).prepaid.filter(
    ({ orderId }) => orderId === withoutOrderId,
  );
  return {
    chain: chain as unknown as ExposureReading['chain'],
    rules,
    today,
    prepaidMinor: sumMinor(ownMoney.map(({ beforeMinor, sinceMinor }) => beforeMinor + sinceMinor)),
    prepaidLeftMinor: sumMinor(ownMoney.map(({ leftMinor }) => leftMinor)),
  };
}
