import type { Db, Tx } from '../connection';
import { toJson } from '../json';
import { CHUNK_BYTES, type ChunkPlace } from './arrivals';
import { bytesToHex, type WriteTogether } from './write-together';

export type InterchangeStatus =
  | 'splitting'
  | 'received'
  | 'judged'
  | 'rejected'
  | 'quarantined'
  | 'duplicate'
  | 'failed'
  | 'pending'
  | 'sent'
  | 'delivered'
  | 'undeliverable';

export interface InboundInterchange {
  readonly id: string;
  readonly arrival_id: string;
  readonly ordinal: number;
  readonly byte_offset: number;
  readonly byte_length: number;
  /** Of the bytes from ISA to IEA: what "the same bytes" means for a duplicate. */
  readonly sha256: Uint8Array;
  readonly sender_qualifier: string;
  readonly sender_id: string;
  readonly receiver_qualifier: string;
  readonly receiver_id: string;
  readonly control_number: string;
  readonly version: string;
  readonly usage: string;
  readonly deviations: readonly unknown[];
  readonly status: 'received' | 'splitting';
  /** Sequence of the row that stood for its large arrival; its place in the order is there. */
  readonly arrived_as: number | null;
  readonly original_id: string | null;
}

const INBOUND_COLUMNS = [
  'id',
  'direction',
  'status',
  'arrival_id',
  'ordinal',
  'byte_offset',
  'byte_length',
  'sha256',
  'sender_qualifier',
  'sender_id',
  'receiver_qualifier',
  'receiver_id',
  'control_number',
  'version',
  'usage',
  'created_at',
  'original_id',
  'deviations',
  'arrived_as',
] as const;

export function addReceived(
  writes: WriteTogether,
  interchanges: readonly InboundInterchange[],
  at: string,
): void {
  const rows = interchanges.map((one) => ({
    ...one,
    sha256: bytesToHex(one.sha256),
    direction: 'in',
    created_at: at,
  }));
  writes.insert('interchange', INBOUND_COLUMNS, rows);
}

export interface ReceivedRow {
  readonly id: string;
  readonly status: InterchangeStatus;
  readonly arrival_id: string;
  readonly ordinal: number;
  readonly byte_offset: number;
  readonly byte_length: number;
  readonly sha256: Buffer;
  readonly deviations: unknown;
  readonly sender_qualifier: string;
  readonly sender_id: string;
  readonly receiver_qualifier: string;
  readonly receiver_id: string;
  readonly control_number: string;
  readonly usage: string;
  readonly attempts: number;
  readonly original_id: string | null;
  readonly created_at: string;
}

const RECEIVED_COLUMNS = [
  'id',
  'status',
  'arrival_id',
  'ordinal',
  'deviations',
  'byte_offset',
  'byte_length',
  'sha256',
  'sender_qualifier',
  'sender_id',
  'receiver_qualifier',
  'receiver_id',
  'control_number',
  'usage',
  'attempts',
  'original_id',
  'created_at',
];

export async function interchangeById(db: Db, id: string): Promise<ReceivedRow | undefined> {
  return db('interchange').where({ id, direction: 'in' }).first(RECEIVED_COLUMNS);
}

/**
 * Whether an interchange still has to be taken apart or judged. Of those that are named by jobs most are not: the job
 * before has taken them along, and with them everything that came before them.
 */
