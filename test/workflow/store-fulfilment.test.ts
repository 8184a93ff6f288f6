import { reconcileRecord } from '../../application/stock/reconcile-record';
import { handOver } from '../../application/store/pickups';
import type { StoreOutcome, StoreTaskRow, StoreWorker } from '../../application/store/store-tasks';
import { createStoreWarehouse } from '../../application/store/store-warehouse';
import {
  acceptTask,
  packTask,
  pickTask,
  rejectTask,
  shipTask,
} from '../../application/store/work-store-task';
import type { Tx } from '../../db/connection';
import { warehouseOfNode } from '../../worker/outside';
import { describeWith } from '../support/needs';
import { openSkipped } from './time-skipping';

describeWith('time-skipping-server', 'an order that stores ship or hand out', () => {
  let skipped: Awaited<ReturnType<typeof openSkipped>>;
  let time: typeof skipped.time;
  let stage: typeof skipped.stage;
  /** As the workflow's clock has it; the database's own clock judges which rules are in force. */
  let nowMs = Date.now();
  const now = () => new Date(nowMs).toISOString();
  beforeAll(async () => {
    skipped = await openSkipped({
      policy: { receivablesMaximumAgeSeconds: 900 * 86_400 },
    });
    ({ stage, time } = skipped);
    const rule = (kind: string, scope: string, body: object) => ({
      kind,
      scope,
      version: 1,
      body: JSON.stringify(body),
      valid_from: '2000-01-01',
    });
    await stage
      .db('rule')
      .insert([
        rule('sourcing-node', 'CHI', { kind: 'store' }),
        rule('sourcing-node', 'DAL', { kind: 'store' }),
        rule('store-terms', '*', { acceptWithinMinutes: 120, pickup: true, pickupWindowDays: 5 }),
      ]);
    await stage.db('stock').where({ node_id: 'DAL' }).update({ on_hand: 1000 });
    const over = stage.outside.warehouse;
    const store = createStoreWarehouse(stage.db, now);
    Object.assign(stage.outside, {
      warehouse: warehouseOfNode(stage.db, { rest: over, edi: over, store, supplier: over }),
    });
  }, 120_000);
  afterAll(async () => {
    await skipped?.close();
  });
  beforeEach(async () => {
    nowMs = await time.currentTimeMs();
  });
  afterEach(async () => {
    expect(await reconcileRecord(stage.db)).toEqual([]);
  });

  const sleep = async (howLong: Parameters<typeof time.sleep>[0]) => {
    await time.sleep(howLong);
    nowMs = await time.currentTimeMs();
  };
  /** The task of a node that is in a state, as soon as it is there. */
  async function task(orderId: string, nodeId: string, state: string): Promise<StoreTaskRow> {
    let found: StoreTaskRow | undefined;
    for (let tries = 0; tries < 2000 && found === undefined; tries++) {
      found = await stage.db('store_task').where({ order_id: orderId, node_id: nodeId, state }).first();
      if (!found) await new Promise((done) => setTimeout(done, 25));
    }
    if (!found) throw new Error(`nothing is ${state} at ${nodeId}`);
    return found;
  }
  async function does(
    { id, node_id }: StoreTaskRow,
    work: (tx: Tx, at: StoreWorker) => Promise<StoreOutcome>,
  ): Promise<void> {
    const at = { taskId: id, nodeId: node_id, person: 'ann' };
    const outcome = await stage.db.transaction((tx) => work(tx, at));
    expect(outcome).toMatchObject({ kind: 'done' });
  }
  const picked = [{ lineNumber: 1, quantity: 5 }];
  /** The store does all that it is asked for, and the order ends. */
  async function ships(orderId: string, offered: StoreTaskRow): Promise<void> {
    await does(offered, (tx, at) => acceptTask(tx, at, now()));
    await does(offered, (tx, at) => pickTask(tx, at, picked, now()));
    await does(offered, (tx, at) => packTask(tx, at, {}, now()));
    await does(offered, (tx, at) => shipTask(tx, at, null, now()));
    await stage.ended(orderId);
  }

  test('goes to the next store when the first lets its time run out, and is billed when that one ships it', async () => {
    const orderId = await stage.order(5);
    await task(orderId, 'CHI', 'offered');
    await sleep('119 minutes');
    expect((await stage.db('store_task').where({ order_id: orderId })).length).toBe(1);
    await sleep('2 minutes');
    const offered = await task(orderId, 'DAL', 'offered');
    await task(orderId, 'CHI', 'timed-out');
    await ships(orderId, offered);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    await stage.keepHistory(orderId, 'store-timed-out');
  });

  test('is shipped by the store that it is offered to', async () => {
    const orderId = await stage.order(5);
    const offered = await task(orderId, 'CHI', 'offered');
    await ships(orderId, offered);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    await stage.keepHistory(orderId, 'store-shipped');
  });

  test('goes to the next store as soon as the first rejects it', async () => {
    const orderId = await stage.order(5);
    const offered = await task(orderId, 'CHI', 'offered');
    await does(offered, (tx, at) => rejectTask(tx, at, { reason: 'busy', note: null }, now()));
    const next = await task(orderId, 'DAL', 'offered');
    expect(next.accept_by).not.toBeNull();
    // Through to its end, so that no later test's time runs for it.
    await ships(orderId, next);
    await stage.keepHistory(orderId, 'store-rejected');
  });

  test('is reminded of, and cancelled when nobody has come by the end of the window', async () => {
    const orderId = await stage.order(5, { pickupAt: 'CHI' });
    const offered = await task(orderId, 'CHI', 'offered');
    await does(offered, (tx, at) => acceptTask(tx, at, now()));
    await does(offered, (tx, at) => pickTask(tx, at, picked, now()));
    await stage.until(orderId, 'waited for', (p) => p.shipments.some((s) => s.storeAt !== undefined));
    await sleep('7 days');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('cancelled');
    const events = await stage.db('order_event').where({ order_id: orderId }).orderBy('id').pluck('kind');
    expect(events).toEqual(
      expect.arrayContaining(['ready-for-pickup', 'pickup-reminder', 'pickup-cancelled']),
    );
    expect(stage.outside.callsFor(orderId).filter(({ operation }) => operation === 'label')).toEqual([]);
    await stage.keepHistory(orderId, 'pickup-no-show');
  });

  test('is handed over and billed, without a label or a notice', async () => {
    const orderId = await stage.order(5, { pickupAt: 'CHI' });
    const offered = await task(orderId, 'CHI', 'offered');
    await does(offered, (tx, at) => acceptTask(tx, at, now()));
    await does(offered, (tx, at) => pickTask(tx, at, picked, now()));
    const proof = { kind: 'signature', receivedBy: 'Bo Buyer', signatureReference: 'S1' } as const;
    const taken = [{ lineNumber: 1, quantity: 3 }];
    await does(offered, (tx, at) => handOver(tx, at, { proof, taken, rest: 'cancel' }, now()));
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect((await stage.documents(orderId)).filter((set) => set !== '855')).toEqual(['810']);
    await stage.keepHistory(orderId, 'pickup-handed-over');
  });

  test('is short: the order hears it before the buyer comes, and the store is asked for the rest', async () => {
    const orderId = await stage.order(5, { pickupAt: 'CHI' });
    const first = await task(orderId, 'CHI', 'offered');
    await does(first, (tx, at) => acceptTask(tx, at, now()));
    await does(first, (tx, at) => pickTask(tx, at, [{ lineNumber: 1, quantity: 3 }], now()));
    // The level says that there are more: it is asked once more, and finds none.
    const again = await task(orderId, 'CHI', 'offered');
    expect(again.id).not.toBe(first.id);
    await does(again, (tx, at) => rejectTask(tx, at, { reason: 'not-found', note: null }, now()));
    await stage.until(orderId, 'given up', (p) => p.shipments.some(({ state }) => state === 'cancelled'));
    const proof = { kind: 'signature', receivedBy: 'Bo Buyer', signatureReference: 'S1' } as const;
    await does(first, (tx, at) => handOver(tx, at, { proof, rest: 'cancel' }, now()));
    await stage.ended(orderId);
    expect(await stage.db('order_line').where({ order_id: orderId }).first('shipped', 'cancelled')).toEqual({
      shipped: 3,
      cancelled: 2,
    });
    const short = stage.db('stock_movement').where({ reason: 'short-pick', node_id: 'CHI' });
    expect(await short.orderBy('id').pluck('quantity')).toEqual([-2, -2]);
    await stage.keepHistory(orderId, 'pickup-short');
  });
});
