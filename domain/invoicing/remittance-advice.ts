import type { WithBeyond } from '../partner/beyond-content';
import type {
  Contact,
  DocumentParty,
  DocumentReference,
  QualifiedDate,
  Remark,
} from '../partner/document-parts';
import type { LocalDate } from '../shared/dates';

/** 820: what a payment is for. Amounts are decimal strings in the payment's currency. */
export interface RemittanceAdvice extends WithBeyond {
  readonly kind: 'remittance-advice';
  /** BPR01, element 305: C payment and advice, I advice only, D payment only, U split. */
  readonly handling: string;
  readonly amount: string;
  /** BPR03, element 478: C credit, D debit. */
  readonly creditOrDebit: string;
  /** BPR04, element 591: ACH, CHK cheque, FWT wire, ... */
  readonly method: string;
  readonly format?: string;
  readonly originatingBank?: BankAccount;
  /** BPR10: the company that pays, BPR11 its own addition. */
  readonly originatorId?: string;
  readonly originatorSupplement?: string;
  readonly receivingBank?: BankAccount;
  /** BPR16: the day on which the money moves. */
  readonly effectiveDate?: LocalDate;
  readonly businessFunction?: string;
  readonly returnBank?: BankAccount;
  readonly remarks: readonly Remark[];
  /** TRN: what identifies the payment at the payer's bank. */
  readonly trace?: WithBeyond & {
    readonly type: string;
    readonly number: string;
    readonly originatorId?: string;
    readonly reference?: string;
  };
  readonly currency?: DocumentCurrency;
  readonly references: readonly DocumentReference[];
  readonly dates: readonly QualifiedDate[];
  readonly parties: readonly DocumentParty[];
  readonly entities: readonly RemittanceEntity[];
}

export interface BankAccount {
  /** Element 506, 507: 01 ABA routing number, ... */
  readonly qualifier?: string;
  readonly bank?: string;
  readonly accountQualifier?: string;
  readonly account?: string;
}

export interface DocumentCurrency extends WithBeyond {
  readonly party: string;
  readonly code: string;
  readonly rate?: string;
}

/** ENT: for whom is paid. */
export interface RemittanceEntity extends WithBeyond {
  readonly number?: string;
  readonly party?: { readonly role?: string; readonly idQualifier?: string; readonly id?: string };
  readonly counterparty?: { readonly role?: string; readonly idQualifier?: string; readonly id?: string };
  readonly reference?: { readonly qualifier?: string; readonly value?: string };
  /** Not for one invoice: a chargeback, a rebate, an advertising allowance. */
  readonly adjustments: readonly RemittanceAdjustment[];
  readonly items: readonly RemittedItem[];
}

/** RMR: one invoice (or credit memo) and what is paid of it. */
export interface RemittedItem extends WithBeyond {
  /** RMR01/02, element 128: IV seller's invoice, CM credit memo, PO, ... */
  readonly reference?: { readonly qualifier?: string; readonly value?: string };
  /** RMR03, element 482: PO payment on account, PI pay item, PP partial payment, ... */
  readonly action?: string;
  readonly paid?: string;
  /** RMR05: the whole invoice. */
  readonly total?: string;
  readonly discount?: string;
  /** RMR07/08, element 426. */
  readonly adjustmentReason?: string;
  readonly adjustment?: string;
  readonly remarks: readonly Remark[];
  readonly references: readonly DocumentReference[];
  readonly dates: readonly QualifiedDate[];
  readonly adjustments: readonly RemittanceAdjustment[];
}

/** ADX: an amount and why; below zero it lowers the payment. */
export interface RemittanceAdjustment extends WithBeyond {
  readonly amount: string;
  /** Element 426: 01 pricing error, 04 item not accepted (damaged), 11 quantity contested, L8 discount, ... */
  readonly reason: string;
  readonly reference?: { readonly qualifier?: string; readonly value?: string };
  readonly remarks: readonly Remark[];
  readonly contacts: readonly Contact[];
  readonly references: readonly DatedReference[];
}

export interface DatedReference extends DocumentReference {
  readonly dates: readonly QualifiedDate[];
}
