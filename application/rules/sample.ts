import { z } from 'zod';
import { ruleKind } from './rule-kind';
import { whoseScope, whoseScopeIs } from './whose';

const limits = z
  .array(
    z.strictObject({
      days: z.number().int().positive().max(3660),
      /** Of one item, in base units. */
      unitsPerItem: z.number().int().nonnegative().optional(),
      orders: z.number().int().nonnegative().optional(),
    }),
  )
  .max(10)
  .default([]);

export const sampleRule = ruleKind({
  kind: 'sample',
  title: 'Samples',
  about:
    'What a sample costs (nothing, or a percentage of the price an order would have), how many a customer may have within so many days, and whether there is an invoice over a zero amount or none at all. Beyond a limit a sample is held, or its line refused. Without a rule every sample is held.',
  scopeIs: whoseScopeIs,
  scope: whoseScope,
  body: z.strictObject({
    price: z.union([
      z.literal('zero'),
      z.strictObject({
        percentOfPrice: z.string().regex(/^\d{1,3}(\.\d{1,4})?$/, 'is a percentage such as "50"'),
      }),
    ]),
    limits,
    beyond: z.enum(['hold', 'reject']).default('hold'),
    /** Only where it costs nothing; what costs something is invoiced. */
    zeroInvoice: z.enum(['zero', 'none']).default('zero'),
  }),
  example: {
    price: 'zero',
    limits: [{ days: 365, unitsPerItem: 10, orders: 4 }],
    beyond: 'hold',
    zeroInvoice: 'none',
  },
});
