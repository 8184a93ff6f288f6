import { z } from 'zod';
import { ruleKind } from './rule-kind';

export const holdTypeRule = ruleKind({
  kind: 'hold-type',
  title: 'Hold types',
  about:
    'What a kind of hold stops, who owns it, when it is due and when it expires. What a rule leaves out stays as it was delivered.',
  scopeIs: 'The type of hold: credit, price, approval, ship-to, item, content, duplicate-purchase-order.',
  scope: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'is a word of small letters, digits and hyphens'),
  body: z.strictObject({
    blocks: z.array(z.enum(['answer', 'release'])).optional(),
    role: z.string().min(1).max(60).optional(),
    dueInSeconds: z.number().positive().optional(),
    expiresInSeconds: z.number().positive().nullable().optional(),
  }),
  example: {
    blocks: ['answer', 'release'],
    role: 'finance',
    dueInSeconds: 86_400,
    expiresInSeconds: 1_209_600,
  },
});
