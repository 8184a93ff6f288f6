import type { Tx } from '../../db/connection';
import { addSeconds } from '../../domain/shared/dates';
import { clearException, raiseException } from '../record/raise-exception';

const KIND = 'store-key-ends';
const WARNED_SECONDS = 14 * 86_400;

interface EndingKey {
  readonly id: string;
  readonly name: string;
  readonly person: string | null;
  readonly node_name: string;
  readonly expires_at: string;
}

/** The same person has a key of the same store that lasts longer. */
const successor = `exists (select from api_key s where s.node_id = k.node_id and s.person = k.person and s.id <> k.id
  and s.revoked_at is null and (s.expires_at is null or s.expires_at > k.expires_at))`;

/**
 * Two weeks before a key of a store's people ends somebody is told, once: its person cannot log in after that. It closes
 * by itself when the key is revoked or the person has one of the same store that lasts longer.
 * @returns how many were told now
 */
export async function warnOfEndingKeys(tx: Tx, now: string): Promise<number> {
  // One sweep at a time, however many workers sweep.
  await tx.raw(`select pg_advisory_xact_lock(hashtext('${KIND}'))`);
  const { rows: settled } = await tx.raw<{ rows: { subject_key: string }[] }>(
    `select x.subject_key from exception x join api_key k on k.id::text = x.subject_key
     where x.kind = '${KIND}' and x.status = 'open' and (k.revoked_at is not null or ${successor})`,
  );
  for (const { subject_key: key } of settled)
    await clearException(tx, KIND, key, 'The key was revoked, or its person has another', now);
  const { rows: ending } = await tx.raw<{ rows: EndingKey[] }>(
    `select k.id, k.name, k.person, n.name as node_name, k.expires_at from api_key k join node n on n.id = k.node_id
     where k.node_id is not null and k.revoked_at is null and k.expires_at > :now and k.expires_at <= :soon and not ${successor}
       and not exists (select from exception x where x.kind = '${KIND}' and x.subject_key = k.id::text)`,
    { now, soon: addSeconds(now, WARNED_SECONDS) } as never,
  );
  for (const key of ending)
    await raiseException(tx, {
      kind: KIND,
      subjectKey: key.id,
      ownerRole: 'operations',
      dueAt: key.expires_at,
      data: { keyId: key.id, person: key.person },
      text: `The key of ${key.name} (${key.node_name}) ends on ${key.expires_at.slice(0, 10)}: give ${key.person ?? 'its holder'} a new one on the page Store keys, or let it end`,
    });
  return ending.length;
}
