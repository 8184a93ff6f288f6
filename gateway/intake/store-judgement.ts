import { raiseException } from '../../application/record/raise-exception';
import type { Tx } from '../../db/connection';
import { storableText } from '../../db/json';
import { newRecordId } from '../../db/record-ids';
import { addClaims } from '../../db/repositories/control-numbers';
import { addDocumentKeys, type KeysOfDocument } from '../../db/repositories/document-keys';
import {
  type AcknowledgementToRequest,
  addAcknowledgements,
  answersTo,
} from '../../db/repositories/document-requests';
import {
  addDocuments,
  addGroups,
  type DocumentRow,
  type GroupRow,
} from '../../db/repositories/interchange-documents';
import { addJudged, type ReceivedRow, updateInterchange } from '../../db/repositories/interchanges';
import { addToInbox } from '../../db/repositories/order-inbox';
import { addReceivedContent } from '../../db/repositories/received-content';
import { WriteTogether } from '../../db/repositories/write-together';
import { addSeconds } from '../../domain/shared/dates';
import { firstKey } from '../../edi/archive/document-keys';
import { ta1Segment } from '../../edi/judge/answer';
import type { JudgedGroup, JudgedTransaction, Judgement, ReceivedTa1 } from '../../edi/judge/judgement';
import type { InterchangeAgreement } from '../agreement';
import type { ScannedSet } from '../envelope-scan';
import type { GuidesInForce } from '../guides';
import type { FunctionalAckPayload, InterchangeAckPayload } from '../outbound/draft-request';
import { raiseDoubtful, raiseUnhandled, readAcceptedSets } from './accepted-sets';
import { type AdviceSubject, advisePartner, raiseMissingGuide } from './advise-partner';
import { type ContentJudgement, judgeContent } from './judge-content';
import { matchFunctionalAcknowledgement, matchTa1s } from './match-acknowledgements';
import { claimsOf } from './seen-numbers';
import type { AcceptedSet } from './set-readers';
import { raiseUndeclared } from './undeclared-documents';
import { raiseUnreadableAcknowledgements } from './unreadable-acknowledgements';

export interface Judged {
  readonly row: ReceivedRow;
  readonly agreement: InterchangeAgreement;
  readonly guides: GuidesInForce;
  readonly judgement: Judgement;
  readonly sets: readonly ScannedSet[];
  /** Whether the places of the sets are places in the archived range. */
  readonly placed: boolean;
}

/** Without a judgement what was seen on arrival stays. */
function deviationsOf(row: ReceivedRow, judgement: Judgement | null): unknown {
  return judgement?.deviations ?? row.deviations;
}

/**
 * Everything that follows from a judgement, in the caller's transaction: rows, claims, answers, requests, matches.
 * @param writes the caller's, who runs them: what else follows is written after them, here
 */
export async function storeJudgement(
  tx: Tx,
  writes: WriteTogether,
  judged: Judged,
  now: string,
): Promise<void> {
  const { row, agreement, judgement } = judged;
  const { groups, documents, accepted, advices, missingGuides, keys } = rowsOf(judged, now);
  const asked = readAcceptedSets(accepted, agreement);
  addJudged(writes, row.id, {
    agreement_id: agreement.id,
    partner_id: agreement.partnerId,
    ta1_code: judgement.ta1.code,
    ta1_note: judgement.ta1.note,
    deviations: deviationsOf(row, judgement),
    judged_at: now,
  });
  addClaims(writes, agreement.id, row.id, row.sha256, claimsOf(judgement), now);
  addGroups(writes, groups);
  addDocuments(
    writes,
    documents.map((document) => ({
      ...document,
      note: document.note ?? asked.noteOf.get(document.id) ?? null,
    })),
  );
  addDocumentKeys(writes, keys);
  addToInbox(writes, asked.entries, now);
  writes.job('work-order-requests', asked.jobs);
  if (asked.contents.length > 0) {
    addReceivedContent(writes, asked.contents, now);
    // The key is the interchange's own: with one a partner, its interchanges would wait for each other's commit.
    writes.job('work-received-content', [{ payload: { partnerId: agreement.partnerId }, key: row.id }]);
  }
  addAcknowledgements(writes, agreement, answersOf(judged, now));
  const further = [asked.unhandled, asked.doubtful, advices, asked.acknowledgements, judgement.receivedTa1s];
  // What is written next speaks of the rows above.
  if (further.some(({ length }) => length > 0)) await writes.run(tx);
  await raiseUndeclared(tx, agreement, judgement, now);
  await raiseUnreadableAcknowledgements(tx, agreement, judgement, row.id, now);
  await raiseUnhandled(tx, agreement, asked.unhandled, now);
  await raiseDoubtful(tx, agreement, asked.doubtful, now);
  for (const name of missingGuides) await raiseMissingGuide(tx, agreement, name, now);
  for (const advice of advices) await advisePartner(tx, agreement, advice, now);
  for (const { acknowledgement, documentId } of asked.acknowledgements) {
    await matchFunctionalAcknowledgement(tx, agreement, acknowledgement, documentId, now);
  }
  // TA1 segments are judged by nobody: what they hold must first be fit to be stored.
  await matchTa1s(tx, agreement, judgement.receivedTa1s.map(storableTa1), now);
}

