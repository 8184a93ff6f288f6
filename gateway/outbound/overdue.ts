import { raiseException } from '../../application/record/raise-exception';
import type { Db } from '../../db/connection';
import { markOverdue } from '../../db/repositories/sent-documents';
import { addSeconds } from '../../domain/shared/dates';

const BATCH = 200;

/** Documents whose acknowledgement did not come in time become exceptions that someone owns. For a schedule. */
export async function raiseOverdueAcknowledgements(db: Db, now: string): Promise<number> {
  let raised = 0;
  for (;;) {
    const overdue = await db.transaction(async (tx) => {
      const documents = await markOverdue(tx, now, BATCH);
      for (const document of documents) {
        await raiseException(tx, {
          kind: 'acknowledgement-overdue',
          subjectKey: document.id,
          text: `${document.partner_id} has not acknowledged our ${document.set_id}${document.purchase_order_number ? ` for ${document.purchase_order_number}` : ''}, due ${document.ack_due_at}: ask whether it arrived, or send it again.`,
          ownerRole: 'operations',
          dueAt: addSeconds(now, 4 * 3600),
          documentId: document.id,
          ...(document.order_id ? { orderId: document.order_id } : {}),
        });
      }
      return documents.length;
    });
    raised += overdue;
    if (overdue < BATCH) return raised;
  }
}

/** Requests that no agreement covers: they wait, and somebody is told. */
export async function raiseUnassignedRequests(db: Db, now: string): Promise<void> {
  const waiting: {
    id: number;
    subject: string;
    partner_id: string | null;
    set_id: string;
    usage: string;
    order_id: string | null;
  }[] = await db('document_request')
    .where({ status: 'unassigned' })
    .orderBy('id')
    .limit(BATCH)
    .select('id', 'subject', 'partner_id', 'set_id', 'usage', 'order_id');
  for (const request of waiting) {
    await raiseException(db, {
      kind: 'document-without-agreement',
      subjectKey: request.subject,
      text: `${request.partner_id} has no agreement for an outbound ${request.set_id} (usage ${request.usage}): the document waits. Set the agreement up, or say that it is not wanted.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 4 * 3600),
      data: { requestId: request.id },
      ...(request.order_id ? { orderId: request.order_id } : {}),
    });
  }
}
