import type { LocalDate } from '../shared/dates';

export interface InvoicePosting {
  readonly idempotencyKey: string;
  readonly invoiceNumber: string;
  readonly entityId: string;
  readonly creditAccountId: string;
  readonly customerId: string;
  readonly orderNumber: string;
  readonly purchaseOrderNumber: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly taxMinor: number;
  readonly invoiceDate: LocalDate;
  readonly dueDate: LocalDate;
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly itemId: string;
    readonly quantity: number;
    readonly amountMinor: number;
  }[];
}

/** The ERP's receivables of one credit account: open items by invoice, with the instant they were true at. */
export interface ReceivablesSnapshot {
  readonly creditAccountId: string;
  readonly asOf: string;
  readonly currency: string;
  readonly openItems: readonly {
    readonly invoiceNumber: string;
    readonly openMinor: number;
    readonly dueDate: LocalDate;
    readonly disputed: boolean;
  }[];
  readonly unappliedCashMinor: number;
}

/** The ERP owns receivables: the hub posts invoices to it and reads open items back. */
export interface ErpPort {
  postInvoice(posting: InvoicePosting): Promise<{ readonly erpDocument: string; readonly postedAt: string }>;
  receivables(creditAccountId: string): Promise<ReceivablesSnapshot>;
}
