import { z } from 'zod';
import { ruleKind } from './rule-kind';
import { currencyCode } from './rule-values';
import { whoseScope, whoseScopeIs } from './whose';

const outcome = z.enum(['reject', 'hold', 'warn']);
const item = z.string().min(1).max(64);
const items = z.array(item).max(20_000).optional();
const quantity = z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, 'is a decimal such as "12"');
const unit = z.string().min(1).max(3).optional();
const amountMinor = z.number().int().nonnegative();
const currency = currencyCode.optional();
const score = z.number().int().min(0).max(1000);

const checks = [
  z.strictObject({ check: z.literal('minimum-quantity'), outcome, minimum: quantity, unit, items }),
  z.strictObject({ check: z.literal('maximum-quantity'), outcome, maximum: quantity, unit, items }),
  z.strictObject({ check: z.literal('minimum-line-amount'), outcome, amountMinor, currency, items }),
  z.strictObject({ check: z.literal('minimum-order-amount'), outcome, amountMinor, currency }),
  z.strictObject({
    check: z.literal('pack-multiple'),
    outcome,
    multiple: z.number().int().positive().optional(),
    roundUp: z.boolean().default(false),
    items,
  }),
  z.strictObject({
    check: z.literal('allowed-units'),
    outcome,
    units: z.array(z.string().min(1).max(3)).min(1).max(50),
    items,
  }),
  z.strictObject({
    check: z.literal('ship-to-items'),
    outcome,
    shipTos: z
      .array(
        z.strictObject({
          id: z.string().min(1).max(80),
          items: z.union([z.literal('all'), z.array(item).max(20_000)]),
        }),
      )
      .min(1)
      .max(10_000),
  }),
  z.strictObject({
    check: z.literal('assortment'),
    outcome,
    mode: z.enum(['only', 'except']),
    items: z.array(item).min(1).max(20_000),
  }),
  z.strictObject({
    check: z.literal('discontinued'),
    outcome,
    items: z
      .array(z.strictObject({ item, from: z.iso.date(), replacedBy: item.optional() }))
      .min(1)
      .max(20_000),
  }),
  z.strictObject({
    check: z.literal('lead-time'),
    outcome,
    minimumDays: z.number().int().nonnegative().max(3660).optional(),
    maximumDays: z.number().int().nonnegative().max(3660).optional(),
    items,
  }),
  z.strictObject({
    check: z.literal('fraud-score'),
    weights: z.strictObject({
      newShipTo: score.default(0),
      largeFirstOrder: z
        .strictObject({ aboveMinor: amountMinor, score, currency })
        .default({ aboveMinor: 0, score: 0 }),
      velocity: z
        .strictObject({ orders: z.number().int().positive(), hours: z.number().positive().max(8784), score })
        .default({ orders: 1, hours: 1, score: 0 }),
      shipToElsewhere: score.default(0),
      billToDiffers: score.default(0),
    }),
    warnAt: score.optional(),
    holdAt: score.optional(),
    rejectAt: score.optional(),
  }),
] as const;

export const validationRule = ruleKind({
  kind: 'validation',
  title: 'Validation of orders',
  about:
    'What an order has to fulfil, and what follows where it does not: reject refuses the line with its reason (855 IR, R1, R3), hold asks a person before anything is answered or released, warn only says so on the order. Each check counts from the most specific scope that has any of its kind. Changes are checked the same way. An amount that names its currency counts for orders in that alone. Price tolerance is with the customer (priceTolerance).',
  scopeIs: whoseScopeIs,
  scope: whoseScope,
  body: z.strictObject({ checks: z.array(z.discriminatedUnion('check', checks)).max(200) }),
  example: {
    checks: [
      { check: 'minimum-order-amount', outcome: 'hold', amountMinor: 10_000, currency: 'USD' },
      { check: 'pack-multiple', outcome: 'reject', roundUp: true, items: ['WASHER'] },
      { check: 'maximum-quantity', outcome: 'hold', maximum: '5000' },
      { check: 'lead-time', outcome: 'warn', minimumDays: 2, maximumDays: 180 },
      {
        check: 'fraud-score',
        weights: { newShipTo: 30, largeFirstOrder: { aboveMinor: 500_000, score: 40 }, shipToElsewhere: 30 },
        warnAt: 30,
        holdAt: 60,
      },
    ],
  },
  check: (rules) =>
    rules.flatMap(({ scope, body }) =>
      body.checks.flatMap((one, i) => {
        const where = `${scope}, check ${i + 1} (${one.check})`;
        if (one.check === 'lead-time' && (one.minimumDays ?? 0) > (one.maximumDays ?? 3660))
          return [
            `${where}: no day is at least ${one.minimumDays} and at most ${one.maximumDays} days ahead`,
          ];
        if (one.check !== 'fraud-score') return [];
        const at = [one.warnAt, one.holdAt, one.rejectAt].filter((value) => value !== undefined);
        if (at.length === 0) return [`${where}: without a threshold nothing follows from a score`];
        return at.some((value, k) => k > 0 && value <= (at[k - 1] ?? 0))
          ? [`${where}: the thresholds of warn, hold and reject have to rise in that order`]
          : [];
      }),
    ),
});
