import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activityInfo } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { temporalWorkerOptions, workerConnection } from '../../worker/temporal-options';
import { withoutPromiseStacks } from '../../worker/workflow-threads';
import { NOOP_TASK_QUEUE } from './noop';

export interface NoopActivities {
  step(): Promise<void>;
  /** @param signals the workflow is signalled after the call, as by a warehouse that confirms */
  call(signals: boolean): Promise<void>;
}

/** A worker with the hub's own options that serves a workflow which does nothing. */
async function main(): Promise<void> {
  const stop = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
  });
  withoutPromiseStacks();
  Runtime.install({ shutdownSignals: [] });
  const address = process.env['TEMPORAL_ADDRESS'] ?? '';
  const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('./noop-workflow') });
  const bundlePath = join(process.env['HUB_DATA_DIR'] ?? '.', 'noop-bundle.js');
  writeFileSync(bundlePath, code);
  const client = new Client({ connection: await Connection.connect({ address }) });
  const activities: NoopActivities = {
    step: async () => undefined,
    call: async (signals) => {
      const { workflowId } = activityInfo().workflowExecution ?? {};
      if (signals && workflowId !== undefined)
        setImmediate(() => void client.workflow.getHandle(workflowId).signal('go').catch(console.error));
    },
  };
  const connection = await NativeConnection.connect(
    workerConnection({ address, namespace: 'default', apiKey: null, tls: null }),
  );
  const worker = await Worker.create(
    temporalWorkerOptions({
      connection,
      namespace: 'default',
      taskQueue: NOOP_TASK_QUEUE,
      bundlePath,
      activities,
      shutdownGraceMs: 1000,
    }),
  );
  process.send?.('ready');
  void stop.then(() => worker.shutdown());
  await worker.run();
  await connection.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
