import { createRecordActivities } from '../../activities/record';
import { reconcileRecord } from '../../application/stock/reconcile-record';
import { acceptTask, rejectTask } from '../../application/store/work-store-task';
import type { JobTools } from '../../worker/jobs/job';
import { sweepStoreDeadlines } from '../../worker/jobs/sweep-store-deadlines';
import { createLog } from '../../worker/log';
import { line, purchaseOrder } from '../support/company';
import { StoreStand } from '../support/store-stand';

let stand: StoreStand;
beforeEach(async () => {
  stand = await StoreStand.open({ stock: { BOLT: { 'STORE-A': 400, 'STORE-B': 400 } } });
});
afterEach(async () => {
  expect(await reconcileRecord(stand.db)).toEqual([]);
  await stand.close();
});

/** It has no engine to call: Temporal may be away. */
const sweep = () => sweepStoreDeadlines({ db: stand.db, log: createLog('silent') } as unknown as JobTools);
const bolts = (quantity: number, pickupAt?: string) =>
  purchaseOrder([line('BOLT', String(quantity), '10.00')], pickupAt === undefined ? {} : { pickupAt });

/** What was due of the order's tasks has been due for so long, by the real clock, which the sweep goes by. */
async function dueFor(orderId: string, minutes: number, column = 'next_at'): Promise<void> {
  const at = new Date(Date.now() - minutes * 60_000).toISOString();
  const tasks = stand.db('store_task').where({ order_id: orderId }).whereNotNull('next_at');
  await tasks.update({ next_at: at, [column]: at });
}
const liveNodes = async (orderId: string) =>
  stand.db('shipment').where({ order_id: orderId }).whereNot({ state: 'cancelled' }).pluck('node_id');
const kindsOf = async (orderId: string, kinds: readonly string[]) =>
  stand
    .db('order_event')
    .where({ order_id: orderId })
    .whereIn('kind', [...kinds])
    .orderBy('id')
    .pluck('kind');

describe('while Temporal is away the record keeps what is due of stores', () => {
  test('an offer that nobody accepted goes to the next store; one that is late by seconds is left to its workflow', async () => {
    const [late, fresh] = [await stand.order(bolts(8)), await stand.order(bolts(8))];
    await dueFor(late, 10, 'accept_by');
    await dueFor(fresh, 1, 'accept_by');
    await sweep();
    await sweep();
    expect((await stand.task(late)).state).toBe('timed-out');
    expect(await kindsOf(late, ['store-timed-out', 're-sourced'])).toEqual(['store-timed-out', 're-sourced']);
    expect(await stand.stock('STORE-B')).toEqual({ on_hand: 400, reserved: 8 });
    expect((await stand.task(fresh)).state).toBe('offered');
    await stand.plan(late);
    expect(await liveNodes(late)).toEqual(['STORE-B']);
  });

  test('what a store has rejected is sourced again', async () => {
    const orderId = await stand.order(bolts(8));
    const at = await stand.worker(orderId);
    const now = new Date(Date.now() - 600_000).toISOString();
    await stand.does((tx) => rejectTask(tx, at, { reason: 'busy', note: null }, now));
    await sweep();
    await stand.plan(orderId);
    expect(await liveNodes(orderId)).toEqual(['STORE-B']);
  });

  test('a buyer is reminded once, and a pickup that nobody has fetched is cancelled', async () => {
    const orderId = await stand.order(bolts(8, 'STORE-A'));
    await stand.acceptAndPick(orderId, { 1: 8 });
    await stand
      .db('store_task')
      .where({ order_id: orderId })
      .update({ pickup_until: new Date(Date.now() + 86_400_000).toISOString() });
    await dueFor(orderId, 10, 'remind_at');
    await sweep();
    await sweep();
    expect(await kindsOf(orderId, ['pickup-reminder'])).toEqual(['pickup-reminder']);
    expect((await stand.task(orderId)).state).toBe('ready');
    await dueFor(orderId, 10, 'pickup_until');
    await sweep();
    expect((await stand.task(orderId)).state).toBe('no-show');
    expect(await stand.state(orderId)).toBe('cancelled');
    expect(await stand.stock('STORE-A')).toEqual({ on_hand: 400, reserved: 0 });
  });

  test('an order that cannot be kept keeps no other one waiting', async () => {
    const [broken, late] = [await stand.order(bolts(8)), await stand.order(bolts(8))];
    await dueFor(broken, 20, 'accept_by');
    await dueFor(late, 10, 'accept_by');
    // A record that nobody can read.
    await stand.db('store_task').where({ order_id: broken }).update({ terms: 'null' });
    await sweep();
    expect((await stand.task(late)).state).toBe('timed-out');
    const terms = JSON.stringify((await stand.task(late)).terms);
    await stand.db('store_task').where({ order_id: broken }).update({ terms });
    await sweep();
    expect((await stand.task(broken)).state).toBe('timed-out');
  });
});

test('the sweep, the workflow and the store at once: each deadline is kept once, and the units have one node', async () => {
  const record = createRecordActivities(stand.db);
  for (let round = 0; round < 6; round++) {
    const orderId = await stand.order(bolts(2));
    const at = await stand.worker(orderId);
    await dueFor(orderId, 10, 'accept_by');
    const before = new Date(Date.now() - 900_000).toISOString();
    const [person] = await Promise.all([
      round % 2 === 0
        ? stand.run((tx) => acceptTask(tx, at, before))
        : stand.run((tx) => rejectTask(tx, at, { reason: 'busy', note: null }, before)),
      sweep(),
      record.keepDeadlines(orderId, new Date().toISOString()),
      sweep(),
    ]);
    // What a store said after all of them had looked is due still.
    await record.keepDeadlines(orderId, new Date().toISOString());
    await sweep();
    await stand.plan(orderId);
    const accepted = person.kind === 'done' && person.task.state === 'accepted';
    expect(await liveNodes(orderId)).toEqual([accepted ? 'STORE-A' : 'STORE-B']);
    const told = await kindsOf(orderId, [
      'store-accepted',
      'store-rejected',
      'store-timed-out',
      're-sourced',
    ]);
    expect(told).toEqual(
      accepted
        ? ['store-accepted']
        : [person.kind === 'done' ? 'store-rejected' : 'store-timed-out', 're-sourced'],
    );
    expect(await reconcileRecord(stand.db)).toEqual([]);
  }
});
