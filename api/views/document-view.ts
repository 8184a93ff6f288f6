import type { DocumentViewRow } from '../../db/repositories/document-views';
import type { DocumentSummaryView } from '../contract/documents';
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
