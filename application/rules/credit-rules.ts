import type { AgeingRule } from '../../domain/credit/assess-ageing';
import type { ReleaseRule } from '../../domain/credit/automatic-release';
import type { ExchangeRate } from '../../domain/credit/convert-amount';
import type { LocalDate } from '../../domain/shared/dates';
import { creditAgeingRule } from './credit-ageing';
import { creditReleaseRule } from './credit-release';
import { exchangeRatePair, exchangeRateRule } from './exchange-rate';

/** A rule of this hub as it stands in the record. */
export interface StoredRule {
  readonly kind: string;
  readonly scope: string;
  readonly version: number;
  readonly body: unknown;
}

/** Kinds that a credit decision looks at. */
export const creditRuleKinds = ['exchange-rate', 'credit-ageing', 'credit-release'] as const;

/** Which accounts a scope means, the most specific first. */
export const scopesOf = (account: RatedAccount): readonly string[] => [
  `account:${account.id}`,
  ...(account.riskClass === null ? [] : [`risk:${account.riskClass}`]),
  '*',
];

export interface RatedAccount {
  readonly id: string;
  readonly riskClass: string | null;
}

export interface CreditRules {
  readonly rates: readonly ExchangeRate[];
  readonly ageing: (AgeingRule & { readonly scope: string; readonly version: number }) | null;
  /** Most specific first. */
  readonly release: readonly ReleaseRule[];
}

export function creditRulesOf(
  stored: readonly StoredRule[],
  account: RatedAccount,
  /** Of the selling entity. */
  today: LocalDate,
): CreditRules {
  const scopes = scopesOf(account);
  const ofKind = (kind: string) =>
    scopes.flatMap((scope) => stored.find((rule) => rule.kind === kind && rule.scope === scope) ?? []);
  const [ageing] = ofKind('credit-ageing');
  return {
    rates: stored
      .filter(({ kind }) => kind === 'exchange-rate')
      .flatMap(({ scope, version, body }) => {
        const [, from, to] = exchangeRatePair.exec(scope) ?? [];
        const { rate, source, validFrom, validTo } = exchangeRateRule.body.parse(body);
        const counts = validFrom <= today && (validTo === null || today <= validTo);
        return from && to && counts ? [{ from, to, rate, source, version }] : [];
      }),
    ageing: ageing
      ? { ...creditAgeingRule.body.parse(ageing.body), scope: ageing.scope, version: ageing.version }
      : null,
    release: ofKind('credit-release').map(({ scope, version, body }) => ({
      name: scope,
      version,
      ...creditReleaseRule.body.parse(body),
    })),
  };
}
