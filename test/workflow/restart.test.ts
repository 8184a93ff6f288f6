import { Client, Connection } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { orderWorkflowId } from '../../workflows/contracts/order-workflow';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'an order whose workflow Temporal has lost', () => {
  let stage: OrderStage;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal'), limitMinor: 10_000 });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const released = (orderId: string) =>
    stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');

  test('goes on from the record in a Temporal that was wiped, and repeats no step that is done', async () => {
    const shippingId = await stage.order(10);
    const heldId = await stage.order(100);
    const { shipments } = await released(shippingId);
    const { openHolds } = await stage.until(heldId, 'held', (p) => p.state === 'held');
    await stage.taken(heldId);

    await stage.wipeTemporal();
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(shippingId);
    expect((await stage.progress(shippingId)).state).toBe('completed');
    expect(await stage.documents(shippingId)).toEqual(['855', '856', '810']);
    const calls = stage.outside.callsFor(shippingId).map((call) => call.operation);
    expect(calls).toEqual(['label', 'release', 'invoice']);

    // A decision meets no workflow, and starts it.
    const holdId = openHolds[0]?.holdId ?? '';
    const decision = {
      holdId,
      action: 'reject',
      person: 'fiona',
      roles: ['finance'],
      reason: 'unpaid',
    } as const;
    expect(await stage.engine.resolveHold(heldId, decision)).toMatchObject({ outcome: { kind: 'resolved' } });
    await stage.ended(heldId);
    expect(await stage.documents(heldId)).toEqual(['855']);
    await stage.keepHistory(shippingId, 'restarted-after-release');
    await stage.keepHistory(heldId, 'restarted-by-a-decision');
  }, 60_000);

  test('is found and started by the sweep', async () => {
    const orderId = await stage.order(10);
    const { shipments } = await released(orderId);
    await stage.wipeTemporal();
    await stage.sweep();
    expect((await stage.engine.standingOf(orderId)).kind).toBe('running');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
  }, 60_000);

  test('because an operator terminated it is started again, at whatever step', async () => {
    const connection = await Connection.connect({ address: placeOf('temporal') });
    const client = new Client({ connection, namespace: stage.place.namespace });
    const orderId = await stage.order(10);
    for (let times = 1; times <= 4; times++) {
      await stage.taken(orderId);
      await client.workflow.getHandle(orderWorkflowId(orderId)).terminate('test');
      await stage.engine.startOrderWorkflow(orderId);
    }
    const { shipments } = await released(orderId);
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    const keys = stage.outside.callsFor(orderId).map((call) => call.key);
    expect(new Set(keys).size).toBe(3);
    await connection.close();
  }, 60_000);
});
