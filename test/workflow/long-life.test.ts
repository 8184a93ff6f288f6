import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { orderWorkflowId, wake } from '../../workflows/contracts/order-workflow';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

describeWith('temporal', 'a backorder that is woken very often', () => {
  let stage: OrderStage;
  let connection: Connection;
  beforeAll(async () => {
    quietRuntime();
    stage = await OrderStage.open({ address: placeOf('temporal') });
    connection = await Connection.connect({ address: placeOf('temporal') });
  }, 60_000);
  afterAll(async () => {
    await connection.close();
    await stage.close();
    await Runtime.instance().shutdown();
  });

  /** @returns the run that has ended */
  async function wokenUntilItRollsOver(orderId: string, beside: () => Promise<unknown>): Promise<string> {
    const handle = new Client({ connection }).workflow.getHandle(orderWorkflowId(orderId));
    const firstRun = (await handle.describe()).runId;
    const deadline = Date.now() + 90_000;
    for (let about = await handle.describe(); about.runId === firstRun; about = await handle.describe()) {
      if (Date.now() > deadline) throw new Error(`still one run of ${about.historyLength} events`);
      // Never more than the worker takes in: a pile of signals is another test.
      if (about.raw.pendingWorkflowTask) await pause(20);
      else await Promise.all([beside(), ...Array.from({ length: 20 }, () => handle.signal(wake))]);
    }
    return firstRun;
  }

  test('goes on in a new run before its history grows too long, and ships in the end', async () => {
    await stage.db('stock').update({ on_hand: 0 });
    const orderId = await stage.order(10);
    await stage.until(orderId, 'backordered', (p) => p.state === 'confirmed' && p.backordered);
    const firstRun = await wokenUntilItRollsOver(orderId, async () => undefined);
    await stage.keepHistory(orderId, 'backorder-in-shorter-runs', firstRun);
    await stage.callback('stock.received', `receipt-${orderId}`, {
      nodeId: 'CHI',
      lines: [{ itemId: 'BOLT', quantity: 10 }],
    });
    const { shipments } = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId);
    expect(await stage.documents(orderId)).toEqual(['855', '856', '810']);
    await stage.keepHistory(orderId, 'backorder-continued');
  }, 120_000);

  test('answers every command that comes while it goes over to a new run, whichever run has it', async () => {
    await stage.db('stock').update({ on_hand: 0 });
    const orderId = await stage.order(10);
    await stage.until(orderId, 'backordered', (p) => p.state === 'confirmed' && p.backordered);
    const decision = {
      holdId: randomUUID(),
      action: 'release',
      person: 'fiona',
      roles: ['finance'],
      reason: 'as agreed',
    } as const;
    const commands: Promise<unknown>[] = [];
    await wokenUntilItRollsOver(orderId, async () => {
      commands.push(stage.engine.resolveHold(orderId, decision));
    });
    expect(commands.length).toBeGreaterThan(0);
    for (const answer of await Promise.all(commands))
      expect(answer).toMatchObject({ kind: 'decided', outcome: { code: 'unknown-hold' } });
  }, 120_000);
});
