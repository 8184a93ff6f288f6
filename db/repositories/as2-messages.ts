import type { Db } from '../connection';
import { newRecordId } from '../record-ids';

export interface As2MessageRow {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly channel_id: string;
  readonly message_id: string;
  readonly as2_from: string;
  readonly as2_to: string;
  readonly status: 'processed' | 'failed' | 'sending' | 'awaiting-receipt' | 'delivered';
  readonly reason: string | null;
  readonly reason_text: string | null;
  readonly arrival_id: string | null;
  readonly interchange_id: string | null;
  readonly headers: unknown;
  readonly content: Buffer;
  readonly size: number;
  /** Base64 by digest. */
  readonly mics: Readonly<Record<string, string>>;
  readonly signed_by: string | null;
  readonly transmission: number;
  readonly attempts: number;
  readonly receipt_due_at: string | null;
  readonly created_at: string;
  readonly settled_at: string | null;
}

export type NewAs2Message = Omit<As2MessageRow, 'id' | 'transmission' | 'attempts' | 'receipt_due_at'> & {
  readonly transmission?: number;
};

/** @returns null where a message with this id was taken by the same channel before */
export async function insertAs2Message(db: Db, row: NewAs2Message): Promise<string | null> {
  const [inserted] = (await db('as2_message')
    .insert({
      ...row,
      id: newRecordId(),
      headers: JSON.stringify(row.headers),
      mics: JSON.stringify(row.mics),
    })
    .onConflict()
    .ignore()
    .returning('id')) as { id: string }[];
  return inserted?.id ?? null;
}

export interface As2ReceiptRow {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly as2_message_id: string;
  readonly headers: unknown;
  readonly content: Buffer;
  readonly disposition: string;
  readonly received_content_mic: string | null;
  readonly status: 'answered' | 'due' | 'sent' | 'accepted' | 'refused';
  readonly status_text: string | null;
  readonly url: string | null;
  readonly created_at: string;
}

export async function insertAs2Receipt(db: Db, row: Omit<As2ReceiptRow, 'id'>): Promise<string> {
  const id = newRecordId();
  await db('as2_receipt').insert({ ...row, id, headers: JSON.stringify(row.headers) });
  return id;
}

export interface TakenMessage {
  readonly id: string;
  readonly mics: Readonly<Record<string, string>>;
}

export async function takenMessage(
  db: Db,
  channelId: string,
  messageId: string,
): Promise<TakenMessage | undefined> {
  return db('as2_message')
    .where({ channel_id: channelId, message_id: messageId, direction: 'in', status: 'processed' })
    .first('id', 'mics');
}

/** The channel between these two AS2 ids; several only where somebody set the same one up twice. */
export async function as2ChannelBetween(
  db: Db,
  ends: { readonly partner: string; readonly own: string; readonly hubAs2Id: string },
): Promise<{ readonly id: string; readonly settings: unknown } | undefined> {
  return db('channel')
    .where({ kind: 'as2' })
    .whereRaw(`settings ->> 'partnerAs2Id' = ? and coalesce(settings ->> 'ownAs2Id', ?) = ?`, [
      ends.partner,
      ends.hubAs2Id,
      ends.own,
    ])
    .orderBy('id')
    .first('id', 'settings');
}

/** Whose channel it is, where all its agreements are with one partner (a VAN serves many). */
export async function onlyPartnerOf(db: Db, channelId: string): Promise<string | null> {
  const partners: string[] = await db('interchange_agreement')
    .where({ channel_id: channelId })
    .distinct()
    .limit(2)
    .pluck('partner_id');
  return partners.length === 1 ? (partners[0] ?? null) : null;
}

export interface SentMessage {
  readonly id: string;
  readonly message_id: string;
  readonly status: As2MessageRow['status'];
  readonly interchange_id: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly mics: Readonly<Record<string, string>>;
}

/** The last message that carried this interchange. */
export async function lastMessageWith(
  db: Db,
  interchangeId: string,
): Promise<(SentMessage & { readonly content: Buffer; readonly transmission: number }) | undefined> {
  return db('as2_message')
    .where({ interchange_id: interchangeId, direction: 'out' })
    .orderBy('id', 'desc')
    .first('id', 'message_id', 'status', 'interchange_id', 'headers', 'mics', 'content', 'transmission');
}

/** Held until the transaction ends: two receipts for one message are judged one after the other. */
export async function sentMessage(
  db: Db,
  channelId: string,
  messageId: string,
): Promise<SentMessage | undefined> {
  return db('as2_message')
    .where({ channel_id: channelId, message_id: messageId, direction: 'out' })
    .forUpdate()
    .first('id', 'message_id', 'status', 'interchange_id', 'headers', 'mics');
}

/** How often the interchange has left before. */
export async function transmissionsOf(db: Db, interchangeId: string): Promise<number> {
  const row = await db('interchange').where({ id: interchangeId }).first('transmissions');
  return row?.transmissions ?? 0;
}

/** @returns how often this message has been tried, this time included */
export async function beginAttempt(db: Db, id: string, transmission: number): Promise<number> {
  const [row] = (await db('as2_message')
    .where({ id })
    .update({ attempts: db.raw('attempts + 1'), transmission })
    .returning('attempts')) as { attempts: number }[];
  return row?.attempts ?? 0;
}

/** An asynchronous receipt may have been faster than the answer to the request: then that stands. */
export async function awaitReceipt(
  db: Db,
  id: string,
  dueAt: string,
): Promise<As2MessageRow['status'] | undefined> {
  await db('as2_message')
    .where({ id })
    .whereIn('status', ['sending', 'awaiting-receipt'])
    .update({ status: 'awaiting-receipt', receipt_due_at: dueAt, reason: null, reason_text: null });
  return (await db('as2_message').where({ id }).first('status'))?.status;
}

export async function settleAs2Message(
  db: Db,
  id: string,
  change: {
    readonly status: As2MessageRow['status'];
    readonly reason?: string | null;
    readonly reason_text?: string | null;
    readonly receipt_due_at?: string | null;
    readonly settled_at?: string | null;
  },
): Promise<void> {
  await db('as2_message').where({ id }).update(change);
}

export interface OverdueReceipt {
  readonly id: string;
  readonly channel_id: string;
  readonly message_id: string;
  readonly interchange_id: string | null;
  readonly receipt_due_at: string;
}

export async function overdueReceipts(
  db: Db,
  now: string,
  limit: number,
): Promise<readonly OverdueReceipt[]> {
  return db('as2_message')
    .where({ status: 'awaiting-receipt' })
    .where('receipt_due_at', '<', now)
    .orderBy('receipt_due_at')
    .limit(limit)
    .select('id', 'channel_id', 'message_id', 'interchange_id', 'receipt_due_at');
}
