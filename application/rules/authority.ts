import { z } from 'zod';
import { ruleKind } from './rule-kind';

const amountMinor = z.number().int().nonnegative().nullable();

export const authorityRule = ruleKind({
  kind: 'authority',
  title: 'Limits of authority',
  about:
    'Which holds a role may decide, up to which order total, and above which total a second person has to agree. Amounts are in the smallest unit of the currency; null is without limit.',
  scopeIs: 'The role, as it stands on the keys of people: finance, finance-manager, sales, ...',
  scope: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'is a word of small letters, digits and hyphens'),
  body: z.strictObject({
    holdTypes: z.array(z.string().min(1).max(60)).max(50),
    maximumMinor: amountMinor,
    secondPersonAboveMinor: amountMinor,
  }),
  example: { holdTypes: ['credit'], maximumMinor: 5_000_000, secondPersonAboveMinor: 1_000_000 },
});
