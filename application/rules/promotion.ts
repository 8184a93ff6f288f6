import { z } from 'zod';
import { promotionStackings } from '../../domain/pricing/promotion';
import { ruleKind } from './rule-kind';
import { currencyCode, day, decimal, minor, namesOf, percent } from './rule-values';

const benefit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), percent, of: z.enum(['line', 'order']).default('line') }),
  z.strictObject({
    kind: z.literal('amount'),
    amountMinor: minor,
    per: z.enum(['unit', 'line', 'order']).default('line'),
  }),
  z.strictObject({ kind: z.literal('fixed-price'), unitPrice: decimal }),
  z.strictObject({
    kind: z.literal('buy-get'),
    buy: z.int().positive().max(1_000_000),
    get: z.int().positive().max(1_000_000),
    percent: percent.default('100'),
    getItems: namesOf('item').nullable().default(null),
  }),
]);

export const promotionRule = ruleKind({
  kind: 'promotion',
  title: 'Promotions',
  about:
    'What is taken off lines or the order for whom, when, and from which quantity or amount on; what it may be given together with; and how much may be given altogether. It stands on the invoice as an allowance. A version changes what is given from then on; what orders have keeps its version, and limits go on counting.',
  scopeIs: 'The number of the promotion, which stands on orders: SPRING-26.',
  scope: z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,19}$/, 'is at most 20 capital letters, digits and hyphens'),
  body: z
    .strictObject({
      name: z.string().trim().min(1).max(60),
      validFrom: day,
      validTo: day.nullable().default(null),
      customers: namesOf('customer').optional(),
      customerGroups: namesOf('group of customers').optional(),
      channels: namesOf('channel').optional(),
      items: namesOf('item').optional(),
      itemClasses: namesOf('class of items').optional(),
      priceGroups: namesOf('price group').optional(),
      currency: currencyCode.optional(),
      minimumQuantity: z.int().positive().nullable().default(null),
      minimumAmountMinor: minor.nullable().default(null),
      benefit,
      stacking: z.enum(promotionStackings).default('exclusive'),
      precedence: z.int().min(0).max(1_000_000).default(100),
      maximumMinor: minor.nullable().default(null),
      maximumUses: z.int().positive().nullable().default(null),
      maximumUsesPerCustomer: z.int().positive().nullable().default(null),
      /** Element 1300 of the allowance on the invoice. */
      code: z
        .string()
        .regex(/^[A-Z]\d{3}$/)
        .default('F800'),
    })
    .refine(({ validFrom, validTo }) => validTo === null || validFrom <= validTo, {
      path: ['validTo'],
      error: 'it ends before it begins',
    })
    .refine(
      (one) =>
        one.currency !== undefined ||
        (one.minimumAmountMinor === null &&
          one.maximumMinor === null &&
          one.benefit.kind !== 'amount' &&
          one.benefit.kind !== 'fixed-price'),
      { path: ['currency'], error: 'name the currency of its amounts' },
    ),
  example: {
    name: 'Spring fasteners',
    validFrom: '2026-03-01',
    validTo: '2026-05-31',
    customerGroups: ['DEALERS'],
    itemClasses: ['FASTENERS'],
    currency: 'USD',
    minimumQuantity: 100,
    benefit: { kind: 'percent', percent: '5', of: 'line' },
    stacking: 'stackable',
    precedence: 100,
    maximumMinor: 1_000_000,
  },
});
