import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { placeOrder } from '../../application/order/place-order';
import { orderWorkflowId, wake } from '../../workflows/contracts/order-workflow';
import { passLastDay } from '../support/last-day';
import { describeWith, placeOf } from '../support/needs';
import { OrderStage, quietRuntime } from './order-stage';
import { orderRequest } from './seed';

/** A run that a worker takes over is replayed: that stays quick, and far from what the server refuses (50 MB). */
const MOST_EVENTS = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;
/** From here on an order looks for a moment at which nothing is under way (workflows/order.ts). */
const LONG_HISTORY_EVENTS = 400;
const DAY_MS = 86_400_000;

interface Run {
  readonly events: number;
  readonly bytes: number;
  /** Signals that it took. */
  readonly wakes: number;
}

/** No run is long, and those that went on in a new one did so for their length. */
function expectBounded(runs: readonly Run[]): void {
  for (const { events, bytes } of runs) {
    expect(events).toBeLessThan(MOST_EVENTS);
    expect(bytes).toBeLessThan(MOST_BYTES);
  }
  for (const { events } of runs.slice(1)) expect(events).toBeGreaterThanOrEqual(LONG_HISTORY_EVENTS);
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
      const { events }: Awaited<ReturnType<WorkflowHandle['fetchHistory']>> = await handle.fetchHistory();
      runs.push({
        events: Number(info?.historyLength ?? 0),
        bytes: Number(info?.historySizeBytes ?? 0),
        wakes: events?.filter((event) => event.workflowExecutionSignaledEventAttributes).length ?? 0,
      });
      const [first] = events ?? [];
      runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || null;
    }
    return runs;
  }

  const wakesOf = async (orderId: string) =>
    (await runsOf(orderId)).reduce((sum, { wakes }) => sum + wakes, 0);

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

  test('of 100 shipments stays short, in as many runs as it takes', async () => {
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
    expectBounded(await runsOf(orderId));
  }, 240_000);

  test('of a blanket order with a thousand releases goes on in new runs, none of them long', async () => {
    const purchaseOrderNumber = `BL${Date.now()}`;
    const blanket = await stage.order(1_000, { type: 'blanket', purchaseOrderNumber });
    await stage.until(blanket, 'confirmed', (p) => p.state === 'confirmed');
    const handle = new Client({ connection }).workflow.getHandle(orderWorkflowId(blanket));
    const firstRun = (await handle.describe()).runId;
    const release = (releaseNumber: string) =>
      ({ type: 'release', purchaseOrderNumber, releaseNumber }) as const;

    // A thousand whole lives would take minutes: of fifty one ships, the others the buyer takes back. Both ways a
    // release comes to its end, and that wakes the blanket order.
    const takenBack = (releaseNumber: string) =>
      stage.db.transaction(async (tx) => {
        const now = new Date().toISOString();
        const placed = await placeOrder(tx, orderRequest(1, release(releaseNumber)), now);
        if (placed.kind === 'placed') await passLastDay(tx, placed.orderId, now);
      });
    const shipped = async (orderId: string) => {
      const { shipments } = await stage.until(
        orderId,
        'released',
        (p) => p.shipments[0]?.state === 'released',
        100_000,
      );
      await stage.confirm(shipments[0]?.shipmentId ?? '');
      await stage.until(orderId, 'completed', (p) => p.state === 'completed', 100_000);
    };
    for (let sent = 0; sent < 1_000; sent += 50) {
      const whole = stage.order(1, release(`R${sent}`)).then(shipped);
      for (let at = 1; at < 50; at += 7)
        await Promise.all(Array.from({ length: 7 }, (_, i) => takenBack(`R${sent + at + i}`)));
      await whole;
    }
    expect(await stage.db('orders').where({ blanket_id: blanket }).pluck('id')).toHaveLength(1_000);

    // Ends that came at the same moment woke it once. Had each come by itself, it would have been woken this often.
    let sent = await wakesOf(blanket);
    for (let about = await handle.describe(); sent < 1_000 || about.runId === firstRun; ) {
      about = await handle.describe();
      // Never more than the worker takes in: a pile of signals is another test.
      if (about.raw.pendingWorkflowTask) await pause(20);
      else {
        await Promise.all(Array.from({ length: 25 }, () => handle.signal(wake)));
        sent += 25;
      }
    }

    // It still knows what it waits for.
    expect(await stage.progress(blanket)).toMatchObject({ state: 'confirmed', openBlanket: true });
    await shipped(await stage.order(980, release('REST')));
    await stage.ended(blanket, 50_000);
    expect((await stage.progress(blanket)).state).toBe('completed');
    const runs = await runsOf(blanket);
    expect(runs.length).toBeGreaterThan(1);
    expectBounded(runs);
  }, 400_000);
});
