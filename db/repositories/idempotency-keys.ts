import type { Db } from '../connection';
import { toJson } from '../json';
import { SENT_WITH_NEXT } from '../prepared-statements';

export interface Claim {
  readonly principal: string;
  readonly key: string;
  readonly route: string;
  readonly bodyHash: string;
}
export interface StoredReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}
export type ClaimOutcome =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'replay'; readonly reply: StoredReply }
  /** The same key stands for another request. */
  | { readonly kind: 'other-request' }
  /** The first one has not answered yet. */
  | { readonly kind: 'in-progress' };

/**
 * Takes a key for this request. Two at once: the second waits for the first one's transaction and then reads its
 * reply. A key is good for 24 hours; a claim that was left without a reply is free again after a minute.
 */
export async function claimIdempotencyKey(db: Db, claim: Claim): Promise<ClaimOutcome> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `insert into idempotency_key (principal, key, route, body_hash) values (:principal, :key, :route, :bodyHash)
     on conflict (principal, key) do update
       set route = excluded.route, body_hash = excluded.body_hash, status = null, response = null, created_at = now()
       where idempotency_key.created_at < now() - interval '24 hours'
          or (idempotency_key.status is null and idempotency_key.created_at < now() - interval '1 minute')
     returning 1`,
    { ...claim },
  );
  if (rows.length > 0) return { kind: 'claimed' };
  const found = await db.raw<{
    rows: {
      route: string;
      body_hash: string;
      status: number | null;
      response: { body: unknown; headers: Record<string, string> } | null;
    }[];
  }>('select route, body_hash, status, response from idempotency_key where principal = ? and key = ?', [
    claim.principal,
    claim.key,
  ]);
  const row = found.rows[0];
  // Gone between the two statements: its first use was rolled back.
  if (!row) return { kind: 'in-progress' };
  if (row.route !== claim.route || row.body_hash !== claim.bodyHash) return { kind: 'other-request' };
  if (row.status === null || row.response === null) return { kind: 'in-progress' };
  return {
    kind: 'replay',
    reply: { status: row.status, body: row.response.body, headers: row.response.headers },
  };
}

/** In a transaction it goes out with what comes next, which is its COMMIT. */
export async function keepReply(db: Db, claim: Claim, reply: StoredReply): Promise<void> {
  await db.raw(
    `${SENT_WITH_NEXT}update idempotency_key set status = ?, response = ?::jsonb where principal = ? and key = ?`,
    [reply.status, toJson({ body: reply.body, headers: reply.headers }), claim.principal, claim.key],
  );
}

/** Nothing came of the request: the same key may be used to try again. */
export async function releaseClaim(db: Db, claim: Claim): Promise<void> {
  await db.raw('delete from idempotency_key where principal = ? and key = ? and status is null', [
    claim.principal,
    claim.key,
  ]);
}

/** Replies older than the 24 hours that are promised. */
export async function forgetOldReplies(db: Db): Promise<number> {
  const result = await db.raw<{ rowCount: number }>(
    `delete from idempotency_key where created_at < now() - interval '25 hours'`,
  );
  return result.rowCount;
}
