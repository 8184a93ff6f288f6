import type { Db } from '../connection';
import { add, cutPage, type PageRequest, type Visibility, visibleOrders, whereOf } from './visibility';

export interface InvoiceViewRow {
  readonly id: string;
  readonly invoice_number: string;
  readonly order_id: string;
  readonly order_number: string;
  readonly shipment_id: string;
  readonly shipment_number: string;
  readonly usage: 'P' | 'T';
  readonly invoice_date: string;
  readonly due_date: string;
  readonly currency: string;
  readonly total_minor: number;
  readonly paid_minor: number;
  readonly subtotal_minor: number;
  readonly charges_minor: number;
  readonly tax_minor: number;
  readonly lines: unknown;
  readonly charges: unknown;
  readonly terms: unknown;
  readonly erp_document: string | null;
  readonly issued_at: string;
  readonly posted_at: string | null;
}

const selectColumns = `select v.id, v.invoice_number, v.order_id, o.order_number, v.shipment_id, s.shipment_number, v.usage, v.invoice_date, v.due_date, v.currency,
  v.total_minor, v.paid_minor, v.subtotal_minor, v.charges_minor, v.tax_minor, v.lines, v.charges, v.terms, v.erp_document, v.issued_at, v.posted_at`;
const selectInvoices = `${selectColumns} from invoice v join orders o on o.id = v.order_id join shipment s on s.id = v.shipment_id`;

/** The invoices of one order, inside of a query that has it as `alias`. */
export const selectInvoicesOf = (alias: string) =>
  `${selectColumns} from invoice v join shipment s on s.id = v.shipment_id where v.order_id = ${alias}.id`;

export interface SettlementRow {
  readonly kind: 'payment' | 'discount';
  readonly amount_minor: number;
  readonly trace_number: string | null;
  readonly effective_on: string;
  readonly booked_at: string | null;
}

export async function listSettlements(db: Db, invoiceId: string): Promise<readonly SettlementRow[]> {
  const { rows } = await db.raw<{ rows: SettlementRow[] }>(
    `select c.kind, c.amount_minor, r.trace_number, c.effective_on, c.booked_at
     from cash_entry c left join remittance r on r.id = c.remittance_id where c.invoice_id = ? order by c.id`,
    [invoiceId],
  );
  return rows;
}

export async function listInvoices(
  db: Db,
  visible: Visibility,
  filter: { readonly orderId?: string; readonly invoiceNumber?: string },
  page: PageRequest,
) {
  const where = visibleOrders(visible);
  if (filter.orderId !== undefined) add(where, 'v.order_id = ?', filter.orderId);
  if (filter.invoiceNumber !== undefined) add(where, 'v.invoice_number = ?', filter.invoiceNumber);
  if (page.after !== null) add(where, 'v.id < ?', page.after);
  const { rows } = await db.raw<{ rows: InvoiceViewRow[] }>(
    `${selectInvoices} ${whereOf(where)} order by v.id desc limit ?`,
    [...where.values, page.limit + 1] as never,
  );
  return cutPage(rows, page.limit, (row) => row.id);
}

export async function findInvoice(
  db: Db,
  visible: Visibility,
  invoiceId: string,
): Promise<InvoiceViewRow | undefined> {
  const where = visibleOrders(visible);
  add(where, 'v.id = ?', invoiceId);
  const { rows } = await db.raw<{ rows: InvoiceViewRow[] }>(
    `${selectInvoices} ${whereOf(where)}`,
    where.values as never,
  );
  return rows[0];
}
