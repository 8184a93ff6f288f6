import type { LocalDate } from '../shared/dates';
import type { Currency, UnitPrice } from '../shared/money';

/** P production, T test (ISA15): test orders run through the same code with their own stock, credit and numbers. */
export type Usage = 'P' | 'T';
export type OrderChannel = 'edi' | 'api' | 'portal' | 'csv';
export type OrderType = 'standard' | 'drop-ship' | 'rush' | 'blanket' | 'release' | 'sample';

/** One (qualifier, id) pair of a line: element 235 and 234, for example VP (vendor part), BP (buyer part), UP (UPC). */
export interface ProductId {
  readonly qualifier: string;
  readonly value: string;
}

export interface PostalAddress {
  readonly lines: readonly string[];
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

/** A party named in an N1 loop, or chosen in the portal. */
export interface Party {
  /** Element 98: ST ship to, BT bill to, BY buyer, SF ship from, VN vendor, ... */
  readonly role: string;
  readonly name?: string;
  /** Element 66: 92 buyer's code, 91 seller's, 9 DUNS+4, 1 DUNS, UL GLN. */
  readonly idQualifier?: string;
  readonly id?: string;
  readonly address?: PostalAddress;
}

export interface Reference {
  /** Element 128. */
  readonly qualifier: string;
  readonly value: string;
  readonly description?: string;
}

export interface RequestDate {
  /** Element 374: 001 cancel after, 002 delivery requested, 010 requested ship, 037 ship not before, 038 ship no later, ... */
  readonly qualifier: string;
  readonly date: LocalDate;
}

/** Where a value stood in the document it came from. */
export interface SourcePosition {
  /** Segment position within the transaction set, ST = 1. */
  readonly segment: number;
  readonly segmentId: string;
  /** Element number, 1-based. */
  readonly element?: number;
}

/**
 * Something the sender said that the hub recognises but has no rule for. It is never dropped: it puts the order on a
 * hold that names the place.
 */
export interface UnhandledContent {
  readonly at: SourcePosition;
  readonly text: string;
}

export interface OrderRequestLine {
  /** The buyer's own line number (PO101) where there was one; it is echoed, never invented. */
  readonly buyerLineNumber?: string;
  readonly productIds: readonly ProductId[];
  /** Decimal string. */
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice?: UnitPrice;
  /** Element 639 as sent (HP per hundred, ...); absent means per unit. */
  readonly priceBasisCode?: string;
  readonly description?: string;
  readonly dates: readonly RequestDate[];
  readonly references: readonly Reference[];
  readonly source?: SourcePosition;
}

/** An order as it was asked for, the same from every channel. What place-order turns into an order. */
export interface OrderRequest {
  readonly channel: OrderChannel;
  readonly usage: Usage;
  readonly type: OrderType;
  /** The seller's own entity that was addressed. */
  readonly entityId: string;
  readonly customerId: string;
  readonly partnerId?: string;
  readonly purchaseOrderNumber: string;
  readonly releaseNumber?: string;
  readonly purchaseOrderDate: LocalDate;
  readonly currency?: Currency;
  readonly parties: readonly Party[];
  readonly dates: readonly RequestDate[];
  readonly references: readonly Reference[];
  readonly notes: readonly string[];
  readonly lines: readonly OrderRequestLine[];
  readonly unhandled: readonly UnhandledContent[];
  /** The document it came in, for the timeline. */
  readonly documentId?: string;
  /** The caller's reference where the channel has one (shop order number, API external reference). */
  readonly externalReference?: string;
}

export type LineChangeKind =
  /** POC02: AI, DI, QI/QD, PC/PQ, CT, CA/RZ. */
  'add' | 'delete' | 'quantity' | 'price' | 'dates' | 'replace';

export interface OrderChangeLine {
  readonly kinds: readonly LineChangeKind[];
  /** POC02 as sent, for the answer. */
  readonly changeCode: string;
  readonly line: OrderRequestLine;
}

/** An 860, or a change from the portal or API. Answered line by line (865). */
export interface OrderChangeRequest {
  /** The order that is meant, where a person points at it; a partner names its purchase order number. */
  readonly orderId?: string;
  readonly channel: OrderChannel;
  readonly usage: Usage;
  readonly partnerId?: string;
  readonly customerId: string;
  /** BCH01 01 cancel, 04 change, 05 replace. */
  readonly purpose: 'change' | 'cancel' | 'replace';
  readonly purchaseOrderNumber: string;
  readonly releaseNumber?: string;
  readonly changeNumber?: string;
  readonly purchaseOrderDate: LocalDate;
  readonly changeDate?: LocalDate;
  readonly parties: readonly Party[];
  readonly dates: readonly RequestDate[];
  readonly references: readonly Reference[];
  readonly lines: readonly OrderChangeLine[];
  readonly unhandled: readonly UnhandledContent[];
  readonly documentId?: string;
}
