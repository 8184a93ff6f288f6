import type { Usage } from '../../domain/order/order-request';
import type { OutboundSet, PartnerDocument } from '../../domain/partner/partner-document';
import type { Db, Tx } from '../connection';
import { addJob, wantedJob } from '../jobs';
import { toJson } from '../json';
import { runAskingForJobs, type WriteTogether } from './write-together';

export interface DocumentToRequest {
  /** One request a subject, for example `order/<id>/855/1`: asking again changes nothing. */
  readonly subject: string;
  readonly partnerId: string;
  readonly set: OutboundSet;
  readonly usage: Usage;
  readonly orderId?: string;
  readonly payload: PartnerDocument;
  /** The document of which this is a reissue: the same content, new control numbers. */
  readonly reissueOf?: string;
}

/** A request that no agreement covers waits under this name, and becomes an exception that someone owns. */
export const UNASSIGNED = 'unassigned';

/**
 * Leaves a document for the gateway to send, in the caller's transaction: it goes out if and only if what it tells
 * of was committed. Idempotent by subject.
 * @returns whether this call made the request; false: it was there already
 */
export async function requestDocument(tx: Tx, wanted: DocumentToRequest): Promise<boolean> {
  const { sql, bindings } = insertOf(wanted);
  return (await runAskingForJobs(tx, sql, bindings)).length > 0;
}

/** The same as part of a statement that writes more. */
export function addDocument(together: WriteTogether, wanted: DocumentToRequest): WriteTogether {
  const { sql, bindings } = insertOf(wanted);
  return together.addAskingForJobs(sql, bindings);
}
const RENDERED_BY = wantedJob(
  'render-documents',
  `jsonb_build_object('agreementId', coalesce(agreement_id::text, '${UNASSIGNED}'))`,
  // The request's own, not the agreement's: a shared key would make every order of a partner wait for the commit of the
  // one before, and could deadlock. The job drains the agreement anyway; a second one finds nothing.
  'subject',
);

function insertOf(wanted: DocumentToRequest): {
  readonly sql: string;
  readonly bindings: readonly (string | null)[];
} {
  const sql = `insert into document_request (subject, partner_id, agreement_id, usage, set_id, order_id, payload, status, reissue_of)
     select w.subject, w.partner_id, a.agreement_id, w.usage, w.set_id, w.order_id, w.payload,
            case when a.agreement_id is null then 'unassigned' when a.wanted then 'waiting' else 'not-wanted' end, w.reissue_of
     from jsonb_populate_record(null::document_request, cast(? as jsonb)) as w left join lateral (
       select i.id as agreement_id, d.wanted
       from interchange_agreement i join document_agreement d on d.agreement_id = i.id and d.direction = 'out' and d.set_id = w.set_id
       where i.partner_id = w.partner_id and i.usage = w.usage and i.active
       order by i.id limit 1
     ) a on true
     on conflict (subject) do nothing
     returning case when status = 'not-wanted' then null else ${RENDERED_BY} end as job`;
  const row = {
    subject: wanted.subject,
    partner_id: wanted.partnerId,
    usage: wanted.usage,
    set_id: wanted.set,
    order_id: wanted.orderId ?? null,
    payload: wanted.payload,
    reissue_of: wanted.reissueOf ?? null,
  };
  return { sql, bindings: [toJson(row)] };
}

export interface WaitingRequest {
  readonly id: number;
  readonly subject: string;
  readonly partner_id: string | null;
  readonly usage: Usage;
  readonly set_id: string;
  readonly order_id: string | null;
  readonly payload: unknown;
  readonly reissue_of: string | null;
  readonly created_at: string;
}

const WAITING_COLUMNS = [
  'id',
  'subject',
  'partner_id',
  'usage',
  'set_id',
  'order_id',
  'payload',
  'reissue_of',
  'created_at',
];

