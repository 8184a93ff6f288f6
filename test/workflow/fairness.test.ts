import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

const BURST = 200;

describeWith('temporal', 'a partner that sends two hundred orders at once', () => {
  beforeAll(() => quietRuntime());
  afterAll(() => Runtime.instance().shutdown());

  async function allStarted(stage: OrderStage): Promise<void> {
    while ((await stage.db('orders').whereNull('workflow_started_at').first('id')) !== undefined)
      await pause(100);
  }

  /** How many of a burst come before the one order that was sent after all of them. */
  async function aheadOfTheLast(partnerId: string): Promise<number> {
    const stage = await OrderStage.open({ address: placeOf('temporal') });
    try {
      await stage.db('stock').where({ node_id: 'CHI' }).update({ on_hand: 100_000 });
      await stage.db('partner').insert({ id: 'small', name: 'Small', customer_id: 'ACME' });
      // They pile up before the one worker that is to serve them.
      await stage.stopWorker();
      for (let i = 0; i < BURST; i++) await stage.order(1);
      await allStarted(stage);
      const last = await stage.order(1, { partnerId });
      await allStarted(stage);
      await stage.startWorker();
      await stage.until(last, 'at its warehouse', (p) => p.shipments[0]?.state === 'released', 90_000);
      const labels = stage.outside.calls.filter((call) => call.operation === 'label');
      return labels.findIndex((call) => call.key.includes(last));
    } finally {
      await stage.close();
    }
  }

  test('does not keep the one order waiting that another partner sent after them, as its own it would', async () => {
    const ofAnother = await aheadOfTheLast('small');
    const ofItsOwn = await aheadOfTheLast('acme');
    // First come, first served has it behind them, as the partner's own last order is; what the worker takes in at once
    // is ahead of either.
    expect(ofItsOwn).toBeGreaterThanOrEqual(BURST / 2);
    expect(ofAnother).toBeLessThan(BURST / 2);
  }, 360_000);
});
