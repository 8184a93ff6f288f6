import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { recordRecall } from '../../application/fulfilment/release-shipment';
import { resolveHold } from '../../application/hold/resolve-hold';
import { placeOrder } from '../../application/order/place-order';
import { type CartRequest, reserveCart } from '../../application/stock/reserve-cart';
import { keepStoreTasks } from '../../application/store/keep-store-tasks';
import { handOver } from '../../application/store/pickups';
import type { StoreOutcome, StoreWorker } from '../../application/store/store-tasks';
import { acceptTask, rejectTask } from '../../application/store/work-store-task';
import type { Db, Tx } from '../../db/connection';
import type { RecallOutcome } from '../../domain/fulfilment/warehouse-port';
import type { OrderChangeRequest, OrderRequest } from '../../domain/order/order-request';
import { recallFromSupplier, supplierBills, supplierShips } from './supplier';

/**
 * What contenders do, each the use case that the hub's own processes call, and safe to repeat: a contender that was
 * killed does it again.
 */
export type Action =
  | { readonly kind: 'place'; readonly request: OrderRequest }
  | {
      readonly kind: 'decide';
      readonly holdId: string;
      readonly decision: 'release' | 'reject';
      readonly person: string;
    }
  | { readonly kind: 'change'; readonly request: OrderChangeRequest }
  | { readonly kind: 'plan'; readonly orderId: string }
  | { readonly kind: 'reserve-cart'; readonly request: CartRequest }
  | { readonly kind: 'ship'; readonly shipmentId: string; readonly eventId: string; readonly body: Body }
  | { readonly kind: 'store'; readonly step: 'accept' | 'reject' | 'hand-over'; readonly at: StoreWorker }
  /** What is due of the order's stores at that moment, as its workflow and the sweep keep it. */
  | { readonly kind: 'keep-store'; readonly orderId: string; readonly due: string }
  | { readonly kind: 'supplier-ships'; readonly orderId: string; readonly number: string }
  | { readonly kind: 'supplier-bills'; readonly number: string; readonly units: number }
  | { readonly kind: 'receive'; readonly eventId: string; readonly body: Body };

type Body = Readonly<Record<string, unknown>>;

export async function act(db: Db, action: Action, now: string): Promise<string> {
  switch (action.kind) {
    case 'place': {
      // Done again after a kill: the API's idempotency key, which nobody has here, would answer with the order that stands.
      const { customerId, purchaseOrderNumber } = action.request;
      const own = (await db('orders')
        .where({ customer_id: customerId, po_number: purchaseOrderNumber })
        .first('state')) as { state: string } | undefined;
      if (own) return own.state;
      const result = await db.transaction((tx) => placeOrder(tx, action.request, now));
      return result.kind === 'placed' ? result.state : result.kind;
    }
    case 'decide': {
      const { holdId, decision, person } = action;
      const by = { holdId, action: decision, person, roles: ['finance'], reason: 'a race' };
      const outcome = await db.transaction((tx) => resolveHold(tx, by, now));
      return outcome.kind === 'refused' ? outcome.code : outcome.kind;
    }
    case 'change':
      return change(db, action.request, now);
    case 'reserve-cart':
      return (await db.transaction((tx) => reserveCart(tx, action.request, now))).kind;
    case 'plan':
      return String((await db.transaction((tx) => planShipments(tx, action.orderId, now))).length);
    case 'ship': {
      const { eventId, body, shipmentId } = action;
      if ((await decideAtWarehouse(db, shipmentId, 'shipped')) !== 'shipped') return 'recalled-before';
      await db.transaction((tx) =>
        receiveCallback(tx, { counterparty: 'wms', eventId, kind: 'shipment.confirmed', body }, now),
      );
      const { invoiceId } = await db.transaction((tx) => applyShipConfirm(tx, shipmentId, now));
      return invoiceId === null ? 'nothing-left' : 'shipped';
    }
    case 'store': {
      const outcome = await db.transaction((tx) => storeSteps[action.step](tx, action.at, now));
      return outcome.kind === 'refused' ? outcome.code : outcome.kind;
    }
    case 'keep-store':
      await db.transaction((tx) => keepStoreTasks(tx, action.orderId, action.due));
      return 'kept';
    case 'supplier-ships':
      return supplierShips(db, action.orderId, action.number, now);
    case 'supplier-bills':
      return supplierBills(db, action.number, action.units, now);
    case 'receive': {
      const { eventId, body } = action;
      const callback = { counterparty: 'wms', eventId, kind: 'stock.received', body };
      return (await db.transaction((tx) => receiveCallback(tx, callback, now))).kind;
    }
  }
}

const proof = { kind: 'signature', receivedBy: 'a racer', signatureReference: 'RACE' } as const;
const storeSteps = {
  accept: acceptTask,
  reject: (tx, at, now) => rejectTask(tx, at, { reason: 'busy', note: null }, now),
  'hand-over': (tx, at, now) => handOver(tx, at, { proof, rest: 'cancel' }, now),
} as const satisfies Record<string, (tx: Tx, at: StoreWorker, now: string) => Promise<StoreOutcome>>;

/** As the order's workflow does: in the order in which they came, each until it is decided or waits for a person. */
async function change(db: Db, request: OrderChangeRequest, now: string): Promise<string> {
  const received = await db.transaction((tx) => receiveOrderChange(tx, request, now));
  if (received.kind !== 'recorded') return received.kind;
  for (;;) {
    const outcome = await decideChange(db, received.changeId, now);
    if (outcome !== 'waiting') return outcome;
    // Done again after a kill it may find its own earlier one before it, which nobody has decided; a cancellation passes
    // one that waits for a person.
    const undecided = (await db('order_change')
      .where({ order_id: received.orderId, status: 'pending' })
      .andWhere('id', '<', received.changeId)
      .orderBy('id')
      .first('id')) as { id: string } | undefined;
    if (!undecided || (await decideChange(db, undecided.id, now)) === 'waiting') return outcome;
  }
}

/** Recalls what is at the warehouse where the change, or cancellation, asks for it, and decides again. */
async function decideChange(db: Db, changeId: string, now: string): Promise<string> {
  for (;;) {
    const outcome = await db.transaction((tx) => applyOrderChange(tx, changeId, now));
    if (outcome.kind !== 'needs-recall') return outcome.kind;
    for (const shipmentId of outcome.shipmentIds) {
      const answer =
        (await recallFromSupplier(db, shipmentId, now)) ?? (await recallFromWarehouse(db, shipmentId));
      await db.transaction((tx) => recordRecall(tx, shipmentId, answer, now));
    }
  }
}

async function recallFromWarehouse(db: Db, shipmentId: string): Promise<RecallOutcome> {
  const stage = await decideAtWarehouse(db, shipmentId, 'recalled');
  return stage === 'recalled' ? { kind: 'recalled' } : { kind: 'too-late', reason: 'it has left the dock' };
}

/** The warehouse's own record, where shipping and recalling exclude each other. @returns what it stands at from now on */
async function decideAtWarehouse(db: Db, shipmentId: string, stage: 'shipped' | 'recalled'): Promise<string> {
  await db('race_warehouse').insert({ shipment_id: shipmentId, stage }).onConflict('shipment_id').ignore();
  const row = (await db('race_warehouse').where({ shipment_id: shipmentId }).first('stage')) as {
    stage: string;
  };
  return row.stage;
}