/** The same key and the same bytes: the stored answer goes out again under new numbers, and nothing else happens. */
export async function storeDuplicate(
  tx: Tx,
  row: ReceivedRow,
  agreement: InterchangeAgreement,
  judgement: Judgement,
  originalId: string,
  now: string,
): Promise<void> {
  const original = await tx('interchange').where({ id: originalId }).first('ta1_code', 'ta1_note');
  await updateInterchange(tx, row.id, {
    status: 'duplicate',
    agreement_id: agreement.id,
    partner_id: agreement.partnerId,
    ta1_code: original?.ta1_code ?? judgement.ta1.code,
    ta1_note: original?.ta1_note ?? judgement.ta1.note,
    deviations: deviationsOf(row, judgement),
    original_id: originalId,
    judged_at: now,
  });
  const answers = await answersTo(tx, originalId);
  const writes = new WriteTogether();
  addAcknowledgements(
    writes,
    agreement,
    answers.map(({ set_id, payload }, at) => ({
      subject: `interchange/${row.id}/again/${at}`,
      set: set_id,
      payload,
      answersId: row.id,
      at: now,
    })),
  );
  await writes.run(tx);
}

export interface Rejection {
  readonly status: 'rejected' | 'quarantined';
  /** Kind of the exception that somebody owns. */
  readonly exception: string;
  readonly problem: string;
}

/** Nothing is created but the answer (where there is somebody to answer) and an exception; the bytes are kept. */
export async function storeRejection(
  tx: Tx,
  row: ReceivedRow,
  agreement: InterchangeAgreement | null,
  judgement: Judgement | null,
  rejection: Rejection,
  now: string,
): Promise<void> {
  await updateInterchange(tx, row.id, {
    status: rejection.status,
    agreement_id: agreement?.id ?? null,
    partner_id: agreement?.partnerId ?? null,
    ta1_code: judgement?.ta1.code ?? null,
    ta1_note: judgement?.ta1.note ?? null,
    deviations: deviationsOf(row, judgement),
    problem: rejection.problem,
    judged_at: now,
  });
  await raiseException(tx, {
    kind: rejection.exception,
    subjectKey: row.id,
    text: `${await whatCame(tx, row)}: ${rejection.problem}`,
    ownerRole: 'operations',
    dueAt: addSeconds(now, 4 * 3600),
    data: { interchangeId: row.id, ta1: judgement?.ta1 ?? null },
  });
  if (!agreement || !judgement) return;
  const writes = new WriteTogether();
  addAcknowledgements(writes, agreement, ta1Of(row, agreement, judgement, now));
  await writes.run(tx);
}

/** Where no ISA says who sent it, whose key or account brought it. */
async function whatCame(tx: Tx, row: ReceivedRow): Promise<string> {
  if (row.sender_id !== '')
    return `Interchange ${row.control_number || '(no number)'} from ${row.sender_qualifier}:${row.sender_id}`;
  const arrival = await tx('arrival').where({ id: row.arrival_id }).first('partner_id', 'source');
  return `What ${arrival?.partner_id ?? 'somebody'} sent by ${arrival?.source ?? 'an unknown way'}`;
}

function storableTa1(ta1: ReceivedTa1): ReceivedTa1 {
  return {
    controlNumber: storableText(ta1.controlNumber).slice(0, 15),
    date: storableText(ta1.date).slice(0, 10),
    time: storableText(ta1.time).slice(0, 10),
    code: storableText(ta1.code).slice(0, 5),
    note: storableText(ta1.note).slice(0, 5),
  };
}

function ta1Of(
  row: ReceivedRow,
  agreement: InterchangeAgreement,
  judgement: Judgement,
  now: string,
): readonly AcknowledgementToRequest[] {
  if (!judgement.ta1Due || agreement.policy.ta1 === 'never') return [];
  const { envelope } = judgement;
  const payload: InterchangeAckPayload = {
    kind: 'interchange-acknowledgement',
    isaVersion: /^00[2-9]\d\d$/.test(envelope.version) ? envelope.version : agreement.policy.version,
    segment: ta1Segment(judgement) as InterchangeAckPayload['segment'],
  };
  return [{ subject: `interchange/${row.id}/TA1`, set: 'TA1', payload, answersId: row.id, at: now }];
}

function answersOf({ row, agreement, judgement }: Judged, now: string): readonly AcknowledgementToRequest[] {
  const functional = judgement.groups.flatMap((group, ordinal): AcknowledgementToRequest[] => {
    if (!group.functionalAck || agreement.policy.acknowledgement === 'none') return [];
    const { draft, version } = group.functionalAck;
    const payload: FunctionalAckPayload = {
      kind: 'functional-acknowledgement',
      // The ids of the inbound GS, the other way round.
      ownGsId: group.receiverCode,
      partnerGsId: group.senderCode,
      version,
      draft: {
        set: draft.set,
        ...(draft.implementation === undefined ? {} : { implementation: draft.implementation }),
        segments: draft.segments as FunctionalAckPayload['draft']['segments'],
      },
    };
    return [
      {
        subject: `interchange/${row.id}/${draft.set}/${ordinal}`,
        set: draft.set,
        payload,
        answersId: row.id,
        at: now,
      },
    ];
  });
  return [...ta1Of(row, agreement, judgement, now), ...functional];
}

