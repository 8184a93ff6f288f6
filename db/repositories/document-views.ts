import type { Db } from '../connection';
import { readArrivalBytes } from './arrivals';
import { add, type Conditions, cutPage, type PageRequest, type Visibility, whereOf } from './visibility';

export interface DocumentViewRow {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly set_id: string;
  readonly version: string;
  readonly partner_id: string | null;
  readonly usage: 'P' | 'T';
  readonly control_number: string;
  readonly group_control_number: string;
  readonly interchange_control_number: string;
  readonly interchange_id: string;
  readonly validation: string;
  readonly delivery: string;
  readonly acknowledgement: string;
  readonly ack_due_at: string | null;
  readonly acknowledged_at: string | null;
  readonly purchase_order_number: string | null;
  readonly invoice_number: string | null;
  readonly shipment_number: string | null;
  readonly order_id: string | null;
  readonly finding_count: number;
  readonly created_at: string;
}

export interface DocumentDetailRow extends DocumentViewRow {
  readonly findings: unknown;
  readonly set_errors: unknown;
  readonly acknowledgement_findings: unknown;
  readonly answer: string | null;
  readonly guide: string | null;
}

const columns = `d.id, d.direction, d.set_id, d.version, d.partner_id, d.usage, d.control_number, d.group_control_number,
  n.control_number as interchange_control_number, d.interchange_id, d.validation, d.delivery, d.acknowledgement, d.ack_due_at, d.acknowledged_at,
  d.purchase_order_number, d.invoice_number, d.shipment_number, d.order_id, d.created_at,
  case when jsonb_typeof(d.findings) = 'array' then jsonb_array_length(d.findings) else 0 end as finding_count`;
const from = 'from document d join interchange n on n.id = d.interchange_id';

/** A partner sees its own documents; a buyer those of its own orders. */
function visibleDocuments(visible: Visibility): Conditions {
  const where: Conditions = { sql: [], values: [] };
  if (visible.partnerId !== undefined) add(where, 'd.partner_id = ?', visible.partnerId);
  if (visible.customerId !== undefined) {
    add(
      where,
      'exists (select 1 from orders vo where vo.id = d.order_id and vo.customer_id = ?)',
      visible.customerId,
    );
  }
  return where;
}

export interface DocumentFilter {
  readonly direction?: string;
  readonly setId?: string;
  readonly partnerId?: string;
  readonly orderId?: string;
  readonly purchaseOrderNumber?: string;
  readonly invoiceNumber?: string;
  readonly controlNumber?: string;
  readonly validation?: string;
  readonly acknowledgement?: string;
}

const filterColumns = {
  direction: 'd.direction',
  setId: 'd.set_id',
  partnerId: 'd.partner_id',
  orderId: 'd.order_id',
  purchaseOrderNumber: 'd.purchase_order_number',
  invoiceNumber: 'd.invoice_number',
  controlNumber: 'd.control_number',
  validation: 'd.validation',
  acknowledgement: 'd.acknowledgement',
} as const satisfies Record<keyof DocumentFilter, string>;

/** Newest first. */
export async function listDocuments(db: Db, visible: Visibility, filter: DocumentFilter, page: PageRequest) {
  const where = visibleDocuments(visible);
  for (const [name, column] of Object.entries(filterColumns)) {
    const value = filter[name as keyof DocumentFilter];
    if (value !== undefined) add(where, `${column} = ?`, value);
  }
  if (page.after !== null) add(where, 'd.id < ?', page.after);
  const { rows } = await db.raw<{ rows: DocumentViewRow[] }>(
    `select ${columns} ${from} ${whereOf(where)} order by d.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function listDocumentsOfOrder(db: Db, orderId: string): Promise<readonly DocumentViewRow[]> {
  const { rows } = await db.raw<{ rows: DocumentViewRow[] }>(
    `select ${columns} ${from} where d.order_id = ? order by d.id`,
    [orderId],
  );
  return rows;
}

export async function findDocument(
  db: Db,
  visible: Visibility,
  documentId: string,
): Promise<DocumentDetailRow | undefined> {
  const where = visibleDocuments(visible);
  add(where, 'd.id = ?', documentId);
  const { rows } = await db.raw<{ rows: DocumentDetailRow[] }>(
    `select ${columns}, d.findings, d.set_errors, d.acknowledgement_findings, d.guide, g.answer ${from} join functional_group g on g.id = d.group_id ${whereOf(where)}`,
    where.values as never,
  );
  return rows[0];
}

export interface RawInterchange {
  readonly controlNumber: string;
  readonly bytes: Buffer;
  /** Where the document's own set (ST to SE) lies in it; null when that was not recorded. */
  readonly set: { readonly offset: number; readonly length: number } | null;
}

/** The bytes as they arrived or left: outbound from the interchange itself, inbound from the archive. */
export async function readInterchangeOfDocument(
  db: Db,
  documentId: string,
  largest: number,
): Promise<RawInterchange | 'too-large' | undefined> {
  const { rows } = await db.raw<{
    rows: {
      control_number: string;
      content: Buffer | null;
      arrival_id: string | null;
      byte_offset: number;
      byte_length: number;
      set_offset: number;
      set_length: number;
    }[];
  }>(
    `select n.control_number, n.content, n.arrival_id, n.byte_offset, n.byte_length, d.byte_offset as set_offset, d.byte_length as set_length
     ${from} where d.id = ?`,
    [documentId],
  );
  const row = rows[0];
  if (!row) return undefined;
  if (row.byte_length > largest) return 'too-large';
  const bytes =
    row.content ??
    (row.arrival_id === null
      ? undefined
      : await readArrivalBytes(db, row.arrival_id, row.byte_offset, row.byte_length));
  if (bytes === undefined) return undefined;
  const within = row.set_length > 0 && row.set_offset + row.set_length <= bytes.byteLength;
  return {
    controlNumber: row.control_number,
    bytes,
    set: within ? { offset: row.set_offset, length: row.set_length } : null,
  };
}
