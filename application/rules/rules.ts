import type { Db } from '../../db/connection';
import type { Authority } from '../../domain/approval/authority';
import type { HoldType } from '../../domain/order/hold-types';
import { authoritiesOf, authorityRule } from './authority';
import { holdTypeRule, holdTypesOf } from './hold-type';
import { readRules } from './read-rules';

export { readRules };

/** Hold types by name: the company's own rules over the defaults. */
export const readHoldTypes = async (db: Db): Promise<ReadonlyMap<string, HoldType>> =>
  holdTypesOf(await readRules(db, holdTypeRule));

/**
 * The type of a hold that is open: where its rule was withdrawn meanwhile, as it was last. Withdrawn, it holds no further
 * order; what it holds is still decided by those who could.
 */
export async function readTypeOfHold(
  db: Db,
  name: string,
  inForce: ReadonlyMap<string, HoldType>,
): Promise<HoldType | undefined> {
  const type = inForce.get(name);
  if (type) return type;
  const last = (await db('rule')
    .where({ kind: holdTypeRule.kind, scope: name, withdrawn: false })
    .orderBy('version', 'desc')
    .first('body')) as { body: unknown } | undefined;
  return last && holdTypesOf([{ scope: name, body: holdTypeRule.body.parse(last.body) }]).get(name);
}

/** Who may decide what, each with the version that a decision keeps. */
export async function readAuthorities(
  db: Db,
): Promise<readonly (Authority & { readonly version: number })[]> {
  return authoritiesOf(await readRules(db, authorityRule));
}
