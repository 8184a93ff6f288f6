import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { DEPLOYMENT } from '../../worker/temporal-options';
import { orderWorkflowId } from '../../workflows/contracts/order-workflow';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

const OLD = `old-${process.pid}`;
const NEW = `new-${process.pid}`;

describeWith('temporal', 'an upgrade with orders in flight', () => {
  let stage: OrderStage;
  let connection: Connection;
  beforeAll(async () => {
    quietRuntime();
    connection = await Connection.connect({ address: placeOf('temporal') });
    stage = await OrderStage.open({ address: placeOf('temporal'), buildId: OLD });
    await makeCurrent(OLD);
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await connection.close();
    await Runtime.instance().shutdown();
  });

  /** As `temporal worker deployment set-current-version` does it; a version is known once its worker has polled. */
  async function makeCurrent(buildId: string): Promise<void> {
    const wanted = {
      namespace: 'default',
      deploymentName: DEPLOYMENT,
      buildId,
      ignoreMissingTaskQueues: true,
      allowNoPollers: true,
      identity: 'test',
    };
    for (let tries = 1; ; tries++) {
      try {
        await connection.workflowService.setWorkerDeploymentCurrentVersion(wanted);
        return;
      } catch (error) {
        if (tries === 60) throw error;
        await pause(250);
      }
    }
  }

  test('lets an order that the old version took up go on and end with the new one', async () => {
    const orderId = await stage.order(10);
    const { shipments } = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    const handle = new Client({ connection }).workflow.getHandle(orderWorkflowId(orderId));
    const buildOf = async () =>
      (await handle.describe()).raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
    expect(await buildOf()).toBe(OLD);

    await stage.startWorker(NEW);
    await makeCurrent(NEW);
    await stage.stopWorker(1);
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId, 50_000);
    expect(await buildOf()).toBe(NEW);
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    expect(stage.outside.callsFor(orderId).map((call) => call.operation)).toEqual([
      'label',
      'release',
      'invoice',
    ]);
    await stage.keepHistory(orderId, 'upgraded');
  }, 120_000);
});
