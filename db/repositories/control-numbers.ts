import type { Tx } from '../connection';
import { bytesToHex, type WriteTogether } from './write-together';

const LAST = 999_999_999;

/**
 * The next numbers of a series, taken under the row lock of the caller's transaction: they are spent if and only if
 * what carries them is stored. Ascending, and 1 again after 999999999 (ISA13, GS06).
 * @param series 'interchange', or 'group/<GS01>'
 * @returns the first of `count` numbers, with the rest following it
 */
export async function takeControlNumbers(
  tx: Tx,
  agreementId: string,
  series: string,
  count: number,
): Promise<readonly number[]> {
  const { rows } = await tx.raw<{ rows: { last_number: number }[] }>(
    `insert into control_counter as c (agreement_id, series, last_number) values (:agreementId, :series, :count)
     on conflict (agreement_id, series) do update set last_number = (c.last_number + :count - 1) % ${LAST} + 1 returning last_number`,
    { agreementId, series, count },
  );
  const last = rows[0]?.last_number ?? 0;
  return Array.from({ length: count }, (_, at) => {
    const number = last - count + 1 + at;
    return number > 0 ? number : number + LAST;
  });
}

/**
 * Holds the agreement's outbound until the transaction ends: only one renders it at a time.
 * @returns false: another one does, and nobody waits for it
 */
export async function lockOutbound(tx: Tx, agreementId: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { locked: boolean }[] }>(
    `select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as locked`,
    [`outbound/${agreementId}`],
  );
  return rows[0]?.locked ?? false;
}

/** A number that a partner has used within its window, and what carried it. */
export interface UsedNumber {
  readonly kind: 'interchange' | 'group';
  readonly number: string;
  readonly scope: string;
  readonly interchange_id: string;
  readonly sha256: Buffer | null;
}

export async function usedNumbers(
  tx: Tx,
  agreementId: string,
  wanted: readonly string[],
  since: string,
): Promise<readonly UsedNumber[]> {
  const { rows } = await tx.raw<{ rows: UsedNumber[] }>(
    `select kind, number, scope, interchange_id, sha256 from inbound_number
     where agreement_id = ? and number = any(?) and claimed_at >= ?`,
    [agreementId, [...wanted], since],
  );
  return rows;
}

export interface NumberClaim {
  readonly kind: 'interchange' | 'group';
  readonly number: string;
  /** '' for an interchange; of a group, what its number is unique within. */
  readonly scope: string;
}

/** Occupies numbers; one from before the window is taken over. */
export function addClaims(
  writes: WriteTogether,
  agreementId: string,
  interchangeId: string,
  sha256: Uint8Array,
  claims: readonly NumberClaim[],
  at: string,
): void {
  // One statement may not claim a number twice.
  const unique = new Map(claims.map((claim) => [`${claim.kind}/${claim.scope}/${claim.number}`, claim]));
  const rows = [...unique.values()].map((claim) => ({
    ...claim,
    agreement_id: agreementId,
    interchange_id: interchangeId,
    sha256: bytesToHex(sha256),
    claimed_at: at,
  }));
  writes.insert(
    'inbound_number',
    ['agreement_id', 'kind', 'number', 'scope', 'interchange_id', 'sha256', 'claimed_at'],
    rows,
    `on conflict (agreement_id, kind, number, scope) do update
     set interchange_id = excluded.interchange_id, sha256 = excluded.sha256, claimed_at = excluded.claimed_at`,
  );
}