export async function isUnjudged(db: Db, id: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from interchange where id = ? and status in ('received', 'splitting')`,
    [id],
  );
  return rows.length > 0;
}

export type Ends = Pick<ReceivedRow, 'sender_qualifier' | 'sender_id' | 'receiver_qualifier' | 'receiver_id'>;

/**
 * One judge at a time between two ends: the numbers seen cannot change under it, and what a sender sent is judged in
 * the order it arrived. An advisory lock, since an unknown sender has no row to lock. Nobody waits for it: a flood
 * from one sender would else occupy every worker with waiting.
 * @returns the ends of an interchange, how it stands, and whether the lock was had
 */
export async function lockEndsOf(
  tx: Tx,
  id: string,
): Promise<(Ends & { readonly status: InterchangeStatus; readonly locked: boolean }) | undefined> {
  const { rows } = await tx.raw<{ rows: (Ends & { status: InterchangeStatus; locked: boolean })[] }>(
    `select status, sender_qualifier, sender_id, receiver_qualifier, receiver_id,
            pg_try_advisory_xact_lock(hashtextextended(concat_ws(chr(1), 'judge', sender_qualifier, sender_id, receiver_qualifier, receiver_id), 0)) as locked
     from interchange where id = ? and direction = 'in'`,
    [id],
  );
  return rows[0];
}

export interface WaitingRow extends ReceivedRow {
  /** Of the arrival; null where its door is trusted. */
  readonly allowed_isa_ids: readonly string[] | null;
  /** The chunk that holds all of it (compressed); null where it lies across several, or is held by the reader. */
  readonly chunk: Buffer | null;
  /** An arrival of the same sender or door that came before it is still being taken apart. */
  readonly overtakes: boolean;
}

const NO_CHUNK: ChunkPlace = { arrivalId: '00000000-0000-0000-0000-000000000000', ordinal: -1 };

/**
 * What waits longest between two ends, the oldest first, with what the judge needs to read it.
 * @param held a chunk that need not be read
 */
export async function oldestReceived(
  tx: Tx,
  ends: Ends,
  held: ChunkPlace | null,
  most: number,
): Promise<readonly WaitingRow[]> {
  const columns = RECEIVED_COLUMNS.map((column) => `i.${column}`).join(', ');
  const { arrivalId, ordinal } = held ?? NO_CHUNK;
  // Those that follow most often lie in the chunk of the first: it is read once.
  const { rows } = await tx.raw<{ rows: WaitingRow[] }>(
    `select i.*, case when i.place = 1 then (select c.content from arrival_chunk c
       where c.arrival_id = i.arrival_id and c.ordinal = i.byte_offset / ${CHUNK_BYTES}
         and (i.byte_offset + i.byte_length - 1) / ${CHUNK_BYTES} = i.byte_offset / ${CHUNK_BYTES}
         and not (c.arrival_id = ? and c.ordinal = ?)) end as chunk
     from (select ${columns}, a.allowed_isa_ids, exists (
         select 1 from interchange s join arrival sa on sa.id = s.arrival_id
         where s.status = 'splitting' and s.sequence < coalesce(i.arrived_as, i.sequence)
           and ((s.sender_qualifier, s.sender_id) = (i.sender_qualifier, i.sender_id) or (sa.source, sa.source_key) = (a.source, a.source_key))) as overtakes,
         row_number() over (order by coalesce(i.arrived_as, i.sequence), i.sequence) as place
       from (select * from interchange i where i.direction = 'in' and i.status = 'received' and i.sender_qualifier = ? and i.sender_id = ?
           and i.receiver_qualifier = ? and i.receiver_id = ?
         order by coalesce(i.arrived_as, i.sequence), i.sequence limit ?) i
       join arrival a on a.id = i.arrival_id) i
     order by i.place`,
    [
      arrivalId,
      ordinal,
      ends.sender_qualifier,
      ends.sender_id,
      ends.receiver_qualifier,
      ends.receiver_id,
      most,
    ],
  );
  return rows;
}

export interface InterchangeChange {
  readonly status?: InterchangeStatus;
  readonly agreement_id?: string | null;
  readonly partner_id?: string | null;
  readonly ta1_code?: string | null;
  readonly ta1_note?: string | null;
  readonly deviations?: unknown;
  readonly problem?: string | null;
  readonly original_id?: string;
  readonly judged_at?: string;
  readonly attempts?: number;
}

export async function updateInterchange(tx: Tx, id: string, change: InterchangeChange): Promise<void> {
  const { deviations, ...rest } = change;
  await tx('interchange')
    .where({ id })
    .update({ ...rest, ...(deviations === undefined ? {} : { deviations: toJson(deviations) }) });
}

/** A judgement's own part, written together with everything that follows from it. */
export function addJudged(
  writes: WriteTogether,
  id: string,
  change: Required<
    Pick<
      InterchangeChange,
      'agreement_id' | 'partner_id' | 'ta1_code' | 'ta1_note' | 'deviations' | 'judged_at'
    >
  >,
): void {
  writes.add(
    `update interchange set status = 'judged', agreement_id = ?, partner_id = ?, ta1_code = ?, ta1_note = ?,
            deviations = cast(? as jsonb), problem = null, judged_at = ? where id = ?`,
    [
      change.agreement_id,
      change.partner_id,
      change.ta1_code,
      change.ta1_note,
      toJson(change.deviations),
      change.judged_at,
      id,
    ],
  );
}

export interface OutboundInterchange {
  readonly id: string;
  readonly agreement_id: string;
  readonly partner_id: string;
  readonly channel_id: string;
  readonly sender_qualifier: string;
  readonly sender_id: string;
  readonly receiver_qualifier: string;
  readonly receiver_id: string;
  readonly control_number: string;
  readonly version: string;
  readonly usage: 'P' | 'T';
  readonly content: Buffer;
  readonly sha256: Buffer;
  readonly created_at: string;
}

/** The final bytes; nothing changes them after this. */
export function addOutbound(writes: WriteTogether, interchange: OutboundInterchange): void {
  const row: Readonly<Record<string, string | number | Buffer>> = {
    ...interchange,
    direction: 'out',
    status: 'pending',
    byte_length: interchange.content.byteLength,
  };
  const columns = Object.keys(row);
  writes.add(
    `insert into interchange (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    Object.values(row),
  );
}
