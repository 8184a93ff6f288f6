import { type FreightBreak, freightMinor } from './freight-rate';
import { compareValues, type Terms, valued } from './objective';
import { dayNumber } from './ship-dates';
import type { Lane, SourcingDemand, SourcingNode, SourcingProblem } from './sourcing-problem';

/** So much of a line from a node; both are places in the index. */
export interface Piece {
  readonly demand: number;
  readonly node: number;
  readonly quantity: number;
}

/** Where a shipment of a node goes, and when it is wanted. */
interface Way {
  readonly destination: string;
  readonly deliverBy: string | null;
  readonly deliverDay: number | null;
}

/** Half the way round the earth: for nodes or places whose place is not known. */
export const FARTHEST_KM = 20_015;

/** A problem with numbers for names, in an order that does not depend on the order in which it was given. */
export interface ProblemIndex {
  readonly problem: SourcingProblem;
  readonly demands: readonly SourcingDemand[];
  readonly nodes: readonly SourcingNode[];
  /** Lines that are filled together or alone: one line, or all with the same word. */
  readonly units: readonly (readonly number[])[];
  /** [demand][node]: step, or -1. */
  readonly steps: readonly Int16Array[];
  /** [demand]: its item's row in `available`. */
  readonly itemOf: Int32Array;
  /** item * nodes + node */
  readonly available: Float64Array;
  readonly ways: readonly Way[];
  readonly wayOf: Int32Array;
  /** [way][node] */
  readonly lanes: readonly (readonly (Lane | null)[])[];
  readonly today: number;
  readonly usedNodes: ReadonlySet<number>;
  /** node * ways + way: shipments that more can join, with the bits of the classes that are in them. */
  readonly openShipments: ReadonlyMap<number, number>;
  /** What they weigh already, by the slots of their classes. */
  readonly openGrams: ReadonlyMap<number, readonly number[]>;
  /** All goods may share a shipment. */
  readonly mixes: boolean;
  /** [demand]: the bit of its class of goods; 0 for a class that no list names. */
  readonly classBit: Int32Array;
  /** [demand]: the place of that bit, counted from 1; 0 for no class. */
  readonly classSlot: Int32Array;
  /** Base units of all lines. */
  readonly wanted: number;

  /** [way][node]: days from the order's first to the arrival; 0 where there is no lane. */
  readonly arrival: readonly Int32Array[];
  readonly scratch: {
    /** (node * ways + way) * slots + slot: grams of a class; all 0 between two uses. */
    readonly grams: Float64Array;
    readonly units: Float64Array;
    /** node * ways + way: bits of the classes that are there; -1 for no goods at all. */
    readonly classes: Int32Array;
  };
}

export function indexProblem(problem: SourcingProblem): ProblemIndex {
  const nodes = problem.nodes.toSorted((a, b) => a.rank - b.rank || (a.nodeId < b.nodeId ? -1 : 1));
  const demands = problem.demands.toSorted((a, b) => a.lineNumber - b.lineNumber);
  const nodeAt = new Map(nodes.map((node, at) => [node.nodeId, at]));
  const items = new Map<string, number>();
  for (const { itemId } of demands) if (!items.has(itemId)) items.set(itemId, items.size);
  const available = new Float64Array(items.size * nodes.length);
  for (const row of problem.availability) {
    const [item, node] = [items.get(row.itemId), nodeAt.get(row.nodeId)];
    if (item !== undefined && node !== undefined)
      available[item * nodes.length + node] = Math.max(0, row.available);
  }
  const ways: Way[] = [];
  const wayAt = new Map<string, number>();
  const wayFor = (destination: string, deliverBy: string | null) => {
    const key = `${destination}\u0000${deliverBy ?? ''}`;
    const known = wayAt.get(key);
    if (known !== undefined) return known;
    wayAt.set(key, ways.length);
    return (
      ways.push({ destination, deliverBy, deliverDay: deliverBy === null ? null : dayNumber(deliverBy) }) - 1
    );
  };
  const wayOf = Int32Array.from(demands, (demand) => wayFor(demand.destination, demand.deliverBy));
  const joinable = problem.already.open.map((one) => ({
    node: nodeAt.get(one.nodeId),
    way: wayFor(one.destination, one.deliverBy),
    classes: one.classes ?? [],
    grams: one.grams ?? {},
  }));
  const lanes = ways.map(({ destination }) => nodes.map(({ lanes: own }) => own[destination] ?? null));
  const today = dayNumber(problem.today);
  const { doNotMix } = problem.constraints;
  // In the order of their names: see shipmentOfClass.
  const slotOf = new Map(doNotMix.toSorted().map((name, at) => [name, at + 1]));
  const classSlot = Int32Array.from(demands, ({ goodsClass }) => slotOf.get(goodsClass) ?? 0);
  const cells = ways.length * nodes.length;
  const bitOf = (name: string) => (slotOf.has(name) ? 1 << ((slotOf.get(name) as number) - 1) : 0);
  const { openShipments, openGrams } = openOf(joinable, ways.length, slotOf, bitOf);
  return {
    problem,
    demands,
    nodes,
    units: unitsOf(demands),
    steps: demands.map((demand) => Int16Array.from(nodes, ({ nodeId }) => demand.steps[nodeId] ?? -1)),
    itemOf: Int32Array.from(demands, ({ itemId }) => items.get(itemId) as number),
    available,
    ways,
    wayOf,
    lanes,
    today,
    usedNodes: new Set(problem.already.nodes.flatMap((id) => nodeAt.get(id) ?? [])),
    openShipments,
    openGrams,
    mixes: doNotMix.length === 0,
    classBit: Int32Array.from(demands, ({ goodsClass }) => bitOf(goodsClass)),
    classSlot,
    wanted: demands.reduce((sum, { quantity }) => sum + quantity, 0),
    arrival: lanes.map((row) =>
      Int32Array.from(row, (lane) => (lane ? dayNumber(lane.arriveOn) - today : 0)),
    ),
    scratch: {
      grams: new Float64Array(cells * (doNotMix.length + 1)),
      units: new Float64Array(nodes.length),
      classes: new Int32Array(cells).fill(-1),
    },
  };
}

