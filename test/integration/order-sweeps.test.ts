import { placeOrder } from '../../application/order/place-order';
import { addSeconds } from '../../domain/shared/dates';
import type { JobTools } from '../../worker/jobs/job';
import { sweepOrders } from '../../worker/jobs/sweep-orders';
import { sweepSignals } from '../../worker/jobs/sweep-signals';
import { line, purchaseOrder } from '../support/company';
import { OrderDesk } from '../support/order-desk';

let desk: OrderDesk;
let asked: { readonly started: string[]; readonly signalled: string[]; readonly lookedAt: string[] };
let tools: JobTools;
beforeEach(async () => {
  desk = await OrderDesk.open();
  asked = { started: [], signalled: [], lookedAt: [] };
  const engine = {
    startOrderWorkflow: async (id: string) => void asked.started.push(id),
    signalOrder: async (id: string) => void asked.signalled.push(id),
    standingOf: async (id: string) => {
      asked.lookedAt.push(id);
      return { kind: 'running', stuckAttempts: 0 };
    },
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  tools = { db: desk.db, engine, log } as unknown as JobTools;
});
afterEach(() => desk.close());

/** Placed so long ago; nothing was written about it since. */
async function placed(secondsAgo: number): Promise<string> {
  const at = addSeconds(new Date().toISOString(), -secondsAgo);
  const order = await desk.db.transaction((tx) => placeOrder(tx, purchaseOrder([line('BOLT', '1')]), at));
  if (order.kind !== 'placed') throw new Error(order.kind);
  return order.orderId;
}
const job = (name: string, orderId: string) =>
  desk.db('graphile_worker._private_jobs').where({ key: `${name}/${orderId}` });
/** As after Temporal was away: it failed, and waits for hours before the next attempt. */
const failed = (name: string, orderId: string) =>
  job(name, orderId).update({ attempts: 9, run_at: addSeconds(new Date().toISOString(), 7200) });

test('an order whose start is still in the queue of a busy hub is left to it; one whose start failed or is gone is started', async () => {
  const [inQueue, away, lost] = [await placed(120), await placed(120), await placed(120)];
  const justNow = await placed(5);
  await failed('start-order-workflow', away);
  await job('start-order-workflow', lost).delete();
  await job('start-order-workflow', justNow).delete();
  await sweepOrders(tools);
  expect(asked.started.toSorted()).toEqual([away, lost].toSorted());
  expect(await desk.db('orders').whereNull('workflow_started_at').pluck('id')).toEqual(
    [inQueue, justNow].toSorted(),
  );
});

test('only orders that nothing was written about for a minute are asked for at the engine', async () => {
  const [quiet, moving] = [await placed(120), await placed(120)];
  await desk.db('orders').update({ workflow_started_at: new Date().toISOString() });
  await desk
    .db('order_event')
    .where({ order_id: moving })
    .update({ at: addSeconds(new Date().toISOString(), -10) });
  await sweepOrders(tools);
  expect(asked.lookedAt).toEqual([quiet]);
});

test('what waits for its workflow is signalled again once its signal is neither in the queue nor just given', async () => {
  const ids: string[] = [];
  for (const secondsAgo of [120, 120, 120, 10]) ids.push(await placed(secondsAgo));
  const [lost = '', inQueue = '', away = ''] = ids;
  await desk.db('order_change').insert(
    ids.map((order_id) => ({
      order_id,
      request: '{}',
      requested_by: 'a buyer',
      received_at: addSeconds(new Date().toISOString(), -90),
    })),
  );
  const signal = "select graphile_worker.add_job('signal-order', job_key => ?)";
  for (const orderId of [inQueue, away]) await desk.db.raw(signal, [`signal-order/${orderId}`]);
  await failed('signal-order', away);
  await sweepSignals(tools);
  expect(asked.signalled.toSorted()).toEqual([lost, away].toSorted());
});
