import type { NativeConnection, NativeConnectionOptions, WorkerOptions } from '@temporalio/worker';
import { connectionOptions, type TemporalPlace } from '../workflows/client';
import { counterpartyQueue, ORDERS_TASK_QUEUE } from '../workflows/contracts/order-workflow';

/**
 * What orders send is small and the server is near: to compress it, as the SDK does unless told otherwise (the server
 * answers in kind), costs both sides 2 to 3 CPU-ms an order.
 */
export function workerConnection(place: TemporalPlace): NativeConnectionOptions {
  return { ...connectionOptions(place), grpcCompression: { codec: 'none' } };
}

export interface TemporalWorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue?: string;
  readonly bundlePath: string;
  readonly activities: object;
  readonly shutdownGraceMs: number;
  readonly buildId?: string | null;
}

/** How Temporal knows the versions of this worker together. */
export const DEPLOYMENT = 'order-hub';

export interface CallLimit {
  readonly counterparty: string;
  readonly perSecond: number;
}

/** As measured: the default pollers starve new workflows. */
export function temporalWorkerOptions(settings: TemporalWorkerSettings): WorkerOptions {
  return {
    connection: settings.connection,
    namespace: settings.namespace,
    taskQueue: settings.taskQueue ?? ORDERS_TASK_QUEUE,
    workflowBundle: { codePath: settings.bundlePath },
    activities: settings.activities,
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 40 },
    nonStickyToStickyPollRatio: 0.5,
    maxConcurrentWorkflowTaskExecutions: 80,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 10 },
    maxConcurrentActivityTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 20,
    // Some 70 KB each; an order that falls out of it in a burst is replayed from its history at every step.
    maxCachedWorkflows: 400,
    reuseV8Context: true,
    shutdownGraceTime: settings.shutdownGraceMs,
    ...(typeof settings.buildId === 'string' && {
      workerDeploymentOptions: {
        version: { deploymentName: DEPLOYMENT, buildId: settings.buildId },
        useWorkerVersioning: true,
        // Orders live for months: they go on with the newest version (docs/operations/upgrades.md).
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      },
    }),
  };
}

/** Serves the calls of one limited counterparty; the server counts them over all workers. */
export function limitedCallsOptions(
  settings: Omit<TemporalWorkerSettings, 'bundlePath'>,
  { counterparty, perSecond }: CallLimit,
): WorkerOptions {
  return {
    connection: settings.connection,
    namespace: settings.namespace,
    taskQueue: counterpartyQueue(settings.taskQueue ?? ORDERS_TASK_QUEUE, counterparty),
    activities: settings.activities,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
    maxConcurrentActivityTaskExecutions: 10,
    maxTaskQueueActivitiesPerSecond: perSecond,
    shutdownGraceTime: settings.shutdownGraceMs,
  };
}
