import { z } from 'zod';
import { ruleKind } from './rule-kind';

export const marginFloorRule = ruleKind({
  kind: 'margin-floor',
  title: 'Margin floors',
  about:
    'How many percent of a price have to be left above what the item costs when a person sets it. Below it only a role that may go below sets a price. The most specific rule holds: item, class, then "*".',
  scopeIs: 'item:BOLT, class:FASTENERS, or * for everything.',
  scope: z.string().regex(/^(\*|item:.{1,64}|class:.{1,64})$/, 'is item: or class: with a name, or *'),
  body: z.strictObject({
    /** May be below zero: so much may be lost. */
    minimumPercent: z.string().regex(/^-?\d{1,2}(\.\d{1,6})?$/, 'is a percentage below 100, such as "12.5"'),
  }),
  example: { minimumPercent: '12.5' },
});
