import type { ProductId } from '../order/order-request';
import type { WithBeyond } from '../partner/beyond-content';
import type { Contact, DocumentParty, DocumentReference, QualifiedDate } from '../partner/document-parts';
import type { LocalDate } from '../shared/dates';
import type { DocumentCurrency } from './remittance-advice';

/** 812: a credit or debit against what was invoiced. Amounts are decimal strings in the document's currency. */
export interface CreditDebitAdjustment extends WithBeyond {
  readonly kind: 'credit-debit-adjustment';
  readonly date: LocalDate;
  readonly adjustmentNumber: string;
  /** BCD03, element 305. */
  readonly handling: string;
  /** Two places at most (N2). */
  readonly amount: string;
  /** BCD05, element 478, as the one who sends it sees it: C credit, D debit. */
  readonly creditOrDebit: string;
  readonly invoiceDate?: LocalDate;
  readonly invoiceNumber?: string;
  readonly vendorOrderNumber?: string;
  readonly purchaseOrderDate?: LocalDate;
  readonly purchaseOrderNumber?: string;
  readonly purpose?: string;
  readonly transactionType?: string;
  readonly reference?: { readonly qualifier?: string; readonly value?: string };
  readonly action?: string;
  readonly currency?: DocumentCurrency;
  readonly references: readonly DocumentReference[];
  readonly contacts: readonly Contact[];
  readonly dates: readonly QualifiedDate[];
  readonly charges: readonly AllowanceOrCharge[];
  readonly parties: readonly DocumentParty[];
  readonly lines: readonly AdjustmentLine[];
}

/** CDD loop: one reason, for one item or for the whole. */
export interface AdjustmentLine extends WithBeyond {
  /** CDD01, element 426. */
  readonly reason: string;
  readonly creditOrDebit: string;
  readonly lineNumber?: string;
  readonly amount?: string;
  readonly priceBracket?: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly priceDifference?: string;
  readonly priceCode?: string;
  readonly unitPrice?: string;
  readonly otherPriceCode?: string;
  readonly otherUnitPrice?: string;
  readonly item?: WithBeyond & { readonly lineNumber?: string; readonly productIds: readonly ProductId[] };
  readonly references: readonly DocumentReference[];
  readonly dates: readonly QualifiedDate[];
}

/** SAC. */
export interface AllowanceOrCharge extends WithBeyond {
  /** SAC01, element 248: A allowance, C charge, N neither, ... */
  readonly indicator: string;
  /** SAC02, element 1300. */
  readonly code?: string;
  readonly agency?: string;
  readonly agencyCode?: string;
  readonly amount?: string;
  readonly percentOf?: string;
  readonly percent?: string;
  readonly rate?: string;
  readonly unit?: string;
  readonly quantity?: string;
  readonly otherQuantity?: string;
  /** SAC12, element 331: 02 off invoice, 06 charge to be paid by customer, ... */
  readonly method?: string;
  readonly reference?: string;
  readonly option?: string;
  readonly description?: string;
  readonly language?: string;
}
