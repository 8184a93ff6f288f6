import type { Party } from '../order/order-request';
import type { LocalDate } from '../shared/dates';

/** What a warehouse is asked to pick, pack and ship: by REST or as a 940. Quantities are base units. */
export interface WarehouseRelease {
  /** Stable over retries: a warehouse that has seen it answers with what it did then. */
  readonly idempotencyKey: string;
  /** The hub's number of the shipment; the warehouse names it in every later message. */
  readonly releaseNumber: string;
  readonly nodeId: string;
  readonly orderNumber: string;
  readonly purchaseOrderNumber: string;
  readonly shipTo: Party;
  readonly shipNotBefore?: LocalDate;
  readonly carrier: { readonly scac: string; readonly service: string };
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly itemId: string;
    readonly quantity: number;
    /** Whom it is packed and marked for, where that is not the ship-to: a carton is for one of them. */
    readonly markFor?: Party;
  }[];
  /** Cartons as planned, with the hub's SSCC-18 and the carrier's tracking number where a label was bought. */
  readonly packages: readonly {
    readonly sscc: string;
    readonly trackingNumber?: string;
    readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
  }[];
}

export type ReleaseOutcome =
  | { readonly kind: 'accepted'; readonly warehouseReference: string }
  | { readonly kind: 'refused'; readonly reason: string };

export type RecallOutcome =
  /** Nothing was or will be picked. */
  | { readonly kind: 'recalled' }
  /** Too late: picked, packed or gone. */
  | { readonly kind: 'too-late'; readonly reason: string };

/** What a warehouse reports when goods have left (945). Quantities below what was released are short picks. */
export interface ShipConfirm {
  /** Unique per warehouse: the same event again changes nothing. */
  readonly eventId: string;
  readonly releaseNumber: string;
  readonly nodeId: string;
  readonly shippedAt: string;
  readonly billOfLading?: string;
  readonly trackingNumber?: string;
  readonly lines: readonly {
    readonly lineNumber: number;
    readonly shipped: number;
    readonly shortReason?: string;
  }[];
  readonly packages: readonly {
    readonly sscc: string;
    /** Of the pallet that it stands on. */
    readonly palletSscc?: string;
    readonly trackingNumber?: string;
    readonly weightGrams: number;
    readonly contents: readonly { readonly lineNumber: number; readonly quantity: number }[];
  }[];
  /** Of a pickup: what was there for the buyer, who did not take it. */
  readonly notTaken?: {
    readonly rest: 'later' | 'cancel';
    readonly lines: readonly { readonly lineNumber: number; readonly quantity: number }[];
  };
  /** Which lots left, where the warehouse says so. */
  readonly lots?: readonly { readonly lineNumber: number; readonly lot: string; readonly quantity: number }[];
}

/** Goods received at a node (944), which may free backorders. */
export interface StockReceipt {
  readonly eventId: string;
  readonly nodeId: string;
  readonly receivedAt: string;
  readonly lines: readonly { readonly itemId: string; readonly quantity: number }[];
}

/** Served by the REST adapter and by 940/945 over EDI alike. Faults are thrown; refusals are answers. */
export interface WarehousePort {
  release(release: WarehouseRelease): Promise<ReleaseOutcome>;
  recall(request: {
    readonly idempotencyKey: string;
    readonly releaseNumber: string;
    readonly nodeId: string;
  }): Promise<RecallOutcome>;
}
