import { Runtime } from '@temporalio/worker';
import { describeWith, placeOf } from '../support/needs';
import { askChange } from './ask-change';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'a cancellation', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal'), policy: { changeWindowSeconds: 0 } });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const released = (orderId: string) =>
    stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');

  const cancel = (orderId: string) => askChange(stage, orderId, { purpose: 'cancel' });

  test('of an order at its warehouse recalls it, cancels it and answers 865', async () => {
    stage.outside.recallsAreTooLate = false;
    const orderId = await stage.order(10);
    await released(orderId);
    const changeId = await cancel(orderId);
    const answer = await stage.engine.applyChange(orderId, changeId);
    expect(answer).toMatchObject({ kind: 'decided', outcome: { kind: 'applied' } });
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('cancelled');
    expect(await stage.documents(orderId)).toEqual(['855', '865']);
    expect(stage.outside.callsFor(orderId).map((call) => call.operation)).toEqual([
      'label',
      'release',
      'recall',
    ]);
    const [stock] = await stage.db('stock').where({ node_id: 'CHI' }).select('reserved');
    expect(stock.reserved).toBe(0);
    await stage.keepHistory(orderId, 'cancel-recalled');
  });

  test('that comes too late for the warehouse is refused, and the order ships', async () => {
    stage.outside.recallsAreTooLate = true;
    const orderId = await stage.order(10);
    const { shipments } = await released(orderId);
    const answer = await stage.engine.applyChange(orderId, await cancel(orderId));
    expect(answer).toMatchObject({ kind: 'decided', outcome: { kind: 'refused' } });
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('completed');
    expect(await stage.documents(orderId)).toEqual(['855', '865', '856', '810']);
    await stage.keepHistory(orderId, 'cancel-too-late');
  });

  test('that only wakes the order is decided all the same', async () => {
    stage.outside.recallsAreTooLate = false;
    const orderId = await stage.order(10);
    await released(orderId);
    await cancel(orderId);
    await stage.ended(orderId);
    expect((await stage.progress(orderId)).state).toBe('cancelled');
    await stage.keepHistory(orderId, 'cancel-by-wake');
  });

  test('racing the release waits for the warehouse and recalls it', async () => {
    stage.outside.delay('release', 600);
    const orderId = await stage.order(10);
    await stage.until(orderId, 'labelled', (p) => p.shipments[0]?.labelled === true);
    const answer = await stage.engine.applyChange(orderId, await cancel(orderId));
    expect(answer).toMatchObject({ kind: 'decided', outcome: { kind: 'applied' } });
    await stage.ended(orderId);
    expect(stage.outside.callsFor(orderId).map((call) => call.operation)).toEqual([
      'label',
      'release',
      'recall',
    ]);
    await stage.keepHistory(orderId, 'cancel-racing-release');
  });

  test('after the end of the order is answered by the record', async () => {
    const orderId = await stage.order(10);
    const { shipments } = await released(orderId);
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    const changeId = await cancel(orderId);
    expect(await stage.engine.applyChange(orderId, changeId)).toEqual({ kind: 'order-ended' });
    await stage.until(orderId, 'answered', (p) => p.pendingChanges.length === 0);
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810', '865']);
  });
});
