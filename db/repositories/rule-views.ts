import type { Db } from '../connection';

export interface RuleVersionRow {
  readonly scope: string;
  readonly version: number;
  readonly body: unknown;
  readonly withdrawn: boolean;
  readonly in_force: boolean;
  readonly valid_from: string;
  readonly note: string;
  readonly saved_by: string;
  readonly saved_at: string;
}

/** In force is the highest version that has begun. */
const versions = `
  select scope, version, body, withdrawn, valid_from, note, saved_by, saved_at,
    not withdrawn and version = max(version) filter (where valid_from <= now()) over (partition by scope) as in_force,
    row_number() over (partition by scope order by version desc) as place
  from rule where kind = :kind`;

/** The latest version of each scope of a kind, by scope. */
export async function listRules(db: Db, kind: string): Promise<readonly RuleVersionRow[]> {
  const sql = `select * from (${versions}) v where place = 1 order by scope limit 1000`;
  return (await db.raw<{ rows: RuleVersionRow[] }>(sql, { kind })).rows;
}

/** All versions of one rule, the latest first. */
export async function ruleVersions(db: Db, kind: string, scope: string): Promise<readonly RuleVersionRow[]> {
  const sql = `select * from (${versions} and scope = :scope) v order by version desc limit 500`;
  return (await db.raw<{ rows: RuleVersionRow[] }>(sql, { kind, scope })).rows;
}
