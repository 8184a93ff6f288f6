import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

const BURST = 200;

describeWith('temporal', 'a partner that sends two hundred orders at once', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal') });
    await stage.db('stock').where({ node_id: 'CHI' }).update({ on_hand: 100_000 });
    await stage.db('partner').insert({ id: 'small', name: 'Small', customer_id: 'ACME' });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  async function allStarted(): Promise<void> {
    for (;;) {
      const waiting = await stage.db('orders').whereNull('workflow_started_at').first('id');
      if (waiting === undefined) return;
      await pause(100);
    }
  }

  test('does not keep the one order waiting that another partner sent after them', async () => {
    // They pile up before the one worker that is to serve them.
    await stage.stopWorker();
    for (let i = 0; i < BURST; i++) await stage.order(1);
    await allStarted();
    const single = await stage.order(1, { partnerId: 'small' });
    await allStarted();
    await stage.startWorker();
    await stage.until(single, 'at its warehouse', (p) => p.shipments[0]?.state === 'released', 90_000);
    const labels = stage.outside.calls.filter((call) => call.operation === 'label');
    const before = labels.findIndex((call) => call.key.includes(single));
    // First come, first served would have it behind all of them; what the worker takes in at once is ahead of it.
    expect(before).toBeLessThan(BURST / 2);
  }, 180_000);
});
