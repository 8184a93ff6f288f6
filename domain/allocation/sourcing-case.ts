import type { PostalAddress } from '../order/order-request';
import type { Instant, LocalDate } from '../shared/dates';
import type { Availability } from './allocate';
import type { FreightBreak } from './freight-rate';
import type { Place } from './great-circle';
import type { WorkCalendar } from './ship-dates';
import type { OpenShipment } from './sourcing-problem';
import type { NodeKind, RuleConstraints } from './sourcing-rules';

/** What the company says of a node beside its address. */
export interface NodeFacts {
  readonly kind: NodeKind;
  readonly groups: readonly string[];
  readonly place?: Place | undefined;
  readonly leadDays: number;
  /** HHMM on the node's clock. */
  readonly cutOff: string | null;
  readonly calendar: string | null;
  readonly orderCostMinor: number;
  readonly unitCostMinor: number;
  readonly unitsPerDay: number | null;
  readonly ordersPerDay: number | null;
}

export const plainNode: NodeFacts = {
  kind: 'warehouse',
  groups: [],
  leadDays: 0,
  cutOff: null,
  calendar: null,
  orderCostMinor: 0,
  unitCostMinor: 0,
  unitsPerDay: null,
  ordersPerDay: null,
};

/** A supplier of which nothing else is said. */
export const plainSupplier: NodeFacts = { ...plainNode, kind: 'supplier' };

export interface FreightZone {
  readonly country: string;
  readonly state?: string | undefined;
  readonly postalPrefix?: string | undefined;
  readonly transitDays: number;
  readonly breaks: readonly FreightBreak[];
}
export interface FreightRates {
  readonly calendar: string | null;
  readonly zones: readonly FreightZone[];
}

/** What the choice of nodes knows of the world, all of it data that the company edits. */
export interface SourcingNetwork {
  readonly nodes: Readonly<Record<string, NodeFacts>>;
  /** By node; `*` for the others. */
  readonly freight: Readonly<Record<string, FreightRates>>;
  readonly calendars: Readonly<Record<string, WorkCalendar>>;
  /** By country: centre of each postal prefix, as [latitude, longitude]. */
  readonly places: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;
}

export const emptyNetwork: SourcingNetwork = { nodes: {}, freight: {}, calendars: {}, places: {} };

export interface SourcingLine {
  readonly lineNumber: number;
  readonly itemId: string;
  /** What rules know it by, where that is another number: a bundle. */
  readonly soldAs?: string;
  readonly itemClass: string | null;
  readonly weightGrams: number;
  /** Base units. */
  readonly quantity: number;
  readonly multiple: number;
  /** null: the order's ship-to. */
  readonly destination: { readonly key: string; readonly address: PostalAddress | null } | null;
  readonly notBefore: LocalDate | null;
  readonly deliverBy: LocalDate | null;
  readonly together: string | null;
  /** The buyer picks it up there, so that no other node may have it. */
  readonly pickupAt?: string;
  /** What suppliers may ship of it; absent where it has none. */
  readonly supply?: LineSupply;
}

/** How a line is had from suppliers, who ship to its destination themselves. */
export interface LineSupply {
  /** Nothing of it comes from the company's own nodes: a drop ship that a supplier may still make, or an item that is never kept. */
  readonly only: boolean;
  /** always and when-short are offered to every order; the others where the order or a rule asks for them. */
  readonly sources: readonly {
    readonly nodeId: string;
    readonly sourcing: 'always' | 'when-short' | 'drop-ship-orders';
  }[];
  /** Suppliers that refused it, or gave it back, for this order. */
  readonly refusedBy: readonly string[];
}

export interface CaseNode {
  readonly nodeId: string;
  readonly rank: number;
  readonly timeZone: string;
  readonly address: PostalAddress | null;
  readonly active: boolean;
  /** It keeps no stock for the company: a partner ships from there what it is ordered. */
  readonly isSupplier?: boolean;
  /** What it has to ship on its days already, where its days are limited. */
  readonly load: Readonly<Record<LocalDate, { readonly units: number; readonly orders: number }>>;
}

/** An order, or what of one is to be sourced now, without the rules: any set of them can be tried on it. */
export interface SourcingCase {
  readonly now: Instant;
  readonly customer: string;
  readonly customerClass: string | null;
  readonly orderType: string;
  readonly channel: string;
  readonly shipTo: PostalAddress | null;
  /** Who asks for what: the customer's policy, the order. */
  readonly asked: readonly { readonly by: string; readonly constraints: RuleConstraints }[];
  /** What a person has decided: so many shipments, whatever the others ask for. */
  readonly shipmentsAllowed?: number;
  /** Some of it has shipped: it can no longer ship complete. */
  readonly begun: boolean;
  /** Nothing of it leaves before; absent: any day. */
  readonly notBefore?: LocalDate;
  /** Days after which nothing may leave, or arrive. */
  readonly lastShipDay: LocalDate | null;
  readonly lastArrivalDay: LocalDate | null;
  readonly lines: readonly SourcingLine[];
  readonly nodes: readonly CaseNode[];
  readonly availability: readonly Availability[];
  readonly already: {
    readonly shipments: number;
    readonly nodes: readonly string[];
    readonly open: readonly OpenShipment[];
    /** Stores that have declined a shipment of this order. */
    readonly declined?: readonly string[];
    /** By line number: where the line comes from already. */
    readonly ofLine?: Readonly<Record<number, readonly string[]>>;
    /** By the word of lines that ship together: where some of them wait for the others. */
    readonly ofWord?: Readonly<Record<string, readonly string[]>>;
  };
}