/** Whether anything waits under an agreement. Most jobs find nothing: the one before has taken theirs along. */
export async function anythingWaits(db: Db, agreementId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from document_request where agreement_id = ? and status = 'waiting' limit 1`,
    [agreementId],
  );
  return rows.length > 0;
}

/** The oldest unfinished requests of an agreement, locked; call it under the agreement's outbound lock. */
export async function takeWaitingRequests(
  tx: Tx,
  agreementId: string,
  limit: number,
): Promise<readonly WaitingRequest[]> {
  return tx('document_request')
    .where({ agreement_id: agreementId })
    .whereRaw(`status = 'waiting'`)
    .orderBy('id')
    .limit(limit, { skipBinding: true })
    .forUpdate()
    .select(WAITING_COLUMNS);
}

/** Kept for a person, never lost: what cannot be rendered or was read back differently. */
export async function holdRequest(tx: Tx, id: number, problem: string): Promise<void> {
  await tx('document_request').where({ id }).update({ status: 'held', problem });
}

/** A held or unassigned request is tried again, after the agreement or the mapping was mended. */
export async function releaseRequest(tx: Tx, id: number): Promise<void> {
  const { rows } = await tx.raw<{ rows: { agreement_id: string | null; subject: string }[] }>(
    `update document_request r set status = 'waiting', problem = null, agreement_id = coalesce(r.agreement_id, (
       select i.id from interchange_agreement i join document_agreement d on d.agreement_id = i.id and d.direction = 'out' and d.set_id = r.set_id
       where i.partner_id = r.partner_id and i.usage = r.usage and i.active order by i.id limit 1))
     where r.id = ? and r.status in ('held', 'unassigned') returning agreement_id, subject`,
    [id],
  );
  const [row] = rows;
  if (!row) return;
  if (row.agreement_id === null) await tx('document_request').where({ id }).update({ status: 'unassigned' });
  await addJob(tx, 'render-documents', { agreementId: row.agreement_id ?? UNASSIGNED }, { key: row.subject });
}

export interface RenderedRequest {
  readonly id: number;
  readonly document_id: string | null;
  readonly interchange_id: string;
}

/** @param rendered requests of this agreement that wait, locked by the caller */
export function addRendered(
  writes: WriteTogether,
  agreementId: string,
  rendered: readonly RenderedRequest[],
  at: string,
): void {
  writes.add(
    `update document_request r set status = 'rendered', document_id = d.document_id, interchange_id = d.interchange_id, rendered_at = ?
     from jsonb_to_recordset(cast(? as jsonb)) as d(id bigint, document_id uuid, interchange_id uuid)
     where r.agreement_id = ? and r.status = 'waiting' and r.id = d.id`,
    [at, toJson(rendered), agreementId],
  );
}

export interface AcknowledgementToRequest {
  /** `interchange/<id>/TA1`, `interchange/<id>/997/<group ordinal>`. */
  readonly subject: string;
  readonly set: string;
  readonly payload: unknown;
  /** The inbound interchange that it answers. */
  readonly answersId: string;
  readonly at: string;
}

/** Acknowledgements of one interchange. They go back under the agreement it came by. */
export function addAcknowledgements(
  writes: WriteTogether,
  agreement: { readonly id: string; readonly partnerId: string; readonly usage: Usage },
  wanted: readonly AcknowledgementToRequest[],
): void {
  const [first] = wanted;
  if (!first) return;
  const rows = wanted.map(({ subject, set, payload, answersId }) => ({
    subject,
    partner_id: agreement.partnerId,
    agreement_id: agreement.id,
    usage: agreement.usage,
    set_id: set,
    payload,
    status: 'waiting',
    answers_id: answersId,
    created_at: first.at,
  }));
  writes.insert(
    'document_request',
    [
      'subject',
      'partner_id',
      'agreement_id',
      'usage',
      'set_id',
      'payload',
      'status',
      'answers_id',
      'created_at',
    ],
    rows,
    'on conflict (subject) do nothing',
  );
  writes.job('render-documents', [{ payload: { agreementId: agreement.id }, key: first.subject }]);
}

/** What was answered to an interchange, to be said again. */
export async function answersTo(
  tx: Tx,
  interchangeId: string,
): Promise<readonly { readonly set_id: string; readonly payload: unknown }[]> {
  return tx('document_request')
    .where({ answers_id: interchangeId })
    .orderBy('id')
    .select('set_id', 'payload');
}
