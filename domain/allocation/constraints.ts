import type { RuleConstraints } from './sourcing-rules';

/** Why a line, or part of it, is in no plan although it is asked for. */
export const unfilledReasons = [
  'out-of-stock',
  'no-eligible-node',
  'ship-complete-order',
  'ship-complete-line',
  'ship-together',
  'single-node',
  'maximum-shipments',
  'ship-window',
  'node-capacity',
  'constraints-together',
] as const;
export type UnfilledReason = (typeof unfilledReasons)[number];

/** These are no want of stock: the order asks for what the network cannot do as it stands. */
export const isInfeasible = (reason: UnfilledReason): boolean => reason !== 'out-of-stock';

/** What holds for all shipments of an order. */
export interface PlanConstraints {
  /** Nothing of the order is taken unless everything is. */
  readonly shipComplete: boolean;
  readonly singleNode: boolean;
  readonly maximumShipments: number | null;
  /** Classes of goods of which no two share a shipment, by name. */
  readonly doNotMix: readonly string[];
}

export const noConstraints: PlanConstraints = {
  shipComplete: false,
  singleNode: false,
  maximumShipments: null,
  doNotMix: [],
};

/** Each constraint with who asked for it, for the people who read the decision. */
export interface MergedConstraints {
  readonly order: PlanConstraints;
  /** Every line is filled whole or not at all. */
  readonly completeLines: boolean;
  readonly askedBy: Readonly<Record<string, string>>;
}

/** All of them hold: of two limits the lower one counts, and what anybody forbids is forbidden. */
export function mergeConstraints(
  sources: readonly { readonly by: string; readonly constraints: RuleConstraints }[],
): MergedConstraints {
  const askedBy: Record<string, string> = {};
  let merged: PlanConstraints = noConstraints;
  let completeLines = false;
  for (const { by, constraints } of sources) {
    const asks = (name: string) => {
      askedBy[name] = askedBy[name] === undefined ? by : `${askedBy[name]}, ${by}`;
    };
    if (constraints.shipComplete === 'order') {
      merged = { ...merged, shipComplete: true };
      asks('ship-complete-order');
    }
    if (constraints.shipComplete === 'line') {
      completeLines = true;
      asks('ship-complete-line');
    }
    if (constraints.singleNode === true) {
      merged = { ...merged, singleNode: true };
      asks('single-node');
    }
    const { maximumShipments: most } = constraints;
    if (most !== undefined) {
      merged = { ...merged, maximumShipments: Math.min(most, merged.maximumShipments ?? most) };
      asks('maximum-shipments');
    }
    if ((constraints.doNotMix ?? []).length > 0) {
      merged = {
        ...merged,
        doNotMix: [...new Set([...merged.doNotMix, ...(constraints.doNotMix ?? [])])].sort(),
      };
      asks('do-not-mix');
    }
  }
  return { order: merged, completeLines, askedBy };
}

/**
 * Which of a place's shipments each class of goods goes in: those that may not be mixed in one each, by name; all other
 * goods in the first.
 */
export function shipmentOfClass(
  classes: Iterable<string>,
  doNotMix: readonly string[],
): ReadonlyMap<string, number> {
  const present = new Set(classes);
  const apart = doNotMix.filter((one) => present.has(one)).sort();
  return new Map([...present].map((name) => [name, Math.max(0, apart.indexOf(name))]));
}

/** For the people who read why a line waits or was refused. */
export const unfilledWords: Readonly<Record<UnfilledReason, string>> = {
  'out-of-stock': 'there is not enough of it',
  'no-eligible-node': 'the sourcing rule lets it come from no node that has it',
  'ship-complete-order': 'the order ships complete, and not all of it can be filled',
  'ship-complete-line': 'the line ships complete, and not all of it can be filled',
  'ship-together': 'the lines that ship together are nowhere in one place',
  'single-node': 'all is to come from one node, and no node has it all',
  'maximum-shipments': 'it would take more shipments than are allowed',
  'ship-window': 'no node that has it can ship within the days that are asked for',
  'node-capacity': 'the nodes that have it are full on their next days',
  'constraints-together': 'its constraints cannot all be kept at once',
};
