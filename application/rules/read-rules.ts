import type { Db } from '../../db/connection';
import type { Rule, RuleKind } from './rule-kind';

/**
 * The version in force of each rule of a kind, by scope; withdrawn ones are not among them.
 * @param among which versions are looked at (SQL); absent: all
 */
export async function readRules<Body>(
  db: Db,
  kind: RuleKind<Body>,
  at?: string,
  among?: string,
): Promise<readonly Rule<Body>[]> {
  const rows = (await db('rule')
    .distinctOn('scope')
    .select('scope', 'version', 'body', 'withdrawn')
    .where({ kind: kind.kind })
    .andWhere('valid_from', '<=', at ?? db.fn.now())
    .modify((q) => among !== undefined && q.whereRaw(among))
    .orderBy([{ column: 'scope' }, { column: 'version', order: 'desc' }])) as (Rule<unknown> & {
    readonly withdrawn: boolean;
  })[];
  return rows
    .filter((row) => !row.withdrawn)
    .map(({ scope, version, body }) => ({ scope, version, body: kind.body.parse(body) }));
}
