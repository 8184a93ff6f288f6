import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { placeOrder } from '../../application/order/place-order';
import { saveRule } from '../../application/rules/save-rule';
import type { Db } from '../../db/connection';
import type { OrderChangeRequest, OrderRequest, OrderRequestLine } from '../../domain/order/order-request';
import { changeOf, NOW } from './company';

type LineChange = OrderChangeRequest['lines'][number];

/** The buyer's line becomes of another quantity. */
export const grows = (of: OrderRequestLine, quantity: number | string, number = '1'): LineChange => ({
  changeCode: 'QI',
  kinds: ['quantity'],
  line: { ...of, buyerLineNumber: number, quantity: String(quantity) },
});

export const adds = (of: OrderRequestLine, number = '2'): LineChange => ({
  changeCode: 'AI',
  kinds: ['add'],
  line: { ...of, buyerLineNumber: number },
});

/** The use cases around where an order comes from, and where it lies. */
export class SourcingDesk {
  readonly #db: () => Db;

  constructor(db: () => Db) {
    this.#db = db;
  }

  async rule(kind: string, scope: string, body: object): Promise<void> {
    const rule = { kind, scope, body, validFrom: null, note: 'a test', person: 'olga', basedOn: null };
    const outcome = await this.#db().transaction((tx) => saveRule(tx, rule));
    if (outcome.kind !== 'saved') throw new Error(JSON.stringify(outcome));
  }
  liveRules(rules: readonly unknown[]): Promise<void> {
    return this.rule('sourcing', 'live', { rules });
  }

  place(request: OrderRequest) {
    return this.#db().transaction((tx) => placeOrder(tx, request, NOW));
  }
  async placed(request: OrderRequest): Promise<string> {
    const result = await this.place(request);
    if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
    return result.orderId;
  }

  /** Taken in, and still to be decided. */
  async asked(request: OrderRequest, change: Partial<OrderChangeRequest>): Promise<string> {
    const got = await this.#db().transaction((tx) => receiveOrderChange(tx, changeOf(request, change), NOW));
    if (got.kind !== 'recorded') throw new Error('no order');
    return got.changeId;
  }
  decided(changeId: string) {
    return this.#db().transaction((tx) => applyOrderChange(tx, changeId, NOW));
  }

  /** Changes the order, and says what became of it. */
  async changed(
    request: OrderRequest,
    ...lines: readonly LineChange[]
  ): Promise<{ readonly kind: string; readonly text: string }> {
    const changeId = await this.asked(request, { lines });
    const { kind, ...outcome } = await this.decided(changeId);
    const { text = '' } = outcome as { text?: string };
    const [row] = (await this.#db()('order_change').where({ id: changeId }).select('outcome')) as {
      outcome: unknown;
    }[];
    return { kind, text: `${text} ${JSON.stringify(row?.outcome)}` };
  }

  /** As `8 BOLT EAST`. */
  async reserved(orderId: string): Promise<readonly string[]> {
    const rows = (await this.#db()('reservation')
      .where({ order_id: orderId, status: 'active' })
      .groupBy('item_id', 'node_id')
      .orderBy(['item_id', 'node_id'])
      .select('item_id', 'node_id')
      .sum('quantity as units')) as { item_id: string; node_id: string; units: string }[];
    return rows.map((row) => `${row.units} ${row.item_id} ${row.node_id}`);
  }
}
