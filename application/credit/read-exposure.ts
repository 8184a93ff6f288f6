import type { Db } from '../../db/connection';
import type { OpenItem } from '../../domain/credit/assess-ageing';
import {
  type Credit,
  computeExposure,
  type Exposure,
  type ExposureDocument,
} from '../../domain/credit/assess-credit';
import { convertMinor, type ExchangeRate, findRate } from '../../domain/credit/convert-amount';
import { type LimitInForce, limitOn, type TemporaryLimit } from '../../domain/credit/credit-limit';
import { countOwnCredits, type OwnCredits } from '../../domain/credit/own-credits';
import { countOf } from '../../domain/shared/count';
import { localDateIn } from '../../domain/shared/dates';
import { sumMinor } from '../../domain/shared/money';
import { type CreditRules, creditRulesOf } from '../rules/credit-rules';
import { type CreditMember, readCreditFamily } from './read-credit-family';

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

const ordersText = (count: number) => countOf(count, 'open order');

function openItemsOf(member: CreditMember): readonly { invoiceNumber: string; openMinor: number }[] {
  return (member.open_items ?? []).map((item) => ({
    ...item,
    openMinor:
      item.openMinor - Math.min(Math.max(item.openMinor, 0), member.settled?.[item.invoiceNumber] ?? 0),
  }));
}

/** In the account's own currency, as the ERP keeps it. */
function ownCreditsOf(member: CreditMember, { rates, missing }: Conversion): OwnCredits {
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

function documentsOf(member: CreditMember, conversion: Conversion): readonly ExposureDocument[] {
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
const ofMember = (member: CreditMember, of: CreditMember, documents: readonly ExposureDocument[]) =>
  member.id === of.id
    ? documents
    : documents.map((document) => ({ ...document, id: `${member.id}: ${document.id}` }));

/** In the account's own currency. Of an invoice that is contested in part, each part is an item of its own. */
function openItems(member: CreditMember, own: Conversion, today: string): readonly OpenItem[] {
  const known = new Set(member.open_items?.map(({ invoiceNumber }) => invoiceNumber));
  const disputes = new Map(
    member.disputes.filter(({ until }) => today <= until).map((one) => [one.number, one] as const),
  );
  const dueOf = new Map((member.open_items ?? []).map((item) => [item.invoiceNumber, item] as const));
  const items: readonly OpenItem[] = [
    ...openItemsOf(member).map(({ invoiceNumber, openMinor }) => ({
      number: invoiceNumber,
      openMinor,
      dueDate: dueOf.get(invoiceNumber)?.dueDate ?? null,
      disputed: dueOf.get(invoiceNumber)?.disputed ?? false,
    })),
    ...member.invoices
      .filter(({ number }) => !known.has(number))
      .map(({ number, minor, currency, dueDate }) => ({
        number,
        openMinor: own.convert(minor, currency),
        dueDate,
        disputed: false,
      })),
  ];
  return items.flatMap((item) => {
    const dispute = disputes.get(item.number);
    if (!dispute || item.disputed) return [item];
    const contestedMinor = Math.min(item.openMinor, dispute.minor ?? item.openMinor);
    const rest = { ...item, openMinor: item.openMinor - contestedMinor };
    return [{ ...item, openMinor: contestedMinor, disputed: true }, ...(rest.openMinor > 0 ? [rest] : [])];
  });
}

function standingOf(
  of: CreditMember,
  family: readonly CreditMember[],
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
    openItems: openItems(of, conversion, today),
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
  const family = await readCreditFamily(db, accountId, usage, withoutOrderId, at);
  const own = family.find(({ id }) => id === accountId);
  if (!own) throw new Error(`there is no credit account ${accountId}`);
  const today = localDateIn(at, own.time_zone);
  const rules = creditRulesOf(
    own.rules,
    {
      id: own.id,
      riskClass: own.risk_class,
      currency: own.currency,
      entityCurrency: own.entity_currency,
    },
    today,
  );
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
