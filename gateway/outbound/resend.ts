import { clearException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import { UNASSIGNED } from '../../db/repositories/document-requests';
import { markTransmitted } from '../../db/repositories/outbox';
import { expectAgain } from '../../db/repositories/sent-documents';

export type Resent =
  | { readonly kind: 'queued'; readonly interchangeId: string }
  | { readonly kind: 'not-found' }
  /** It has not left yet: it goes out anyway. */
  | { readonly kind: 'still-pending' };

/** The same bytes with the same control numbers, once more. The partner's duplicate control decides what it means. */
export async function retransmit(tx: Tx, interchangeId: string, now: string): Promise<Resent> {
  const row = await tx('interchange')
    .where({ id: interchangeId, direction: 'out' })
    .forUpdate()
    .first('status', 'channel_id');
  if (!row) return { kind: 'not-found' };
  if (row.status === 'pending') return { kind: 'still-pending' };
  await markTransmitted(tx, interchangeId, 'pending', now);
  for (const id of await expectAgain(tx, interchangeId, now)) {
    await clearException(tx, 'acknowledgement-overdue', id, 'it was sent again', now);
  }
  await addJob(
    tx,
    'send-interchanges',
    { channelId: row.channel_id },
    { key: `${interchangeId}/again/${now}` },
  );
  return { kind: 'queued', interchangeId };
}

export type Reissued =
  | { readonly kind: 'requested'; readonly subject: string }
  | { readonly kind: 'not-found' }
  /** A second 856 or 810 can be received and paid twice: somebody must say that it is meant. */
  | { readonly kind: 'needs-confirmation'; readonly set: string };

/** The same content as a new document with new control numbers, linked to the old one. */
export async function reissue(
  tx: Tx,
  documentId: string,
  options: { readonly confirmed: boolean },
): Promise<Reissued> {
  const request = await tx('document_request')
    .where({ document_id: documentId })
    .forUpdate()
    .first('id', 'subject', 'set_id', 'agreement_id');
  if (!request) return { kind: 'not-found' };
  if ((request.set_id === '856' || request.set_id === '810') && !options.confirmed) {
    return { kind: 'needs-confirmation', set: request.set_id };
  }
  const { rows } = await tx.raw<{ rows: { subject: string }[] }>(
    `insert into document_request (subject, partner_id, agreement_id, usage, set_id, order_id, payload, reissue_of)
     select r.subject || '/reissue/' || uuidv7(),
            r.partner_id, r.agreement_id, r.usage, r.set_id, r.order_id, r.payload, r.document_id
     from document_request r where r.id = ? returning subject`,
    [request.id],
  );
  const subject = rows[0]?.subject ?? '';
  await addJob(tx, 'render-documents', { agreementId: request.agreement_id ?? UNASSIGNED }, { key: subject });
  return { kind: 'requested', subject };
}
