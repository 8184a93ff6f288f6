import type { Knex } from 'knex';

// Written out, not imported: a landed migration must not change when the domain does. A test compares them.
const supplierInvoiceStates = ['mismatch', 'matched', 'accepted', 'rejected', 'posted'];
const list = supplierInvoiceStates.map((state) => `'${state}'`).join(', ');

/** Invoices of suppliers are posted to the ERP: with the day of the invoice, and the ERP's document. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table supplier_invoice drop constraint supplier_invoice_state_check;
alter table supplier_invoice add constraint supplier_invoice_state_check check (state in (${list})),
  add invoice_date date, add posted_at timestamptz, add erp_document text,
  add constraint supplier_invoice_posted check ((state = 'posted') = (posted_at is not null));`);
}
