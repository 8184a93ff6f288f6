import type { Client } from '@temporalio/client';
import type { Call } from './calls';
import { cpuMsOf } from './process-costs';
import { Program } from './processes';

export const NOOP_TASK_QUEUE = 'noop';
const AT_ONCE = 100;

/** Starts pipelined and waits until all have ended: how many a second this Temporal and this worker can carry. */
async function run(client: Client, calls: readonly Call[], count: number, name: string): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const ends: Promise<unknown>[] = [];
  const starter = async () => {
    while (next < count) {
      const handle = await client.workflow.start('noop', {
        taskQueue: NOOP_TASK_QUEUE,
        workflowId: `noop/${name}/${next++}`,
        args: [calls],
      });
      ends.push(handle.result());
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, starter));
  await Promise.all(ends);
  return (count * 1000) / (performance.now() - startedAt);
}

export interface NoopMeasured {
  readonly perSecond: number;
  /** Of the worker, Temporal and PostgreSQL, for one workflow. */
  readonly cpuMs: number;
}

/** No-op workflows with these calls in each, served by a worker of their own. */
export async function measureNoop(
  client: Client,
  calls: readonly Call[],
  { count, warmUp }: { readonly count: number; readonly warmUp: number },
  name: string,
): Promise<NoopMeasured> {
  const worker = new Program(`noop-${name}`, 'bench/orders/noop-worker.js');
  try {
    await worker.ready();
    await run(client, calls, warmUp, `${name}-warm-up`);
    const pids = [worker.pid, Number(process.env['TEMPORAL_PID']), Number(process.env['POSTGRES_PID'])];
    const total = () => cpuMsOf(pids).reduce((sum, ms) => sum + ms, 0);
    const before = total();
    const perSecond = await run(client, calls, count, name);
    return { perSecond, cpuMs: (total() - before) / count };
  } finally {
    await worker.stop();
  }
}
