import type { Db, Tx } from '../connection';
import { toJson } from '../json';
import { keepPartnerEvent } from './partner-events';

export interface GuideRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly set_id: string;
  readonly release: string;
  readonly title: string;
  /** Days, YYYY-MM-DD. */
  readonly effective_from: string;
  readonly effective_until: string | null;
  readonly body: unknown;
  readonly saved_by: string;
  readonly saved_at: string;
}

export type GuideToSave = Omit<GuideRow, 'id' | 'version' | 'saved_at'>;

const HEAD = [
  'id',
  'name',
  'version',
  'set_id',
  'release',
  'title',
  'effective_from',
  'effective_until',
  'saved_by',
  'saved_at',
];

/**
 * Saves the next version of a guide. Versions are never changed: the same body with the same days is the version that
 * is there already.
 */
export async function saveGuide(
  tx: Tx,
  guide: GuideToSave,
): Promise<{ readonly version: number; readonly saved: boolean }> {
  // Two people who save at once get two versions, one after the other.
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`guide/${guide.name}`]);
  const { rows } = await tx.raw<{ rows: { version: number; same: boolean }[] }>(
    `select version, body = cast(? as jsonb) and effective_from = cast(? as date) and effective_until is not distinct from cast(? as date) as same
     from guide where name = ? order by version desc limit 1`,
    [toJson(guide.body), guide.effective_from, guide.effective_until, guide.name],
  );
  const [last] = rows;
  if (last?.same) return { version: last.version, saved: false };
  const version = (last?.version ?? 0) + 1;
  await tx('guide').insert({ ...guide, version, body: toJson(guide.body) });
  return { version, saved: true };
}

/** The latest version of every guide, by name. */
export async function listGuides(
  db: Db,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly rows: readonly Omit<GuideRow, 'body'>[]; readonly more: boolean }> {
  const found: Omit<GuideRow, 'body'>[] = await db('guide as g')
    .whereRaw('not exists (select 1 from guide n where n.name = g.name and n.version > g.version)')
    .modify((query) => page.after !== undefined && query.where('name', '>', page.after))
    .orderBy('name')
    .limit(page.limit + 1)
    .select(HEAD);
  return { rows: found.slice(0, page.limit), more: found.length > page.limit };
}

export async function guideVersions(db: Db, name: string): Promise<readonly Omit<GuideRow, 'body'>[]> {
  return db('guide').where({ name }).orderBy('version', 'desc').select(HEAD);
}

/** One version of a guide; the highest where none is named. */
export async function findGuide(db: Db, name: string, version?: number): Promise<GuideRow | undefined> {
  return db('guide')
    .where({ name, ...(version === undefined ? {} : { version }) })
    .orderBy('version', 'desc')
    .first([...HEAD, 'body']);
}

/**
 * @param done by whom (a person) and when
 * @returns false where the agreement has no such set
 */
export async function assignGuide(
  tx: Tx,
  to: {
    readonly agreementId: string;
    readonly direction: 'in' | 'out';
    readonly set: string;
    readonly guide: string | null;
  },
  done: { readonly by: string; readonly at: string },
): Promise<boolean> {
  const ofSet = () =>
    tx('document_agreement').where({
      agreement_id: to.agreementId,
      direction: to.direction,
      set_id: to.set,
    });
  const before: { guide: string | null }[] = await ofSet().orderBy('id').forUpdate().select('guide');
  if (before.length === 0) return false;
  const replaced = [...new Set(before.map(({ guide }) => guide))];
  if (replaced.length === 1 && replaced[0] === to.guide) return true;
  await ofSet().update({ guide: to.guide });
  const agreement = await tx('interchange_agreement').where({ id: to.agreementId }).first('partner_id');
  await keepPartnerEvent(tx, {
    partnerId: agreement.partner_id,
    kind: 'guide',
    ...done,
    detail: {
      agreement: to.agreementId,
      direction: to.direction,
      set: to.set,
      from: replaced.map((guide) => guide ?? 'none').join(', '),
      to: to.guide ?? 'none',
    },
  });
  return true;
}
