import type { Db, Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import { newKey } from '../record/new-key';
import { readStoreNodes } from './pickup-stores';

export interface Store {
  readonly id: string;
  readonly name: string;
}

/** Stores whose people can be given keys, by name; a closed one has nobody to give them to. */
export async function readStores(db: Db): Promise<readonly Store[]> {
  return (await db('node')
    .where({ active: true })
    .whereIn('id', await readStoreNodes(db))
    .orderBy(['name', 'id'])
    .select('id', 'name')) as readonly Store[];
}

const DAY = 86_400;
/** People of stores come and go: a key that nobody renews ends with the year. */
export const STORE_KEY_DAYS = 365;
export const MOST_STORE_KEY_DAYS = 730;

export interface StoreKeyToGive {
  readonly nodeId: string;
  readonly person: string;
  /** What pages and lists call the key: 'Ann, Main Street'. */
  readonly name: string;
  readonly validDays: number;
}

export type StoreKeyGiven =
  | { readonly kind: 'given'; readonly id: string; readonly key: string }
  | { readonly kind: 'refused'; readonly text: string };

/** A key for one person of one store, which works the store's tasks and nothing else. The hub keeps only its hash. */
export async function giveStoreKey(
  tx: Tx,
  wanted: StoreKeyToGive,
  by: string,
  now: string,
): Promise<StoreKeyGiven> {
  if (!(await readStores(tx)).some(({ id }) => id === wanted.nodeId))
    return {
      kind: 'refused',
      text: `${wanted.nodeId} is no open store: its rule "sourcing-node" has to say so first`,
    };
  const { key, secretHash } = newKey();
  const [row] = (await tx('api_key')
    .insert({
      name: wanted.name,
      secret_hash: secretHash,
      scopes: ['stores:work'],
      person: wanted.person,
      node_id: wanted.nodeId,
      created_by: by,
      created_at: now,
      expires_at: addSeconds(now, wanted.validDays * DAY),
    })
    .returning('id')) as [{ id: string }];
  return { kind: 'given', id: row.id, key };
}

/** For good. @returns whether it worked until now; of several who revoke it, the first is kept. */
export async function revokeStoreKey(
  tx: Tx,
  keyId: string,
  reason: string,
  by: string,
  now: string,
): Promise<boolean> {
  const revoked = await tx('api_key')
    .where({ id: keyId, revoked_at: null })
    .whereNotNull('node_id')
    .update({ revoked_at: now, revoked_by: by, revoke_reason: reason });
  return revoked > 0;
}