const validationOf = { A: 'accepted', E: 'accepted-with-errors', R: 'rejected' } as const;

function validationBeyond(transaction: JudgedTransaction, content: ContentJudgement | null) {
  if (content?.rejected) return 'rejected';
  const isClean = !content || (content.holds.length === 0 && content.advised.length === 0);
  return isClean ? validationOf[transaction.ack] : 'accepted-with-errors';
}

function rowsOf({ row, agreement, guides, judgement, sets, placed }: Judged, now: string) {
  const groups: GroupRow[] = [];
  const documents: DocumentRow[] = [];
  const accepted: AcceptedSet[] = [];
  const keys: KeysOfDocument[] = [];
  const advices: AdviceSubject[] = [];
  const missingGuides = new Set<string>();
  const counted = judgement.groups.reduce((sum, group) => sum + group.transactions.length, 0);
  const scanned = counted === sets.length ? sets : [];
  for (const [ordinal, group] of judgement.groups.entries()) {
    const groupId = newRecordId();
    groups.push(groupRow(row.id, groupId, ordinal, group));
    for (const transaction of group.transactions) {
      const set = scanned[documents.length] ?? { set: transaction.set, offset: 0, length: 0, keys: [] };
      // A group-level error leaves nothing of the group standing, whatever its sets say.
      const tree = group.ack === 'R' ? null : transaction.document;
      const content = tree && judgeContent(tree, agreement, guides);
      const ordinal = documents.length;
      const document = documentRow(
        { row, agreement, guides, group, groupId, transaction, content, set, placed, ordinal },
        now,
      );
      documents.push(document);
      keys.push({ documentId: document.id, keys: set.keys });
      if (!tree || !content) continue;
      const { rejected, advised, holds, missingGuide, answerWithinSeconds } = content;
      if (!rejected)
        accepted.push({ documentId: document.id, transaction: tree, holds, answerWithinSeconds });
      if (advised.length > 0)
        advices.push({ documentId: document.id, group, transaction, rejected, advised });
      if (missingGuide !== null) missingGuides.add(missingGuide);
    }
  }
  return { groups, documents, accepted, advices, missingGuides, keys };
}

function groupRow(interchangeId: string, id: string, ordinal: number, group: JudgedGroup): GroupRow {
  return {
    id,
    interchange_id: interchangeId,
    ordinal,
    functional_id: group.functionalId,
    control_number: group.controlNumber,
    sender_code: group.senderCode,
    receiver_code: group.receiverCode,
    version: group.version,
    ack_code: group.ack,
    ack_errors: group.errors,
    included: group.included,
    received: group.received,
    accepted: group.accepted,
    answer: group.functionalAck?.text ?? null,
  };
}

interface DocumentParts {
  readonly row: ReceivedRow;
  readonly agreement: InterchangeAgreement;
  readonly group: JudgedGroup;
  readonly groupId: string;
  readonly transaction: JudgedTransaction;
  /** null where nothing of it stands */
  readonly content: ContentJudgement | null;
  readonly guides: GuidesInForce;
  readonly set: ScannedSet;
  readonly placed: boolean;
  readonly ordinal: number;
}

function documentRow(
  { row, agreement, guides, group, groupId, transaction, content, set, placed, ordinal }: DocumentParts,
  now: string,
): DocumentRow {
  const guide = guides.inbound(transaction.set, group.version);
  return {
    id: newRecordId(),
    direction: 'in',
    interchange_id: row.id,
    group_id: groupId,
    agreement_id: agreement.id,
    partner_id: agreement.partnerId,
    set_id: transaction.set,
    version: group.version,
    functional_id: group.functionalId,
    group_control_number: group.controlNumber,
    control_number: transaction.controlNumber,
    usage: agreement.usage,
    ordinal,
    byte_offset: placed ? set.offset : 0,
    byte_length: placed ? set.length : 0,
    guide: guide && 'guide' in guide ? guide.name : null,
    guide_version: guide && 'guide' in guide ? guide.version : null,
    validation: group.ack === 'R' ? 'rejected' : validationBeyond(transaction, content),
    delivery: 'received',
    acknowledgement:
      group.functionalAck && agreement.policy.acknowledgement !== 'none' ? 'answered' : 'not-expected',
    ack_due_at: null,
    set_errors: transaction.errors,
    findings: content ? [...transaction.findings, ...content.findings] : transaction.findings,
    purchase_order_number: firstKey(set.keys, 'purchase-order'),
    invoice_number: firstKey(set.keys, 'invoice'),
    shipment_number: firstKey(set.keys, 'shipment'),
    order_id: null,
    reissue_of: null,
    note: content?.rejected ? 'nothing follows from it: it breaks the guide, and an 824 says so' : null,
    created_at: now,
  };
}
