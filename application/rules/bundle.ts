import { z } from 'zod';
import { itemScope, itemScopeIs, unknownItems } from './item-scope';
import { ruleKind } from './rule-kind';

export const bundleBody = z.strictObject({
  components: z
    .array(
      z.strictObject({
        item: z.string().min(1).max(80),
        quantity: z
          .int()
          .positive()
          .max(1_000_000)
          .meta({ description: 'Base units in one base unit of the bundle' }),
        share: z.int().nonnegative().max(1_000_000_000).optional().meta({
          description:
            'Its part of the price beside those of the others (cents, percent, points). All have one or none: then stand-alone prices count, or units where one has no price',
        }),
      }),
    )
    .min(1)
    .max(50)
    .refine((all) => new Set(all.map(({ item }) => item)).size === all.length, 'Each component is named once')
    .refine(
      (all) => all.every(({ share }) => share === undefined) || all.every(({ share }) => share !== undefined),
      'Either all components have a share or none has',
    )
    .refine(
      (all) => all.every(({ share }) => share === undefined) || all.some(({ share = 0 }) => share > 0),
      'One share at least is above zero',
    ),
});

export const bundleRule = ruleKind({
  kind: 'bundle',
  title: 'Bundles',
  about:
    'A number that is sold as one line and supplied as its components. Where the buyer has agreed to bundles (supply agreement) the components are reserved, sourced, packed and shipped, in whole bundles unless they may go separately, and the bundle is billed. For every other buyer the number is an item like others.',
  scopeIs: itemScopeIs,
  scope: itemScope,
  body: bundleBody,
  example: {
    components: [
      { item: 'DRILL', quantity: 1, share: 80 },
      { item: 'BIT', quantity: 10, share: 20 },
    ],
  },
  async check(rules, db) {
    const bundles = new Set(rules.map(({ scope }) => scope));
    const nested = rules.flatMap(({ scope, body }) =>
      body.components
        .filter(({ item }) => bundles.has(item))
        .map(
          ({ item }) =>
            `${scope} has the bundle ${item} among its components: a bundle is made of items that lie on a shelf`,
        ),
    );
    const named = rules.flatMap(({ scope, body }) => [scope, ...body.components.map(({ item }) => item)]);
    return [...nested, ...(await unknownItems(db, named))];
  },
});
