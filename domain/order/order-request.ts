import type { FillTerms } from '../allocation/fill-terms';
import type { LocalDate } from '../shared/dates';
import type { Currency, UnitPrice } from '../shared/money';
import type { OrderType } from './order-types';

/** P production, T test (ISA15): test orders run through the same code with their own stock, credit and numbers. */
export type Usage = 'P' | 'T';
export type OrderChannel = 'edi' | 'api' | 'portal' | 'csv';
export type { OrderType } from './order-types';

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

/** A segment that was kept as it came, to be shown or given back: what the domain has no field of its own for. */
export interface KeptSegment {
  readonly at: SourcePosition;
  /** Element 1, 2, ...; empty where nothing was said. */
  readonly elements: readonly string[];
}

/** An allowance or charge as the buyer states it (SAC): of the order, or of the line it stands on. */
export interface RequestedAdjustment {
  readonly indicator: 'allowance' | 'charge';
  /** SAC02 (1300), or the agency's code (SAC04). */
  readonly code: string;
  /** SAC03 (559): whose code it is, where it is not the standard's. */
  readonly agency?: string;
  readonly description: string;
  /** SAC05, major units. What it is worth: this, else the percent, else rate x quantity. */
  readonly amount?: string;
  /** SAC07, of the subtotal or of the line's amount. */
  readonly percent?: string;
  /** SAC08, per unit (SAC09) of `quantity` (SAC10), which is the line's where none is said. */
  readonly rate?: string;
  readonly quantity?: string;
  readonly unit?: string;
  /** SAC12 (331): 02 off invoice, 06 to be paid by the customer; the rest is settled elsewhere. */
  readonly handling?: string;
  readonly at: SourcePosition;
}

/** Terms of payment as the buyer states them (ITD). */
export interface RequestedTerms {
  readonly discountPercent?: string;
  readonly discountDays?: number;
  readonly netDays?: number;
  /** ITD02 (333) where it is not the invoice date. */
  readonly basis?: string;
  readonly text: string;
  readonly at: SourcePosition;
}

/** A tax as the buyer states it (TXI). */
export interface RequestedTax {
  readonly type: string;
  readonly percent?: string;
  /** Major units. */
  readonly amount?: string;
  readonly exempt: boolean;
  readonly at: SourcePosition;
}

/** A price other than the one that is paid: what the goods are to be sold at (CTP). */
export interface StatedPrice {
  /** Element 236. */
  readonly code: string;
  readonly unitPrice: string;
  readonly at: SourcePosition;
}

/** How an item is packed by the purchase order (PO4): units of the base in one outer pack. */
export interface StatedPack {
  readonly unitsPerPack: number;
  readonly at: SourcePosition;
}

/** How much of a line is for one location (SDQ), in the line's unit. */
export interface LineDestination {
  readonly idQualifier?: string;
  readonly id: string;
  readonly quantity: string;
  /** Named as the line's own ship-to (N1*ST), so that the goods go there whatever the order's ship-to is. */
  readonly isShipTo?: true;
  readonly at: SourcePosition;
}

/** One delivery of a line (SCH), in the line's unit, with the days that it is wanted on. */
export interface LineSchedule {
  readonly quantity: string;
  readonly dates: readonly RequestDate[];
  readonly at: SourcePosition;
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
  /** The locations it is for; together they are its quantity. */
  readonly destinations?: readonly LineDestination[];
  /** The deliveries it comes in; together they are its quantity. */
  readonly schedules?: readonly LineSchedule[];
  /** Parties of the line alone: mark for, final customer. */
  readonly parties?: readonly Party[];
  readonly adjustments?: readonly RequestedAdjustment[];
  readonly statedPrices?: readonly StatedPrice[];
  readonly packs?: readonly StatedPack[];
  readonly kept?: readonly KeptSegment[];
  /** Of a blanket order's line: how much of it may be called off when. */
  readonly periods?: readonly CallOffPeriod[];
  /** Lines with the same word leave in one shipment, whole. */
  readonly shipTogether?: string;
  /** The store at which the buyer picks it up, where that is not the order's. */
  readonly pickupAt?: string;
}

/** How the buyer wants the goods to leave, beside what the customer's policy says. */
export interface RequestedShipping {
  readonly shipComplete?: 'order' | 'line';
  readonly singleNode?: boolean;
  readonly maximumShipments?: number;
}

/** Days from `from` to `to`, both included, in which at most so much may be called off; null: without an end. */
export interface CallOffPeriod {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  /** In the line's unit. */
  readonly maximum: string;
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
  readonly shipping?: RequestedShipping;
  /** The store at which the buyer picks up every line that names no other. */
  readonly pickupAt?: string;
  /** An e-mail address that is told how the order's pickups stand, beside those that the company's rules name. */
  readonly notify?: string;
  readonly unhandled: readonly UnhandledContent[];
  readonly terms?: readonly RequestedTerms[];
  readonly adjustments?: readonly RequestedAdjustment[];
  readonly taxes?: readonly RequestedTax[];
  readonly kept?: readonly KeptSegment[];
  /** Within which the partner's guide wants the answer, from when the order is placed. */
  readonly answerWithinSeconds?: number;
  /** The document it came in, for the timeline. */
  readonly documentId?: string;
  /** The caller's reference where the channel has one (shop order number, API external reference). */
  readonly externalReference?: string;
  /** The quote that it comes from: its lines are at the quoted prices. */
  readonly quote?: { readonly id: string; readonly number: string };
  /** What it takes where not all of it is there; else the customer's policy says so. */
  readonly fill?: FillTerms;
  /** The basket whose reserved units it takes. */
  readonly cart?: string;
  /** The person who orders, where one does by name. */
  readonly placedBy?: string;
  /** Set where a buyer's own person orders: limits and budgets of the company count. */
  readonly buyer?: { readonly person: string; readonly costCentre?: string };
}

/** The store at which a line is picked up; null: it is shipped. @param headNumber the line's, or that of its first part */
export function pickupOf(
  request: Pick<OrderRequest, 'lines' | 'pickupAt'>,
  headNumber: number,
): string | null {
  return request.lines[headNumber - 1]?.pickupAt ?? request.pickupAt ?? null;
}

export type LineChangeKind =
  /** POC02: AI, DI, QI/QD, PC/PQ, CT, CA/RZ. */
  'add' | 'delete' | 'quantity' | 'price' | 'dates' | 'replace';

export interface OrderChangeLine {
  readonly kinds: readonly LineChangeKind[];
  /** POC02 as sent, for the answer. */
  readonly changeCode: string;
  readonly line: OrderRequestLine;
  /** The order's own number of the line, where a person points at it. */
  readonly lineNumber?: number;
  /** A price that one of the seller's people sets. */
  readonly override?: PriceOverride;
}

/** In the line's unit and price basis. */
export interface PriceOverride {
  readonly unitPrice: UnitPrice;
  /** Why, as a code. */
  readonly reason: string;
  readonly note: string;
  readonly person: string;
  readonly roles: readonly string[];
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
  /** What the buyer wrote for people. */
  readonly notes?: readonly string[];
  readonly lines: readonly OrderChangeLine[];
  readonly unhandled: readonly UnhandledContent[];
  readonly terms?: readonly RequestedTerms[];
  readonly adjustments?: readonly RequestedAdjustment[];
  readonly taxes?: readonly RequestedTax[];
  readonly kept?: readonly KeptSegment[];
  readonly documentId?: string;
  /** Set where a buyer's own person asks: limits of the company count. */
  readonly buyer?: { readonly person: string };
}
