import type { Knex } from 'knex';
import type { Usage } from '../../domain/order/order-request';
import type { Db, Tx } from '../connection';
import { toJson } from '../json';
import type { WriteTogether } from './write-together';

export interface InboxEntry {
  readonly documentId: string;
  readonly partnerId: string;
  readonly usage: Usage;
  readonly purchaseOrderNumber: string;
  /** replace: an 850 with BEG01 05; a change where the order is known, an order where it never arrived. */
  readonly kind: 'order' | 'change' | 'replace';
  readonly payload: unknown;
}

export function addToInbox(writes: WriteTogether, entries: readonly InboxEntry[], at: string): void {
  writes.insert(
    'order_inbox',
    [
      'partner_id',
      'usage',
      'purchase_order_number',
      'kind',
      'document_id',
      'payload',
      'status',
      'received_at',
    ],
    entries.map((entry) => ({
      partner_id: entry.partnerId,
      usage: entry.usage,
      purchase_order_number: entry.purchaseOrderNumber,
      kind: entry.kind,
      document_id: entry.documentId,
      payload: entry.payload,
      status: 'waiting',
      received_at: at,
    })),
  );
}

export interface InboxRow {
  readonly id: number;
  readonly usage: Usage;
  readonly kind: 'order' | 'change' | 'replace';
  readonly document_id: string;
  readonly payload: unknown;
  readonly wait_until: string | null;
  readonly order_id: string | null;
  readonly change_id: string | null;
  readonly received_at: string;
}

export interface InboxKey {
  readonly partnerId: string;
  readonly usage: Usage;
  readonly purchaseOrderNumber: string;
}

/** One worker at a time for a purchase order, until the transaction ends. */
export async function lockPurchaseOrder(tx: Tx, key: InboxKey): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    ['purchase-order', key.partnerId, key.usage, key.purchaseOrderNumber].join('\u0001'),
  ]);
}

/** Whether production, test or both have something waiting. */
export async function usagesWaiting(
  db: Db,
  { partnerId, purchaseOrderNumber }: Omit<InboxKey, 'usage'>,
): Promise<readonly Usage[]> {
  return db('order_inbox')
    .where({ partner_id: partnerId, purchase_order_number: purchaseOrderNumber })
    .whereRaw(`status = 'waiting'`)
    .distinct()
    .orderBy('usage')
    .pluck('usage');
}

/** What waits for a purchase order, oldest first. */
export async function waitingInbox(tx: Tx, key: InboxKey): Promise<readonly InboxRow[]> {
  return tx('order_inbox')
    .where({
      partner_id: key.partnerId,
      usage: key.usage,
      purchase_order_number: key.purchaseOrderNumber,
    })
    .whereRaw(`status = 'waiting'`)
    .orderBy('id')
    .limit(100, { skipBinding: true })
    .select(
      'id',
      'usage',
      'kind',
      'document_id',
      'payload',
      'wait_until',
      'order_id',
      'change_id',
      'received_at',
    );
}

interface InboxChange {
  readonly status?: 'done' | 'set-aside';
  readonly wait_until?: string | null;
  readonly order_id?: string;
  readonly change_id?: string;
  readonly outcome?: unknown;
  readonly worked_at?: string;
}

export async function updateInbox(tx: Tx, id: number, change: InboxChange): Promise<void> {
  await inboxUpdate(tx, id, change);
}

/** The same as part of a statement that writes more. */
export function inboxUpdate(tx: Tx, id: number, { outcome, ...rest }: InboxChange): Knex.QueryBuilder {
  return tx('order_inbox')
    .where({ id })
    .update({ ...rest, ...(outcome === undefined ? {} : { outcome: toJson(outcome) }) });
}