function unitsOf(demands: readonly SourcingDemand[]): readonly (readonly number[])[] {
  const together = new Map<string, number[]>();
  const units: number[][] = [];
  for (const [at, { together: word }] of demands.entries()) {
    const unit = word === null ? undefined : together.get(word);
    if (unit) unit.push(at);
    else {
      const fresh = [at];
      units.push(fresh);
      if (word !== null) together.set(word, fresh);
    }
  }
  return units;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

interface Joinable {
  readonly node: number | undefined;
  readonly way: number;
  readonly classes: readonly string[];
  readonly grams: Readonly<Record<string, number>>;
}

/** By node and way: which classes are in the shipments that may be joined, and what these weigh. */
function openOf(
  joinable: readonly Joinable[],
  ways: number,
  slotOf: ReadonlyMap<string, number>,
  bitOf: (name: string) => number,
) {
  const openShipments = new Map<number, number>();
  const openGrams = new Map<number, number[]>();
  for (const { node, way, classes, grams } of joinable) {
    if (node === undefined) continue;
    const key = node * ways + way;
    const mask = classes.reduce((all, name) => all | bitOf(name), openShipments.get(key) ?? 0);
    openShipments.set(key, mask);
    const bySlot = openGrams.get(key) ?? Array.from({ length: slotOf.size + 1 }, () => 0);
    for (const [name, weight] of Object.entries(grams)) {
      const slot = slotOf.get(name) ?? 0;
      bySlot[slot] = (bySlot[slot] ?? 0) + weight;
    }
    openGrams.set(key, bySlot);
  }
  return { openShipments, openGrams };
}

/** How many shipments goods of these classes make. @param classes their bits */
export const shipmentsFor = (classes: number): number => (classes === 0 ? 1 : bits(classes));

export interface Evaluation {
  /** Base units of nobody. */
  readonly short: number;
  /** Units times their steps of the sequence. */
  readonly steps: number;
  readonly terms: Terms;
}

/** What a plan comes to. @param asIfMixed classes share shipments: never more than it will come to */
export function evaluate(index: ProblemIndex, pieces: readonly Piece[], asIfMixed = index.mixes): Evaluation {
  const { nodes, demands, ways, steps, wayOf, classBit, classSlot, scratch } = index;
  const slots = index.problem.constraints.doNotMix.length + 1;
  const keys: number[] = [];
  const used: number[] = [];
  let [filled, stepped] = [0, 0];
  for (const { demand, node, quantity } of pieces) {
    filled += quantity;
    stepped += quantity * ((steps[demand] as Int16Array)[node] as number);
    if (scratch.units[node] === 0) used.push(node);
    (scratch.units[node] as number) += quantity;
    const key = node * ways.length + (wayOf[demand] as number);
    if (scratch.classes[key] === -1) {
      keys.push(key);
      scratch.classes[key] = 0;
    }
    const slot = asIfMixed ? 0 : (classSlot[demand] as number);
    if (slot > 0) (scratch.classes[key] as number) |= classBit[demand] as number;
    (scratch.grams[key * slots + slot] as number) +=
      quantity * (demands[demand] as SourcingDemand).weightGrams;
  }
  const terms = { freight: 0, shipments: 0, distance: 0, nodeCost: 0, days: 0, daysLate: 0, rank: 0 };
  for (const key of keys) {
    const classes = scratch.classes[key] as number;
    addShipments(index, terms, key, classes, takeParts(index, key, slots));
  }
  for (const at of used) {
    const { orderCostMinor, unitCostMinor } = nodes[at] as SourcingNode;
    terms.nodeCost +=
      unitCostMinor * (scratch.units[at] as number) + (index.usedNodes.has(at) ? 0 : orderCostMinor);
    scratch.units[at] = 0;
  }
  return { short: index.wanted - filled, steps: stepped, terms };
}

/**
 * Grams of each of the shipments that a place's goods make, taken out of the scratch: one for each class that is there,
 * in the order of their bits; goods of no class go with the first.
 */
function takeParts({ scratch }: ProblemIndex, key: number, slots: number): readonly number[] {
  const { grams, classes } = scratch;
  const mask = classes[key] as number;
  const first = key * slots;
  const parts: number[] = [];
  for (let slot = 1; slot < slots; slot++) {
    if ((mask & (1 << (slot - 1))) === 0) continue;
    parts.push(grams[first + slot] as number);
    grams[first + slot] = 0;
  }
  if (parts.length === 0) parts.push(0);
  (parts[0] as number) += grams[first] as number;
  grams[first] = 0;
  classes[key] = -1;
  return parts;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** @param classes of the goods, as bits @param parts grams of each shipment */
function addShipments(
  index: ProblemIndex,
  terms: Writable<Terms>,
  key: number,
  classes: number,
  parts: readonly number[],
): void {
  const { nodes, ways, lanes, openShipments, arrival, today } = index;
  const way = key % ways.length;
  const node = (key - way) / ways.length;
  const { deliverDay } = ways[way] as Way;
  const lane = (lanes[way] as readonly (Lane | null)[])[node];
  const open = openShipments.get(key);
  const more = open === undefined ? parts.length : shipmentsFor(open | classes) - shipmentsFor(open);
  terms.shipments += more;
  terms.rank += parts.length * (nodes[node] as SourcingNode).rank;
  terms.distance += more * (lane?.distanceKm ?? FARTHEST_KM);
  if (lane?.freight) terms.freight += freightFor(lane.freight, parts, classes, index.openGrams.get(key));
  const days = (arrival[way] as Int32Array)[node] as number;
  terms.days = Math.max(terms.days, days);
  if (lane && deliverDay !== null) terms.daysLate += parts.length * Math.max(0, today + days - deliverDay);
}

/** What goods that join a shipment add to its freight; of one of their own all of it. */
function freightFor(
  breaks: readonly FreightBreak[],
  parts: readonly number[],
  classes: number,
  open: readonly number[] | undefined,
): number {
  if (open === undefined) return parts.reduce((sum, part) => sum + freightMinor(breaks, part), 0);
  const slots = open.flatMap((_, slot) => (slot > 0 && classes & (1 << (slot - 1)) ? [slot] : []));
  // Goods of no class go with the first of the others, of those that are there before those that join.
  const first = open.findIndex((grams, slot) => slot > 0 && grams > 0);
  return parts.reduce((sum, part, at) => {
    const slot = slots[at] ?? Math.max(first, 0);
    const withPlain = slot > 0 && (first > 0 ? slot === first : at === 0);
    const there = (open[slot] ?? 0) + (withPlain ? (open[0] ?? 0) : 0);
    return sum + freightMinor(breaks, there + part) - (there === 0 ? 0 : freightMinor(breaks, there));
  }, 0);
}

/** What a line alone would come to, whole from a node. */
export function termsAlone(index: ProblemIndex, at: number, node: number): Terms {
  const { demands, nodes, ways, lanes, wayOf, arrival, today } = index;
  const { quantity, weightGrams } = demands[at] as SourcingDemand;
  const { rank, orderCostMinor, unitCostMinor } = nodes[node] as SourcingNode;
  const way = wayOf[at] as number;
  const { deliverDay } = ways[way] as Way;
  const lane = (lanes[way] as readonly (Lane | null)[])[node];
  const days = (arrival[way] as Int32Array)[node] as number;
  return {
    freight: lane?.freight ? freightMinor(lane.freight, quantity * weightGrams) : 0,
    shipments: 1,
    distance: lane?.distanceKm ?? FARTHEST_KM,
    nodeCost: unitCostMinor * quantity + orderCostMinor,
    days,
    daysLate: lane && deliverDay !== null ? Math.max(0, today + days - deliverDay) : 0,
    rank,
  };
}

/** What is short decides before all, then the steps of the sequence, then the objective. Lower is better. */
export const valueOf = (index: ProblemIndex, { short, steps, terms }: Evaluation): readonly number[] => [
  short,
  steps,
  ...valued(index.problem.objective, terms),
];

export const isBetter = (a: readonly number[], b: readonly number[]): boolean => compareValues(a, b) < 0;
