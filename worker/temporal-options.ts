import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { ORDERS_TASK_QUEUE } from '../workflows/contracts/order-workflow';

export interface TemporalWorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue?: string;
  readonly bundlePath: string;
  readonly activities: object;
  readonly shutdownGraceMs: number;
}

/** As measured: the default pollers starve new workflows, and cached workflows are what memory goes into. */
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
    maxCachedWorkflows: 150,
    reuseV8Context: true,
    shutdownGraceTime: settings.shutdownGraceMs,
  };
}
