import { z } from 'zod';
import type { Authority } from '../../domain/approval/authority';
import { type Rule, ruleKind } from './rule-kind';
import { currencyCode } from './rule-values';

const amountMinor = z.number().int().nonnegative().nullable();

/** One reach of a role; a role may have several, for different types. */
export const grantSchema = z.strictObject({
  holdTypes: z.array(z.string().min(1).max(60)).max(50),
  maximumMinor: amountMinor,
  secondPersonAboveMinor: amountMinor,
  currency: currencyCode.optional(),
  riskClasses: z.array(z.string().min(1).max(20)).max(20).optional(),
  maximumOverLimitPercent: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,2})?$/, 'is a percentage as text, for example "10" or "7.5"')
    .optional(),
});

export const authorityBody = z.union([
  grantSchema,
  z.strictObject({ grants: z.array(grantSchema).min(1).max(50) }),
]);
export type AuthorityBody = z.infer<typeof authorityBody>;

/** The reaches of a role, one each. */
const grantsOf = (body: AuthorityBody) => ('grants' in body ? body.grants : [body]);

export const authorityRule = ruleKind({
  kind: 'authority',
  title: 'Limits of authority',
  about:
    'Which holds a role may decide, up to which order total, for which risk classes, how far over the credit limit, and above which total a second person has to agree. Amounts are in the smallest unit of the currency, which is the selling entity’s where none is named; an order in another is converted at the stated rate (exchange-rate), and without one is beyond the authority. null is without limit. Several reaches of one role (for different types) go into "grants".',
  scopeIs: 'The role, as it stands on the keys of people: finance, finance-manager, sales, ...',
  scope: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'is a word of small letters, digits and hyphens'),
  body: authorityBody,
  example: {
    grants: [
      {
        holdTypes: ['credit'],
        maximumMinor: 5_000_000,
        secondPersonAboveMinor: 1_000_000,
        riskClasses: ['A', 'B'],
        maximumOverLimitPercent: '10',
      },
      { holdTypes: ['price'], maximumMinor: null, secondPersonAboveMinor: null },
    ],
  },
});

/** Authorities as rules say them, one a role and reach. */
export const authoritiesOf = (
  rules: readonly Rule<AuthorityBody>[],
): readonly (Authority & { readonly version: number })[] =>
  rules.flatMap(({ scope, version, body }) =>
    grantsOf(body).map((grant) => ({ role: scope, version, ...grant })),
  );
