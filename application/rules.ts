import type { Db } from '../db/connection';
import type { Authority } from '../domain/approval/authority';
import { defaultHoldTypes, type HoldType } from '../domain/order/hold-types';
import { authorityRule } from './rules/authority';
import { holdTypeRule } from './rules/hold-type';
import type { Rule, RuleKind } from './rules/rule-kind';

/** The version in force of each rule of a kind, by scope; withdrawn ones are not among them. */
export async function readRules<Body>(
  db: Db,
  kind: RuleKind<Body>,
  at?: string,
): Promise<readonly Rule<Body>[]> {
  const rows = (await db('rule')
    .distinctOn('scope')
    .select('scope', 'version', 'body', 'withdrawn')
    .where({ kind: kind.kind })
    .andWhere('valid_from', '<=', at ?? db.fn.now())
    .orderBy([{ column: 'scope' }, { column: 'version', order: 'desc' }])) as (Rule<unknown> & {
    readonly withdrawn: boolean;
  })[];
  return rows
    .filter((row) => !row.withdrawn)
    .map(({ scope, version, body }) => ({ scope, version, body: kind.body.parse(body) }));
}

/** Hold types by name: the company's own rules over the defaults. */
export async function readHoldTypes(db: Db): Promise<ReadonlyMap<string, HoldType>> {
  const types = new Map<string, HoldType>(defaultHoldTypes.map((type) => [type.type, type]));
  for (const { scope, body: own } of await readRules(db, holdTypeRule)) {
    const base = types.get(scope);
    types.set(scope, {
      type: scope,
      blocks: own.blocks ?? base?.blocks ?? ['answer', 'release'],
      role: own.role ?? base?.role ?? 'customer-service',
      dueInSeconds: own.dueInSeconds ?? base?.dueInSeconds ?? 86_400,
      expiresInSeconds:
        own.expiresInSeconds === undefined ? (base?.expiresInSeconds ?? null) : own.expiresInSeconds,
    });
  }
  return types;
}

/** Who may decide what, each with the version that a decision keeps. */
export async function readAuthorities(
  db: Db,
): Promise<readonly (Authority & { readonly version: number })[]> {
  return (await readRules(db, authorityRule)).map(({ scope, version, body }) => ({
    role: scope,
    version,
    ...body,
  }));
}
