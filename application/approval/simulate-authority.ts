import type { Db } from '../../db/connection';
import { type Authority, authorityOver } from '../../domain/approval/authority';
import { readAuthorities, readHoldTypes, readTypeOfHold } from '../rules/rules';
import { type AuthorityMatter, capacitiesOf, judgeCapacities } from './judge-authority';

export interface SimulatedPerson {
  readonly person: string;
  readonly inNameOf: string | null;
  readonly roles: readonly string[];
  readonly outcome: 'alone' | 'with-a-second-person' | 'not';
  readonly role: string | null;
  readonly code: string | null;
  readonly why: string;
  readonly rule: string;
}

/** The seller's own people who have a key with which they could decide. */
async function readDeciders(db: Db): Promise<readonly { person: string; roles: readonly string[] }[]> {
  const rows = (await db('api_key')
    .whereNotNull('person')
    .where({ customer_id: null, partner_id: null })
    .whereNull('revoked_at')
    .andWhere((q) => q.whereNull('expires_at').orWhere('expires_at', '>', db.fn.now()))
    .whereRaw(`'holds:decide' = any(scopes)`)
    .orderBy('person')
    .limit(500)
    .select('person', 'roles')) as { person: string; roles: readonly string[] }[];
  const byName = Map.groupBy(rows, ({ person }) => person);
  return [...byName].map(([person, keys]) => ({
    person,
    roles: [...new Set(keys.flatMap(({ roles }) => roles))],
  }));
}

/**
 * Who could decide, by the rules in force or with drafts in their place, and why the others could not. Asks the same
 * rule as the decision itself.
 * @returns null where there is no such type of hold
 */
export async function simulateAuthority(
  db: Db,
  matter: AuthorityMatter,
  drafts: readonly { readonly role: string; readonly grants: readonly Omit<Authority, 'role'>[] }[],
  now: string,
): Promise<readonly SimulatedPerson[] | null> {
  const type = await readTypeOfHold(db, matter.holdType, await readHoldTypes(db));
  if (!type) return null;
  const drafted = drafts.flatMap(({ role, grants }) => grants.map((grant) => ({ role, ...grant })));
  const kept = (await readAuthorities(db)).filter((one) => !drafts.some(({ role }) => role === one.role));
  const authorities = authorityOver<Authority & { readonly version?: number }>([...kept, ...drafted], type);
  const people = await readDeciders(db);
  return Promise.all(
    people.map(async ({ person, roles }) => {
      const capacities = await capacitiesOf(db, { person, roles }, matter.holdType, now);
      const { decision, capacity, ruleVersion } = judgeCapacities(authorities, capacities, matter);
      const rule = ruleVersion.replaceAll('vhold-type', '(draft or hold type)');
      const common = { person, inNameOf: capacity.inNameOf, roles: capacity.roles, rule };
      const through = capacity.inNameOf === null ? '' : `, standing in for ${capacity.inNameOf}`;
      switch (decision.kind) {
        case 'sufficient':
          return {
            ...common,
            outcome: 'alone',
            role: decision.role,
            code: null,
            why: `As ${decision.role}${through}`,
          };
        case 'needs-second-person':
          return {
            ...common,
            outcome: 'with-a-second-person',
            role: decision.role,
            code: null,
            why: `As ${decision.role}${through}; above this role's amount a second person has to agree`,
          };
        case 'refused':
          return { ...common, outcome: 'not', role: null, code: decision.code, why: decision.text };
      }
    }),
  );
}
