import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { orderWorkflowId, wake } from '../../workflows/contracts/order-workflow';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';

/** A run that a worker takes over is replayed: that stays quick, and far from what the server refuses (50 MB). */
const MOST_EVENTS = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;
const DAY_MS = 86_400_000;

interface Run {
  readonly events: number;
  readonly bytes: number;
}

describeWith('temporal', 'the history of a long order', () => {
  let stage: OrderStage;
  let connection: Connection;
  beforeAll(async () => {
    quietRuntime();
    // What is wanted within the days it takes leaves at once.
    stage = await OrderStage.open({ address: placeOf('temporal'), policy: { deliveryLeadDays: 365 } });
    connection = await Connection.connect({ address: placeOf('temporal') });
    await stage.db('stock').where({ node_id: 'CHI' }).update({ on_hand: 100_000 });
  }, 60_000);
  afterAll(async () => {
    await connection.close();
    await stage.close();
    await Runtime.instance().shutdown();
  });

  const line = (number: number, dates: readonly { qualifier: string; date: string }[] = []) => ({
    buyerLineNumber: String(number),
    productIds: [{ qualifier: 'VP', value: 'BOLT' }],
    quantity: '1',
    unit: 'EA',
    dates,
    references: [],
  });

  /** All runs of an order's workflow, the newest first. */
  async function runsOf(orderId: string): Promise<readonly Run[]> {
    const { workflow } = new Client({ connection });
    const runs: Run[] = [];
    const about = await workflow.getHandle(orderWorkflowId(orderId)).describe();
    for (let runId: string | null = about.runId; runId !== null; ) {
      const handle: WorkflowHandle = workflow.getHandle(orderWorkflowId(orderId), runId);
      const { raw } = await handle.describe();
      const info = raw.workflowExecutionInfo;
      runs.push({ events: Number(info?.historyLength ?? 0), bytes: Number(info?.historySizeBytes ?? 0) });
      const { events }: Awaited<ReturnType<WorkflowHandle['fetchHistory']>> = await handle.fetchHistory();
      const [first] = events ?? [];
      runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || null;
    }
    return runs;
  }

  test('of 500 lines is that of a short one: lines stay in the record', async () => {
    const orderId = await stage.order(0, { lines: Array.from({ length: 500 }, (_, i) => line(i + 1)) });
    const { shipments } = await stage.until(orderId, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(orderId, 50_000);
    const runs = await runsOf(orderId);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.events).toBeLessThan(60);
    expect(runs[0]?.bytes).toBeLessThan(32 * 1024);
    await stage.keepHistory(orderId, 'many-lines');
  }, 120_000);

  test('of 100 shipments goes on in new runs, none of them long', async () => {
    const day = (at: number) => new Date(Date.now() + (at + 2) * DAY_MS).toISOString().slice(0, 10);
    const orderId = await stage.order(0, {
      lines: Array.from({ length: 100 }, (_, i) => line(i + 1, [{ qualifier: '002', date: day(i) }])),
    });
    const { shipments } = await stage.until(
      orderId,
      'released',
      (p) => p.shipments.length === 100 && p.shipments.every(({ state }) => state === 'released'),
      110_000,
    );
    for (const { shipmentId } of shipments) await stage.confirm(shipmentId);
    await stage.ended(orderId, 110_000);
    const calls = stage.outside.callsFor(orderId).map((call) => call.operation);
    for (const operation of ['label', 'release', 'invoice'])
      expect(calls.filter((one) => one === operation)).toHaveLength(100);
    for (const run of await runsOf(orderId)) {
      expect(run.events).toBeLessThan(MOST_EVENTS);
      expect(run.bytes).toBeLessThan(MOST_BYTES);
    }
  }, 240_000);

  test('of a blanket order that a thousand releases wake stays short', async () => {
    const purchaseOrderNumber = `BL${Date.now()}`;
    const blanket = await stage.order(20, { type: 'blanket', purchaseOrderNumber });
    await stage.until(blanket, 'confirmed', (p) => p.state === 'confirmed');
    const handle = new Client({ connection }).workflow.getHandle(orderWorkflowId(blanket));
    // As the end of each release does it. Never more than the worker takes in: a pile of signals is another test.
    for (let sent = 0; sent < 1_000; ) {
      if ((await handle.describe()).raw.pendingWorkflowTask) await pause(20);
      else {
        await Promise.all(Array.from({ length: 25 }, () => handle.signal(wake)));
        sent += 25;
      }
    }
    const runs = await runsOf(blanket);
    expect(runs.reduce((sum, run) => sum + run.events, 0)).toBeGreaterThan(1_000);
    for (const run of runs) {
      expect(run.events).toBeLessThan(MOST_EVENTS);
      expect(run.bytes).toBeLessThan(MOST_BYTES);
    }
    // It still knows what it waits for.
    const release = await stage.order(20, { type: 'release', purchaseOrderNumber, releaseNumber: 'R1' });
    const { shipments } = await stage.until(release, 'released', (p) => p.shipments[0]?.state === 'released');
    await stage.confirm(shipments[0]?.shipmentId ?? '');
    await stage.ended(blanket, 50_000);
    expect((await stage.progress(blanket)).state).toBe('completed');
  }, 240_000);
});
