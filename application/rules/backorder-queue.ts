import { z } from 'zod';
import { ruleKind } from './rule-kind';

const scope = z
  .string()
  .regex(
    /^(\*|(item|class)\/.{1,64})$/,
    'is * for every item, item/ and the number of one, or class/ and a class',
  );

export const backorderQueueRule = ruleKind({
  kind: 'backorder-queue',
  title: 'Backorders: who is served first',
  about:
    "In what order waiting lines get what comes in. age: the order that was placed first. priority: the lowest class first (backorderPriority in the customer's policy, 5 where it says nothing), then age. requested-date: who wants it first, then age. fair-share: everybody in proportion to what they wait for, in whole ordered units, the rest to the largest remainders. Whatever the rule, an order that is just being placed takes nothing that others wait for.",
  scopeIs:
    '* for every item, class/NAME for those of a class, item/NUMBER for one item: the most specific one counts.',
  scope,
  body: z.strictObject({ by: z.enum(['age', 'priority', 'requested-date', 'fair-share']) }),
  example: { by: 'priority' },
  async check(rules, db) {
    const items = rules.flatMap(({ scope: one }) => (one.startsWith('item/') ? [one.slice(5)] : []));
    const known = new Set((await db('item').whereIn('id', items).pluck('id')) as string[]);
    return items.filter((item) => !known.has(item)).map((item) => `There is no item ${item}`);
  },
});
