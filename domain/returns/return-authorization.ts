import type { AllowanceOrCharge } from '../invoicing/credit-debit-adjustment';
import type { ProductId } from '../order/order-request';
import type { WithBeyond } from '../partner/beyond-content';
import type {
  Contact,
  DocumentParty,
  DocumentReference,
  ItemDescription,
  QualifiedAmount,
  QualifiedDate,
  QualifiedQuantity,
  Remark,
} from '../partner/document-parts';
import type { LocalDate } from '../shared/dates';

/** 180: a return is asked for (BGN01 13 request), authorised or refused (11 response), or told of (00). */
export interface ReturnAuthorization extends WithBeyond {
  readonly kind: 'return-authorization';
  /** BGN01, element 353. */
  readonly purpose: string;
  readonly number: string;
  readonly date: LocalDate;
  readonly time?: string;
  readonly zone?: string;
  /** BGN06: in an answer, the number of the request. */
  readonly referenceNumber?: string;
  /** BGN07, element 640. */
  readonly transactionType?: string;
  /** BGN08, element 306. */
  readonly action?: string;
  readonly disposition?: ReturnDisposition;
  readonly purchaseOrder?: NamedPurchaseOrder;
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DocumentReference[];
  readonly contacts: readonly Contact[];
  readonly charges: readonly AllowanceOrCharge[];
  readonly remarks: readonly Remark[];
  readonly parties: readonly DocumentParty[];
  readonly items: readonly ReturnItem[];
}

/** RDR: what is wished or decided, and why. */
export interface ReturnDisposition extends WithBeyond {
  /** Element 1292: CR credit, RP replace, ... */
  readonly disposition?: string;
  /** Element 1293: why the buyer returns. */
  readonly requestReason?: string;
  /** Element 1294: why the seller answers as he does. */
  readonly responseReason?: string;
  readonly text?: string;
  readonly indicator?: string;
}

/** PRF. */
export interface NamedPurchaseOrder extends WithBeyond {
  readonly number: string;
  readonly releaseNumber?: string;
  readonly changeNumber?: string;
  readonly date?: LocalDate;
  readonly lineNumber?: string;
  readonly contract?: string;
  readonly type?: string;
}

/** BLI loop. */
export interface ReturnItem extends WithBeyond {
  readonly productIds: readonly ProductId[];
  readonly quantity?: string;
  readonly unit?: string;
  readonly priceCode?: string;
  readonly unitPrice?: string;
  readonly priceUnit?: string;
  readonly references: readonly DocumentReference[];
  readonly descriptions: readonly ItemDescription[];
  readonly disposition?: ReturnDisposition;
  readonly charges: readonly AllowanceOrCharge[];
  readonly amounts: readonly QualifiedAmount[];
  readonly remarks: readonly Remark[];
  readonly purchaseOrder?: NamedPurchaseOrder;
  readonly dates: readonly QualifiedDate[];
  readonly parties: readonly DocumentParty[];
  /** QTY loop: what was shipped, what comes back, and its units by serial or lot. */
  readonly quantities: readonly (QualifiedQuantity & {
    readonly amounts: readonly QualifiedAmount[];
    readonly dates: readonly QualifiedDate[];
    readonly units: readonly ReturnedUnit[];
  })[];
}

export interface ReturnedUnit extends WithBeyond {
  readonly number: string;
  readonly references: readonly DocumentReference[];
  readonly dates: readonly QualifiedDate[];
}
