import { applyOrderChange } from '../../application/change/apply-order-change';
import { receiveOrderChange } from '../../application/change/receive-order-change';
import { planShipments } from '../../application/fulfilment/plan-shipments';
import { applyShipConfirm } from '../../application/fulfilment/record-shipment';
import { buildRelease, recordRecall, recordRelease } from '../../application/fulfilment/release-shipment';
import { answerOrder } from '../../application/order/answer-order';
import { placeOrder } from '../../application/order/place-order';
import { keepStoreTasks } from '../../application/store/keep-store-tasks';
import { handOver, type PickupProof } from '../../application/store/pickups';
import type { StoreOutcome, StoreTaskRow, StoreWorker } from '../../application/store/store-tasks';
import { createStoreWarehouse } from '../../application/store/store-warehouse';
import { acceptTask, packTask, pickTask, shipTask } from '../../application/store/work-store-task';
import type { Db, Tx } from '../../db/connection';
import type { OrderRequest } from '../../domain/order/order-request';
import { type CompanyOptions, changeOf, NOW, seedCompany } from './company';
import { createTestDatabase, type TestDatabase } from './database';

/** Open 9 to 18 from Monday to Saturday in Chicago; 60 minutes to accept; picked up within 5 days. */
export const storeTerms = {
  acceptWithinMinutes: 60,
  openingHours: [{ days: [1, 2, 3, 4, 5, 6], from: '0900', to: '1800' }],
  closedOn: [],
  pickup: true,
  pickupWindowDays: 5,
  remindDaysBefore: 2,
  bringOutWithinMinutes: 10,
};

/** STORE-A and STORE-B are stores of the company: what a node is, and on what terms, are rules. */
export async function setUpStores(
  db: Db,
  terms: object = {},
  stores = ['STORE-A', 'STORE-B'],
): Promise<void> {
  const central = await db('node').where({ id: 'CENTRAL' }).first();
  const { address, ...node } = central as Record<string, unknown>;
  await db('node').insert(
    stores.map((id, at) => ({
      ...node,
      id,
      name: id,
      address: JSON.stringify(address),
      counterparty: id,
      rank: at - 10,
    })),
  );
  const rule = (kind: string, scope: string, body: object) => ({
    kind,
    scope,
    version: 1,
    body: JSON.stringify(body),
    valid_from: '2000-01-01',
  });
  await db('rule').insert([
    ...stores.map((id) => rule('sourcing-node', id, { kind: 'store' })),
    rule('store-terms', '*', { ...storeTerms, ...terms }),
  ]);
}

/** Stores and their orders, from the offer to the invoice; everything but the engine is real. */
export class StoreStand {
  readonly #database: TestDatabase;
  now = NOW;

  private constructor(database: TestDatabase) {
    this.#database = database;
  }

  static async open({ terms = {}, ...company }: CompanyOptions & { readonly terms?: object } = {}) {
    const database = await createTestDatabase({ poolMax: 12 });
    const { stock, ...rest } = company;
    await seedCompany(database.db, { ...rest, stock: { BOLT: {}, NUT: { CENTRAL: 1 } } });
    await setUpStores(database.db, terms);
    await database
      .db('stock')
      .insert(
        Object.entries(stock ?? {}).flatMap(([item, nodes]) =>
          Object.entries(nodes).map(([node, onHand]) => ({ item_id: item, node_id: node, on_hand: onHand })),
        ),
      );
    return new StoreStand(database);
  }

  get db(): Db {
    return this.#database.db;
  }
  close = () => this.#database.drop();

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  /** Placed, answered, planned and offered. */
  async order(request: OrderRequest): Promise<string> {
    await this.db('receivables_snapshot').update({ as_of: this.now });
    const placed = await this.run((tx) => placeOrder(tx, request, this.now));
    if (placed.kind !== 'placed') throw new Error(JSON.stringify(placed));
    await this.run((tx) => answerOrder(tx, placed.orderId, 'final', this.now));
    await this.plan(placed.orderId);
    return placed.orderId;
  }

  /** What the workflow does when something is reserved; returns the release numbers that were offered. */
  async plan(orderId: string): Promise<readonly string[]> {
    const planned = await this.run((tx) => planShipments(tx, orderId, this.now));
    const store = createStoreWarehouse(this.db, () => this.now);
    const released: string[] = [];
    for (const shipmentId of planned) {
      const release = await buildRelease(this.db, shipmentId);
      if (!release.nodeId.startsWith('STORE')) continue;
      const outcome = await store.release(release);
      await this.run((tx) => recordRelease(tx, shipmentId, outcome, this.now));
      released.push(release.releaseNumber);
    }
    return released;
  }

