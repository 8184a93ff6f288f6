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
export const scopesOf = (account: Pick<RatedAccount, 'id' | 'riskClass'>): readonly string[] => [
  `account:${account.id}`,
  ...(account.riskClass === null ? [] : [`risk:${account.riskClass}`]),
  '*',
];

export interface RatedAccount {
  readonly id: string;
  readonly riskClass: string | null;
  readonly currency: string;
  /** Of its selling entity. */
  readonly entityCurrency: string;
}

/** A rule of one account is in the account's currency, one of many in the selling entity's, unless it names one. */
const currencyOf = (scope: string, named: string | undefined, account: RatedAccount): string =>
  named ?? (scope === `account:${account.id}` ? account.currency : account.entityCurrency);

export interface CreditRules {
  readonly rates: readonly ExchangeRate[];
  readonly ageing:
    | (AgeingRule & { readonly scope: string; readonly version: number; readonly currency: string })
    | null;
  /** Most specific first. */
  readonly release: readonly ReleaseRule[];
}

/** Rates that are stated for a day. */
export const ratesOn = (stored: readonly StoredRule[], today: LocalDate): readonly ExchangeRate[] =>
  stored
    .filter(({ kind }) => kind === 'exchange-rate')
    .flatMap(({ scope, version, body }) => {
      const [, from, to] = exchangeRatePair.exec(scope) ?? [];
      const { rate, source, validFrom, validTo } = exchangeRateRule.body.parse(body);
      const counts = validFrom <= today && (validTo === null || today <= validTo);
      return from && to && counts ? [{ from, to, rate, source, version }] : [];
    });

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
    rates: ratesOn(stored, today),
    ageing: ageing ? ageingOf(ageing, account) : null,
    release: ofKind('credit-release').map(({ scope, version, body }) => {
      const rule = creditReleaseRule.body.parse(body);
      return { name: scope, version, ...rule, currency: currencyOf(scope, rule.currency, account) };
    }),
  };
}

function ageingOf({ scope, version, body }: StoredRule, account: RatedAccount) {
  const rule = creditAgeingRule.body.parse(body);
  return { ...rule, scope, version, currency: currencyOf(scope, rule.currency, account) };
}
