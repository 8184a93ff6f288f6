import type { Tx } from '../../db/connection';
import { findPastDue, type PastDue } from '../../domain/credit/assess-ageing';
import {
  assessCredit,
  type CreditDecision,
  type CreditLevel,
  type Exposure,
} from '../../domain/credit/assess-credit';
import { findRelease, type ReleaseRule } from '../../domain/credit/automatic-release';
import { convertMinor, type ExchangeRate, findRate } from '../../domain/credit/convert-amount';
import { type ExposureReading, readExposure } from './read-exposure';

export interface LockedAccount {
  readonly id: string;
  readonly currency: string;
  /** The account at the top of its hierarchy, whose row is the lock of the whole family. */
  readonly root_id: string;
}

/**
 * Locks the family of an account, by the one row at the top of its hierarchy: whoever decides on headroom in one family
 * does so one after the other. Taken after the order's own lock and before any stock lock, everywhere.
 */
export async function lockCreditAccount(tx: Tx, accountId: string): Promise<LockedAccount> {
  // Not its key: an invoice that refers to an account need not wait, or it could deadlock over stock that it holds.
  const { rows } = await tx.raw<{ rows: LockedAccount[] }>(
    `select a.id, a.currency, r.id as root_id from credit_account a join credit_account r on r.id = a.root_id
     where a.id = ? for no key update of r`,
    [accountId],
  );
  const [account] = rows;
  if (!account) throw new Error(`there is no credit account ${accountId}`);
  return account;
}

const TRIES = 3;

export interface CreditCheck {
  readonly decision: CreditDecision;
  /** Of the account itself. */
  readonly exposure: Exposure;
  readonly asOf: string | null;
  readonly accountVersion: number;
  /** A rule that lets the order through although it is held; null: a person decides. */
  readonly release: ReleaseRule | null;
  /** The order is paid for in advance, in full: it takes no credit. */
  readonly prepaid: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface CheckQuestion {
  readonly accountId: string;
  readonly usage: 'P' | 'T';
  readonly orderId: string | null;
  /** What of the order is to count: not yet invoiced. */
  readonly orderMinor: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly maximumAgeSeconds: number;
}

/** Decides whether an order's amount fits the account's headroom; the account stays locked until the transaction ends. */
export async function checkCredit(tx: Tx, question: CheckQuestion, now: string): Promise<CreditCheck> {
  for (let round = 1; round <= TRIES; round++) {
    // Two statements, sent at once: the second has to see what was committed while the lock was waited for.
    const [{ root_id: locked }, reading] = await Promise.all([
      lockCreditAccount(tx, question.accountId),
      readExposure(tx, question.accountId, question.usage, question.orderId, now),
    ]);
    // The account may have moved to another family while we waited: then it is that family's lock that counts.
    if (reading.chain[0].path[0] === locked) return judge(reading, question, now);
  }
  throw new Error(`credit account ${question.accountId} keeps moving in its hierarchy`);
}

/** The rule on what was read: nothing is locked or written. */
export function judge(reading: ExposureReading, question: CheckQuestion, now: string): CreditCheck {
  const [own] = reading.chain;
  const { rates, release } = reading.rules;
  const missing = new Set(reading.chain.flatMap(({ missingRates }) => missingRates));
  const used = new Map<string, ExchangeRate>(
    reading.chain.flatMap((level) => level.rates).map((rate) => [`${rate.from}-${rate.to}`, rate]),
  );
  const needMinor = question.orderMinor - reading.prepaidLeftMinor;
  const inCurrency = (to: string) => {
    const converted = convertMinor(needMinor, question.currency, to, rates);
    const rate = findRate(rates, question.currency, to);
    const pair = `${question.currency}-${to}`;
    if (question.currency !== to && needMinor !== 0) {
      if (rate) used.set(pair, rate);
      else missing.add(pair);
    }
    return converted ?? 0;
  };
  const levels = reading.chain.map(
    (level): CreditLevel => ({
      accountId: level.id,
      currency: level.currency,
      orderMinor: inCurrency(level.currency),
      limitMinor: level.limit.totalMinor,
      exposureMinor: level.exposure.totalMinor,
      blocked: level.blocked,
      lapsed: level.limit.lapsed,
    }),
  ) as [CreditLevel, ...CreditLevel[]];
  const isTest = question.usage === 'T';
  const pastDue = isTest ? null : pastDueOf(reading);
  const decision = assessCredit({
    levels,
    missingRates: [...missing].sort(),
    pastDue,
    receivablesAgeSeconds: isTest ? 0 : oldestSeconds(reading, now),
    maximumAgeSeconds: question.maximumAgeSeconds,
  });
  return {
    decision,
    exposure: own.exposure,
    asOf: own.asOf,
    accountVersion: own.version,
    release: releaseOf(decision, release, levels, rates),
    prepaid: question.totalMinor > 0 && reading.prepaidMinor >= question.totalMinor,
    inputs: inputsOf(reading, [...used.values()]),
  };
}

function oldestSeconds({ chain }: ExposureReading, now: string): number | null {
  const ages = chain.map(({ asOf }) =>
    asOf === null ? null : Math.max(0, (Date.parse(now) - Date.parse(asOf)) / 1000),
  );
  return ages.includes(null) ? null : Math.max(...ages.map((age) => age ?? 0));
}

/** A floor in another currency is converted; without a rate there is none, and what is late holds the order. */
function pastDueOf({ chain: [own], rules: { ageing, rates }, today }: ExposureReading): PastDue | null {
  if (!ageing) return null;
  const floorMinor = convertMinor(ageing.floorMinor, ageing.currency, own.currency, rates) ?? 0;
  return findPastDue(own.openItems, { ...ageing, floorMinor }, today);
}

/** Every reason has to be one that a rule may weigh. Each level over its limit is to be within what the rule allows. */
function releaseOf(
  decision: CreditDecision,
  rules: readonly ReleaseRule[],
  levels: readonly [CreditLevel, ...CreditLevel[]],
  rates: readonly ExchangeRate[],
): ReleaseRule | null {
  if (decision.kind !== 'held' || rules.length === 0) return null;
  const fits = (rule: ReleaseRule) =>
    decision.reasons.every((reason) =>
      levels.every(
        (level) =>
          findRelease(
            [rule],
            {
              reason,
              currency: level.currency,
              orderMinor: level.orderMinor,
              limitMinor: level.limitMinor,
              overMinor: Math.max(0, level.exposureMinor + level.orderMinor - level.limitMinor),
              // The account's own, whoever stands above it.
              pastDueMinor: decision.pastDue?.amountMinor ?? 0,
              pastDueCurrency: levels[0].currency,
            },
            rates,
          ) !== null,
      ),
    );
  return rules.find(fits) ?? null;
}

/** What the decision is kept with: the own account's documents, those above as their totals. */
function inputsOf(reading: ExposureReading, rates: readonly ExchangeRate[]) {
  const [own, ...above] = reading.chain;
  const { ageing } = reading.rules;
  return {
    exposure: own.exposure,
    asOf: own.asOf,
    limit: own.limit,
    ...(above.length > 0 && {
      above: above.map(({ id, version, limit, exposure, asOf, currency }) => ({
        accountId: id,
        version,
        limit,
        currency,
        exposureMinor: exposure.totalMinor,
        asOf,
      })),
    }),
    ...(rates.length > 0 && { rates }),
    ...(ageing && { ageingRule: ageing }),
    ...(reading.prepaidMinor > 0 && { prepaidMinor: reading.prepaidMinor }),
  };
}
