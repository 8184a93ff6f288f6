import { clearException } from '../../application/record/raise-exception';
import type { Db, Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { arrivalById, readArrivalBytes } from '../../db/repositories/arrivals';
import { interchangeById, type ReceivedRow, updateInterchange } from '../../db/repositories/interchanges';
import { scanEnvelope } from '../envelope-scan';
import { AT_ONCE_BYTES } from './archive';
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
    const status = (await isUnsplit(tx, row)) ? 'splitting' : 'received';
    await updateInterchange(tx, row.id, { status, attempts: 0, problem: null });
    for (const kind of ['quarantine', 'interchange-failed'])
      await clearException(tx, kind, row.id, 'it was replayed', options.now);
    await addJob(tx, 'judge-interchange', { interchangeId: row.id }, { key: row.id });
    return { kind: 'queued', interchangeId: row.id };
  });
}

/** A large arrival that failed before it was taken apart is one row that stands for all of it. */
async function isUnsplit(tx: Tx, row: ReceivedRow): Promise<boolean> {
  if (row.byte_length <= AT_ONCE_BYTES) return false;
  const arrival = await arrivalById(tx, row.arrival_id);
  return row.byte_offset === 0 && arrival?.size === row.byte_length;
}

/** How many later interchanges that wait for a person are looked into. */
const LATER_LOOKED_AT = 200;

/**
 * Purchase orders of this interchange that the same sender has sent again later: in one that was taken in, or in one
 * that waits itself. Whoever replays the old one must mean it.
 */
async function resentSince(tx: Tx, row: ReceivedRow): Promise<readonly string[]> {
  const numbers = await purchaseOrdersIn(tx, row);
  if (numbers.size === 0) return [];
  const own = tx('interchange').where({ id: row.id }).select('sequence');
  const takenIn: string[] = await tx('document as d')
    .join('document_key as k', 'k.document_id', 'd.id')
    .join('interchange as i', 'i.id', 'd.interchange_id')
    .where({
      'k.kind': 'purchase-order',
      'd.direction': 'in',
      'd.set_id': '850',
      'i.sender_id': row.sender_id,
    })
    .whereIn('k.value', [...numbers])
    .whereNot('d.validation', 'rejected')
    .where('i.sequence', '>', own)
    .distinct('k.value')
    .pluck('k.value');
  const { sender_qualifier, sender_id, receiver_qualifier, receiver_id } = row;
  const later: ReceivedRow[] = await tx('interchange')
    .where({ direction: 'in', sender_qualifier, sender_id, receiver_qualifier, receiver_id })
    .whereIn('status', ['quarantined', 'failed'])
    .where('sequence', '>', own)
    .orderBy('sequence')
    .limit(LATER_LOOKED_AT)
    .select('arrival_id', 'ordinal', 'deviations', 'byte_offset', 'byte_length');
  const waiting: string[] = [];
  for (const one of later) waiting.push(...(await purchaseOrdersIn(tx, one)));
  return [...new Set([...takenIn, ...waiting])].filter((number) => numbers.has(number)).sort();
}

type Archived = Pick<ReceivedRow, 'arrival_id' | 'ordinal' | 'deviations' | 'byte_offset' | 'byte_length'>;

/** The purchase orders of the 850s in it, as they are looked up. */
async function purchaseOrdersIn(tx: Tx, row: Archived): Promise<ReadonlySet<string>> {
  const bytes = await readArrivalBytes(tx, row.arrival_id, row.byte_offset, row.byte_length);
  const { interchange } = interchangeIn(bytes, row);
  if (!interchange) return new Set();
  const { sets } = scanEnvelope(interchange.bytes, interchange.header.separators, interchange.header.length);
  return new Set(
    sets.flatMap(({ set, keys }) =>
      set === '850' ? keys.filter(({ kind }) => kind === 'purchase-order').map(({ value }) => value) : [],
    ),
  );
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
