import type { PartnerDocument } from '../../domain/order/answers';
import type { Usage } from '../../domain/order/order-request';
import type { Tx } from '../connection';
import { addJob } from '../jobs';
import { toJson } from '../json';

/** The sets in which the hub answers and informs; acknowledgements (997, TA1) are requested by the intake itself. */
export type AnswerSet = '855' | '865' | '856' | '810';

export interface DocumentToRequest {
  /** One request a subject, for example `order/<id>/855/1`: asking again changes nothing. */
  readonly subject: string;
  readonly partnerId: string;
  readonly set: AnswerSet;
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
  const result = await tx.raw<{ rows: { agreement_id: string | null; status: string }[] }>(
    `insert into document_request (subject, partner_id, agreement_id, usage, set_id, order_id, payload, status, reissue_of)
     select :subject, :partnerId, a.agreement_id, :usage, :set, cast(:orderId as uuid), cast(:payload as jsonb),
            case when a.agreement_id is null then 'unassigned' when a.wanted then 'waiting' else 'not-wanted' end, cast(:reissueOf as uuid)
     from (select 1) as one left join lateral (
       select i.id as agreement_id, d.wanted
       from interchange_agreement i join document_agreement d on d.agreement_id = i.id and d.direction = 'out' and d.set_id = :set
       where i.partner_id = :partnerId and i.usage = :usage and i.active
       order by i.id limit 1
     ) a on true
     on conflict (subject) do nothing
     returning agreement_id, status`,
    {
      subject: wanted.subject,
      partnerId: wanted.partnerId,
      usage: wanted.usage,
      set: wanted.set,
      orderId: wanted.orderId ?? null,
      payload: toJson(wanted.payload),
      reissueOf: wanted.reissueOf ?? null,
    },
  );
  const [row] = result.rows;
  if (!row) return false;
  if (row.status === 'not-wanted') return true;
  // The key is the request's own, not the agreement's: a shared key would make every order of a partner wait for the
  // commit of the one before, and could deadlock. The job drains the agreement anyway; a second one finds nothing.
  await addJob(
    tx,
    'render-documents',
    { agreementId: row.agreement_id ?? UNASSIGNED },
    { key: wanted.subject },
  );
  return true;
}
