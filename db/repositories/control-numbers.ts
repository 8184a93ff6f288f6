import type { Tx } from '../connection';
import { bytesToHex, type WriteTogether } from './write-together';

const LAST = 999_999_999;

/**
 * The next numbers of several series, taken under the row locks of the caller's transaction: they are spent if and only
 * if what carries them is stored. Ascending, and 1 again after 999999999 (ISA13, GS06).
 * @param wanted how many of which series: 'interchange', or 'group/<GS01>'
 */
export async function takeControlNumbers(
  tx: Tx,
  agreementId: string,
  wanted: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  // In the order of their names, so that two callers never wait for each other crosswise.
  const { rows } = await tx.raw<{ rows: { series: string; last_number: number }[] }>(
    `insert into control_counter as c (agreement_id, series, last_number)
     select ?, name, count from unnest(cast(? as text[]), cast(? as int[])) as wanted(name, count) order by name
     on conflict (agreement_id, series) do update
     set last_number = (c.last_number + excluded.last_number - 1) % ${LAST} + 1 returning series, last_number`,
    [agreementId, [...wanted.keys()], [...wanted.values()]] as never,
  );
  return new Map(rows.map((row) => [row.series, endingAt(row.last_number, wanted.get(row.series) ?? 0)]));
}

const endingAt = (last: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => {
    const number = last - count + 1 + at;
    return number > 0 ? number : number + LAST;
  });

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
