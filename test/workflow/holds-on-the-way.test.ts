import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import { applyHold } from '../../application/hold/apply-hold';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'a confirmed order', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal') });
    await stage.db('stock').where({ node_id: 'DAL' }).update({ on_hand: 300 });
    await stage.db('stock').where({ node_id: 'CHI' }).update({ on_hand: 100 });
    await stage.db('rule').insert({
      kind: 'authority',
      scope: 'customer-service',
      version: 1,
      body: JSON.stringify({ holdTypes: ['manual'], maximumMinor: null, secondPersonAboveMinor: null }),
    });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const labelTroubles = (orderId: string) =>
    stage.db('exception').where({ order_id: orderId, kind: 'outside-call', status: 'open' });

  test('with a hold on one of its shipments sends the other one alone, and that one when it is lifted', async () => {
    // Neither has its label yet: both are planned and still here when the hold comes.
    stage.outside.fail('label', 2, false);
    const orderId = await stage.order(400);
    while ((await labelTroubles(orderId)).length < 2) await pause(25);
    const [held, other] = (await stage.progress(orderId)).shipments.map(({ shipmentId }) => shipmentId);
    const applied = await stage.db.transaction((tx) =>
      applyHold(
        tx,
        {
          orderId,
          type: 'manual',
          lineNumber: null,
          shipmentId: held ?? '',
          reason: 'the dock is closed',
          person: 'clara',
          roles: ['customer-service'],
        },
        new Date().toISOString(),
      ),
    );
    if (applied.kind !== 'applied') throw new Error(applied.text);
    await stage.engine.signalOrder(orderId);
    const stateOf = async (shipmentId: string | undefined) =>
      (await stage.progress(orderId)).shipments.find((one) => one.shipmentId === shipmentId)?.state;
    while ((await stateOf(other)) !== 'released') await pause(25);
    await stage.confirm(other ?? '');
    // Billed to its end, the workflow has come round more than once: the held one is where it was.
    await stage.until(
      orderId,
      'billed',
      (p) => p.shipments.find(({ shipmentId }) => shipmentId === other)?.invoicePosted === true,
    );
    expect(await stateOf(held)).toBe('planned');
    expect(stage.outside.callsFor(orderId).filter(({ operation }) => operation === 'release')).toHaveLength(
      1,
    );
    expect((await stage.progress(orderId)).state).toBe('fulfilling');
    const decided = await stage.engine.resolveHold(orderId, {
      holdId: applied.holdId,
      action: 'release',
      person: 'clara',
      roles: ['customer-service'],
      reason: 'the dock is open',
    });
    expect(decided).toMatchObject({ outcome: { kind: 'resolved' } });
    while ((await stateOf(held)) !== 'released') await pause(25);
    await stage.confirm(held ?? '');
    await stage.ended(orderId);
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810', '856', '810']);
  });
});
