import type { Db } from '../connection';
import { PLANNED_EACH_TIME } from '../prepared-statements';
import { firstIdAt } from '../record-ids';
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
  readonly guide_version: number | null;
  readonly note: string | null;
}

const columns = `d.id, d.direction, d.set_id, d.version, d.partner_id, d.usage, d.control_number, d.group_control_number,
  n.control_number as interchange_control_number, d.interchange_id, d.validation, d.delivery, d.acknowledgement, d.ack_due_at, d.acknowledged_at,
  d.purchase_order_number, d.invoice_number, d.shipment_number, d.order_id, d.created_at,
  case when jsonb_typeof(d.findings) = 'array' then jsonb_array_length(d.findings) else 0 end as finding_count`;
const from = 'from document d join interchange n on n.id = d.interchange_id';

/**
 * A partner sees its own documents; a buyer those of its own orders that its own partner exchanged: what the warehouse
 * or a supplier was told of them travels with other buyers' orders.
 */
function visibleDocuments(visible: Visibility): Conditions {
  const where: Conditions = { sql: [], values: [] };
  if (visible.partnerId !== undefined) add(where, 'd.partner_id = ?', visible.partnerId);
  if (visible.customerId !== undefined) {
    add(
      where,
      `exists (select 1 from orders vo where vo.id = d.order_id and vo.customer_id = ?)
       and exists (select 1 from partner vp where vp.id = d.partner_id and vp.customer_id = ?)`,
      visible.customerId,
      visible.customerId,
    );
  }
  return where;
}

/** Any number that people have in their hands: one of the extracted keys, or a control number. */
export interface KeyFilter {
  readonly kind: string;
  readonly value: string;
}

export interface DocumentFilter {
  readonly columns: Readonly<Partial<Record<FilterColumn, string>>>;
  /** All of them. */
  readonly keys: readonly KeyFilter[];
  /** ISA13, GS06 or ST02, with or without its leading zeros. */
  readonly controlNumber?: string;
  /** A key of any of these kinds, or a control number. */
  readonly search?: { readonly keys: readonly KeyFilter[]; readonly controlNumber: string };
  /** Instants; the second is not included. */
  readonly from?: string;
  readonly until?: string;
}

const filterColumns = {
  direction: 'd.direction',
  setId: 'd.set_id',
  partnerId: 'd.partner_id',
  orderId: 'd.order_id',
  interchangeId: 'd.interchange_id',
  usage: 'd.usage',
  validation: 'd.validation',
  delivery: 'd.delivery',
  acknowledgement: 'd.acknowledgement',
} as const;
export type FilterColumn = keyof typeof filterColumns;

/** A document's id is made within the transaction that dates it: an hour is more than they can differ. */
const ID_MARGIN_MS = 3_600_000;

function between(where: Conditions, { from, until }: DocumentFilter): void {
  if (from !== undefined) {
    add(where, 'd.created_at >= ? and d.id >= ?', from, firstIdAt(Date.parse(from) - ID_MARGIN_MS));
  }
  if (until !== undefined) {
    add(where, 'd.created_at < ? and d.id < ?', until, firstIdAt(Date.parse(until) + ID_MARGIN_MS));
  }
}

/** One way to find documents by their numbers; what several ways find is merged. */
interface Way {
  readonly join: string;
  readonly condition: string;
  readonly values: Conditions['values'];
}

function byKey({ kind, value }: KeyFilter): Way {
  return {
    join: 'join document_key k on k.document_id = d.id',
    condition: 'k.kind = ? and k.value = ?',
    values: [kind, value],
  };
}

function byControlNumber(number: string): readonly Way[] {
  const bare = number.replace(/^0+(?=\d)/, '');
  const spellings = [...new Set([number, bare, bare.padStart(4, '0'), bare.padStart(9, '0')])];
  return [
    { join: '', condition: 'd.control_number = any(?)', values: [spellings] },
    { join: '', condition: 'd.group_control_number = any(?)', values: [spellings] },
    {
      join: 'join interchange i on i.id = d.interchange_id',
      condition: 'i.control_number = any(?)',
      values: [spellings],
    },
  ];
}

