import type { Tx } from '../../db/connection';
import type { AllocationPlan } from '../../domain/allocation/allocate';
import type { OrderTerms } from '../../domain/allocation/order-terms';
import {
  isWorse,
  type Prospect,
  reachOf,
  type WaitingBeside as Tied,
  withAllocations,
} from '../../domain/allocation/reach-of-waiting';
import { readQueues } from '../backorder/backorder-queue';
import { promisesOf, todayOf } from '../backorder/promise-lines';
import { placeQueue } from '../backorder/promised-units';
import type { CustomerPolicy } from '../customer/customer-policy';
import { headNumber, type OrderLineRow, type OrderRow } from '../order/order-record';
import { readLeaveTerms } from '../sourcing/leave-together';
import type { OrderToSource } from '../sourcing/order-to-source';
import { readAlready } from '../sourcing/source-stock';
import { readPositions } from '../stock/stock-positions';

/** An order of which something waits while the rest of it moves. */
export interface MovingOrder {
  readonly order: OrderRow;
  readonly policy: CustomerPolicy;
  /** All its lines. */
  readonly lines: readonly OrderLineRow[];
  /** As it is wanted now. */
  readonly asked: OrderToSource;
  readonly now: string;
}

/**
 * What lines that wait can count on where the rest of their order lies, each at its place in its item's queue. Asked
 * before something moves and again after, it tells whether one of them loses by it.
 */
export class WaitingBeside {
  readonly #moving: MovingOrder;
  readonly #waiting: readonly OrderLineRow[];
  readonly #terms: OrderTerms;
  readonly #today: string;

  private constructor(
    moving: MovingOrder,
    waiting: readonly OrderLineRow[],
    terms: OrderTerms,
    today: string,
  ) {
    this.#moving = moving;
    this.#waiting = waiting;
    this.#terms = terms;
    this.#today = today;
  }

  static async of(tx: Tx, moving: MovingOrder, waiting: readonly OrderLineRow[]): Promise<WaitingBeside> {
    const { order, policy, lines, now } = moving;
    const terms = await readLeaveTerms(tx, order, policy, lines);
    return new WaitingBeside(moving, waiting, terms, await todayOf(tx, order, now));
  }

  /** By line id. @param plan what the order is about to take, beside what it has at this point of the transaction */
  async prospects(tx: Tx, plan?: AllocationPlan): Promise<ReadonlyMap<string, Prospect>> {
    const { order, now } = this.#moving;
    const itemIds = [...new Set(this.#waiting.map((line) => line.item_id as string))];
    const about = { usage: order.usage, now, orderId: order.id };
    const reach = await this.#reach(tx, plan);
    const queue = (await placeQueue(tx, await readQueues(tx, itemIds, about))).map((entry) => {
      const own = reach.get(entry.lineId) ?? null;
      const nodes = own === null ? entry.nodes : own.filter((node) => entry.nodes?.includes(node) ?? true);
      return { ...entry, nodes };
    });
    const days = promisesOf(queue, await this.#positions(tx, itemIds, plan), this.#today);
    const nodesOf = new Map(queue.map(({ lineId, nodes }) => [lineId, nodes]));
    const shares = await this.#shares(tx);
    return new Map(
      this.#waiting.map(({ id }) => [
        id,
        {
          nodes: nodesOf.get(id) ?? reach.get(id) ?? null,
          day: days.get(id) ?? null,
          shares: shares.get(id) ?? [],
        },
      ]),
    );
  }

  async #reach(tx: Tx, plan: AllocationPlan | undefined) {
    const { asked } = this.#moving;
    const wordOf = (lineNumber: number) => asked.lines.get(lineNumber)?.together ?? null;
    const has = await readAlready(tx, asked);
    const opened = plan?.sourcing?.terms.shipments ?? 0;
    const lies = plan === undefined ? has : withAllocations(has, plan.allocations, opened, wordOf);
    return new Map(
      this.#waiting.map((line) => {
        const tied: Tied = {
          lineNumber: line.line_number,
          together: wordOf(line.line_number) ?? wordOf(headNumber(line)),
          singleNode: this.#terms.lineRules.get(line.line_number)?.constraints?.singleNode === true,
        };
        return [line.id, reachOf(tied, lies, this.#terms.constraints.order)];
      }),
    );
  }

  /** What is about to be taken is there for nobody else. */
  async #positions(tx: Tx, itemIds: readonly string[], plan: AllocationPlan | undefined) {
    const { order, now } = this.#moving;
    const positions = await readPositions(tx, itemIds, { usage: order.usage, now });
    const takenAt = (itemId: string, nodeId: string) =>
      (plan?.allocations ?? [])
        .filter((one) => one.itemId === itemId && one.nodeId === nodeId)
        .reduce((sum, { quantity }) => sum + quantity, 0);
    return positions.map((one) => ({ ...one, reserved: one.reserved + takenAt(one.itemId, one.nodeId) }));
  }

  async #shares(tx: Tx): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = (await tx('stock_keep')
      .whereIn(
        'order_line_id',
        this.#waiting.map(({ id }) => id),
      )
      .andWhere('quantity', '>', 0)
      .select('order_line_id', 'node_id')) as { order_line_id: string; node_id: string }[];
    return new Map(
      [...Map.groupBy(rows, (row) => row.order_line_id)].map(([id, own]) => [
        id,
        own.map((row) => row.node_id),
      ]),
    );
  }
}

/** Some line that waits could count on more before. */
export const someLose = (
  before: ReadonlyMap<string, Prospect>,
  after: ReadonlyMap<string, Prospect>,
): boolean => [...before].some(([id, prospect]) => isWorse(prospect, after.get(id) ?? prospect));
