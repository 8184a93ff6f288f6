import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'the order of a partner', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal') });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  test('goes from 855 over 856 to 810 with three calls to the outside', async () => {
    const orderId = await stage.order(10);
    const released = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(released.shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    const progress = await stage.progress(orderId);
    expect(progress.state).toBe('completed');
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    expect(
      stage.outside.calls.map((call) => call.operation).filter((name) => name !== 'receivables'),
    ).toEqual(['label', 'release', 'invoice']);
  });
});