const EVERYTHING: Way = { join: '', condition: 'true', values: [] };

function waysOf({ controlNumber, search }: DocumentFilter): readonly Way[] {
  if (search) return [...search.keys.map(byKey), ...byControlNumber(search.controlNumber)];
  return controlNumber === undefined ? [EVERYTHING] : byControlNumber(controlNumber);
}

/**
 * Newest first. Each way is an index of its own, read in the order of the page, and gives at most a page: a number that
 * a million documents have costs what a page costs.
 */
export async function listDocuments(db: Db, visible: Visibility, filter: DocumentFilter, page: PageRequest) {
  const where = visibleDocuments(visible);
  for (const [name, value] of Object.entries(filter.columns)) {
    if (value !== undefined) add(where, `${filterColumns[name as FilterColumn]} = ?`, value);
  }
  between(where, filter);
  if (page.after !== null) add(where, 'd.id < ?', page.after);
  const keyJoins: string[] = [];
  for (const [at, { kind, value }] of filter.keys.entries()) {
    keyJoins.push(`join document_key k${at} on k${at}.document_id = d.id`);
    add(where, `k${at}.kind = ? and k${at}.value = ?`, kind, value);
  }
  const ways = waysOf(filter).map(({ join, condition, values }) => ({
    sql: `(select d.id from document d ${keyJoins.join(' ')} ${join}
           where ${[...where.sql, condition].join(' and ')} order by d.id desc limit ?)`,
    values: [...where.values, ...values, page.limit + 1],
  }));
  const { rows } = await db.raw<{ rows: DocumentViewRow[] }>(
    `${PLANNED_EACH_TIME}select ${columns} from (${ways.map(({ sql }) => sql).join(' union ')}) as hit
     join document d on d.id = hit.id join interchange n on n.id = d.interchange_id
     order by d.id desc limit ?`,
    [...ways.flatMap(({ values }) => values), page.limit + 1] as never,
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
    `select ${columns}, d.findings, d.set_errors, d.acknowledgement_findings, d.guide, d.guide_version, d.note, g.answer ${from} join functional_group g on g.id = d.group_id ${whereOf(where)}`,
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

interface PlacedBytes {
  readonly control_number: string;
  readonly content: Buffer | null;
  readonly arrival_id: string | null;
  readonly byte_offset: number;
  readonly byte_length: number;
}

const bytesColumns = 'n.control_number, n.content, n.arrival_id, n.byte_offset, n.byte_length';

/** Outbound from the interchange itself, inbound from the archive. */
async function bytesOf(db: Db, row: PlacedBytes, largest: number): Promise<Buffer | 'too-large' | undefined> {
  if (row.byte_length > largest) return 'too-large';
  if (row.content !== null) return row.content;
  if (row.arrival_id === null) return undefined;
  return readArrivalBytes(db, row.arrival_id, row.byte_offset, row.byte_length);
}

/** The bytes as they arrived or left. */
export async function readInterchange(
  db: Db,
  interchangeId: string,
  largest: number,
): Promise<Buffer | 'too-large' | undefined> {
  const { rows } = await db.raw<{ rows: PlacedBytes[] }>(
    `select ${bytesColumns} from interchange n where n.id = ?`,
    [interchangeId],
  );
  return rows[0] && bytesOf(db, rows[0], largest);
}

export async function readInterchangeOfDocument(
  db: Db,
  documentId: string,
  largest: number,
): Promise<RawInterchange | 'too-large' | undefined> {
  const { rows } = await db.raw<{
    rows: (PlacedBytes & { readonly set_offset: number; readonly set_length: number })[];
  }>(
    `select ${bytesColumns}, d.byte_offset as set_offset, d.byte_length as set_length ${from} where d.id = ?`,
    [documentId],
  );
  const row = rows[0];
  if (!row) return undefined;
  const bytes = await bytesOf(db, row, largest);
  if (bytes === undefined || bytes === 'too-large') return bytes;
  const within = row.set_length > 0 && row.set_offset + row.set_length <= bytes.byteLength;
  return {
    controlNumber: row.control_number,
    bytes,
    set: within ? { offset: row.set_offset, length: row.set_length } : null,
  };
}
