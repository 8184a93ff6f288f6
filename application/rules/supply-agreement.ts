import { z } from 'zod';
import { ruleKind } from './rule-kind';
import { whoseScope, whoseScopeIs } from './whose';

const names = z.array(z.string().min(1).max(80)).max(2_000);
const what = z
  .union([z.literal('all'), z.strictObject({ items: names.default([]), classes: names.default([]) })])
  .default('all')
  .meta({ description: 'Of all items, or of those that were ordered by number or class' });
const percent = z.string().regex(/^\d{1,3}(\.\d{1,4})?$/, 'is a percentage such as "5"');

export const supplyAgreementRule = ruleKind({
  kind: 'supply-agreement',
  title: 'Supply agreements',
  about:
    'What a buyer has agreed to: that bundles are supplied as their components, that something else comes where an item is short, that an old number means its successor, and how the documents name it. What is not agreed does not happen.',
  scopeIs: whoseScopeIs,
  scope: whoseScope,
  body: z.strictObject({
    bundles: z
      .strictObject({
        of: what,
        components: z.enum(['together', 'separately']).default('together').meta({
          description:
            'separately: components may be reserved and shipped by themselves; the bundle is billed once it is whole',
        }),
        documents: z
          .enum(['bundle', 'components'])
          .default('bundle')
          .meta({ description: 'What a ship notice lists' }),
      })
      .nullable()
      .default(null),
    substitution: z
      .strictObject({
        of: what,
        cover: z.enum(['whole-line', 'short-part']).default('short-part'),
        documents: z.enum(['supplied', 'ordered']).default('supplied').meta({
          description: 'Whose numbers stand on ship notice and invoice; the answer names both',
        }),
        maximumIncreasePercent: percent.default('0').meta({
          description: 'A price that is more above that of the ordered item holds the line',
        }),
      })
      .nullable()
      .default(null),
    supersession: z
      .strictObject({
        of: what,
        documents: z.enum(['supplied', 'ordered']).default('supplied'),
        maximumIncreasePercent: percent.default('0'),
      })
      .nullable()
      .default(null),
    superseded: z.enum(['reject', 'hold']).default('reject').meta({
      description: 'What becomes of a line with an old number where its successor is not agreed',
    }),
  }),
  example: {
    bundles: { of: 'all' },
    substitution: { of: { items: ['BOLT'], classes: [] }, cover: 'short-part', maximumIncreasePercent: '5' },
  },
});
