import type { LocalDate } from '../shared/dates';
import { noConstraints, type UnfilledReason } from './constraints';
import type { OwnKeep } from './draw-keeps';
import type { ConsideredNode } from './explain-nodes';
import { defaultObjective, type Objective, type Terms } from './objective';
import { planSourcing } from './plan-sourcing';
import { beyondPromises, type PromisedUnits } from './set-aside';

/** What is wanted of an item, in base units. */
export interface Demand {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly quantity: number;
  /** Base units of one ordered unit: a case is not split over nodes, nor shipped in part while the rest waits. */
  readonly multiple?: number;
  /** Where it is a component that only whole bundles are any good of. */
  readonly bundle?: BundleDemand;
}

/** A demand that some nodes alone may fill. */
export interface PlacedDemand extends Demand {
  /** null, or absent: any may. */
  readonly nodes?: readonly string[] | null;
}

/** The bundle that a demand is a component of. */
export interface BundleDemand {
  /** The components of one bundle share it: the line number of the first. */
  readonly key: number;
  readonly item: string;
  /** How many components it has. */
  readonly components: number;
  /** Base units of the bundle in one ordered unit. */
  readonly factor: number;
}

/** What a node could give of an item now to anybody (`freeToSell`), never negative. */
export interface Availability {
  readonly itemId: string;
  readonly nodeId: string;
  readonly available: number;
  /** Besides, what is kept there for the one who asks: a cart, a customer's or channel's reserve. Nobody's place in a queue touches it. */
  readonly own?: number;
}

export interface AllocationNode {
  readonly nodeId: string;
  /** Lower is preferred. */
  readonly rank: number;
  /** A supplier's: what it has is counted on after all that the company has itself. */
  readonly isSupplier?: boolean;
}

export interface AllocationConstraints {
  /** Nothing of the order is taken unless everything is. */
  readonly shipComplete: boolean;
  readonly maximumShipments: number | null;
  /** Units promised to orders that wait longer: they are not for this one. */
  readonly promised: readonly PromisedUnits[];
}

export interface Allocation {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly nodeId: string;
  readonly quantity: number;
  /** The day on which the node is to ship it, where its days are counted. */
  readonly shipOn?: LocalDate;
  /** The class of goods that it may share a shipment with, where classes are kept apart. */
  readonly apart?: string;
}

export interface AllocationPlan {
  readonly allocations: readonly Allocation[];
  /** Of an order that has stock already: where all of that is to lie, for the plan counts on it; absent where it stays. */
  readonly moved?: readonly Allocation[];
  readonly shortages: readonly {
    readonly lineNumber: number;
    readonly itemId: string;
    readonly quantity: number;
    readonly reason?: UnfilledReason;
  }[];
  /** For each node looked at: what it fills and why it was taken or not. */
  readonly considered: readonly {
    readonly nodeId: string;
    readonly fills: number;
    readonly taken: boolean;
    readonly reason: string;
    readonly code?: ConsideredNode['code'];
    readonly difference?: Partial<Terms>;
  }[];
  /** What was kept for the one who asked, in the order in which it is drawn; absent where nothing was. */
  readonly own?: readonly OwnKeep[];
  /** By which rules the nodes were chosen, and what the plan comes to. */
  readonly sourcing?: SourcingRecord;
  /** What a set of rules on trial is to be tried on; absent where there is none. */
  readonly trial?: SourcingTrial;
}

export interface SourcingTrial {
  readonly shadowVersion: number;
  readonly liveVersion: number;
  readonly inputs: unknown;
  /** What the rules in force made of them. */
  readonly live: unknown;
}

/** What is kept of a choice of nodes beside the plan. */
export interface SourcingRecord {
  /** Version of the set of rules; 0 where the company has none. */
  readonly version: number;
  readonly rule: string;
  /** Lines whose rule is another than the order's. */
  readonly lineRules: Readonly<Record<string, string>>;
  readonly objective: Objective;
  /** Each constraint with who asked for it. */
  readonly constraints: Readonly<Record<string, string>>;
  /** Where there is a maximum: how many shipments the order may have in all. */
  readonly maximumShipments?: number;
  readonly terms: Terms;
  readonly proven: boolean;
  /** Of the nodes that are taken: when they ship, and when it arrives. */
  readonly days: readonly {
    readonly nodeId: string;
    readonly shipOn: LocalDate;
    readonly arriveOn: LocalDate;
  }[];
}

/**
 * A plan by the rule where the company has none: as much as can be filled, from the fewest nodes, the lower ranks
 * first.
 */
export function allocate(
  demands: readonly PlacedDemand[],
  availability: readonly Availability[],
  nodes: readonly AllocationNode[],
  { promised, shipComplete, maximumShipments }: AllocationConstraints,
): AllocationPlan {
  const stepsAt = (some: readonly string[]) => Object.fromEntries(some.map((nodeId) => [nodeId, 0]));
  const anywhere = stepsAt(nodes.map(({ nodeId }) => nodeId));
  return planSourcing({
    demands: demands.map(({ nodes: only, ...demand }) => ({
      ...demand,
      destination: '',
      deliverBy: null,
      goodsClass: '',
      weightGrams: 0,
      together: null,
      complete: false,
      singleNode: false,
      steps: only ? stepsAt(only) : anywhere,
      refusals: {},
    })),
    nodes: nodes.map((node) => ({
      ...node,
      orderCostMinor: 0,
      unitCostMinor: 0,
      roomUnits: null,
      lanes: {},
    })),
    availability: beyondPromises(availability, nodes, promised),
    constraints: { ...noConstraints, shipComplete, maximumShipments },
    objective: defaultObjective,
    today: '2000-01-01',
    already: { shipments: 0, nodes: [], open: [] },
  });
}
