import type { Party } from '../order/order-request';
import type { WithBeyond } from '../partner/beyond-content';
import type { ItemDescription, QualifiedDate } from '../partner/document-parts';
import type { LocalDate } from '../shared/dates';

/** What the company and its suppliers tell each other. Quantities are in the unit that was ordered, as decimal strings. */

interface SupplierOrderLineBase {
  readonly lineNumber: number;
  readonly unit: string;
  readonly unitCost: string;
  readonly supplierItemId: string;
  readonly itemId: string;
}

/** 850 to a supplier that ships to the company's customer (BEG02 DS). */
export interface SupplierPurchaseOrder {
  readonly kind: 'supplier-purchase-order';
  readonly number: string;
  readonly date: LocalDate;
  /** The company's own number of its customer's order, and that customer's. */
  readonly orderNumber: string;
  readonly customerOrderNumber: string;
  readonly currency: string;
  readonly buyer: Party;
  readonly shipTo: Party;
  readonly shipNotBefore?: LocalDate;
  readonly deliverBy?: LocalDate;
  readonly lines: readonly (SupplierOrderLineBase & {
    readonly quantity: string;
    readonly description?: string;
    /** Where it is not the order's. */
    readonly deliverBy?: LocalDate;
  })[];
}

/** 860 that takes a supplier's order back, as a whole or what is open of some lines. */
export interface SupplierOrderCancellation {
  readonly kind: 'supplier-order-cancellation';
  readonly number: string;
  readonly date: LocalDate;
  readonly changeNumber: string;
  readonly changedOn: LocalDate;
  readonly currency: string;
  readonly whole: boolean;
  readonly lines: readonly (SupplierOrderLineBase & {
    readonly cancelled: string;
    /** Of the line, what is still to come. */
    readonly left: string;
  })[];
}

/** A line's ACK: element 668, how much, and when. */
export interface SupplierLineStatus extends WithBeyond {
  readonly code: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly dateQualifier?: string;
  readonly date?: LocalDate;
  readonly dates: readonly QualifiedDate[];
}

export interface SupplierAnswerLine extends WithBeyond {
  readonly lineNumber?: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly unitPrice?: string;
  readonly productIds: readonly { readonly qualifier: string; readonly value: string }[];
  readonly descriptions: readonly ItemDescription[];
  readonly statuses: readonly SupplierLineStatus[];
}

/** 855 from a supplier. */
export interface SupplierAnswer extends WithBeyond {
  readonly kind: 'supplier-answer';
  /** Element 587. */
  readonly acknowledgment: string;
  readonly purchaseOrderNumber: string;
  readonly supplierReference?: string;
  readonly date?: LocalDate;
  readonly lines: readonly SupplierAnswerLine[];
}

/** 865 from a supplier: what becomes of a cancel that it was asked for, or a change of its own. */
export interface SupplierChangeAnswer extends WithBeyond {
  readonly kind: 'supplier-change-answer';
  readonly acknowledgment: string;
  readonly purchaseOrderNumber: string;
  readonly changeNumber?: string;
  readonly lines: readonly SupplierAnswerLine[];
}

/** HL of an 856 that came in, each with what is under it. */
export interface SupplierNoticeLevel extends WithBeyond {
  /** Element 735: S shipment, O order, T pallet, P pack, I item. */
  readonly level: string;
  readonly levels: readonly SupplierNoticeLevel[];
  readonly purchaseOrder?: { readonly number: string; readonly lineNumber?: string } & WithBeyond;
  readonly item?: WithBeyond & {
    readonly lineNumber?: string;
    readonly productIds: readonly { readonly qualifier: string; readonly value: string }[];
  };
  readonly shipped?: WithBeyond & { readonly quantity: string; readonly unit: string };
  readonly marks: readonly (WithBeyond & { readonly qualifier: string; readonly value: string })[];
  readonly references: readonly (WithBeyond & { readonly qualifier: string; readonly value: string })[];
  readonly weights: readonly (WithBeyond & { readonly weight?: string; readonly unit?: string })[];
  readonly carrier?: WithBeyond & { readonly scac?: string; readonly routing?: string };
  readonly dates: readonly QualifiedDate[];
}

/** 856 from a supplier. */
export interface SupplierShipNotice extends WithBeyond {
  readonly kind: 'supplier-ship-notice';
  /** Element 353: 00 original, 01 cancellation, 05 replace. */
  readonly purpose: string;
  readonly number: string;
  readonly date?: LocalDate;
  readonly time?: string;
  readonly dates: readonly QualifiedDate[];
  readonly levels: readonly SupplierNoticeLevel[];
}

/** 810 from a supplier. Amounts are decimal strings. */
export interface SupplierInvoice extends WithBeyond {
  readonly kind: 'supplier-invoice';
  readonly number: string;
  readonly date?: LocalDate;
  readonly purchaseOrderNumber?: string;
  readonly currency?: { readonly party: string; readonly code: string } & WithBeyond;
  readonly lines: readonly (WithBeyond & {
    readonly lineNumber?: string;
    readonly quantity: string;
    readonly unit: string;
    readonly unitPrice: string;
    readonly productIds: readonly { readonly qualifier: string; readonly value: string }[];
    readonly descriptions: readonly ItemDescription[];
  })[];
  readonly total: string;
  readonly charges: readonly (WithBeyond & {
    /** Element 248: A allowance, C charge. */
    readonly indicator: string;
    readonly code?: string;
    readonly amount?: string;
    readonly description?: string;
  })[];
  readonly taxes: readonly (WithBeyond & { readonly code: string; readonly amount?: string })[];
}
