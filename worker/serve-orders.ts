import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { TemporalPlace } from '../workflows/client';
import type { Log } from './log';
import { registerSearchAttributes } from './register-search-attributes';
import {
  type CallLimit,
  limitedCallsOptions,
  temporalWorkerOptions,
  workerConnection,
} from './temporal-options';

interface Serving {
  readonly place: TemporalPlace;
  readonly bundlePath: string;
  readonly activities: object;
  readonly shutdownGraceMs: number;
  readonly buildId: string | null;
  readonly callLimits: readonly CallLimit[];
  readonly log: Log;
  readonly stop: AbortSignal;
}

const RETRY_MS = [500, 1000, 2000, 5000] as const;

/**
 * Serves the orders' workflows until it is stopped. While Temporal is away it tries again; the other half of the
 * worker, its jobs, runs meanwhile.
 */
export async function serveOrders(serving: Serving): Promise<void> {
  for (let failures = 0; !serving.stop.aborted; ) {
    const startedAt = Date.now();
    try {
      await serveOnce(serving);
    } catch (error) {
      if (serving.stop.aborted) return;
      // A worker that ran for a while and broke off is a new beginning, not one more failure.
      failures = Date.now() - startedAt > 60_000 ? 1 : failures + 1;
      const waitMs = RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? 5000;
      serving.log.warn(
        { error: String(error), waitMs },
        'orders cannot be served at the moment; trying again',
      );
      await pause(waitMs, undefined, { signal: serving.stop }).catch(() => undefined);
    }
  }
}

async function serveOnce(serving: Serving): Promise<void> {
  const { place, log, stop } = serving;
  const connection = await NativeConnection.connect(workerConnection(place));
  try {
    await registerSearchAttributes(connection, place.namespace);
    const workers = await createWorkers(connection, serving);
    const shutDown = () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    stop.addEventListener('abort', shutDown, { once: true });
    if (stop.aborted) queueMicrotask(shutDown);
    log.info({ address: place.address, namespace: place.namespace }, 'serving orders');
    try {
      // One that breaks off takes the others with it: they begin anew together.
      await Promise.all(workers.map((worker) => worker.run().finally(shutDown)));
    } finally {
      stop.removeEventListener('abort', shutDown);
    }
  } finally {
    await connection.close();
  }
}

/** The orders' own worker, and one for each counterparty whose calls are limited. */
async function createWorkers(connection: NativeConnection, serving: Serving): Promise<readonly Worker[]> {
  const { place, bundlePath, activities, shutdownGraceMs, buildId } = serving;
  const settings = {
    connection,
    namespace: place.namespace,
    ...(place.taskQueue !== undefined && { taskQueue: place.taskQueue }),
    activities,
    shutdownGraceMs,
  };
  return Promise.all([
    Worker.create(temporalWorkerOptions({ ...settings, bundlePath, buildId })),
    ...serving.callLimits.map((limit) => Worker.create(limitedCallsOptions(settings, limit))),
  ]);
}
