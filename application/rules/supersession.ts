import { z } from 'zod';
import { circlesOf, itemScope, itemScopeIs, unknownItems } from './item-scope';
import { ruleKind } from './rule-kind';
import { ratio, suppliedPrice } from './substitution';

export const supersessionRule = ruleKind({
  kind: 'supersession',
  title: 'Supersessions',
  about:
    'An item that is replaced by another one: from a day on, or once its own stock has run out. For buyers who have agreed to it (supply agreement) the old number means the new item; for others, from the day on, the line is rejected with the new number in its reason, or held.',
  scopeIs: itemScopeIs,
  scope: itemScope,
  body: z.strictObject({
    by: z.string().min(1).max(80),
    ratio,
    price: suppliedPrice,
    from: z.union([z.iso.date(), z.literal('stock-out')]).meta({
      description:
        'The first order date on which the old number is gone; stock-out: what is left of it is sold first',
    }),
  }),
  example: { by: 'BOLT-2', ratio: 1, price: 'supplied', from: '2026-07-01' },
  async check(rules, db) {
    const next = new Map(rules.map(({ scope, body }) => [scope, [body.by]]));
    return [
      ...circlesOf(next),
      ...(await unknownItems(
        db,
        rules.flatMap(({ scope, body }) => [scope, body.by]),
      )),
    ];
  },
});
