import type { Db } from '../db/connection';
import type { Authority } from '../domain/approval/authority';
import type { HoldType } from '../domain/order/hold-types';
import { readRules } from './read-rules';
import { authoritiesOf, authorityRule } from './rules/authority';
import { holdTypeRule, holdTypesOf } from './rules/hold-type';

export { readRules };

/** Hold types by name: the company's own rules over the defaults. */
export const readHoldTypes = async (db: Db): Promise<ReadonlyMap<string, HoldType>> =>
  holdTypesOf(await readRules(db, holdTypeRule));

/** Who may decide what, each with the version that a decision keeps. */
export async function readAuthorities(
  db: Db,
): Promise<readonly (Authority & { readonly version: number })[]> {
  return authoritiesOf(await readRules(db, authorityRule));
}
