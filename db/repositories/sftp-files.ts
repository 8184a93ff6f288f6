import type { Db } from '../connection';
import { newRecordId } from '../record-ids';
import { bytesToHex, type WriteTogether } from './write-together';

/** A file in a partner's folder, as a listing shows it. */
export interface RemoteFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: string;
}

export interface LookRow {
  readonly name: string;
  readonly size: number;
  readonly modified_at: string;
  readonly looked_at: string;
  readonly refused: string | null;
}

export async function lastLooks(db: Db, channelId: string): Promise<ReadonlyMap<string, LookRow>> {
  const rows: LookRow[] = await db('sftp_look')
    .where({ channel_id: channelId })
    .select('name', 'size', 'modified_at', 'looked_at', 'refused');
  return new Map(rows.map((row) => [row.name, row]));
}

/** Remembers what is there now and forgets what is not; a file that changed begins anew. */
export async function rememberLooks(
  db: Db,
  channelId: string,
  files: readonly RemoteFile[],
  now: string,
): Promise<void> {
  const rows = files.map(({ name, size, modifiedAt }) => ({ name, size, modified_at: modifiedAt }));
  await db.raw(
    `with now_there as (select * from jsonb_to_recordset(cast(? as jsonb)) as f(name text, size bigint, modified_at timestamptz)),
       gone as (delete from sftp_look where channel_id = ? and name not in (select name from now_there)),
       -- A crash came after the file was removed and before that was written down.
       removed as (update sftp_pickup p set removed_at = ? where p.channel_id = ? and p.removed_at is null
         and p.name not in (select name from now_there))
     insert into sftp_look as l (channel_id, name, size, modified_at, looked_at)
     select ?, name, size, modified_at, ? from now_there
     on conflict (channel_id, name) do update set size = excluded.size, modified_at = excluded.modified_at, looked_at = excluded.looked_at,
       refused = case when l.size = excluded.size and l.modified_at = excluded.modified_at then l.refused end`,
    [JSON.stringify(rows), channelId, now, channelId, channelId, now],
  );
}

export async function refuseFile(db: Db, channelId: string, name: string, why: string): Promise<void> {
  await db('sftp_look').where({ channel_id: channelId, name }).update({ refused: why });
}

export interface PickupRow {
  readonly id: string;
  readonly arrival_id: string;
  readonly sha256: Buffer;
}

/** Archived, but still in the folder as far as is known. */
export async function pickupsOf(db: Db, channelId: string, file: RemoteFile): Promise<readonly PickupRow[]> {
  return db('sftp_pickup')
    .where({ channel_id: channelId, name: file.name, size: file.size, modified_at: file.modifiedAt })
    .whereNull('removed_at')
    .select('id', 'arrival_id', 'sha256');
}

export function addPickup(
  writes: WriteTogether,
  channelId: string,
  file: RemoteFile,
  taken: { readonly arrivalId: string; readonly sha256: Uint8Array; readonly at: string },
): void {
  const row = {
    id: newRecordId(),
    channel_id: channelId,
    name: file.name,
    size: file.size,
    modified_at: file.modifiedAt,
    sha256: bytesToHex(taken.sha256),
    arrival_id: taken.arrivalId,
    picked_up_at: taken.at,
  };
  writes.insert('sftp_pickup', Object.keys(row) as (keyof typeof row)[], [row]);
}

export async function markRemoved(db: Db, arrivalId: string, at: string): Promise<void> {
  await db('sftp_pickup').where({ arrival_id: arrivalId }).update({ removed_at: at });
}

/** Channels of the kind whose poll has no job: after a restore, or when they are new. */
export async function channelsWithoutPoll(db: Db): Promise<readonly string[]> {
  return db('channel')
    .where({ kind: 'sftp' })
    .whereRaw(`settings->'inbound' is not null`)
    .whereNotExists(
      db
        .select(db.raw('1'))
        .from('graphile_worker.jobs')
        .whereRaw(`key = 'poll-sftp/' || channel.id and attempts < max_attempts`),
    )
    .orderBy('id')
    .pluck('id');
}

/** Whose interchanges a channel is for, by its agreements. */
export async function agreedIsaIds(
  db: Db,
  channelId: string,
): Promise<{ readonly isaIds: readonly string[]; readonly partnerIds: readonly string[] }> {
  const rows: { partner_id: string; partner_qualifier: string; partner_isa_id: string }[] = await db(
    'interchange_agreement',
  )
    .where({ channel_id: channelId, active: true })
    .select('partner_id', 'partner_qualifier', 'partner_isa_id');
  return {
    isaIds: [...new Set(rows.map((row) => `${row.partner_qualifier}:${row.partner_isa_id}`))],
    partnerIds: [...new Set(rows.map((row) => row.partner_id))],
  };
}

/**
 * Does some work as the only one in all processes; nothing where another does it. The lock is the connection's, so it
 * ends with the process, and no transaction stays open however long the work takes.
 */
export async function aloneOnChannel(db: Db, channelId: string, work: () => Promise<void>): Promise<boolean> {
  const connection = await db.client.acquireConnection();
  const key = `poll-sftp/${channelId}`;
  try {
    const { rows } = await db
      .raw<{ rows: { had: boolean }[] }>('select pg_try_advisory_lock(hashtextextended(?, 0)) as had', [key])
      .connection(connection);
    if (!rows[0]?.had) return false;
    try {
      await work();
    } finally {
      await db
        .raw('select pg_advisory_unlock(hashtextextended(?, 0))', [key])
        .connection(connection)
        // The connection is gone, and the lock with it.
        .catch(() => undefined);
    }
    return true;
  } finally {
    await db.client.releaseConnection(connection);
  }
}
