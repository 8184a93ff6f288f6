import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type NativeConnection as Native, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities';
import { receiveCallback } from '../../application/fulfilment/receive-callback';
import { placeOrder } from '../../application/order/place-order';
import { readProgress } from '../../application/order/read-progress';
import type { OrderRequest } from '../../domain/order/order-request';
import type { OrderProgress } from '../../domain/order/progress';
import type { JobTools } from '../../worker/jobs/job';
import { lookAfterOrders } from '../../worker/jobs/sweep-orders';
import { createLog, type Log } from '../../worker/log';
import { registerSearchAttributes } from '../../worker/register-search-attributes';
import { runJobs } from '../../worker/run-jobs';
import { type CallLimit, limitedCallsOptions, temporalWorkerOptions } from '../../worker/temporal-options';
import { EngineAway, type EngineStanding, OrderEngine, type TemporalPlace } from '../../workflows/client';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { recordHistory } from './histories';
import { ScriptedOutside } from './scripted-outside';
import { orderRequest, seed } from './seed';
import { workflowBundlePath } from './workflow-bundle';

export interface StageOptions {
  readonly address: string;
  readonly policy?: Record<string, unknown>;
  readonly limitMinor?: number;
  /** The server's time where it is not everybody's. */
  readonly clock?: () => Promise<number>;
  readonly callLimits?: readonly CallLimit[];
  readonly buildId?: string;
}

// A busy machine is slow; what hangs is said by the waits below, which end sooner.
jest.setTimeout(60_000);

/** The real record, the real worker with its jobs, a real Temporal server; only the outside is scripted. */
export class OrderStage {
  readonly outside = new ScriptedOutside();
  readonly database: TestDatabase;
  place: TemporalPlace;
  #clock: () => Promise<number> = async () => Date.now();
  readonly #connection: Native;
  readonly #bundlePath: string;
  #workers: readonly { readonly worker: Worker; readonly running: Promise<void> }[] = [];
  #callLimits: readonly CallLimit[] = [];
  #buildId: string | null = null;
  readonly #stopJobs = new AbortController();
  readonly #jobs: Promise<void>;
  readonly #tools: JobTools & { engine: OrderEngine; readonly log: Log };

  private constructor(database: TestDatabase, connection: Native, place: TemporalPlace, bundlePath: string) {
    this.database = database;
    this.place = place;
    this.#connection = connection;
    this.#bundlePath = bundlePath;
    const log = createLog('silent');
    const timings = { ackOverdueAfterMs: 86_400_000, changeWaitsForOrderMs: 86_400_000 };
    const engine = new OrderEngine(place, database.db);
    const notices = { send: async () => ({ kind: 'sent' }) as const };
    const as2 = { hubAs2Id: 'HUB', secret: () => null };
    this.#tools = { db: database.db, engine, outside: this.outside, notices, as2, timings, log };
    this.#jobs = runJobs(database.url, this.#tools, this.#stopJobs.signal);
  }

  static async open(options: StageOptions): Promise<OrderStage> {
    const database = await createTestDatabase();
    await seed(database.db, options);
    // Its own among all of a server's life: what a test leaves behind is nobody's work in the next one.
    const taskQueue = `orders-${randomUUID()}`;
    const place = { address: options.address, namespace: 'default', apiKey: null, tls: null, taskQueue };
    const connection = await NativeConnection.connect({ address: options.address });
    await registerSearchAttributes(connection, 'default');
    const stage = new OrderStage(database, connection, place, await workflowBundlePath());
    if (options.clock) stage.#clock = options.clock;
    stage.#callLimits = options.callLimits ?? [];
    stage.#buildId = options.buildId ?? null;
    await stage.startWorker();
    return stage;
  }

  get db() {
    return this.database.db;
  }

  get engine(): OrderEngine {
    return this.#tools.engine;
  }

