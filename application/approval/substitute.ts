import type { Db, Tx } from '../../db/connection';
import { type Substitution, standsInFor, whyNotSubstitute } from '../../domain/approval/substitution';

export interface SubstitutionRow {
  readonly id: string;
  readonly person: string;
  readonly substitute: string;
  readonly customer_id: string | null;
  readonly valid_from: string;
  readonly valid_until: string;
  readonly hold_types: readonly string[] | null;
  readonly reason: string;
  readonly made_by: string;
  readonly made_at: string;
  readonly ended_by: string | null;
  readonly ended_at: string | null;
}

export interface NewSubstitution extends Substitution {
  /** The buyer's company; null: the seller's own people. */
  readonly customerId: string | null;
  readonly reason: string;
  readonly madeBy: string;
}

export type SubstitutionOutcome =
  | { readonly kind: 'made'; readonly id: string }
  | { readonly kind: 'refused'; readonly text: string };

const asSubstitution = (row: SubstitutionRow): Substitution => ({
  person: row.person,
  substitute: row.substitute,
  from: row.valid_from,
  until: row.valid_until,
  holdTypes: row.hold_types,
});

/** Those in force or to come, of one company. */
export const liveSubstitutions = (db: Db, customerId: string | null, now: string) =>
  db('substitution')
    .where({ customer_id: customerId })
    .whereNull('ended_at')
    .andWhere('valid_until', '>', now)
    .orderBy('valid_from') as unknown as Promise<readonly SubstitutionRow[]>;

export interface PersonFound {
  readonly person: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** A person of the company, and what its keys let it do; undefined where nobody of the name has a key that works. */
export async function findPerson(
  db: Db,
  person: string,
  customerId: string | null,
): Promise<PersonFound | undefined> {
  const keys = (await db('api_key')
    .where({ person, customer_id: customerId, partner_id: null })
    .whereNull('revoked_at')
    .andWhere((q) => q.whereNull('expires_at').orWhere('expires_at', '>', db.fn.now()))
    .select('roles', 'scopes')) as Pick<PersonFound, 'roles' | 'scopes'>[];
  if (keys.length === 0) return undefined;
  const all = (of: 'roles' | 'scopes') => [...new Set(keys.flatMap((key) => key[of]))];
  return { person, roles: all('roles'), scopes: all('scopes') };
}

/** Lets one person decide in another's name for a while. Saved one after the other, so that no two make a circle. */
export async function makeSubstitution(
  tx: Tx,
  wanted: NewSubstitution,
  now: string,
): Promise<SubstitutionOutcome> {
  await tx.raw(`select pg_advisory_xact_lock(hashtext('substitution'))`);
  for (const name of [wanted.person, wanted.substitute])
    if (!(await findPerson(tx, name, wanted.customerId)))
      return { kind: 'refused', text: `There is no person "${name}" with a key that works` };
  if (wanted.until <= now) return { kind: 'refused', text: 'It would be over already' };
  const others = (await liveSubstitutions(tx, wanted.customerId, now)).map(asSubstitution);
  const why = whyNotSubstitute(wanted, others);
  if (why !== null) return { kind: 'refused', text: why };
  const [row] = (await tx('substitution')
    .insert({
      person: wanted.person,
      substitute: wanted.substitute,
      customer_id: wanted.customerId,
      valid_from: wanted.from,
      valid_until: wanted.until,
      hold_types: wanted.holdTypes === null ? null : [...wanted.holdTypes],
      reason: wanted.reason,
      made_by: wanted.madeBy,
      made_at: now,
    })
    .returning('id')) as { id: string }[];
  return { kind: 'made', id: (row as { id: string }).id };
}

/** @returns false where there is none in force of that id */
export async function endSubstitution(
  tx: Tx,
  id: string,
  customerId: string | null,
  by: string,
  now: string,
): Promise<boolean> {
  const ended = await tx('substitution')
    .where({ id, customer_id: customerId })
    .whereNull('ended_at')
    .update({ ended_at: now, ended_by: by });
  return ended > 0;
}

/** Whom a person stands in for at this moment, with their roles. */
export async function readPrincipals(
  db: Db,
  who: { readonly person: string; readonly customerId: string | null; readonly holdType: string },
  now: string,
): Promise<readonly { readonly person: string; readonly roles: readonly string[] }[]> {
  const rows = (await db('substitution')
    .where({ substitute: who.person, customer_id: who.customerId })
    .whereNull('ended_at')
    .andWhere('valid_until', '>', now)) as SubstitutionRow[];
  const names = standsInFor(rows.map(asSubstitution), who.person, who.holdType, now);
  const found = await Promise.all(names.map((name) => findPerson(db, name, who.customerId)));
  return found.filter((one) => one !== undefined);
}
