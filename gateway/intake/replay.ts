import { clearException } from '../../application/raise-exception';
import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { readArrivalBytes } from '../../db/repositories/arrivals';
import { interchangeById, type ReceivedRow, updateInterchange } from '../../db/repositories/interchanges';
import { nothingSeen } from '../../edi/judge/agreement';
import { judgeInterchange } from '../../edi/judge/judge-interchange';
import { replayContent } from './replay-content';
import { interchangeIn } from './split-arrival';

export type Replayed =
  | { readonly kind: 'queued'; readonly interchangeId: string }
  | { readonly kind: 'not-found' }
  /** It was taken in, or is a duplicate: to do it again would double what it asked for. */
  | { readonly kind: 'not-replayable'; readonly status: string }
  /** The partner has sent these again meanwhile: somebody must say that the old ones are still meant. */
  | { readonly kind: 'needs-confirmation'; readonly purchaseOrderNumbers: readonly string[] };

/**
 * Judges an interchange again that was set aside: from quarantine once its partner is set up, or after a fault of
 * ours was mended. The bytes are the archived ones, its place in the order of arrival stays.
 */
export async function replayInterchange(
  db: Db,
  interchangeId: string,
  options: { readonly confirmed: boolean; readonly now: string },
): Promise<Replayed> {
  return db.transaction(async (tx) => {
    const row = await interchangeById(tx, interchangeId);
    if (!row) return { kind: 'not-found' };
    if (row.status !== 'quarantined' && row.status !== 'failed')
      return { kind: 'not-replayable', status: row.status };
    const purchaseOrderNumbers = options.confirmed ? [] : await resentSince(tx, row);
    if (purchaseOrderNumbers.length > 0) return { kind: 'needs-confirmation', purchaseOrderNumbers };
    await updateInterchange(tx, row.id, { status: 'received', attempts: 0, problem: null });
    for (const kind of ['quarantine', 'interchange-failed'])
      await clearException(tx, kind, row.id, 'it was replayed', options.now);
    await addJob(tx, 'judge-interchange', { interchangeId: row.id }, { key: row.id });
    return { kind: 'queued', interchangeId: row.id };
  });
}

/** Purchase orders of this interchange that the same sender got through later by another one. */
async function resentSince(tx: Tx, row: ReceivedRow): Promise<readonly string[]> {
  const bytes = await readArrivalBytes(tx, row.arrival_id, row.byte_offset, row.byte_length);
  const { interchange } = interchangeIn(bytes, row);
  if (!interchange) return [];
  const judgement = judgeInterchange(interchange, null, nothingSeen, { keepsDocuments: false });
  const numbers = judgement.groups.flatMap((group) =>
    group.transactions.flatMap(({ set, businessUnit }) =>
      set === '850' && businessUnit ? [businessUnit.value.trim()] : [],
    ),
  );
  if (numbers.length === 0) return [];
  return tx('document as d')
    .join('interchange as i', 'i.id', 'd.interchange_id')
    .where({ 'd.direction': 'in', 'd.set_id': '850', 'i.sender_id': row.sender_id })
    .whereIn('d.purchase_order_number', [...new Set(numbers)])
    .whereNot('d.validation', 'rejected')
    .where('d.created_at', '>', row.created_at)
    .distinct()
    .orderBy('d.purchase_order_number')
    .pluck('d.purchase_order_number');
}

/**
 * Works an inbound document again that was set aside (its order could not be placed, its order never came): its
 * request goes back to the inbox, in its old place; of another set, its content. The id of an interchange replays that.
 */
export async function replayDocument(
  db: Db,
  id: string,
  options: { readonly confirmed: boolean; readonly now: string },
): Promise<Replayed> {
  const worked = await db.transaction(async (tx): Promise<Replayed | null> => {
    const entry = await tx('order_inbox')
      .where({ document_id: id })
      .forUpdate()
      .first('id', 'status', 'partner_id', 'purchase_order_number');
    if (!entry) return replayContent(tx, id, options.now);
    if (entry.status !== 'set-aside') return { kind: 'not-replayable', status: entry.status };
    await tx('order_inbox')
      .where({ id: entry.id })
      .update({ status: 'waiting', wait_until: null, worked_at: null });
    for (const kind of ['order-not-placed', 'change-without-order']) {
      await clearException(tx, kind, id, 'it was replayed', options.now);
    }
    const { partner_id: partnerId, purchase_order_number: purchaseOrderNumber } = entry;
    const subject = { partnerId, purchaseOrderNumber };
    await addJob(tx, 'work-order-requests', subject, { key: `${partnerId}/${purchaseOrderNumber}` });
    return { kind: 'queued', interchangeId: id };
  });
  if (worked) return worked;
  const document = await db('document').where({ id, direction: 'in' }).first('interchange_id');
  return replayInterchange(db, document?.interchange_id ?? id, options);
}
