import type { Usage } from '../../domain/order/order-request';
import type { Db, Tx } from '../connection';
import { storableText, toJson } from '../json';
import type { WriteTogether } from './write-together';

export type ContentState = 'waiting' | 'done' | 'kept' | 'set-aside';

export interface ContentToKeep {
  readonly documentId: string;
  readonly partnerId: string;
  readonly usage: Usage;
  readonly set: string;
  readonly kind: string;
  readonly content: unknown;
  /** Why it is set aside at once; null where it may be worked. */
  readonly held: string | null;
}

export function addReceivedContent(
  writes: WriteTogether,
  received: readonly ContentToKeep[],
  at: string,
): void {
  if (received.length === 0) return;
  writes.insert(
    'received_content',
    ['document_id', 'partner_id', 'usage', 'set_id', 'kind', 'content', 'state', 'note', 'received_at'],
    received.map((one) => ({
      document_id: one.documentId,
      partner_id: one.partnerId,
      usage: one.usage,
      set_id: one.set,
      kind: one.kind,
      content: one.content,
      state: one.held === null ? 'waiting' : 'set-aside',
      note: one.held,
      received_at: at,
    })),
  );
}

export interface ReceivedContentRow {
  readonly id: number;
  readonly document_id: string;
  readonly partner_id: string;
  readonly usage: Usage;
  readonly set_id: string;
  readonly kind: string;
  readonly content: unknown;
  readonly state: ContentState;
  readonly note: string | null;
  readonly attempts: number;
  readonly received_at: string;
  readonly worked_at: string | null;
}

/**
 * One worker at a time for what a partner sent, until the transaction ends.
 * @returns false: another one is at it
 */
export async function lockReceivedContent(tx: Tx, partnerId: string, usage: Usage): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { locked: boolean }[] }>(
    'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as locked',
    [['received-content', partnerId, usage].join('\u0001')],
  );
  return rows[0]?.locked ?? false;
}

/** The oldest that waits. Call it under the partner's lock. */
export async function oldestContent(
  tx: Tx,
  partnerId: string,
  usage: Usage,
): Promise<ReceivedContentRow | undefined> {
  return tx('received_content')
    .where({ partner_id: partnerId, usage, state: 'waiting' })
    .orderBy('id')
    .first('*');
}

export async function updateContent(
  db: Db,
  id: number,
  change: {
    readonly state?: ContentState;
    readonly note?: string | null;
    readonly attempts?: number;
    readonly kind?: string;
    readonly content?: unknown;
    readonly worked_at?: string | null;
  },
): Promise<void> {
  const { content, note, ...rest } = change;
  await db('received_content')
    .where({ id })
    .update({
      ...rest,
      ...(note === undefined ? {} : { note: note === null ? null : storableText(note) }),
      ...(content === undefined ? {} : { content: toJson(content) }),
    });
}

/** What a document said, as it was read; undefined where it is of a set that is worked in another way (850, 997). */
export async function contentOfDocument(db: Db, documentId: string): Promise<ReceivedContentRow | undefined> {
  return db('received_content').where({ document_id: documentId }).first('*');
}
