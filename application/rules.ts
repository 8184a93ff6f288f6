import { z } from 'zod';
import type { Db } from '../db/connection';
import type { Authority } from '../domain/approval/authority';
import { defaultHoldTypes, type HoldType } from '../domain/order/hold-types';

const holdTypeSchema = z.object({
  blocks: z.array(z.enum(['answer', 'release'])).optional(),
  role: z.string().optional(),
  dueInSeconds: z.number().positive().optional(),
  expiresInSeconds: z.number().positive().nullable().optional(),
});
const authoritySchema = z.object({
  holdTypes: z.array(z.string()),
  maximumMinor: z.number().int().nonnegative().nullable(),
  secondPersonAboveMinor: z.number().int().nonnegative().nullable(),
});

interface RuleRow {
  readonly scope: string;
  readonly version: number;
  readonly body: unknown;
}

/** The version in force of each rule of a kind. */
async function inForce(db: Db, kind: string): Promise<readonly RuleRow[]> {
  return (await db('rule')
    .distinctOn('scope')
    .select('scope', 'version', 'body')
    .where({ kind })
    .andWhere('valid_from', '<=', db.fn.now())
    .orderBy([{ column: 'scope' }, { column: 'version', order: 'desc' }])) as RuleRow[];
}

/** Hold types by name: the company's own rules (`kind = hold-type`, `scope` = the type) over the defaults. */
export async function readHoldTypes(db: Db): Promise<ReadonlyMap<string, HoldType>> {
  const types = new Map<string, HoldType>(defaultHoldTypes.map((type) => [type.type, type]));
  for (const row of await inForce(db, 'hold-type')) {
    const base = types.get(row.scope);
    const own = holdTypeSchema.parse(row.body);
    types.set(row.scope, {
      type: row.scope,
      blocks: own.blocks ?? base?.blocks ?? ['answer', 'release'],
      role: own.role ?? base?.role ?? 'customer-service',
      dueInSeconds: own.dueInSeconds ?? base?.dueInSeconds ?? 86_400,
      expiresInSeconds:
        own.expiresInSeconds === undefined ? (base?.expiresInSeconds ?? null) : own.expiresInSeconds,
    });
  }
  return types;
}

/** Who may decide what (`kind = authority`, `scope` = the role), each with the version that a decision keeps. */
export async function readAuthorities(
  db: Db,
): Promise<readonly (Authority & { readonly version: number })[]> {
  return (await inForce(db, 'authority')).map((row) => ({
    role: row.scope,
    version: row.version,
    ...authoritySchema.parse(row.body),
  }));
}
