import { z } from 'zod';
import { ruleKind } from './rule-kind';
import { day, decimal } from './rule-values';

export const exchangeRatePair = /^([A-Z]{3})-([A-Z]{3})$/;

export const exchangeRateRule = ruleKind({
  kind: 'exchange-rate',
  title: 'Exchange rates',
  about:
    "A price in another currency than the order's is converted at a rate that stands here for the order's date, and only then. From its first day on a version stands alone; for the days before it those before count. The line keeps price, rate and source. A rate is not turned round: EUR-USD says nothing of USD-EUR.",
  scopeIs: 'From-to: EUR-USD is what one euro is in dollars.',
  scope: z.string().regex(exchangeRatePair, 'is two currencies, such as EUR-USD'),
  body: z
    .strictObject({
      rate: decimal.refine((text) => Number(text) > 0, 'a rate above zero'),
      validFrom: day,
      validTo: day.nullable().default(null),
      source: z.string().trim().min(1).max(60),
    })
    .refine(({ validFrom, validTo }) => validTo === null || validFrom <= validTo, {
      path: ['validTo'],
      error: 'it ends before it begins',
    }),
  example: { rate: '1.0832', validFrom: '2026-03-01', validTo: '2026-03-31', source: 'ECB' },
});

/**
 * Among versions of rules of any kind: those that say something of a day. The newest of them is the one in force, so that
 * the rate of a month that is still to come, saved already, leaves the one of today, and last month's orders their own.
 */
export const hasBegunBy = (day: string) =>
  `(kind <> 'exchange-rate' or withdrawn or body ->> 'validFrom' <= ${day})`;
