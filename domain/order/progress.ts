import type { Instant } from '../shared/dates';
import type { OrderState, ShipmentState } from './states';

/**
 * Where an order stands, as its workflow needs to know it: read from the record at every step, so that a workflow
 * started again at any point goes on from here and repeats nothing. Ids, states and instants only; amounts stay in
 * the record.
 */
export interface OrderProgress {
  readonly orderId: string;
  readonly state: OrderState;
  readonly version: number;
  readonly usage: 'P' | 'T';
  /** False where a test order has no test warehouse: it stops after its answer. */
  readonly fulfils: boolean;
  readonly openHolds: readonly OpenHold[];
  readonly answer: {
    /** When an order still on hold must be answered "on hold" (855 AH); null where nobody waits for an answer. */
    readonly holdAnswerAt: Instant | null;
    readonly finalGiven: boolean;
  };
  /** Not released to a warehouse before this instant: the change window, or the ship-not-before day. */
  readonly releaseAt: Instant;
  /** Instants after it at which more of the order may leave. */
  readonly laterReleases?: readonly Instant[];
  /** What is still open is cancelled at this instant. */
  readonly cancelAfter: Instant | null;
  /** Reserved stock that no shipment has taken yet. */
  readonly unplannedReservation: boolean;
  /** Something waits for stock. */
  readonly backordered: boolean;
  /** A blanket order of which something is still to be called off or to leave with what was called off. */
  readonly openBlanket?: boolean;
  readonly shipments: readonly ShipmentProgress[];
  /** Counterparties whose calls go over a task queue of their own, as the worker is configured: `erp`, `warehouse/CHI`. */
  readonly ownQueues?: readonly string[];
  /** Changes and cancels that were received and not yet decided, oldest first. */
  readonly pendingChanges: readonly string[];
}

export interface OpenHold {
  readonly holdId: string;
  readonly type: string;
  /** Steps of the whole order that it blocks: answer, release, ship, invoice. One on a part of it may block none. */
  readonly blocks: readonly string[];
  /** When it is escalated next. */
  readonly dueAt: Instant;
  readonly expiresAt: Instant | null;
  /** There is nobody left to escalate it to. */
  readonly escalated: boolean;
}

export interface ShipmentProgress {
  readonly shipmentId: string;
  readonly nodeId: string;
  readonly state: ShipmentState;
  readonly labelled: boolean;
  /** The warehouse's ship confirm is stored and waits to be applied. */
  readonly confirmReceived: boolean;
  readonly recallRequested: boolean;
  readonly invoiceId: string | null;
  readonly invoicePosted: boolean;
  /** Steps that holds of this shipment, or of lines in it, block; absent where there are none. */
  readonly heldSteps?: readonly string[];
  /** Of one that a store works: when a deadline of the store's ends, or since when it has said something. */
  readonly storeAt?: Instant;
}

/** The last two are of credit holds alone. */
export const holdActions = ['release', 'reject', 'release-part', 'request-prepayment'] as const;

/** What a decision on a credit hold needs to say besides: what of the order goes on, or what is to be paid before it does. */
export type CreditTerms =
  | {
      readonly kind: 'part';
      /** Buyers see these numbers; absent where an amount is given. */
      readonly lines?: readonly number[];
      /** Whole lines are let through, in their order, while they come to no more. */
      readonly upToMinor?: number;
      /** What becomes of the other lines: they wait with their stock, wait without it, or are given up. */
      readonly rest: 'hold' | 'backorder' | 'cancel';
    }
  | { readonly kind: 'prepayment'; readonly expiresAt: Instant };

/** Its story has ended. */
export const isDone = (shipment: ShipmentProgress): boolean =>
  shipment.state === 'cancelled' || (shipment.state === 'invoiced' && shipment.invoicePosted);

/** What a person decides about a hold. */
export interface HoldDecision {
  readonly holdId: string;
  readonly action: (typeof holdActions)[number];
  readonly person: string;
  readonly roles: readonly string[];
  readonly reason: string;
  readonly terms?: CreditTerms;
  /** Why, as the company counts its reasons. */
  readonly decisionCode?: string;
  /** What it came to when the person looked at it: of more nothing is released. */
  readonly seenTotalMinor?: number;
  /** The buyer's company whose person decides; absent: one of the seller's own. */
  readonly customerId?: string;
}

export type HoldDecisionOutcome =
  | { readonly kind: 'resolved'; readonly holdId: string; readonly status: 'released' | 'rejected' }
  /** A second person has to agree: the first approval is kept. */
  | { readonly kind: 'needs-second-person'; readonly holdId: string }
  /** The hold stays open until the order is paid for, or its time has run out. */
  | { readonly kind: 'prepayment-requested'; readonly holdId: string }
  | {
      readonly kind: 'refused';
      readonly code:
        | 'unknown-hold'
        | 'already-decided'
        | 'not-releasable'
        | 'not-authorised'
        | 'over-authority'
        | 'same-person'
        | 'own-order'
        | 'budget-exhausted'
        | 'grown-meanwhile'
        | 'order-closed';
      readonly text: string;
    };

/** What came of a change or cancel. */
export type ChangeOutcome =
  | {
      readonly kind:
        | 'applied'
        | 'partly-applied'
        | 'refused'
        | 'withdrawn'
        /** Computed as a whole; it waits for a decision on its holds. */
        | 'held'
        /** An earlier change of the order is decided first. */
        | 'waiting';
      readonly changeId: string;
      readonly text: string;
    }
  /** Shipments at a warehouse stand in the way: they are to be recalled, then the change is decided. */
  | { readonly kind: 'needs-recall'; readonly changeId: string; readonly shipmentIds: readonly string[] };
