import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Call } from './calls';
import type { NoopActivities } from './noop-worker';

const go = defineSignal('go');

const { step } = proxyLocalActivities<NoopActivities>({ startToCloseTimeout: '20s' });
const { call } = proxyActivities<NoopActivities>({ startToCloseTimeout: '60s' });

/** The calls of an order's workflow in the same order, with nothing in them. */
export async function noop(calls: readonly Call[]): Promise<void> {
  let signals = 0;
  let awaited = 0;
  setHandler(go, () => {
    signals++;
  });
  for (const [at, kind] of calls.entries()) {
    if (kind === 'local-activity') await step();
    else if (kind === 'activity') await call(calls[at + 1] === 'signal');
    else {
      awaited++;
      await condition(() => signals >= awaited);
    }
  }
}
