import { z } from 'zod';
import { instant, recordId } from './common';

const roleName = z.string().min(1).max(60);
const grant = z.strictObject({
  holdTypes: z.array(z.string().max(60)).max(50),
  maximumMinor: z.int().nonnegative().nullable(),
  secondPersonAboveMinor: z.int().nonnegative().nullable(),
  currency: z.string().length(3).optional(),
  riskClasses: z.array(z.string().max(20)).max(20).optional(),
  maximumOverLimitPercent: z.string().max(12).optional(),
});

export const simulateAuthorityBody = z
  .strictObject({
    holdId: recordId.optional().meta({ description: 'A hold that is there: the rest is taken from it' }),
    holdType: z.string().max(60).optional(),
    totalMinor: z.int().nonnegative().optional(),
    currency: z.string().length(3).optional(),
    riskClass: z.string().max(20).nullable().default(null),
    overLimitPercent: z
      .string()
      .regex(/^\d{1,7}(\.\d{1,2})?$/)
      .nullable()
      .default(null),
    requestedBy: z.string().max(60).nullable().default(null).meta({ description: 'The person who ordered' }),
    draft: z
      .array(z.strictObject({ role: roleName, grants: z.array(grant).max(50) }))
      .max(50)
      .default([])
      .meta({ description: 'Rules not saved yet: each takes the place of what its role may do now' }),
  })
  .meta({ id: 'SimulateAuthority' });
export type SimulateAuthorityBody = z.infer<typeof simulateAuthorityBody>;

export const authoritySimulation = z
  .object({
    holdType: z.string(),
    totalMinor: z.int(),
    currency: z.string(),
    people: z.array(
      z.object({
        person: z.string(),
        inNameOf: z.string().nullable(),
        roles: z.array(z.string()),
        outcome: z.enum(['alone', 'with-a-second-person', 'not']),
        role: z.string().nullable().meta({ description: 'By which role' }),
        code: z.string().nullable(),
        why: z.string(),
        rule: z.string().meta({ description: 'The rules asked, with their versions' }),
      }),
    ),
  })
  .meta({ id: 'AuthoritySimulation' });
export type AuthoritySimulationView = z.infer<typeof authoritySimulation>;

export const substitution = z
  .object({
    id: recordId,
    person: z.string(),
    substitute: z.string(),
    from: instant,
    until: instant,
    holdTypes: z.array(z.string()).nullable(),
    reason: z.string(),
    madeBy: z.string(),
    madeAt: instant,
  })
  .meta({ id: 'Substitution' });
export type SubstitutionView = z.infer<typeof substitution>;
export const substitutionList = z.object({ items: z.array(substitution) }).meta({ id: 'SubstitutionList' });

export const newSubstitutionBody = z
  .strictObject({
    person: z.string().min(1).max(60).optional().meta({ description: 'Left out: you yourself' }),
    substitute: z.string().min(1).max(60),
    from: instant.optional().meta({ description: 'Left out: now' }),
    until: instant,
    holdTypes: z.array(z.string().max(60)).min(1).max(50).nullable().default(null),
    reason: z.string().trim().min(3, 'say why, in a few words').max(500),
  })
  .meta({ id: 'NewSubstitution' });
