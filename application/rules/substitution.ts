import { z } from 'zod';
import { circlesOf, itemScope, itemScopeIs, unknownItems } from './item-scope';
import { ruleKind } from './rule-kind';

export const ratio = z.int().positive().max(10_000).default(1).meta({
  description: 'Base units of the other item for one base unit of this one',
});
export const suppliedPrice = z.enum(['ordered', 'supplied', 'lower']).default('lower').meta({
  description: 'Whose price counts: that of what was ordered, that of what is supplied, or the lower one',
});

export const substitutionRule = ruleKind({
  kind: 'substitution',
  title: 'Substitutions',
  about:
    'What may be supplied instead of an item that is short, in the order in which it is tried. Only for buyers who have agreed to substitution (supply agreement). What stands in for a substitute is tried only where `chained` says so.',
  scopeIs: itemScopeIs,
  scope: itemScope,
  body: z.strictObject({
    by: z
      .array(
        z.strictObject({
          item: z.string().min(1).max(80),
          ratio,
          price: suppliedPrice,
          chained: z.boolean().default(false),
        }),
      )
      .min(1)
      .max(5),
  }),
  example: { by: [{ item: 'BOLT-ZN', ratio: 1, price: 'lower' }] },
  async check(rules, db) {
    const own = rules.flatMap(({ scope, body }) =>
      body.by.filter(({ item }) => item === scope).map(() => `${scope} cannot stand in for itself`),
    );
    // Two items may stand in for each other; a chain may not come back to where it began.
    const chained = new Map(
      rules.map(({ scope, body }) => [scope, body.by.filter((one) => one.chained).map(({ item }) => item)]),
    );
    const named = rules.flatMap(({ scope, body }) => [scope, ...body.by.map(({ item }) => item)]);
    return [...own, ...(own.length > 0 ? [] : circlesOf(chained)), ...(await unknownItems(db, named))];
  },
});
