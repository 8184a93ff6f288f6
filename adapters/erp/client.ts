import type {
  ErpPort,
  InvoicePosting,
  ReceivablesSnapshot,
  SupplierInvoicePosting,
} from '../../domain/invoicing/erp-port';
import { AdapterFault } from '../fault';
import { callJson, type Endpoint, lookUpJson } from '../json-call';
import {
  type InvoicePostingWire,
  type PostedInvoice,
  type PostedSupplierInvoice,
  postedInvoice,
  postedSupplierInvoice,
  receivables,
  type SupplierInvoicePostingWire,
} from './contract';

/** The ERP over its REST interface. */
export function createErpClient(endpoint: Endpoint): ErpPort {
  return {
    postInvoice: (posting) => postInvoice(endpoint, posting),
    postSupplierInvoice: (posting) => postSupplierInvoice(endpoint, posting),
    receivables: (creditAccountId) => readReceivables(endpoint, creditAccountId),
  };
}

async function postInvoice(
  endpoint: Endpoint,
  posting: InvoicePosting,
): Promise<{ erpDocument: string; postedAt: string }> {
  const { idempotencyKey, ...rest } = posting;
  const body: InvoicePostingWire = { ...rest, lines: [...rest.lines] };
  if (endpoint.idempotency === 'lookup') {
    const there = await findInvoice(endpoint, posting.invoiceNumber);
    if (there) return answerOf(there, posting);
  }
  const posted = await callJson({
    system: 'erp',
    endpoint,
    method: 'POST',
    path: '/invoices',
    body,
    idempotencyKey,
    reply: postedInvoice,
  });
  return answerOf(posted, posting);
}

async function postSupplierInvoice(
  endpoint: Endpoint,
  posting: SupplierInvoicePosting,
): Promise<{ erpDocument: string; postedAt: string }> {
  const { idempotencyKey, ...rest } = posting;
  const body: SupplierInvoicePostingWire = { ...rest, lines: [...rest.lines], extras: [...rest.extras] };
  const there = endpoint.idempotency === 'lookup' ? await findSupplierInvoice(endpoint, posting) : undefined;
  const posted =
    there ??
    (await callJson({
      system: 'erp',
      endpoint,
      method: 'POST',
      path: '/supplier-invoices',
      body,
      idempotencyKey,
      reply: postedSupplierInvoice,
    }));
  if (posted.supplierId !== posting.supplierId)
    throw new AdapterFault(
      'erp',
      'conflict',
      `the ERP holds an invoice of ${posted.supplierId}, not of ${posting.supplierId}`,
    );
  return answerOf(posted, posting);
}

function findSupplierInvoice(
  endpoint: Endpoint,
  { supplierId, invoiceNumber }: SupplierInvoicePosting,
): Promise<PostedSupplierInvoice | undefined> {
  const path = `/supplier-invoices/${encodeURIComponent(supplierId)}/${encodeURIComponent(invoiceNumber)}`;
  return lookUpJson({ system: 'erp', endpoint, method: 'GET', path, reply: postedSupplierInvoice });
}

function findInvoice(endpoint: Endpoint, invoiceNumber: string): Promise<PostedInvoice | undefined> {
  const path = `/invoices/${encodeURIComponent(invoiceNumber)}`;
  return lookUpJson({ system: 'erp', endpoint, method: 'GET', path, reply: postedInvoice });
}

/** An invoice number that stands in the ERP with another amount is somebody else's: it must not pass as ours. */
function answerOf(
  posted: PostedInvoice,
  posting: Pick<InvoicePosting, 'invoiceNumber' | 'totalMinor'>,
): { erpDocument: string; postedAt: string } {
  if (posted.invoiceNumber !== posting.invoiceNumber || posted.totalMinor !== posting.totalMinor) {
    const theirs = `${posted.invoiceNumber} over ${posted.totalMinor}`;
    throw new AdapterFault(
      'erp',
      'conflict',
      `the ERP holds ${theirs}, not ${posting.invoiceNumber} over ${posting.totalMinor}`,
    );
  }
  return { erpDocument: posted.erpDocument, postedAt: posted.postedAt };
}

function readReceivables(endpoint: Endpoint, creditAccountId: string): Promise<ReceivablesSnapshot> {
  const path = `/receivables/${encodeURIComponent(creditAccountId)}`;
  return callJson({ system: 'erp', endpoint, method: 'GET', path, reply: receivables });
}
