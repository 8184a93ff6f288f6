import { join } from 'node:path';
import worker_threads from 'node:worker_threads';

const preload = join(__dirname, 'without-promise-stacks.js');
const WORKFLOW_THREAD = 'workflow-worker-thread';
/** Activations are short-lived; more young generation than this only makes the process larger. */
const YOUNG_GENERATION_MB = 24;

/**
 * Temporal's SDK makes a stack trace of every promise that workflow code creates, for a view that nobody opens here; it
 * was a third of what the workflow thread did. There is no setting for it. It can do without where a platform has no
 * promise hooks, so its threads are started with a module that says so. Errors keep their stack traces.
 */
export function withoutPromiseStacks(): void {
  const { Worker } = worker_threads;
  worker_threads.Worker = class extends Worker {
    constructor(file: string | URL, options: worker_threads.WorkerOptions = {}) {
      const isWorkflowThread = String(file).includes(WORKFLOW_THREAD);
      super(file, isWorkflowThread ? { ...options, ...forWorkflows() } : options);
    }
  };
}

const forWorkflows = (): worker_threads.WorkerOptions => ({
  execArgv: ['--require', preload],
  resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
});
