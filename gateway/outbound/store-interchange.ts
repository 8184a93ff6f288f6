import { createHash } from 'node:crypto';
import type { Tx } from '../../db/connection';
import { newRecordId } from '../../db/record-ids';
import { addDocumentKeys } from '../../db/repositories/document-keys';
import { addRendered } from '../../db/repositories/document-requests';
import { addDocuments, addGroups } from '../../db/repositories/interchange-documents';
import { addOutbound } from '../../db/repositories/interchanges';
import { WriteTogether } from '../../db/repositories/write-together';
import { addSeconds } from '../../domain/shared/dates';
import { firstKey } from '../../edi/archive/document-keys';
import type { InterchangeAgreement } from '../agreement';
import type { AssembledInterchange } from './assemble-interchange';
import type { Batch } from './batches';

/** The final bytes with their groups and documents, the requests done, the send job left: in the caller's transaction. */
export async function storeInterchange(
  tx: Tx,
  agreement: InterchangeAgreement,
  items: Batch['items'],
  assembled: AssembledInterchange,
  interchangeNumber: number,
  now: string,
): Promise<void> {
  const interchangeId = newRecordId();
  const writes = new WriteTogether();
  addOutbound(writes, {
    id: interchangeId,
    agreement_id: agreement.id,
    partner_id: agreement.partnerId,
    channel_id: agreement.channelId,
    sender_qualifier: agreement.ownQualifier,
    sender_id: agreement.ownIsaId,
    receiver_qualifier: agreement.partnerQualifier,
    receiver_id: agreement.partnerIsaId,
    control_number: String(interchangeNumber).padStart(9, '0'),
    version: assembled.isaVersion,
    usage: agreement.usage,
    content: assembled.content,
    sha256: createHash('sha256').update(assembled.content).digest(),
    created_at: now,
  });
  const documentOf = addGroupsAndDocuments(writes, agreement, items, assembled, interchangeId, now);
  addRendered(
    writes,
    agreement.id,
    items.map(({ request }) => ({
      id: request.id,
      document_id: documentOf.get(request.id) ?? null,
      interchange_id: interchangeId,
    })),
    now,
  );
  if (agreement.channelKind !== 'https-mailbox') {
    writes.job('send-interchanges', [{ payload: { channelId: agreement.channelId }, key: interchangeId }]);
  }
  await writes.run(tx);
}

function addGroupsAndDocuments(
  writes: WriteTogether,
  agreement: InterchangeAgreement,
  items: Batch['items'],
  assembled: AssembledInterchange,
  interchangeId: string,
  now: string,
): ReadonlyMap<number, string> {
  const itemOf = new Map(items.map((item) => [item.request.id, item]));
  const documentOf = new Map<number, string>();
  const groups = assembled.groups.map((group, ordinal) => ({ ...group, id: newRecordId(), ordinal }));
  const documents = groups.flatMap((group) =>
    group.sets.map((set) => {
      const item = itemOf.get(set.requestId);
      const drafted = item?.drafted.kind === 'set' ? item.drafted : undefined;
      const dueAfterMs = drafted?.ackDueAfterMs ?? null;
      const id = newRecordId();
      documentOf.set(set.requestId, id);
      return {
        id,
        direction: 'out' as const,
        interchange_id: interchangeId,
        group_id: group.id,
        agreement_id: agreement.id,
        partner_id: agreement.partnerId,
        set_id: set.set,
        version: group.version,
        functional_id: group.functionalId,
        group_control_number: String(group.controlNumber),
        control_number: set.controlNumber,
        usage: agreement.usage,
        ordinal: documentOf.size - 1,
        byte_offset: set.byteOffset,
        byte_length: set.byteLength,
        guide: drafted?.guide?.name ?? null,
        guide_version: drafted?.guide?.version ?? null,
        validation: 'accepted' as const,
        delivery: 'pending' as const,
        acknowledgement: dueAfterMs === null ? ('not-expected' as const) : ('expected' as const),
        ack_due_at: dueAfterMs === null ? null : addSeconds(now, dueAfterMs / 1000),
        set_errors: [],
        findings: set.findings,
        purchase_order_number: drafted?.keys.purchaseOrderNumber ?? firstKey(set.keys, 'purchase-order'),
        invoice_number: drafted?.keys.invoiceNumber ?? firstKey(set.keys, 'invoice'),
        shipment_number: drafted?.keys.shipmentNumber ?? firstKey(set.keys, 'shipment'),
        order_id: item?.request.order_id ?? null,
        reissue_of: item?.request.reissue_of ?? null,
        note: null,
        created_at: now,
      };
    }),
  );
  addGroups(
    writes,
    groups.map((group) => ({
      id: group.id,
      interchange_id: interchangeId,
      ordinal: group.ordinal,
      functional_id: group.functionalId,
      control_number: String(group.controlNumber),
      sender_code: group.ownGsId,
      receiver_code: group.partnerGsId,
      version: group.version,
      ack_code: null,
      ack_errors: [],
      included: group.sets.length,
      received: group.sets.length,
      accepted: 0,
      answer: null,
    })),
  );
  addDocuments(writes, documents);
  addDocumentKeys(
    writes,
    groups.flatMap((group) =>
      group.sets.map((set) => ({ documentId: documentOf.get(set.requestId) ?? '', keys: set.keys })),
    ),
  );
  return documentOf;
}
