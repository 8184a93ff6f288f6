import type { DocumentHistoryRow, DocumentLinkRow } from '../../db/repositories/document-surroundings';
import type { DocumentViewRow } from '../../db/repositories/document-views';
import type {
  DocumentHistoryEntryView,
  DocumentLinkView,
  DocumentSummaryView,
  DocumentView,
} from '../contract/documents';
import { documentName } from './document-names';

export function documentSummaryView(row: DocumentViewRow): DocumentSummaryView {
  return {
    id: row.id,
    direction: row.direction,
    setId: row.set_id,
    name: documentName(row.set_id),
    version: row.version,
    partnerId: row.partner_id,
    usage: row.usage,
    controlNumber: row.control_number,
    groupControlNumber: row.group_control_number,
    interchangeControlNumber: row.interchange_control_number,
    interchangeId: row.interchange_id,
    validation: row.validation,
    delivery: row.delivery,
    acknowledgement: row.acknowledgement,
    acknowledgementDueAt: row.ack_due_at,
    acknowledgedAt: row.acknowledged_at,
    purchaseOrderNumber: row.purchase_order_number,
    invoiceNumber: row.invoice_number,
    shipmentNumber: row.shipment_number,
    orderId: row.order_id,
    findingCount: row.finding_count,
    createdAt: row.created_at,
  };
}

const linkView = (row: DocumentLinkRow): DocumentLinkView => ({
  id: row.id,
  setId: row.set_id,
  name: documentName(row.set_id),
  interchangeControlNumber: row.interchange_control_number,
  controlNumber: row.control_number,
  delivery: row.delivery,
  createdAt: row.created_at,
});

export function documentLinksView(
  rows: readonly DocumentLinkRow[],
): Pick<DocumentView, 'answeredBy' | 'acknowledgedBy' | 'reissueOf' | 'reissues'> {
  const of = (relation: DocumentLinkRow['relation']) =>
    rows.filter((row) => row.relation === relation).map(linkView);
  return {
    answeredBy: of('answered-by'),
    acknowledgedBy: of('acknowledged-by')[0] ?? null,
    reissueOf: of('reissue-of')[0] ?? null,
    reissues: of('reissue'),
  };
}

const doors: Readonly<Record<string, string>> = {
  https: 'by HTTPS',
  as2: 'by AS2',
  sftp: 'by SFTP',
  cli: "by an operator's hand",
};
const statusTexts: Readonly<Record<string, string>> = {
  'validation/accepted': 'Accepted',
  'validation/accepted-with-errors': 'Accepted, errors noted',
  'validation/rejected': 'Rejected',
  'validation/held': 'Held',
  'delivery/pending': 'Waiting to be sent',
  'delivery/sent': 'Sent; its receipt is still to come',
  'delivery/delivered': 'Delivered',
  'delivery/undeliverable': 'Not taken by the partner',
  'acknowledgement/expected': 'An acknowledgement is expected',
  'acknowledgement/accepted': 'Accepted by the partner',
  'acknowledgement/accepted-with-errors': 'Accepted by the partner, errors noted',
  'acknowledgement/rejected': 'Rejected by the partner',
  'acknowledgement/overdue': 'The acknowledgement is overdue',
};

function historyText({ aspect, status, text }: DocumentHistoryRow): string {
  if (aspect === 'arrival') return `Received ${doors[text ?? ''] ?? ''}`.trim();
  if (aspect === 'acknowledgement' && status === 'answered') return `Answered with ${text ?? 'a 997'}`;
  if (aspect === 'exception') return text ?? status;
  return statusTexts[`${aspect}/${status}`] ?? status;
}

/** @param own exceptions are the seller's own matter */
export const documentHistoryView = (
  rows: readonly DocumentHistoryRow[],
  own: boolean,
): DocumentHistoryEntryView[] =>
  rows
    .filter(({ aspect }) => own || aspect !== 'exception')
    .map((row) => ({ at: row.at, aspect: row.aspect, status: row.status, text: historyText(row) }));
