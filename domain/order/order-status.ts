import type { DatedReference, DocumentCurrency } from '../invoicing/remittance-advice';
import type { WithBeyond } from '../partner/beyond-content';
import type {
  Contact,
  DocumentParty,
  DocumentReference,
  ItemDescription,
  QualifiedDate,
  QualifiedQuantity,
  Remark,
} from '../partner/document-parts';
import type { NamedPurchaseOrder } from '../returns/return-authorization';
import type { LocalDate } from '../shared/dates';
import type { ProductId } from './order-request';

/** 869: a partner asks how an order, or lines of it, stand. */
export interface OrderStatusInquiry extends WithBeyond {
  readonly kind: 'order-status-inquiry';
  readonly number: string;
  readonly date: LocalDate;
  /** BSI03, element 847: what is asked for, by order or by item. */
  readonly detail: string;
  readonly productDetail?: string;
  readonly locationDetail?: string;
  readonly time?: string;
  readonly purpose?: string;
  readonly transactionType?: string;
  readonly action?: string;
  readonly remarks: readonly Remark[];
  readonly levels: readonly InquiryLevel[];
}

/** HL loop: O an order, I an item of the order above. */
export interface InquiryLevel extends WithBeyond {
  readonly level: string;
  readonly purchaseOrder?: NamedPurchaseOrder;
  readonly dates: readonly QualifiedDate[];
  readonly items: readonly (WithBeyond & {
    readonly lineNumber?: string;
    readonly productIds: readonly ProductId[];
  })[];
  readonly quantity?: QualifiedQuantity;
  readonly references: readonly DatedReference[];
  readonly parties: readonly DocumentParty[];
  readonly levels: readonly InquiryLevel[];
}

/** 870: how orders and their lines stand. */
export interface OrderStatusReport extends WithBeyond {
  readonly kind: 'order-status-report';
  /** BSR01, element 850: 1 response to an inquiry, 2 prearranged, 3 unsolicited, ... */
  readonly reportCode: string;
  /** BSR02, element 847. */
  readonly detail: string;
  readonly number: string;
  readonly date: LocalDate;
  readonly productDetail?: string;
  readonly locationDetail?: string;
  readonly time?: string;
  /** BSR08 to 10: the inquiry that is answered. */
  readonly inquiryNumber?: string;
  readonly inquiryDate?: LocalDate;
  readonly inquiryTime?: string;
  readonly purpose?: string;
  readonly action?: string;
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DatedReference[];
  readonly parties: readonly DocumentParty[];
  readonly levels: readonly StatusLevel[];
}

/** HL loop. */
export interface StatusLevel extends WithBeyond {
  readonly level: string;
  readonly purchaseOrder?: NamedPurchaseOrder;
  readonly statuses: readonly OrderStatus[];
  readonly contacts: readonly Contact[];
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DatedReference[];
  readonly parties: readonly DocumentParty[];
  readonly items: readonly StatusItem[];
  readonly levels: readonly StatusLevel[];
}

/** ISR: element 368 with its date and reason (641), and how much of the quantity it is about. */
export interface OrderStatus extends WithBeyond {
  readonly code: string;
  readonly date?: LocalDate;
  readonly reason?: string;
  readonly descriptions: readonly ItemDescription[];
  readonly quantities: readonly QualifiedQuantity[];
}

/** An ISR of an item says also when, by whom and as what. */
export interface ItemStatus extends OrderStatus {
  readonly dates: readonly QualifiedDate[];
  readonly references: readonly DocumentReference[];
}

/** PO1 loop. */
export interface StatusItem extends WithBeyond {
  readonly buyerLineNumber?: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly unitPrice?: string;
  readonly priceBasisCode?: string;
  readonly productIds: readonly ProductId[];
  readonly currency?: DocumentCurrency;
  readonly descriptions: readonly ItemDescription[];
  readonly statuses: readonly ItemStatus[];
}