  /** Temporal has lost everything: a fresh namespace that has never heard of any order. */
  async wipeTemporal(): Promise<void> {
    await this.stopWorker();
    const namespace = `wiped-${randomUUID()}`;
    const workflowExecutionRetentionPeriod = { seconds: 86_400 as never };
    await this.#connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    const old = this.engine;
    this.place = { ...this.place, namespace };
    this.#tools.engine = new OrderEngine(this.place, this.db);
    await old.close();
    await untilDone(() => registerSearchAttributes(this.#connection, namespace));
    await untilDone(() => this.startWorker());
  }

  async startWorker(buildId = this.#buildId): Promise<void> {
    const limits = this.#callLimits;
    const ownQueues = limits.map(({ counterparty }) => counterparty);
    const settings = {
      connection: this.#connection,
      namespace: this.place.namespace,
      taskQueue: this.place.taskQueue as string,
      activities: createActivities(this.db, this.outside, ownQueues),
      shutdownGraceMs: 1000,
    };
    const workers = await Promise.all([
      Worker.create(temporalWorkerOptions({ ...settings, bundlePath: this.#bundlePath, buildId })),
      ...limits.map((limit) => Worker.create(limitedCallsOptions(settings, limit))),
    ]);
    this.#workers = [...this.#workers, ...workers.map((worker) => ({ worker, running: worker.run() }))];
  }

  /** All of them, or the `count` that were started first. */
  async stopWorker(count = this.#workers.length): Promise<void> {
    const ending = this.#workers.slice(0, count);
    this.#workers = this.#workers.slice(count);
    for (const { worker } of ending) worker.shutdown();
    await Promise.all(ending.map(({ running }) => running));
  }

  async close(): Promise<void> {
    this.#stopJobs.abort();
    await this.#jobs;
    await this.stopWorker();
    await this.engine.close();
    await this.#connection.close();
    await this.database.drop();
  }

  /** An order as the gateway or the API places it. */
  order(quantity: number, changes: Partial<OrderRequest> = {}): Promise<string> {
    return this.placed(orderRequest(quantity, changes));
  }

  async placed(request: OrderRequest): Promise<string> {
    const now = new Date(await this.#clock()).toISOString();
    const result = await this.db.transaction((tx) => placeOrder(tx, request, now));
    if (result.kind !== 'placed') throw new Error(`the order was not placed: ${JSON.stringify(result)}`);
    return result.orderId;
  }

  progress(orderId: string): Promise<OrderProgress> {
    return readProgress(this.db, orderId);
  }

  /** Until the record says so. */
  async until(
    orderId: string,
    what: string,
    holds: (progress: OrderProgress) => boolean,
    timeoutMs = 25_000,
  ): Promise<OrderProgress> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const progress = await this.progress(orderId);
      if (holds(progress)) return progress;
      if (Date.now() > deadline) throw new Error(`not ${what} in time: ${JSON.stringify(progress)}`);
      await pause(25);
    }
  }

  /** Until its workflow runs. */
  async taken(orderId: string): Promise<void> {
    while ((await this.#standing(orderId)) !== 'running') await pause(25);
  }

  /** A server that is too busy to say so at once is asked again. */
  async #standing(orderId: string): Promise<EngineStanding['kind'] | 'not-known'> {
    try {
      return (await this.engine.standingOf(orderId)).kind;
    } catch (error) {
      if (error instanceof EngineAway) return 'not-known';
      throw error;
    }
  }

  /** Looks after every open order, as the clock has the worker do each minute with those that are quiet. */
  async sweep(): Promise<void> {
    await lookAfterOrders(this.#tools, 0);
  }

  /** Until the workflow has ended. */
  async ended(orderId: string, timeoutMs = 25_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while ((await this.#standing(orderId)) !== 'ended') {
      if (Date.now() > deadline)
        throw new Error(`not ended in time: ${JSON.stringify(await this.progress(orderId))}`);
      await pause(50);
    }
  }

  /** The warehouse confirms what it was given, less `short` units, as its callback would. */
  async confirm(shipmentId: string, short = 0): Promise<void> {
    const shipment = await this.db('shipment').where({ id: shipmentId }).first('shipment_number', 'node_id');
    const lines = await this.db('shipment_line').where({ shipment_id: shipmentId }).orderBy('line_number');
    const packages = await this.db('package').where({ shipment_id: shipmentId }).orderBy('sequence');
    const body = {
      eventId: `confirm-${shipmentId}`,
      releaseNumber: shipment.shipment_number,
      nodeId: shipment.node_id,
      shippedAt: new Date().toISOString(),
      lines: lines.map((line: { line_number: number; quantity: number }) => ({
        lineNumber: line.line_number,
        shipped: line.quantity - short,
      })),
      packages: packages.map((p: { sscc: string; weight_grams: number; contents: unknown }) => ({
        sscc: p.sscc,
        weightGrams: p.weight_grams,
        contents: p.contents,
      })),
    };
    await this.callback('shipment.confirmed', body.eventId, body);
  }

  async callback(kind: string, eventId: string, body: Record<string, unknown>): Promise<void> {
    await this.db.transaction((tx) =>
      receiveCallback(tx, { counterparty: 'warehouse', eventId, kind, body }, new Date().toISOString()),
    );
  }

  /**
   * With RECORD_HISTORIES=1 a scenario's history is kept for the replay test, under the scenario's name: that of the
   * newest run, or of the one named.
   */
  async keepHistory(orderId: string, scenario: string, runId?: string): Promise<void> {
    if (process.env['RECORD_HISTORIES'] !== '1') return;
    await recordHistory(this.place, orderId, scenario, runId);
  }

  /** Sets of documents asked for, in the order in which they were. */
  async documents(orderId: string): Promise<readonly string[]> {
    const rows = (await this.db('document_request')
      .where({ order_id: orderId })
      .orderBy('id')
      .select('set_id')) as { set_id: string }[];
    return rows.map((row) => row.set_id);
  }
}

/** A namespace is known to every part of the server only after a moment. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 50) throw error;
      await pause(200);
    }
  }
}

export function quietRuntime(): void {
  Runtime.install({
    shutdownSignals: [],
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
}