  /** The newest task of an order. */
  async task(orderId: string): Promise<StoreTaskRow> {
    const row = await this.db('store_task').where({ order_id: orderId }).orderBy('id', 'desc').first();
    return row as StoreTaskRow;
  }

  async worker(orderId: string, person = 'ann'): Promise<StoreWorker> {
    const { id, node_id } = await this.task(orderId);
    return { taskId: id, nodeId: node_id, person };
  }

  /** One step of the store's people; throws where it is refused. */
  async does(work: (tx: Tx) => Promise<StoreOutcome>): Promise<StoreTaskRow> {
    const outcome = await this.run(work);
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome.task;
  }

  async acceptAndPick(orderId: string, quantities: Readonly<Record<number, number>>): Promise<StoreTaskRow> {
    const at = await this.worker(orderId);
    await this.does((tx) => acceptTask(tx, at, this.now));
    const picked = Object.entries(quantities).map(([lineNumber, quantity]) => ({
      lineNumber: Number(lineNumber),
      quantity,
    }));
    return this.does((tx) => pickTask(tx, at, picked, this.now));
  }

  async packAndShip(orderId: string): Promise<StoreTaskRow> {
    const at = await this.worker(orderId);
    await this.does((tx) => packTask(tx, at, {}, this.now));
    const task = await this.does((tx) => shipTask(tx, at, 'TRACK1', this.now));
    await this.takeIn(task);
    return task;
  }

  async handOver(
    orderId: string,
    more: { taken?: Record<number, number>; rest?: 'later' | 'cancel'; proof?: PickupProof } = {},
  ): Promise<StoreTaskRow> {
    const at = await this.worker(orderId);
    const proof = more.proof ?? { kind: 'signature', receivedBy: 'Bo Buyer', signatureReference: 'SIG-1' };
    const taken = more.taken && {
      taken: Object.entries(more.taken).map(([n, quantity]) => ({ lineNumber: Number(n), quantity })),
    };
    const task = await this.does((tx) =>
      handOver(tx, at, { proof, rest: more.rest ?? 'cancel', ...taken }, this.now),
    );
    await this.takeIn(task);
    return task;
  }

  /** What the workflow does with a confirm. */
  takeIn = (task: StoreTaskRow) => this.run((tx) => applyShipConfirm(tx, task.shipment_id, this.now));

  /** What the workflow does when a deadline of its stores has come. */
  keep = (orderId: string) => this.run((tx) => keepStoreTasks(tx, orderId, this.now));

  async cancel(request: OrderRequest, orderId: string): Promise<string> {
    const change = changeOf(request, { purpose: 'cancel', orderId });
    const received = await this.run((tx) => receiveOrderChange(tx, change, this.now));
    if (!('changeId' in received)) throw new Error(JSON.stringify(received));
    return received.changeId;
  }

  /** What the workflow does with a change: shipments at a store are recalled first. */
  async decide(changeId: string) {
    const first = await this.run((tx) => applyOrderChange(tx, changeId, this.now));
    if (first.kind !== 'needs-recall') return first;
    const store = createStoreWarehouse(this.db, () => this.now);
    for (const shipmentId of first.shipmentIds) {
      const { releaseNumber, nodeId } = await buildRelease(this.db, shipmentId);
      const outcome = await store.recall({ idempotencyKey: `r/${shipmentId}`, releaseNumber, nodeId });
      await this.run((tx) => recordRecall(tx, shipmentId, outcome, this.now));
    }
    return this.run((tx) => applyOrderChange(tx, changeId, this.now));
  }

  async lines(orderId: string): Promise<readonly Record<string, number>[]> {
    return this.db('order_line')
      .where({ order_id: orderId })
      .orderBy('line_number')
      .select('ordered', 'cancelled', 'reserved', 'released', 'shipped');
  }

  async stock(nodeId: string, itemId = 'BOLT') {
    return this.db('stock').where({ node_id: nodeId, item_id: itemId }).first('on_hand', 'reserved');
  }

  state = async (orderId: string): Promise<string> =>
    ((await this.db('orders').where({ id: orderId }).first('state')) as { state: string }).state;

  async told(orderId: string, kind: string): Promise<readonly string[]> {
    return this.db('order_event').where({ order_id: orderId, kind }).orderBy('id').pluck('text');
  }

  invoices = (orderId: string) =>
    this.db('invoice').where({ order_id: orderId }).orderBy('id').pluck('subtotal_minor');

  sets = (orderId: string) =>
    this.db('document_request').where({ order_id: orderId }).orderBy('id').pluck('set_id');
}
