import { z } from 'zod';
import { instant, json } from './common';

export const ruleKindView = z
  .object({
    kind: z.string().meta({ example: 'hold-type' }),
    title: z.string(),
    about: z.string(),
    scopeIs: z.string(),
    schema: json.meta({ description: 'JSON Schema of the body' }),
    example: json.meta({ description: 'A body that could be saved' }),
  })
  .meta({ id: 'RuleKind' });
export const ruleKindList = z.object({ items: z.array(ruleKindView) }).meta({ id: 'RuleKindList' });
export type RuleKindView = z.infer<typeof ruleKindView>;

export const ruleVersion = z
  .object({
    scope: z.string(),
    version: z.int(),
    body: json,
    withdrawn: z.boolean(),
    inForce: z.boolean().meta({ description: 'This version decides now' }),
    validFrom: instant,
    note: z.string(),
    savedBy: z.string(),
    savedAt: instant,
  })
  .meta({ id: 'RuleVersion' });
export type RuleVersionView = z.infer<typeof ruleVersion>;

export const ruleList = z
  .object({ items: z.array(ruleVersion).meta({ description: 'The latest version of each scope' }) })
  .meta({ id: 'RuleList' });
export const ruleHistory = z
  .object({ items: z.array(ruleVersion).meta({ description: 'All versions, the latest first' }) })
  .meta({ id: 'RuleHistory' });

export const ruleScope = z.string().min(1).max(200);
export const checkRuleBody = z.strictObject({ scope: ruleScope, body: json }).meta({ id: 'RuleToCheck' });
export const ruleCheck = z
  .object({
    valid: z.boolean(),
    problems: z.array(z.object({ pointer: z.string(), text: z.string() })),
  })
  .meta({ id: 'RuleCheck' });

export const saveRuleBody = z
  .strictObject({
    scope: ruleScope,
    body: json.meta({ description: 'By the JSON Schema of the kind; null withdraws the rule' }),
    validFrom: instant.optional().meta({ description: 'Not in the past; now where it is left out' }),
    note: z.string().max(500).default('').meta({ description: 'Why' }),
    basedOn: z.int().nonnegative().optional().meta({
      description: 'The version that was looked at, 0 for none; another one meanwhile is answered 412',
    }),
  })
  .meta({ id: 'RuleToSave' });
export const savedRule = z.object({ scope: z.string(), version: z.int() }).meta({ id: 'SavedRule' });
