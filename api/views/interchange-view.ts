import type { InterchangeGroupRow, InterchangeViewRow } from '../../db/repositories/interchange-views';
import type { InterchangeSummaryView, InterchangeView } from '../contract/interchanges';

function ta1Of(row: InterchangeViewRow): InterchangeSummaryView['ta1'] {
  const [code, note] =
    row.direction === 'in' ? [row.ta1_code, row.ta1_note] : [row.partner_ta1_code, row.partner_ta1_note];
  return code === null ? null : { code, note: note ?? '' };
}

/** Empty where no ISA could be read. */
const interchangeId = (qualifier: string, id: string) =>
  id.trim() === '' ? '' : `${qualifier}:${id.trim()}`;

export const interchangeSummaryView = (row: InterchangeViewRow): InterchangeSummaryView => ({
  id: row.id,
  direction: row.direction,
  partnerId: row.partner_id,
  agreementId: row.agreement_id,
  sender: interchangeId(row.sender_qualifier, row.sender_id),
  receiver: interchangeId(row.receiver_qualifier, row.receiver_id),
  controlNumber: row.control_number,
  version: row.version,
  usage: row.usage,
  status: row.status,
  ta1: ta1Of(row),
  problem: row.problem,
  size: row.byte_length,
  transmissions: row.transmissions,
  createdAt: row.created_at,
  judgedAt: row.judged_at,
  deliveredAt: row.delivered_at,
});

export const interchangeView = (
  row: InterchangeViewRow & { readonly groups: readonly InterchangeGroupRow[] },
  mayReplay: boolean,
): InterchangeView => ({
  ...interchangeSummaryView(row),
  deviations: row.deviations,
  originalId: row.original_id,
  groups: row.groups.map((group) => ({
    functionalId: group.functional_id,
    controlNumber: group.control_number,
    senderCode: group.sender_code,
    receiverCode: group.receiver_code,
    version: group.version,
    ack: group.ack_code,
    errors: [...group.ack_errors],
    received: group.received,
    accepted: group.accepted,
    answer: group.answer,
  })),
  replayable: mayReplay && (row.status === 'quarantined' || row.status === 'failed'),
});
