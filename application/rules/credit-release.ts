import { z } from 'zod';
import { creditCurrency, creditCurrencyIs, creditScope, creditScopeIs } from './credit-scope';
import { ruleKind } from './rule-kind';

export const creditReleaseRule = ruleKind({
  kind: 'credit-release',
  title: 'Automatic credit release',
  about: `Which orders over the credit limit, or of an account with past-due invoices, go on without a person: orders up to an amount, while the account stays within so many percent over its limit and owes no more past due than so much. It leaves the same record as a person’s release. Amounts are in the smallest unit of the currency. ${creditCurrencyIs}`,
  scopeIs: creditScopeIs,
  scope: creditScope,
  body: z.strictObject({
    orderUpToMinor: z.number().int().nonnegative(),
    overLimitUpToPercent: z.number().min(0).max(100),
    pastDueUpToMinor: z.number().int().nonnegative(),
    currency: creditCurrency,
  }),
  example: { orderUpToMinor: 100_000, overLimitUpToPercent: 5, pastDueUpToMinor: 50_000, currency: 'EUR' },
});
