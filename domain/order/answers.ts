import type { LocalDate } from '../shared/dates';
import type { Currency, UnitPrice } from '../shared/money';
import type {
  KeptSegment,
  Party,
  PostalAddress,
  ProductId,
  Reference,
  RequestDate,
  Usage,
} from './order-request';

/**
 * What the hub tells a trading partner, in the domain's words: the use cases leave these as document requests and
 * edi/mapping renders them as 855, 865, 856 and 810. They carry everything that must be echoed, so that a document can
 * be rendered again from its request alone.
 */
export interface AnswerHeader {
  readonly usage: Usage;
  readonly purchaseOrderNumber: string;
  readonly releaseNumber?: string;
  readonly purchaseOrderDate: LocalDate;
  readonly customerId: string;
  readonly orderNumber: string;
  /** The date of the answer in the selling entity's zone. */
  readonly date: LocalDate;
  /** N1 parties as the purchase order had them. */
  readonly parties: readonly Party[];
  readonly references: readonly Reference[];
  /** Segments of the order's head as they came, to be given back where the partner wants them. */
  readonly kept?: readonly KeptSegment[];
  readonly currency: Currency;
}

/** Element 668. */
export type LineStatusCode =
  | 'IA'
  | 'IB'
  | 'IC'
  | 'ID'
  | 'IH'
  | 'IP'
  | 'IQ'
  | 'IR'
  | 'IS'
  | 'BP'
  | 'DR'
  | 'R1'
  | 'R2'
  | 'R3';

export interface LineStatus {
  readonly code: LineStatusCode;
  /** In the line's ordered unit; the statuses of a line sum to its ordered quantity. */
  readonly quantity: string;
  /** Element 374 with its date: 068 current schedule ship, 017 estimated delivery. */
  readonly date?: RequestDate;
  /** What is supplied instead (IS). */
  readonly productIds?: readonly ProductId[];
}

export interface AnswerLine {
  readonly buyerLineNumber?: string;
  readonly productIds: readonly ProductId[];
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice?: UnitPrice;
  readonly priceBasisCode?: string;
  readonly description?: string;
  /** The line's own references, as they came. */
  readonly references?: readonly Reference[];
  /** Segments of the line as they came, to be given back where the partner wants them. */
  readonly kept?: readonly KeptSegment[];
}

export interface InvoiceAdjustment {
  /** SAC01. */
  readonly indicator: 'allowance' | 'charge';
  /** SAC02, element 1300: D240 freight, C310 discount, ... */
  readonly code: string;
  /** SAC03: whose code it is, where it is not the standard's. */
  readonly agency?: string;
  readonly amountMinor: number;
  readonly description: string;
}

/** 855: BAK02. */
export interface OrderAnswer extends AnswerHeader {
  readonly kind: 'order-answer';
  /** Element 587: AC with detail and change, AD with detail no change, AK no detail, AH hold, RD reject with detail, RJ rejected no detail. */
  readonly acknowledgment: 'AC' | 'AD' | 'AH' | 'RD' | 'AK' | 'RJ';
  /** What the invoices of the whole order will take off or add, beside its lines; absent where there is nothing. */
  readonly adjustments?: readonly InvoiceAdjustment[];
  readonly lines: readonly (AnswerLine & {
    readonly statuses: readonly LineStatus[];
    /** The same of the line alone. */
    readonly adjustments?: readonly InvoiceAdjustment[];
    /** Why a line was refused, in words. */
    readonly reason?: string;
  })[];
}

/** 865: the answer to an 860. */
export interface ChangeAnswer extends AnswerHeader {
  readonly kind: 'change-answer';
  /** BCA01: 01 cancellation, 04 change, 05 replace, as in the request. */
  readonly purpose: '01' | '04' | '05';
  readonly acknowledgment: 'AC' | 'AD' | 'AK' | 'AH' | 'RD' | 'RJ';
  readonly changeNumber?: string;
  readonly changeDate?: LocalDate;
  /** Why it was refused as a whole, in words. */
  readonly reason?: string;
  /** As on the answer to the order, of the order as the change has left it; absent where nothing was done. */
  readonly adjustments?: readonly InvoiceAdjustment[];
  readonly lines: readonly (AnswerLine & {
    readonly changeCode: string;
    readonly statuses: readonly LineStatus[];
    readonly adjustments?: readonly InvoiceAdjustment[];
    /** Why not, or what of it was not done, in words. */
    readonly reason?: string;
  })[];
}

export interface ShipNoticePackage {
  /** 18 digits, GS1 mod-10 checked. */
  readonly sscc: string;
  /** Of the pallet that it stands on. */
  readonly palletSscc?: string;
  readonly trackingNumber?: string;
  readonly weightGrams?: number;
  readonly contents: readonly { readonly lineIndex: number; readonly quantity: string }[];
}

export interface ShipNoticeLine extends AnswerLine {
  readonly shipped: string;
  readonly ordered: string;
  /** Whom the goods are packed for, where that is not the ship-to. */
  readonly markFor?: Party;
}

/** 856. Structure by partner (BSN05); packages hold quantities in the line's ordered unit. */
export interface ShipNotice extends AnswerHeader {
  readonly kind: 'ship-notice';
  readonly shipmentNumber: string;
  /** Local to the ship-from node. */
  readonly shippedOn: LocalDate;
  /** HHMM local to the ship-from node. */
  readonly shippedAtTime: string;
  readonly estimatedDelivery?: LocalDate;
  readonly carrier: { readonly scac: string; readonly service?: string; readonly trackingNumber?: string };
  readonly billOfLading?: string;
  readonly shipFrom: { readonly name: string; readonly id: string; readonly address?: PostalAddress };
  readonly weightGrams: number;
  readonly lines: readonly ShipNoticeLine[];
  readonly packages: readonly ShipNoticePackage[];
}

export interface InvoiceTerms {
  /** Decimal percent, "2". */
  readonly discountPercent?: string;
  readonly discountDays?: number;
  readonly netDays: number;
}

export interface InvoiceLine extends AnswerLine {
  readonly invoiced: string;
  readonly amountMinor: number;
  /** What is charged or allowed for this line, beside its amount. */
  readonly adjustments?: readonly InvoiceAdjustment[];
}

/** 810: only what shipped; the total is the sum of its own rounded lines, plus charges, minus allowances, plus tax. */
export interface InvoiceDocument extends AnswerHeader {
  readonly kind: 'invoice';
  readonly invoiceNumber: string;
  readonly invoiceDate: LocalDate;
  readonly shipmentNumber: string;
  readonly shippedOn: LocalDate;
  readonly carrier?: { readonly scac: string; readonly trackingNumber?: string };
  readonly terms: InvoiceTerms;
  readonly remitTo?: Party;
  readonly lines: readonly InvoiceLine[];
  readonly adjustments: readonly InvoiceAdjustment[];
  readonly taxMinor: number;
  readonly totalMinor: number;
}
