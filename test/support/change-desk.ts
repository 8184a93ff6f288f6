import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { recordRelease } from '../../application/fulfilment/release-shipment';
import { resolveHold } from '../../application/hold/resolve-hold';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import type { Db } from '../../db/connection';
import type {
  LineChangeKind,
  OrderChangeRequest,
  OrderRequest,
  OrderRequestLine,
} from '../../domain/order/order-request';
import { changeOf, NOW } from './company';

/** POC: one line's change, of the buyer's line 1 unless the line says another. */
export const poc = (changeCode: string, kinds: readonly LineChangeKind[], change: OrderRequestLine) => ({
  changeCode,
  kinds,
  line: { buyerLineNumber: '1', ...change },
});

export interface OpenHoldRow {
  readonly id: string;
  readonly type: string;
  readonly change_id: string | null;
  readonly line_number: number | null;
  readonly reason: { readonly text: string; readonly details: { readonly totalMinor?: number } };
}

/** The use cases around a change, one transaction each, as the workflow's steps make them. */
export class ChangeDesk {
  readonly #db: () => Db;

  constructor(db: () => Db) {
    this.#db = db;
  }

  async answered(request: OrderRequest): Promise<string> {
    const result = await this.#db().transaction((tx) => placeOrder(tx, request, NOW));
    if (result.kind !== 'placed') throw new Error(JSON.stringify(result));
    await this.#db().transaction((tx) => answerOrder(tx, result.orderId, 'final', NOW));
    return result.orderId;
  }

  async atTheWarehouse(orderId: string): Promise<string> {
    const [shipmentId] = await this.#db().transaction((tx) => planShipments(tx, orderId, NOW));
    if (shipmentId === undefined) throw new Error('nothing was planned');
    await this.#db().transaction((tx) =>
      recordRelease(tx, shipmentId, { kind: 'accepted', warehouseReference: 'W1' }, NOW),
    );
    return shipmentId;
  }

  async asked(request: OrderRequest, more: Partial<OrderChangeRequest>): Promise<string> {
    const received = await this.#db().transaction((tx) =>
      receiveOrderChange(tx, changeOf(request, more), NOW),
    );
    if (received.kind !== 'recorded') throw new Error('no order');
    return received.changeId;
  }

  decided(changeId: string) {
    return this.#db().transaction((tx) => applyOrderChange(tx, changeId, NOW));
  }

  async change(request: OrderRequest, more: Partial<OrderChangeRequest>) {
    return this.decided(await this.asked(request, more));
  }

  async openHolds(orderId: string): Promise<readonly OpenHoldRow[]> {
    return (await this.#db()('hold').where({ order_id: orderId, status: 'open' }).orderBy('id')) as never;
  }

  /** Everybody's roles at once: who may decide what is tested elsewhere. */
  resolve(holdId: string, action: 'release' | 'reject', person = 'sam') {
    const roles = ['sales', 'sales-manager', 'finance'];
    return this.#db().transaction((tx) =>
      resolveHold(tx, { holdId, action, person, roles, reason: 'as agreed by phone' }, NOW),
    );
  }

  async documents<T>(orderId: string, set: string): Promise<readonly T[]> {
    const rows = (await this.#db()('document_request')
      .where({ order_id: orderId, set_id: set })
      .orderBy('id')) as { payload: T }[];
    return rows.map((row) => row.payload);
  }
}
