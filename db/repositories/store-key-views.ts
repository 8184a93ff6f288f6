import type { Db } from '../connection';
import { add, type Conditions, cutPage, type PageRequest, whereOf } from './visibility';

export interface StoreKeyRow {
  readonly id: string;
  readonly name: string;
  readonly person: string | null;
  readonly node_id: string;
  readonly node_name: string;
  readonly works: boolean;
  readonly created_at: string;
  readonly created_by: string | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
  readonly revoke_reason: string | null;
}

const works = '(k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))';
const select = `select k.id, k.name, k.person, k.node_id, n.name as node_name, ${works} as works, k.created_at, k.created_by,
    k.expires_at, k.revoked_at, k.revoked_by, k.revoke_reason
  from api_key k join node n on n.id = k.node_id`;

/** Keys of stores' people, the newest first. */
export async function listStoreKeys(
  db: Db,
  filter: { readonly nodeId?: string; readonly works: boolean },
  page: PageRequest,
) {
  const where: Conditions = { sql: [`${works} = ?`], values: [filter.works] };
  if (filter.nodeId !== undefined) add(where, 'k.node_id = ?', filter.nodeId);
  if (page.after !== null) add(where, 'k.id < ?', page.after);
  const { rows } = await db.raw<{ rows: StoreKeyRow[] }>(
    `${select} ${whereOf(where)} order by k.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findStoreKey(db: Db, keyId: string): Promise<StoreKeyRow | undefined> {
  const { rows } = await db.raw<{ rows: StoreKeyRow[] }>(`${select} where k.id = ?`, [keyId]);
  return rows[0];
}
