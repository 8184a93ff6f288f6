import { fillFrom, preferences, quantityFrom, Taking, takeTogether } from './fill-from-nodes';
import { type Evaluation, evaluate, isBetter, type Piece, type ProblemIndex, valueOf } from './problem-index';
import type { SourcingDemand } from './sourcing-problem';

export interface FoundPlan {
  readonly pieces: readonly Piece[];
  readonly evaluation: Evaluation;
  readonly value: readonly number[];
  /** Every other plan was looked at or ruled out: there is no better one. */
  readonly proven: boolean;
}

/** How much may be looked at; counts, not clocks, so that the same order is always planned the same. */
export interface SearchLimits {
  /** Lines times nodes up to which plans are searched exhaustively. */
  readonly exactCells: number;
  /** Steps of that search. */
  readonly exactSteps: number;
  /** Lines looked at, at each node that has some of them, while plans are improved. */
  readonly looks: number;
}

export const defaultLimits: SearchLimits = { exactCells: 32, exactSteps: 20_000, looks: 6_000_000 };

/** A line of more cases than this is split only where a node has no more, or the others have the rest. */
const EVERY_SPLIT_UP_TO = 8;

/**
 * The best plan that can be found: nodes are opened one by one, closed and exchanged while that helps, then lines are
 * moved one by one; what is small is searched through to its end.
 */
export function searchPlan(index: ProblemIndex, limits: SearchLimits = defaultLimits): FoundPlan {
  const search = new NodeSearch(index, limits);
  const improved = search.run();
  if (index.demands.length * index.nodes.length > limits.exactCells) return improved;
  return new ExactSearch(index, improved, limits).run();
}

const openKey = (open: ReadonlySet<number>) => [...open].sort((a, b) => a - b).join();

class NodeSearch {
  readonly #index: ProblemIndex;
  readonly #preferred: readonly (readonly number[])[];
  /** What the nodes that were tried come to. The plans themselves are made again where they are wanted. */
  readonly #tried = new Map<string, readonly number[]>();
  readonly #looksOfPlan: number;
  /** One for all plans that are tried: a new one costs as much as a plan. */
  readonly #taking: Taking;
  #left: number;

  constructor(index: ProblemIndex, limits: SearchLimits) {
    this.#index = index;
    this.#preferred = preferences(index);
    this.#looksOfPlan = this.#preferred.reduce((sum, nodes) => sum + 1 + nodes.length, 0);
    this.#taking = new Taking(index);
    this.#left = limits.looks;
  }

