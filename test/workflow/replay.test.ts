import { Runtime, Worker } from '@temporalio/worker';
import { recordedHistories } from './histories';
import { quietRuntime } from './order-stage';
import { workflowBundlePath } from './workflow-bundle';

/** Recorded with RECORD_HISTORIES=1 by the other tests here. */
describe('the story of an order as it is told now', () => {
  let codePath: string;
  beforeAll(async () => {
    quietRuntime();
    codePath = await workflowBundlePath();
  }, 60_000);
  afterAll(() => Runtime.instance().shutdown());

  test.each(recordedHistories())('replays "$scenario"', async ({ scenario, history }) => {
    const options = { workflowBundle: { codePath }, reuseV8Context: true };
    await Worker.runReplayHistory(options, history, `order/${scenario}`);
  });
});
