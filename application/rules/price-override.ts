import { z } from 'zod';
import { overrideReasons } from '../../domain/pricing/override-price';
import { ruleKind } from './rule-kind';
import { currencyCode, minor, percent } from './rule-values';

export const priceOverrideRule = ruleKind({
  kind: 'price-override',
  title: 'Prices set by people',
  about:
    "How far from our price a role may set a line's price, by how much its amount may change, for which reasons, and whether it may go below the margin floor. The amount is in the currency that is named, else in the selling entity's; what an order in another differs by is converted at the rate stated for its date (exchange-rate), and without one is beyond the role. null is without limit. A role without a rule sets no prices.",
  scopeIs: 'The role, as it stands on the keys of people: sales, sales-manager, ...',
  scope: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'is a word of small letters, digits and hyphens'),
  body: z.strictObject({
    maximumPercent: percent.nullable().default(null),
    maximumMinor: minor.nullable().default(null),
    currency: currencyCode.optional(),
    belowFloor: z.boolean().default(false),
    reasons: z
      .array(z.enum(overrideReasons))
      .min(1)
      .default([...overrideReasons]),
  }),
  example: {
    maximumPercent: '10',
    maximumMinor: 100_000,
    belowFloor: false,
    reasons: ['competitive-match', 'goodwill'],
  },
});
