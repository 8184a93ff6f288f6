import type { LocalDate } from '../shared/dates';
import type { Availability, Demand } from './allocate';
import type { PlanConstraints, UnfilledReason } from './constraints';
import type { FreightBreak } from './freight-rate';
import type { Objective } from './objective';

/** Why a node may not fill a line. */
export interface Refusal {
  readonly code:
    | 'closed'
    | 'excluded'
    | 'kind'
    | 'not-in-sequence'
    | 'ship-window'
    | 'node-capacity'
    | 'no-rate'
    | 'declined'
    | 'pickup'
    | 'supplier'
    | 'single-node'
    | 'ship-together';
  readonly text: string;
  /** The constraint that it follows from; without it the line could come from here in this step. */
  readonly becauseOf?: { readonly constraint: UnfilledReason; readonly step: number };
}

export interface SourcingDemand extends Demand {
  /** Where it goes: '' is the order's own ship-to. */
  readonly destination: string;
  /** The day it is wanted on; later is late. */
  readonly deliverBy: LocalDate | null;
  /** '' for goods of no class. */
  readonly goodsClass: string;
  /** Of one base unit. */
  readonly weightGrams: number;
  /** Lines with the same word leave in one shipment, whole, or not at all. */
  readonly together: string | null;
  readonly complete: boolean;
  /** All of it from one node. */
  readonly singleNode: boolean;
  /** Nodes that may fill it, each with its step of the rule's sequence: lower steps first. */
  readonly steps: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, Refusal>>;
}

/** The way from a node to a place. */
export interface Lane {
  readonly distanceKm: number;
  /** null: nobody keeps a tariff for any node. */
  readonly freight: readonly FreightBreak[] | null;
  readonly shipOn: LocalDate;
  readonly arriveOn: LocalDate;
}

export interface SourcingNode {
  readonly nodeId: string;
  readonly rank: number;
  readonly orderCostMinor: number;
  readonly unitCostMinor: number;
  /** Base units that it can still take on the day it would ship; null: no limit. */
  readonly roomUnits: number | null;
  readonly lanes: Readonly<Record<string, Lane>>;
}

/** A shipment of the order that is not planned yet: more goods may join it. */
export interface OpenShipment {
  readonly nodeId: string;
  readonly destination: string;
  readonly deliverBy: LocalDate | null;
  /** Classes of goods that are in it and share no shipment with some others. */
  readonly classes?: readonly string[];
  /** What it weighs already, by class of goods, '' for all others; absent: nobody knows. */
  readonly grams?: Readonly<Record<string, number>>;
}

/** Everything that a choice of nodes depends on. Data alone: it is kept with the decision and can be run again. */
export interface SourcingProblem {
  readonly demands: readonly SourcingDemand[];
  readonly nodes: readonly SourcingNode[];
  readonly availability: readonly Availability[];
  readonly constraints: PlanConstraints;
  readonly objective: Objective;
  /** The order's first day: days are counted from it. */
  readonly today: LocalDate;
  /** What the order has already: shipments that are planned or gone, and reservations that are still to be. */
  readonly already: {
    readonly shipments: number;
    readonly nodes: readonly string[];
    readonly open: readonly OpenShipment[];
  };
}
