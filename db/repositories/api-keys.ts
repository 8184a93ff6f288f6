import type { Db } from '../connection';

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly partner_id: string | null;
  readonly customer_id: string | null;
  /** Of people who work for one node alone: a store. */
  readonly node_id: string | null;
  readonly isa_ids: readonly string[];
  readonly person: string | null;
  readonly roles: readonly string[];
  readonly expires_at: string | null;
}

const columns =
  'k.id, k.name, k.scopes, k.partner_id, k.customer_id, k.node_id, k.isa_ids, k.person, k.roles, k.expires_at';

/** The key whose secret has this SHA-256 (hex), unless it was revoked or has expired. */
export async function findLiveApiKey(db: Db, secretHash: string): Promise<ApiKeyRow | undefined> {
  const { rows } = await db.raw<{ rows: ApiKeyRow[] }>(
    `select ${columns} from api_key k
     where k.secret_hash = ? and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`,
    [secretHash],
  );
  return rows[0];
}

/** The key behind a portal session that is still good: both the session and the key must be. */
export async function findSessionKey(
  db: Db,
  tokenHash: string,
): Promise<(ApiKeyRow & { readonly session_id: string; readonly session_expires_at: string }) | undefined> {
  const { rows } = await db.raw<{ rows: (ApiKeyRow & { session_id: string; session_expires_at: string })[] }>(
    `select ${columns}, s.id as session_id, s.expires_at as session_expires_at
     from portal_session s join api_key k on k.id = s.api_key_id
     where s.token_hash = ? and s.ended_at is null and s.expires_at > now()
       and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`,
    [tokenHash],
  );
  return rows[0];
}

export async function openSession(
  db: Db,
  session: { readonly tokenHash: string; readonly apiKeyId: string; readonly expiresAt: string },
): Promise<void> {
  await db.raw('insert into portal_session (token_hash, api_key_id, expires_at) values (?, ?, ?)', [
    session.tokenHash,
    session.apiKeyId,
    session.expiresAt,
  ]);
}

export async function endSession(db: Db, tokenHash: string): Promise<void> {
  await db.raw('update portal_session set ended_at = now() where token_hash = ? and ended_at is null', [
    tokenHash,
  ]);
}

/** A day after they ended: until then a support question may still ask when it was. */
export async function forgetEndedSessions(db: Db): Promise<void> {
  await db.raw(`delete from portal_session where coalesce(ended_at, expires_at) < now() - interval '1 day'`);
}

/** Whether a key of the published demo data still works here. */
export async function hasWorkingDemoKey(db: Db): Promise<boolean> {
  const row = await db('api_key').where({ demo: true }).whereNull('revoked_at').first('id');
  return row !== undefined;
}
