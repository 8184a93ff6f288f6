import { Decimal } from 'decimal.js';
import type { Currency } from '../shared/money';
import { convertMinor, type ExchangeRate } from './convert-amount';

/** When a held order goes through without a person: data that finance edits, per risk class or for all. */
export interface ReleaseRule {
  /** As the rule is called in the record: its scope. */
  readonly name: string;
  readonly version: number;
  /** Of its amounts. */
  readonly currency: Currency;
  /** Largest amount of an order that the rule lets through. */
  readonly orderUpToMinor: number;
  /** How far the account, orders let through before included, may go over its limit. */
  readonly overLimitUpToPercent: number;
  /** Past-due money up to which an order goes through. */
  readonly pastDueUpToMinor: number;
}

export interface ReleaseQuestion {
  readonly reason: string;
  /** Of the order's amount, the limit and what is over it. */
  readonly currency: Currency;
  readonly orderMinor: number;
  readonly limitMinor: number;
  /** Over the tightest limit of the account and those above it. */
  readonly overMinor: number;
  readonly pastDueMinor: number;
  readonly pastDueCurrency: Currency;
}

/** A rule weighs money. An account that is blocked, unknown or without a limit in force is a person's to judge. */
const weighable = new Set(['over-credit-limit', 'past-due']);

/**
 * The first rule that lets the order through, the most specific first; null: a person decides, also where no rate says
 * what the amounts are in the rule's currency.
 */
export function findRelease(
  rules: readonly ReleaseRule[],
  { reason, currency, orderMinor, limitMinor, overMinor, pastDueMinor, pastDueCurrency }: ReleaseQuestion,
  rates: readonly ExchangeRate[],
): ReleaseRule | null {
  if (!weighable.has(reason)) return null;
  const isWithin = (amountMinor: number, from: Currency, rule: ReleaseRule, upToMinor: number) =>
    (convertMinor(amountMinor, from, rule.currency, rates) ?? Number.POSITIVE_INFINITY) <= upToMinor;
  const fits = (rule: ReleaseRule) =>
    isWithin(orderMinor, currency, rule, rule.orderUpToMinor) &&
    new Decimal(limitMinor).times(rule.overLimitUpToPercent).gte(new Decimal(overMinor).times(100)) &&
    isWithin(pastDueMinor, pastDueCurrency, rule, rule.pastDueUpToMinor);
  return rules.find(fits) ?? null;
}
