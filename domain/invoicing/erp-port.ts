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

/** What a supplier is owed for what it shipped to the company's customers. Amounts are minor units. */
export interface SupplierInvoicePosting {
  readonly idempotencyKey: string;
  readonly supplierId: string;
  /** The supplier's own; unique with it. */
  readonly invoiceNumber: string;
  readonly entityId: string;
  /** Ours to the supplier, and the customer's order behind it. */
  readonly purchaseOrderNumber: string;
  readonly orderNumber: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly invoiceDate: LocalDate;
  readonly lines: readonly {
    /** Of our purchase order; none where a person has accepted what was not on it. */
    readonly lineNumber?: number;
    readonly itemId?: string;
    readonly text: string;
    /** In the unit, as billed. */
    readonly quantity: string;
    readonly unit: string;
    readonly amountMinor: number;
  }[];
  /** Charges, allowances (negative) and taxes beside the lines. */
  readonly extras: readonly { readonly text: string; readonly amountMinor: number }[];
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

/** The ERP owns receivables and payables: the hub posts invoices to it and reads open items back. */
export interface ErpPort {
  postInvoice(posting: InvoicePosting): Promise<{ readonly erpDocument: string; readonly postedAt: string }>;
  postSupplierInvoice(
    posting: SupplierInvoicePosting,
  ): Promise<{ readonly erpDocument: string; readonly postedAt: string }>;
  receivables(creditAccountId: string): Promise<ReceivablesSnapshot>;
}
