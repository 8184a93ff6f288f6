import {
  readInvoiceToPost,
  recordSupplierInvoicePosted,
  tellNotPosted,
} from '../../application/supplier/post-supplier-invoice';
import { callOutside } from './call-outside';
import type { JobHandler } from './job';

/** A supplier's invoice that matched, or that finance has accepted, is booked by the ERP. */
export const postSupplierInvoice: JobHandler<'post-supplier-invoice'> = async (
  { invoiceId },
  { db, outside },
) => {
  const invoice = await readInvoiceToPost(db, invoiceId);
  if (invoice === null) return;
  await callOutside(db, {
    call: invoice.call,
    ask: () => outside.erp.postSupplierInvoice(invoice.posting),
    record: (tx, reply, now) => recordSupplierInvoicePosted(tx, invoice, reply, now),
    tell: (reason, now) => tellNotPosted(db, invoice, reason, now),
  });
};
