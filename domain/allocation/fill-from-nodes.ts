import { compareValues, valued } from './objective';
import { type Piece, type ProblemIndex, shipmentsFor, termsAlone } from './problem-index';
import type { SourcingDemand, SourcingNode } from './sourcing-problem';

/** What is taken already while a plan is being made; the index itself never changes. */
export class Taking {
  readonly #index: ProblemIndex;
  readonly #taken: Float64Array;
  readonly #units: Float64Array;
  /** node * ways + way: the classes of goods that are there, as bits; -1: no shipment yet. */
  readonly #classes: Int32Array;
  readonly #pieces: Piece[] = [];
  /** What `#classes` was before each piece. */
  readonly #before: number[] = [];
  #shipments: number;

  constructor(index: ProblemIndex) {
    this.#index = index;
    this.#taken = new Float64Array(index.available.length);
    this.#units = new Float64Array(index.nodes.length);
    this.#classes = new Int32Array(index.nodes.length * index.ways.length).fill(-1);
    for (const [key, classes] of index.openShipments) this.#classes[key] = classes;
    this.#shipments = index.problem.already.shipments;
  }

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  #cell(demand: number, node: number): number {
    return (this.#index.itemOf[demand] as number) * this.#index.nodes.length + node;
  }

  /** What a node still has for a line, by stock and by its room of the day. */
  left(demand: number, node: number): number {
    const cell = this.#cell(demand, node);
    const there = (this.#index.available[cell] as number) - (this.#taken[cell] as number);
    const day = (this.#index.nodes[node] as SourcingNode).roomUnits;
    if (day === null) return there;
    const room = day - (this.#units[node] as number);
    return there < room ? there : room;
  }

  /** Shipments and nodes stay within what the order allows. */
  mayUse(demand: number, node: number): boolean {
    const { problem, usedNodes } = this.#index;
    const { singleNode, maximumShipments } = problem.constraints;
    if (singleNode) {
      if (usedNodes.size > 0 && !usedNodes.has(node)) return false;
      if (this.#pieces.some((piece) => piece.node !== node)) return false;
    }
    // What joins a shipment that there is makes none more, also where there are too many already.
    const more = maximumShipments === null ? 0 : this.#opens(demand, node);
    return more === 0 || this.#shipments + more <= (maximumShipments as number);
  }

  #key(demand: number, node: number): number {
    return node * this.#index.ways.length + (this.#index.wayOf[demand] as number);
  }

  /** Shipments that there would be more of. */
  #opens(demand: number, node: number): number {
    const key = this.#key(demand, node);
    const there = this.#classes[key] as number;
    if (there < 0) return 1;
    const bit = this.#index.classBit[demand] as number;
    if ((there | bit) === there) return 0;
    return shipmentsFor(there | bit) - shipmentsFor(there);
  }

  take(demand: number, node: number, quantity: number): void {
    this.#shipments += this.#opens(demand, node);
    (this.#taken[this.#cell(demand, node)] as number) += quantity;
    (this.#units[node] as number) += quantity;
    const key = this.#key(demand, node);
    const there = this.#classes[key] as number;
    this.#before.push(there);
    this.#classes[key] = (there < 0 ? 0 : there) | (this.#index.classBit[demand] as number);
    this.#pieces.push({ demand, node, quantity });
  }

  /** Gives the last piece back. */
  undo(): void {
    const piece = this.#pieces.pop();
    if (!piece) return;
    const { demand, node, quantity } = piece;
    (this.#taken[this.#cell(demand, node)] as number) -= quantity;
    (this.#units[node] as number) -= quantity;
    this.#classes[this.#key(demand, node)] = this.#before.pop() as number;
    this.#shipments -= this.#opens(demand, node);
  }

  /** @param pieces how many stay; 0: as new, so that one can serve many plans */
  undoTo(pieces: number): void {
    while (this.#pieces.length > pieces) this.undo();
  }
}

/** A case is not split: whole multiples, but the last piece of a line may end with what is asked beyond them. */
export function quantityFrom(there: number, open: number, multiple: number): number {
  return there >= open ? open : there - (there % multiple);
}

/** For every line the nodes that may fill it and have some of it, the one that would be best for it alone first. */
export function preferences(index: ProblemIndex): readonly (readonly number[])[] {
  const { demands, nodes, steps, problem, itemOf, available } = index;
  return demands.map((_, at) => {
    const step = steps[at] as Int16Array;
    const stock = (itemOf[at] as number) * nodes.length;
    const may = [...nodes.keys()].filter(
      (node) => (step[node] as number) >= 0 && (available[stock + node] as number) > 0,
    );
    const values = new Map(may.map((node) => [node, valued(problem.objective, termsAlone(index, at, node))]));
    return may.sort(
      (a, b) =>
        (step[a] as number) - (step[b] as number) ||
        compareValues(values.get(a) as readonly number[], values.get(b) as readonly number[]) ||
        a - b,
    );
  });
}

/**
 * Fills the lines from the nodes that are open, each by its own preference, keeping every constraint but that of the
 * whole order. The quick way to a plan; the search chooses which nodes are open.
 * @param taking of the same index; what it had is given back first
 * @returns the taking's own pieces: right until it is used again
 */
export function fillFrom(
  index: ProblemIndex,
  preferred: readonly (readonly number[])[],
  open: ReadonlySet<number>,
  taking = new Taking(index),
): readonly Piece[] {
  taking.undoTo(0);
  const isOpen = new Uint8Array(index.nodes.length);
  for (const node of open) isOpen[node] = 1;
  for (const unit of index.units) {
    const [first] = unit as readonly [number];
    const nodes = preferred[first] as readonly number[];
    const demand = index.demands[first] as SourcingDemand;
    if (demand.together !== null)
      nodes.some((node) => isOpen[node] === 1 && takeTogether(index, taking, unit, node));
    else if (demand.singleNode) fillFromOne(demand, taking, nodes, first, isOpen);
    else fillLine(demand, taking, nodes, first, isOpen);
  }
  return taking.pieces;
}

function fillLine(
  { quantity: wanted, multiple = 1, complete }: SourcingDemand,
  taking: Taking,
  nodes: readonly number[],
  at: number,
  isOpen: Uint8Array,
): void {
  const before = taking.pieces.length;
  let missing = wanted;
  // Once more for what is less than a case: who had only that was passed over while more was open.
  for (let round = 0; round < (multiple > 1 ? 2 : 1); round++) {
    for (const node of nodes) {
      if (isOpen[node] === 0) continue;
      const quantity = quantityFrom(taking.left(at, node), missing, multiple);
      if (quantity <= 0 || !taking.mayUse(at, node)) continue;
      taking.take(at, node, quantity);
      missing -= quantity;
      if (missing === 0) return;
    }
  }
  if (complete) taking.undoTo(before);
}

/** The first node that has all of it, else the one that has most. */
function fillFromOne(
  { quantity: wanted, multiple = 1, complete }: SourcingDemand,
  taking: Taking,
  nodes: readonly number[],
  at: number,
  isOpen: Uint8Array,
): void {
  const may = nodes.filter((node) => isOpen[node] === 1 && taking.mayUse(at, node));
  const whole = may.find((node) => taking.left(at, node) >= wanted);
  const chosen = whole ?? may.sort((a, b) => taking.left(at, b) - taking.left(at, a))[0];
  if (chosen === undefined) return;
  const quantity = quantityFrom(taking.left(at, chosen), wanted, multiple);
  if (quantity > 0 && (!complete || quantity === wanted)) taking.take(at, chosen, quantity);
}

/** @returns whether the node has all of the lines, which is taken then */
export function takeTogether(
  index: ProblemIndex,
  taking: Taking,
  unit: readonly number[],
  node: number,
): boolean {
  const before = taking.pieces.length;
  for (const at of unit) {
    const { quantity } = index.demands[at] as SourcingDemand;
    const may = ((index.steps[at] as Int16Array)[node] as number) >= 0;
    if (!may || taking.left(at, node) < quantity || !taking.mayUse(at, node)) {
      taking.undoTo(before);
      return false;
    }
    taking.take(at, node, quantity);
  }
  return true;
}
