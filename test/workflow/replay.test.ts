import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Runtime, Worker } from '@temporalio/worker';
import { readScenarios } from '../../simulators/demo-day/scenario';
import { recordedHistories } from './histories';
import { quietRuntime } from './order-stage';
import { scenarioHistories } from './scenario-histories';
import { workflowBundlePath } from './workflow-bundle';

interface RecordedEvent {
  readonly eventType: string;
  readonly workflowExecutionStartedEventAttributes?: { readonly continuedExecutionRunId?: string };
}

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

/** Orders in flight may still be told so: their runs were longer, before `patched('shorter-runs')`. */
const formerly = ['backorder-rolled-over'];

describe('the recorded histories', () => {
  const recorded = recordedHistories().map(({ scenario }) => scenario);

  test('have the way of every scenario of the demo day', () => {
    expect(new Set(Object.keys(scenarioHistories))).toEqual(new Set(readScenarios().map(({ id }) => id)));
    const named = Object.values(scenarioHistories).flat();
    expect(named.filter((name) => !recorded.includes(name))).toEqual([]);
  });

  test('have runs that end in a new one, and such as go on where one ended', () => {
    const events = recordedHistories().flatMap(
      ({ history }) => (history as { events: RecordedEvent[] }).events,
    );
    const whyContinued = events.map((event) => event.workflowExecutionStartedEventAttributes);
    expect(events.some(({ eventType }) => eventType.endsWith('_CONTINUED_AS_NEW'))).toBe(true);
    expect(whyContinued.some((began) => began?.continuedExecutionRunId)).toBe(true);
  });

  test('are those that the tests here keep: none is missing, none is of a story that is told no more', () => {
    const told = readdirSync(__dirname)
      .filter((name) => name.endsWith('.test.ts'))
      .flatMap((name) => [
        ...readFileSync(join(__dirname, name), 'utf8').matchAll(
          /keepHistory\([^;]*?'([a-z0-9-]+)'(?:, \w+)?\)/g,
        ),
      ])
      .map(([, scenario]) => scenario);
    expect(new Set([...told, ...formerly])).toEqual(new Set(recorded));
    expect([...told, ...formerly]).toHaveLength(recorded.length);
  });
});
