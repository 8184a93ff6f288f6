import type { Db, Tx } from '../connection';
import { toJson } from '../json';
import { bytesToHex, insertBatch } from './record-batches';

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
] as const;

export async function insertReceived(
  db: Db,
  interchanges: readonly InboundInterchange[],
  at: string,
): Promise<void> {
  const rows = interchanges.map((one) => ({
    ...one,
    sha256: bytesToHex(one.sha256),
    direction: 'in',
    created_at: at,
  }));
  await insertBatch(db, 'interchange', INBOUND_COLUMNS, rows);
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

type Ends = Pick<ReceivedRow, 'sender_qualifier' | 'sender_id' | 'receiver_qualifier' | 'receiver_id'>;

/**
 * One judge at a time between two ends: the numbers seen cannot change under it, and what a sender sent is judged in
 * the order it arrived. An advisory lock, since an unknown sender has no row to lock.
 */
export async function lockEnds(tx: Tx, ends: Ends): Promise<void> {
  const key = [
    'judge',
    ends.sender_qualifier,
    ends.sender_id,
    ends.receiver_qualifier,
    ends.receiver_id,
  ].join('\u0001');
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key]);
}

export async function oldestReceived(tx: Tx, ends: Ends): Promise<ReceivedRow | undefined> {
  const { sender_qualifier, sender_id, receiver_qualifier, receiver_id } = ends;
  return tx('interchange')
    .where({
      direction: 'in',
      status: 'received',
      sender_qualifier,
      sender_id,
      receiver_qualifier,
      receiver_id,
    })
    .orderBy('sequence')
    .first(RECEIVED_COLUMNS);
}

export async function updateInterchange(
  tx: Tx,
  id: string,
  change: {
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
  },
): Promise<void> {
  const { deviations, ...rest } = change;
  await tx('interchange')
    .where({ id })
    .update({ ...rest, ...(deviations === undefined ? {} : { deviations: toJson(deviations) }) });
}

export interface GroupRow {
  readonly id: string;
  readonly interchange_id: string;
  readonly ordinal: number;
  readonly functional_id: string;
  readonly control_number: string;
  readonly sender_code: string;
  readonly receiver_code: string;
  readonly version: string;
  readonly ack_code: string | null;
  readonly ack_errors: readonly string[];
  readonly included: number;
  readonly received: number;
  readonly accepted: number;
  readonly answer: string | null;
}

export async function insertGroups(tx: Tx, groups: readonly GroupRow[]): Promise<void> {
  await insertBatch(
    tx,
    'functional_group',
    [
      'id',
      'interchange_id',
      'ordinal',
      'functional_id',
      'control_number',
      'sender_code',
      'receiver_code',
      'version',
      'ack_code',
      'ack_errors',
      'included',
      'received',
      'accepted',
      'answer',
    ],
    groups,
  );
}

export interface DocumentRow {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly interchange_id: string;
  readonly group_id: string;
  readonly agreement_id: string;
  readonly partner_id: string;
  readonly set_id: string;
  readonly version: string;
  readonly functional_id: string;
  readonly group_control_number: string;
  readonly control_number: string;
  readonly usage: 'P' | 'T';
  readonly ordinal: number;
  readonly byte_offset: number;
  readonly byte_length: number;
  readonly guide: string | null;
  readonly validation: 'accepted' | 'accepted-with-errors' | 'rejected' | 'held';
  readonly delivery: 'received' | 'pending' | 'sent' | 'delivered' | 'undeliverable';
  readonly acknowledgement:
    | 'answered'
    | 'not-expected'
    | 'expected'
    | 'accepted'
    | 'accepted-with-errors'
    | 'rejected'
    | 'overdue';
  readonly ack_due_at: string | null;
  readonly set_errors: readonly string[];
  readonly findings: readonly unknown[];
  readonly purchase_order_number: string | null;
  readonly invoice_number: string | null;
  readonly shipment_number: string | null;
  readonly order_id: string | null;
  readonly reissue_of: string | null;
  readonly note: string | null;
  readonly created_at: string;
}

export async function insertDocuments(tx: Tx, documents: readonly DocumentRow[]): Promise<void> {
  await insertBatch(
    tx,
    'document',
    [
      'id',
      'direction',
      'interchange_id',
      'group_id',
      'agreement_id',
      'partner_id',
      'set_id',
      'version',
      'functional_id',
      'group_control_number',
      'control_number',
      'usage',
      'ordinal',
      'byte_offset',
      'byte_length',
      'guide',
      'validation',
      'delivery',
      'acknowledgement',
      'ack_due_at',
      'set_errors',
      'findings',
      'purchase_order_number',
      'invoice_number',
      'shipment_number',
      'order_id',
      'reissue_of',
      'note',
      'created_at',
    ],
    documents,
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
export async function insertOutbound(tx: Tx, interchange: OutboundInterchange): Promise<void> {
  await tx('interchange').insert({
    ...interchange,
    direction: 'out',
    status: 'pending',
    byte_length: interchange.content.byteLength,
  });
}