  run(): FoundPlan {
    const useful = [...this.#index.nodes.keys()].filter((node) => this.#gives(node));
    const all = new Set(useful);
    const opened = this.#improved(this.#opened(useful), useful);
    const closed = this.#improved({ open: all, value: this.#value(all) }, useful);
    const { open } = isBetter(closed.value, opened.value) ? closed : opened;
    return this.#lineByLine(asFound(this.#index, this.#pieces(open)), open);
  }

  /** Has something of a line that it may fill. */
  #gives(node: number): boolean {
    return this.#index.steps.some(
      (step, at) => (step[node] as number) >= 0 && this.#taking.left(at, node) > 0,
    );
  }

  #pieces(open: ReadonlySet<number>): readonly Piece[] {
    return fillFrom(this.#index, this.#preferred, open, this.#taking);
  }

  #value(open: ReadonlySet<number>): readonly number[] {
    const key = openKey(open);
    const known = this.#tried.get(key);
    if (known) return known;
    this.#left -= this.#looksOfPlan;
    const value = valueOf(this.#index, evaluate(this.#index, this.#pieces(open)));
    this.#tried.set(key, value);
    return value;
  }

  /** Begins with none, and opens whichever node helps most until none helps. */
  #opened(useful: readonly number[]): Choice {
    const none = new Set<number>();
    let best: Choice = { open: none, value: this.#value(none) };
    for (;;) {
      let next: Choice | null = null;
      for (const node of useful) {
        if (best.open.has(node)) continue;
        const open = new Set([...best.open, node]);
        const value = this.#value(open);
        if (isBetter(value, (next ?? best).value)) next = { open, value };
      }
      if (next === null || this.#left <= 0) return next ?? best;
      best = next;
    }
  }

  /** Closes, opens and exchanges single nodes while that helps. */
  #improved(from: Choice, useful: readonly number[]): Choice {
    let best = from;
    for (;;) {
      const next = this.#neighbour(best, useful);
      if (next === null || this.#left <= 0) return next ?? best;
      best = next;
    }
  }

  #neighbour({ open, value }: Choice, useful: readonly number[]): Choice | null {
    let next: Choice | null = null;
    const consider = (candidate: Set<number>) => {
      if (this.#left <= 0) return;
      const other = this.#value(candidate);
      if (isBetter(other, next?.value ?? value)) next = { open: candidate, value: other };
    };
    for (const node of open) consider(new Set([...open].filter((one) => one !== node)));
    if (next !== null) return next;
    const others = useful.filter((node) => !open.has(node));
    for (const node of others) consider(new Set([...open, node]));
    for (const gone of open)
      for (const node of others) consider(new Set([...[...open].filter((one) => one !== gone), node]));
    return next;
  }

  /** Moves whole lines to another node where that makes the plan better: a tariff's break, a fuller shipment. */
  #lineByLine(found: FoundPlan, open: ReadonlySet<number>): FoundPlan {
    let best = found;
    for (const unit of this.#index.units) {
      if (this.#left <= 0) return best;
      best = this.#moved(best, unit, open);
    }
    return best;
  }

  /** @returns the plan with these lines where they make it best */
  #moved(from: FoundPlan, unit: readonly number[], open: ReadonlySet<number>): FoundPlan {
    const taking = this.#taking;
    const isOfUnit = ({ demand }: Piece) => unit.includes(demand);
    let best = from;
    let own = from.pieces.filter(isOfUnit);
    if (own.length === 0) return best;
    const others = from.pieces.length - own.length;
    taking.undoTo(0);
    for (const piece of from.pieces)
      if (!isOfUnit(piece)) taking.take(piece.demand, piece.node, piece.quantity);
    for (const node of open) {
      if (this.#left <= 0) break;
      this.#left -= 5 * best.pieces.length;
      // All of it is there already.
      if (own.every((piece) => piece.node === node)) continue;
      if (takeTogether(this.#index, taking, unit, node)) {
        const evaluation = evaluate(this.#index, taking.pieces);
        const value = valueOf(this.#index, evaluation);
        if (isBetter(value, best.value)) {
          best = { pieces: [...taking.pieces], evaluation, value, proven: false };
          own = taking.pieces.slice(others);
        }
      }
      taking.undoTo(others);
    }
    return best;
  }
}

interface Choice {
  readonly open: ReadonlySet<number>;
  readonly value: readonly number[];
}

function asFound(index: ProblemIndex, pieces: readonly Piece[]): FoundPlan {
  const evaluation = evaluate(index, pieces);
  return { pieces: [...pieces], evaluation, value: valueOf(index, evaluation), proven: false };
}

/** Branch and bound over every split of every line. */
class ExactSearch {
  readonly #index: ProblemIndex;
  readonly #taking: Taking;
  /** From a unit on: what no plan can fill. */
  readonly #hopeless: readonly number[];
  #best: FoundPlan;
  #left: number;
  /** False once a split was passed over. */
  #everySplit = true;

  constructor(index: ProblemIndex, best: FoundPlan, limits: SearchLimits) {
    this.#index = index;
    this.#best = best;
    this.#taking = new Taking(index);
    this.#left = limits.exactSteps;
    const missing = index.units.map((unit) => unit.reduce((sum, at) => sum + this.#outOfReach(at), 0));
    this.#hopeless = [...missing.keys(), missing.length].map((from) =>
      missing.slice(from).reduce((sum, units) => sum + units, 0),
    );
  }

  run(): FoundPlan {
    this.#unit(0, 0);
    return { ...this.#best, proven: this.#left > 0 && this.#everySplit };
  }

  #outOfReach(at: number): number {
    const { quantity } = this.#index.demands[at] as SourcingDemand;
    const reachable = this.#eligible(at).reduce(
      (sum, node) => sum + Math.max(0, this.#taking.left(at, node)),
      0,
    );
    return Math.max(0, quantity - reachable);
  }

  #eligible(at: number): readonly number[] {
    const step = this.#index.steps[at] as Int16Array;
    return [...step.keys()].filter((node) => (step[node] as number) >= 0);
  }

  /** Nothing that is added to what is taken makes it better than the best. */
  #isHopeless(short: number, unit: number): boolean {
    if (--this.#left <= 0) return true;
    const { steps, terms } = evaluate(this.#index, this.#taking.pieces, true);
    const least = this.#index.mixes ? terms : { ...terms, freight: 0 };
    const bound = valueOf(this.#index, {
      short: short + (this.#hopeless[unit] as number),
      steps,
      terms: least,
    });
    return !isBetter(bound, this.#best.value);
  }

  #unit(unit: number, short: number): void {
    if (this.#isHopeless(short, unit)) return;
    const lines = this.#index.units[unit];
    if (lines === undefined) {
      const found = asFound(this.#index, this.#taking.pieces);
      if (isBetter(found.value, this.#best.value)) this.#best = found;
      return;
    }
    const first = this.#index.demands[lines[0] as number] as SourcingDemand;
    if (first.together !== null) this.#together(unit, lines, short);
    else this.#split(unit, lines[0] as number, this.#eligible(lines[0] as number), 0, first.quantity, short);
  }

  #together(unit: number, lines: readonly number[], short: number): void {
    const before = this.#taking.pieces.length;
    for (const node of this.#eligible(lines[0] as number)) {
      if (takeTogether(this.#index, this.#taking, lines, node)) this.#unit(unit + 1, short);
      this.#taking.undoTo(before);
    }
    const wanted = lines.reduce((sum, at) => sum + (this.#index.demands[at] as SourcingDemand).quantity, 0);
    this.#unit(unit + 1, short + wanted);
  }

  /**
   * From the `from`th node on, everything that it may give of what is open of the line.
   * @param odd less than a case has been taken, which stands only in a line that is filled
   */
  #split(
    unit: number,
    at: number,
    nodes: readonly number[],
    from: number,
    open: number,
    short: number,
    odd = false,
  ): void {
    if (this.#left <= 0) return;
    const { quantity: wanted, complete, singleNode } = this.#index.demands[at] as SourcingDemand;
    const node = nodes[from];
    if (open === 0 || node === undefined) {
      if (open === 0 || (!odd && (!complete || open === wanted))) this.#unit(unit + 1, short + open);
      return;
    }
    if (!(singleNode && open < wanted) && this.#taking.mayUse(at, node)) {
      for (const quantity of this.#quantities(at, nodes, from, open, odd)) {
        this.#taking.take(at, node, quantity);
        const isOdd = odd || quantity % this.#multiple(at) !== 0;
        if (!this.#isHopeless(short, unit + 1))
          this.#split(unit, at, nodes, from + 1, open - quantity, short, isOdd);
        this.#taking.undo();
      }
    }
    this.#split(unit, at, nodes, from + 1, open, short, odd);
  }

  #multiple(at: number): number {
    return (this.#index.demands[at] as SourcingDemand).multiple ?? 1;
  }

  /** Whole cases, and what is asked beyond them with one of the pieces; the most first. */
  #quantities(
    at: number,
    nodes: readonly number[],
    from: number,
    open: number,
    odd: boolean,
  ): readonly number[] {
    const multiple = this.#multiple(at);
    const { quantity: wanted } = this.#index.demands[at] as SourcingDemand;
    const beyond = odd ? 0 : wanted % multiple;
    const most = Math.min(this.#taking.left(at, nodes[from] as number), open);
    const cases = Math.floor(most / multiple);
    const withBeyond = beyond > 0 && most >= beyond ? Math.floor((most - beyond) / multiple) + 1 : 0;
    if (cases + withBeyond <= EVERY_SPLIT_UP_TO)
      return [
        ...Array.from({ length: cases }, (_, n) => (n + 1) * multiple),
        ...Array.from({ length: withBeyond }, (_, n) => n * multiple + beyond),
      ].sort((a, b) => b - a);
    this.#everySplit = false;
    const others = nodes
      .slice(from + 1)
      .reduce((sum, node) => sum + Math.max(0, this.#taking.left(at, node)), 0);
    const rest = Math.ceil(Math.max(0, open - others) / multiple) * multiple;
    const full = quantityFrom(most, open, multiple);
    return rest > 0 && rest < full ? [full, rest] : [full];
  }
}
