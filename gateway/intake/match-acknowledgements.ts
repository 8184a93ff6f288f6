import { clearException, raiseException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { addJob } from '../../db/jobs';
import {
  type SentDocument,
  sentDocuments,
  sentInterchange,
  settleAcknowledgement,
  settleTa1,
} from '../../db/repositories/sent-documents';
import { addSeconds } from '../../domain/shared/dates';
import type { ReceivedTa1 } from '../../edi/judge/judgement';
import {
  type FunctionalAcknowledgment,
  type GroupAcknowledgment,
  verdictOnSet,
} from '../../edi/mapping/functional-acknowledgment';
import type { InterchangeAgreement } from '../agreement';
import { comparable } from './seen-numbers';

/** What a 997 or 999 says of documents that we sent under this agreement: each gets its verdict, trouble gets an owner. */
export async function matchFunctionalAcknowledgement(
  tx: Tx,
  agreement: InterchangeAgreement,
  acknowledgement: FunctionalAcknowledgment,
  /** Of the 997 or 999 itself. */
  documentId: string,
  now: string,
): Promise<void> {
  for (const group of acknowledgement.groups) await matchGroup(tx, agreement, group, documentId, now);
}

async function matchGroup(
  tx: Tx,
  agreement: InterchangeAgreement,
  group: GroupAcknowledgment,
  documentId: string,
  now: string,
): Promise<void> {
  const sent = await sentDocuments(
    tx,
    agreement.id,
    group.functionalId,
    comparable(group.groupControlNumber),
  );
  if (sent.length === 0) {
    await raiseException(tx, {
      kind: 'acknowledgement-unmatched',
      subjectKey: `${agreement.id}/${group.functionalId}/${group.groupControlNumber}`,
      text: `${agreement.partnerId} acknowledged group ${group.functionalId} ${group.groupControlNumber}, which was never sent under agreement ${agreement.id}.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 24 * 3600),
      data: { agreementId: agreement.id, status: group.status },
    });
    return;
  }
  for (const document of sent) {
    const verdict = verdictOnSet(group, document.set_id, document.control_number);
    if (verdict === 'unclear') await raiseUnclear(tx, agreement, group, document, now);
    else await settle(tx, agreement, group, document, { verdict, by: documentId }, now);
  }
  await raiseUnknownSets(tx, agreement, group, sent, now);
  await tx('functional_group')
    .where({ id: sent[0]?.group_id })
    .update({
      ack_code: group.status,
      ack_errors: JSON.stringify(group.errors),
      accepted: group.accepted ?? 0,
    });
}

/** A verdict on a set that was not in the group: it must be about something, and nobody can tell about what. */
async function raiseUnknownSets(
  tx: Tx,
  agreement: InterchangeAgreement,
  group: GroupAcknowledgment,
  sent: readonly SentDocument[],
  now: string,
): Promise<void> {
  const known = new Set(sent.map((one) => `${one.set_id}/${comparable(one.control_number)}`));
  const unknown = group.sets.filter((one) => !known.has(`${one.set}/${comparable(one.controlNumber)}`));
  if (unknown.length === 0) return;
  const named = unknown.map((one) => `${one.set} ${one.controlNumber} (${one.status ?? 'no status'})`);
  await raiseException(tx, {
    kind: 'acknowledgement-unmatched',
    subjectKey: `${agreement.id}/${group.functionalId}/${group.groupControlNumber}/sets`,
    text: `${agreement.partnerId} acknowledged ${named.slice(0, 10).join(', ')} in group ${group.functionalId} ${group.groupControlNumber}, which had no such set: ask what is meant.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 24 * 3600),
    data: { agreementId: agreement.id, sets: named.slice(0, 100) },
  });
}

async function settle(
  tx: Tx,
  agreement: InterchangeAgreement,
  group: GroupAcknowledgment,
  document: SentDocument,
  {
    verdict,
    by,
  }: { readonly verdict: 'accepted' | 'accepted-with-errors' | 'rejected'; readonly by: string },
  now: string,
): Promise<void> {
  const listed = group.sets.find(
    (one) => comparable(one.controlNumber) === comparable(document.control_number),
  );
  const settled = await settleAcknowledgement(
    tx,
    document.id,
    { verdict, by },
    { group: group.status, errors: listed?.errors ?? group.errors, notes: listed?.notes ?? [] },
    now,
  );
  for (const kind of ['acknowledgement-overdue', 'acknowledgement-unclear']) {
    await clearException(tx, kind, document.id, 'the acknowledgement came', now);
  }
  if (settled === 'accepted') {
    await clearException(tx, 'document-rejected', document.id, 'it was accepted after all', now);
  }
  // Who asked a warehouse by 940 may be waiting for its word.
  if (document.set_id === '940' && document.order_id) {
    await addJob(tx, 'signal-order', { orderId: document.order_id }, { key: document.order_id });
  }
  if (verdict !== 'rejected') return;
  await raiseException(tx, {
    kind: 'document-rejected',
    subjectKey: document.id,
    text: `${agreement.partnerId} rejected our ${document.set_id}${document.purchase_order_number ? ` for ${document.purchase_order_number}` : ''}: see what it objects to, mend the cause and reissue it.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 2 * 3600),
    priority: 2,
    documentId: document.id,
    ...(document.order_id ? { orderId: document.order_id } : {}),
    data: { errors: listed?.errors ?? group.errors },
  });
}

/** P without a list: something of the group was refused, and nobody can tell what. */
async function raiseUnclear(
  tx: Tx,
  agreement: InterchangeAgreement,
  group: GroupAcknowledgment,
  document: SentDocument,
  now: string,
): Promise<void> {
  await raiseException(tx, {
    kind: 'acknowledgement-unclear',
    subjectKey: document.id,
    text: `${agreement.partnerId} answered group ${group.functionalId} ${group.groupControlNumber} with ${group.status ?? 'no status'} and does not say what that means for our ${document.set_id}: ask.`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    documentId: document.id,
  });
}

/** TA1: what became of whole interchanges of ours. One that was rejected takes all its documents with it. */
export async function matchTa1s(
  tx: Tx,
  agreement: InterchangeAgreement,
  ta1s: readonly ReceivedTa1[],
  now: string,
): Promise<void> {
  for (const ta1 of ta1s) {
    const sent = await sentInterchange(tx, agreement.id, comparable(ta1.controlNumber).padStart(9, '0'));
    if (!sent) {
      await raiseException(tx, {
        kind: 'acknowledgement-unmatched',
        subjectKey: `${agreement.id}/TA1/${ta1.controlNumber}`,
        text: `${agreement.partnerId} sent a TA1 for interchange ${ta1.controlNumber}, which was never sent under agreement ${agreement.id}.`,
        ownerRole: 'operations',
        dueAt: addSeconds(now, 24 * 3600),
        data: { ta1 },
      });
      continue;
    }
    await settleTa1(tx, sent.id, ta1.code, ta1.note);
    if (ta1.code !== 'R') continue;
    await tx('document')
      .where({ interchange_id: sent.id })
      .whereIn('acknowledgement', ['expected', 'overdue'])
      .update({
        acknowledgement: 'rejected',
        acknowledged_at: now,
        acknowledgement_findings: JSON.stringify({ ta1 }),
      });
    await raiseException(tx, {
      kind: 'interchange-rejected-by-partner',
      subjectKey: sent.id,
      text: `${agreement.partnerId} rejected our interchange ${ta1.controlNumber} with TA1 note ${ta1.note}: nothing of it was taken in.`,
      ownerRole: 'operations',
      dueAt: addSeconds(now, 2 * 3600),
      priority: 2,
      data: { interchangeId: sent.id, ta1 },
    });
  }
}
