import { z } from 'zod';
import type { Rule } from './rule-kind';

/** Whose orders a rule is for: everybody's, one customer's, or those that one partner sends. */
export const whoseScope = z
  .string()
  .regex(/^(\*|(customer|partner)\/[^\s/]{1,64})$/, 'is *, customer/<id> or partner/<id>');

export const whoseScopeIs =
  '* for everybody, customer/<id> for one customer, partner/<id> for what one partner sends. The most specific one counts: partner, customer, everybody.';

/** The most specific first. */
export const scopesOf = (customerId: string, partnerId: string | null): readonly string[] => [
  ...(partnerId === null ? [] : [`partner/${partnerId}`]),
  `customer/${customerId}`,
  '*',
];

export function mostSpecific<Body>(
  rules: readonly Rule<Body>[],
  customerId: string,
  partnerId: string | null,
): Rule<Body> | undefined {
  return scopesOf(customerId, partnerId)
    .map((scope) => rules.find((rule) => rule.scope === scope))
    .find((rule) => rule !== undefined);
}
