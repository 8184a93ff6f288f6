import { z } from 'zod';
import { creditCurrency, creditCurrencyIs, creditScope, creditScopeIs } from './credit-scope';
import { ruleKind } from './rule-kind';

export const creditAgeingRule = ruleKind({
  kind: 'credit-ageing',
  title: 'Past-due invoices',
  about: `From when on unpaid invoices hold new orders of an account: so many days after their due date, once they come to more than the floor (smallest unit of the currency). Disputed invoices do not count. ${creditCurrencyIs}`,
  scopeIs: creditScopeIs,
  scope: creditScope,
  body: z.strictObject({
    graceDays: z.number().int().min(0).max(365),
    floorMinor: z.number().int().nonnegative(),
    currency: creditCurrency,
  }),
  example: { graceDays: 7, floorMinor: 10_000, currency: 'EUR' },
});
